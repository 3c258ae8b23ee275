/** What went wrong, in the words of the thrown error and of its causes: fetch says only "fetch failed" and keeps the reason in `cause`. */
export function messageOf(error: unknown): string {
    if (error instanceof AggregateError && error.message === "" && error.errors.length > 0) {
        return messageOf(error.errors[0]);
    }
    if (error instanceof Error) {
        return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
    }
    return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}
