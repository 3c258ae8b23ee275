import { isArchive, isAsset, isObject, ownValue, type Properties, type Value } from "./values";

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
            walk(
                path === "" ? key : `${path}.${key}`,
                { before: ownValue(before, key), after: ownValue(after, key) },
                changed,
            );
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

/** Paths of the inputs that differ, in Pulumi's notation, such as `sku.name` and `eventHandlers[0].urlTemplate`. */
export function changedPaths({ before, after }: { before: Properties; after: Properties }): string[] {
    const changed: string[] = [];
    walk("", { before, after }, changed);
    return changed;
}

function covers(outer: string, inner: string): boolean {
    return outer === "*" || inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
}

/** Whether a changed path equals a named one, is inside it, or contains it. */
export function touches(changed: string[], names: string[]): boolean {
    return changed.some((path) => names.some((name) => covers(name, path) || covers(path, name)));
}

function segments(path: string): string[] {
    return path.split(/[.[\]]/).filter((segment) => segment !== "");
}

/** The new inputs, in which every ignored path has its old value (`ignoreChanges` of a resource). */
export function ignoreChanges({
    before,
    after,
    paths,
}: {
    before: Properties;
    after: Properties;
    paths: string[];
}): Properties {
    const result = structuredClone(after);
    for (const path of paths.flatMap((name) => (name === "*" ? Object.keys({ ...before, ...after }) : [name]))) {
        restore({ from: before, into: result, keys: segments(path) });
    }
    return result;
}

function restore({ from, into, keys }: { from: Value | undefined; into: Value; keys: string[] }): void {
    const [key, ...rest] = keys;
    if (key === undefined || typeof into !== "object" || into === null) {
        return;
    }
    const source = (isObject(from) || Array.isArray(from) ? ownValue(from as Properties, key) : undefined) ?? undefined;
    const target = into as Properties;
    const inner = ownValue(target, key);
    if (rest.length > 0 && inner !== undefined) {
        restore({ from: source, into: inner, keys: rest });
    } else if (rest.length > 0) {
        return;
    } else if (source === undefined) {
        delete target[key];
    } else {
        // An assignment to `__proto__` would change what the object inherits.
        Object.defineProperty(target, key, {
            value: structuredClone(source),
            enumerable: true,
            configurable: true,
            writable: true,
        });
    }
}
