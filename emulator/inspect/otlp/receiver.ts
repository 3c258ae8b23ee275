import type { Clock } from "../../core/clock";
import { fetchOnce } from "../../core/fetchOnce";
import { shownText } from "../../core/shown";
import type { OtlpTarget, Signal } from "./target";
import type { Json } from "./values";

/** The receiver will never take this data, so the same request must not be sent again. */
export class RefusedError extends Error {
    override readonly name = "RefusedError";
}

/** The receiver asks to wait. */
export class BusyError extends Error {
    override readonly name = "BusyError";

    constructor(
        message: string,
        /** Milliseconds. 0 when the receiver does not say how long. */
        readonly wait: number,
    ) {
        super(message);
    }
}

export interface Receiver {
    /** Sends data, unless the signal goes nowhere. Resolves with what the receiver says of the data that it has not taken. */
    post(signal: Signal, body: Json, abort: AbortSignal): Promise<string | undefined>;
}

/** Source: OTLP specification, "Retryable Response Codes". All others from 400 must not be sent again. */
const retryable = new Set([429, 502, 503, 504]);
const longestPause = 60_000;
const longestAnswer = 4 * 1024 * 1024;
const longestMessage = 300;

export function createReceiver(options: { target: OtlpTarget; clock: Clock; fetch: typeof fetch }): Receiver {
    return {
        async post(signal, body, abort) {
            const to = options.target.to[signal];
            if (to === undefined) {
                return undefined;
            }
            // A receiver that sends the data elsewhere is none that somebody chose.
            const response = await fetchOnce({
                fetch: options.fetch,
                url: to.url,
                limit: longestAnswer,
                init: {
                    method: "POST",
                    headers: { ...to.headers, "content-type": "application/json" },
                    body: JSON.stringify(body),
                    signal: abort,
                },
            });
            const { status, ok, headers, text } = response;
            const answer = read(text);
            if (ok) {
                return rejectedOf(answer.partialSuccess);
            }
            const said = typeof answer.message === "string" ? ` and says '${shown(answer.message)}'` : "";
            const keys = status === 401 || status === 403 ? "; its key belongs into OTEL_EXPORTER_OTLP_HEADERS" : "";
            const message = `it answered ${status} to ${signal}${said}${keys}`;
            if (status >= 400 && !retryable.has(status)) {
                throw new RefusedError(message);
            }
            throw new BusyError(message, pauseOf(headers.get("retry-after"), options.clock.now()));
        },
    };
}

function read(text: string): Record<string, unknown> {
    try {
        return Object(JSON.parse(text)) as Record<string, unknown>;
    } catch {
        return {};
    }
}

function shown(text: string): string {
    return shownText(text.slice(0, longestMessage));
}

/** What a receiver says that takes a part. Source: OTLP specification, "Partial Success". */
function rejectedOf(partial: unknown): string | undefined {
    const { errorMessage, ...counts } = Object(partial) as Record<string, unknown>;
    const given = counts.rejectedSpans ?? counts.rejectedLogRecords ?? counts.rejectedDataPoints;
    // An object, which no receiver should send, may have no way to become a number or a text. The data was taken all the same.
    const count = typeof given === "object" ? 0 : Number(given ?? 0);
    const message = typeof errorMessage === "string" ? errorMessage : "";
    return count > 0 || message !== "" ? `rejected ${count}: ${shown(message)}` : undefined;
}

/** Milliseconds that `Retry-After` asks for, as seconds or as a date. */
function pauseOf(header: string | null, now: number): number {
    const seconds = Number(header ?? 0);
    const pause = Number.isNaN(seconds) ? Date.parse(header ?? "") - now : seconds * 1000;
    return Math.min(longestPause, Math.max(0, pause || 0));
}
