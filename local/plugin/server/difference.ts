import { changedPaths, touches } from "../../engine/diff";
import type { Handler } from "../../engine/handler";
import { isObject, ownValue, type Properties, type Value } from "../../engine/values";

export interface Change {
    kind: "add" | "delete" | "update";
    /** Whether the change replaces the resource. */
    replaces: boolean;
}

export interface Difference {
    /** By path, such as `sku.name` or `eventHandlers[0].urlTemplate`. */
    changes: Map<string, Change>;
    /** Whether old and new resource have the same id, so that the old one must be deleted first. */
    deleteFirst: boolean;
}

export const topLevel = (path: string) => path.split(/[.[]/)[0] ?? path;

function valueAt(values: Properties, path: string): Value | undefined {
    let value: Value | undefined = values;
    for (const key of path.split(/[.[\]]/).filter((part) => part !== "")) {
        value = isObject(value) || Array.isArray(value) ? ownValue(value as Properties, key) : undefined;
    }
    return value ?? undefined;
}

/** Compares checked inputs: finds the changes, and those that replace the resource. */
export function compare({
    handler,
    before: old,
    after: next,
    ids,
}: {
    handler: Handler;
    before: Properties;
    after: Properties;
    /** Id of the resource, and the id that its new inputs result in. */
    ids: { before: string; after: string };
}): Difference {
    const changes = new Map<string, Change>();
    for (const changed of changedPaths({ before: old, after: next })) {
        const found = [valueAt(old, changed), valueAt(next, changed)];
        // A path cannot express a key that contains a dot: then the whole input counts as changed.
        const path = found.some((value) => value !== undefined) ? changed : topLevel(changed);
        const [before, after] = [valueAt(old, path), valueAt(next, path)];
        const replaces = touches([changed], handler.replaceOn) || changes.get(path)?.replaces === true;
        changes.set(path, { kind: before === undefined ? "add" : after === undefined ? "delete" : "update", replaces });
    }
    const replaced = [...changes.values()].some((change) => change.replaces);
    return { changes, deleteFirst: replaced && ids.before.toLowerCase() === ids.after.toLowerCase() };
}
