import { isArchive, isAsset, isObject, type Properties, type Value } from "./values";

function sameAsset(before: Properties, after: Properties): boolean {
    return before.hash !== undefined ? before.hash === after.hash : before.path === after.path;
}

function walk(path: string, { before, after }: { before?: Value; after?: Value }, changed: string[]): void {
    if (before === after || (before ?? null) === (after ?? null)) {
        return;
    }
    if (isObject(before) && isObject(after)) {
        if (isAsset(before) && isAsset(after) && sameAsset(before, after)) {
            return;
        }
        if (isAsset(before) || isArchive(before)) {
            return void changed.push(path);
        }
        for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
            walk(path === "" ? key : `${path}.${key}`, { before: before[key], after: after[key] }, changed);
        }
        return;
    }
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
        for (const [index, item] of before.entries()) {
            walk(`${path}[${index}]`, { before: item, after: after[index] }, changed);
        }
        return;
    }
    changed.push(path);
}

/** Paths of the inputs that differ, in Pulumi's own notation: `sku.name`, `eventHandlers[0].urlTemplate`. */
export function changedPaths({ before, after }: { before: Properties; after: Properties }): string[] {
    const changed: string[] = [];
    walk("", { before, after }, changed);
    return changed;
}

function covers(outer: string, inner: string): boolean {
    return outer === "*" || inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
}

/** Whether one of the changed paths touches one of the named ones: the same, inside it, or around it. */
export function touches(changed: string[], names: string[]): boolean {
    return changed.some((path) => names.some((name) => covers(name, path) || covers(path, name)));
}

function segments(path: string): string[] {
    return path.split(/[.[\]]/).filter((segment) => segment !== "");
}

/** Inputs with every ignored path put back to what it was before (`ignoreChanges` of a resource). */
export function ignoreChanges(options: { before: Properties; after: Properties; paths: string[] }): Properties {
    const result = structuredClone(options.after);
    for (const path of options.paths.flatMap((name) =>
        name === "*" ? Object.keys({ ...options.before, ...options.after }) : [name],
    )) {
        restore({ from: options.before, into: result, keys: segments(path) });
    }
    return result;
}

function restore({ from, into, keys }: { from: Value | undefined; into: Value; keys: string[] }): void {
    const [key, ...rest] = keys;
    if (key === undefined || typeof into !== "object" || into === null) {
        return;
    }
    const source = (isObject(from) || Array.isArray(from) ? (from as Properties)[key] : undefined) ?? undefined;
    const target = into as Properties;
    if (rest.length > 0 && target[key] !== undefined) {
        restore({ from: source, into: target[key], keys: rest });
    } else if (rest.length > 0) {
        return;
    } else if (source === undefined) {
        delete target[key];
    } else {
        target[key] = structuredClone(source);
    }
}
