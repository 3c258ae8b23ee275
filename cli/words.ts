/** What the caller did or gave cannot be used; shown as it is, and ends the command with 2. */
export class UsageError extends Error {
    override readonly name = "UsageError";
}

export function messageOf(error: unknown): string {
    if (error instanceof AggregateError && error.errors.length > 0) {
        return messageOf(error.errors[0]);
    }
    if (!(error instanceof Error)) {
        return String(error);
    }
    // fetch hides the reason below "fetch failed".
    return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value by its path, or undefined where the path ends early. */
export function at(value: unknown, ...path: string[]): unknown {
    return path.reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), value);
}

export function textAt(value: unknown, ...path: string[]): string | undefined {
    const found = at(value, ...path);
    return typeof found === "string" && found !== "" ? found : undefined;
}
