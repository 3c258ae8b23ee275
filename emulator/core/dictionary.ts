declare const bare: unique symbol;

/**
 * An object without a prototype, for keys that somebody else chooses: it has no `constructor`, and `__proto__` is a key like any other. Use it where
 * the object is written as JSON; use a `Map` everywhere else.
 */
export type Dictionary<T> = { [key: string]: T } & { readonly [bare]?: never };

export function createDictionary<T>(): Dictionary<T> {
    return Object.create(null) as Dictionary<T>;
}
