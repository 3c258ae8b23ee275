/** The command was called wrongly. Its message is shown without a stack trace, and the exit code is 2. */
export class UsageError extends Error {
    override readonly name = "UsageError";
}

export function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined when the path does not exist. */
export function at(value: unknown, ...path: string[]): unknown {
    return path.reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), value);
}

/** The text at a path, or undefined when there is no text or an empty one. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
    const found = at(value, ...path);
    return typeof found === "string" && found !== "" ? found : undefined;
}
