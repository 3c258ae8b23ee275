/** Causes that are told. An app may throw an error that is its own cause. */
const mostCauses = 8;

/** What went wrong, in the words of the thrown error and of its causes: fetch says only "fetch failed" and keeps the reason in `cause`. */
export function messageOf(error: unknown): string {
    try {
        return wordsOf(error, mostCauses);
    } catch {
        // What an app throws may be an object that throws when it is read.
        return "an error that cannot be read";
    }
}

function wordsOf(error: unknown, left: number): string {
    if (error instanceof AggregateError && error.message === "" && error.errors.length > 0 && left > 0) {
        return wordsOf(error.errors[0], left - 1);
    }
    if (error instanceof Error) {
        const hasCause = error.cause !== undefined && error.cause !== error && left > 0;
        return hasCause ? `${error.message}: ${wordsOf(error.cause, left - 1)}` : error.message;
    }
    return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}
