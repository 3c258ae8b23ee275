import { changedPaths, touches } from "../../engine/diff";
import type { Handler } from "../../engine/handler";
import { isObject, type Properties, type Value } from "../../engine/values";

export interface Change {
    kind: "add" | "delete" | "update";
    /** Whether the resource cannot take the change and must be made anew. */
    replaces: boolean;
}

export interface Difference {
    /** By path, as `sku.name` or `eventHandlers[0].urlTemplate`. */
    changes: Map<string, Change>;
    /** The new one would have the id of the old one, which must go first. */
    deleteFirst: boolean;
}

export const topLevel = (path: string) => path.split(/[.[]/)[0] ?? path;

function valueAt(values: Properties, path: string): Value | undefined {
    let value: Value | undefined = values;
    for (const key of path.split(/[.[\]]/).filter((part) => part !== "")) {
        value = isObject(value) || Array.isArray(value) ? (value as Properties)[key] : undefined;
    }
    return value ?? undefined;
}

/** Compares checked inputs: what changed, and whether the resource stays the same one. */
export function compare(options: {
    handler: Handler;
    before: Properties;
    after: Properties;
    /** Id of the resource as it is, and the id it would be made under now. */
    ids: { before: string; after: string };
}): Difference {
    const changes = new Map<string, Change>();
    for (const changed of changedPaths(options)) {
        const found = [valueAt(options.before, changed), valueAt(options.after, changed)];
        // A key with a dot in it cannot be told from two keys: then the whole input has changed.
        const path = found.some((value) => value !== undefined) ? changed : topLevel(changed);
        const [before, after] = [valueAt(options.before, path), valueAt(options.after, path)];
        const replaces = touches([changed], options.handler.replaceOn) || changes.get(path)?.replaces === true;
        changes.set(path, { kind: before === undefined ? "add" : after === undefined ? "delete" : "update", replaces });
    }
    const replaced = [...changes.values()].some((change) => change.replaces);
    return { changes, deleteFirst: replaced && options.ids.before.toLowerCase() === options.ids.after.toLowerCase() };
}
