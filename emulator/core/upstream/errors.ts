/** An event that did not reach its handler, or was not answered well. The message names the cause and holds no key. */
export class UpstreamError extends Error {
    override readonly name = "UpstreamError";

    constructor(
        message: string,
        /** The handler's answer to the event, when there was one. */
        readonly status?: number,
    ) {
        super(message);
    }
}

/** An event whose handler took longer than the service waits. */
export class UpstreamTimeoutError extends UpstreamError {}

/** A URL as it may be shown: the query is where keys are. */
export function shownUrl(url: string): string {
    const query = url.indexOf("?");
    return query < 0 ? url : url.slice(0, query);
}

/** The words of a network failure, with the address that undici puts only in a cause or in one of several errors. */
export function describeFailure(error: unknown): string {
    if (error instanceof AggregateError && error.errors.length > 0) {
        return describeFailure(error.errors[0]);
    }
    if (error instanceof Error) {
        return error.message === "" ? String((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
    }
    return String(error);
}
