/** An event did not reach its handler, or the handler's answer was no success. The message names the cause and holds no key. */
export class UpstreamError extends Error {
    override readonly name = "UpstreamError";

    constructor(
        message: string,
        /** Status of the handler's answer; undefined when none came. */
        readonly status?: number,
    ) {
        super(message);
    }
}

/** The handler did not pass the abuse-protection handshake, so it gets no event. */
export class HandshakeError extends UpstreamError {}

/** The handler took longer than the service waits. */
export class UpstreamTimeoutError extends UpstreamError {}

/** Somebody broke the handler on purpose. */
export class BrokenError extends UpstreamError {}

/** A URL without its query, which holds keys, for logs and errors. */
export function shownUrl(url: string): string {
    const query = url.indexOf("?");
    return query < 0 ? url : url.slice(0, query);
}

/** Describes a network failure, with the address that undici puts only into a cause or into one of several errors. */
export function describeFailure(error: unknown): string {
    if (error instanceof AggregateError && error.errors.length > 0) {
        return describeFailure(error.errors[0]);
    }
    if (error instanceof Error) {
        return error.message === "" ? String((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
    }
    return String(error);
}
