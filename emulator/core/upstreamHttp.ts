import { type Dispatcher, errors, request } from "undici";
import type { Clock } from "./clock";
import { describeFailure, shownUrl, UpstreamError, UpstreamTimeoutError } from "./upstreamError";

export interface UpstreamRequest {
    url: string;
    method: "POST" | "OPTIONS" | "GET";
    headers: Record<string, string>;
    body?: string | Uint8Array;
}

export interface UpstreamResponse {
    status: number;
    headers: Record<string, string | string[] | undefined>;
    body: Buffer;
}

export interface UpstreamHttpOptions {
    clock: Clock;
    dispatcher: Dispatcher;
    /** Milliseconds for everything, retries included. */
    limit: number;
    /** Whether a failed attempt is repeated. Defaults to true. */
    retry?: boolean;
}

/** Milliseconds before the second, third and fourth attempt. */
const retryDelays = [1000, 3000, 5000];

/** Largest answer that is read. Source: the service's own emulator. */
const maxResponseBytes = 16 * 1024 * 1024;

/**
 * Sends a request; 408, 5xx and network errors are tried again, the same request byte for byte.
 * Resolves with any answer, good or bad. Throws `UpstreamError` when there is none.
 */
export async function sendUpstream(call: UpstreamRequest, options: UpstreamHttpOptions): Promise<UpstreamResponse> {
    const abort = new AbortController();
    const cancel = options.clock.after(options.limit, () => abort.abort());
    try {
        for (let attempt = 0; ; attempt++) {
            const delay = options.retry === false ? undefined : retryDelays[attempt];
            const outcome = await attemptOnce(call, { dispatcher: options.dispatcher, signal: abort.signal });
            if (
                "body" in outcome
                    ? !isTransient(outcome.status) || delay === undefined
                    : !isNetworkError(outcome.error) || delay === undefined
            ) {
                return unwrap({ call, outcome, attempts: attempt + 1 });
            }
            await pause({ clock: options.clock, milliseconds: delay as number, signal: abort.signal });
        }
    } catch (error) {
        throw abort.signal.aborted
            ? new UpstreamTimeoutError(`No answer from '${shownUrl(call.url)}' within ${options.limit / 1000} s.`)
            : error;
    } finally {
        cancel();
    }
}

type Outcome = UpstreamResponse | { error: unknown };

async function attemptOnce(
    call: UpstreamRequest,
    options: { dispatcher: Dispatcher; signal: AbortSignal },
): Promise<Outcome> {
    try {
        const { url, ...rest } = call;
        const answer = await request(url, {
            ...rest,
            dispatcher: options.dispatcher,
            signal: options.signal,
            headersTimeout: 0,
            bodyTimeout: 0,
        });
        return { status: answer.statusCode, headers: answer.headers, body: await readBody(answer.body) };
    } catch (error) {
        if (options.signal.aborted) {
            throw error;
        }
        return { error };
    }
}

async function readBody(stream: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream) {
        size += chunk.length;
        if (size > maxResponseBytes) {
            stream.destroy();
            throw new UpstreamError(`The answer is larger than ${maxResponseBytes} bytes.`);
        }
        chunks.push(chunk);
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

function unwrap(options: { call: UpstreamRequest; outcome: Outcome; attempts: number }): UpstreamResponse {
    const { outcome } = options;
    if ("body" in outcome) {
        return outcome;
    }
    if (outcome.error instanceof UpstreamError) {
        throw outcome.error;
    }
    const attempts = options.attempts === 1 ? "" : ` after ${options.attempts} attempts`;
    throw new UpstreamError(
        `No answer from '${shownUrl(options.call.url)}'${attempts}: ${describeFailure(outcome.error)}.`,
    );
}

function isTransient(status: number): boolean {
    return status === 408 || status >= 500;
}

/** A request that could not be written, or a service that is closing, does not get better by waiting. */
function isNetworkError(error: unknown): boolean {
    return !(
        error instanceof UpstreamError ||
        error instanceof errors.InvalidArgumentError ||
        error instanceof errors.ClientDestroyedError ||
        error instanceof errors.ClientClosedError
    );
}

function pause(options: { clock: Clock; milliseconds: number; signal: AbortSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
        const cancel = options.clock.after(options.milliseconds, () => {
            options.signal.removeEventListener("abort", onAbort);
            resolve();
        });
        function onAbort(): void {
            cancel();
            reject(options.signal.reason);
        }
        options.signal.addEventListener("abort", onAbort, { once: true });
    });
}

/** What a handler says about its own failure is often the whole explanation: its first words, to be put after a status. */
export function answerText(answer: UpstreamResponse): string {
    const text = answer.body.subarray(0, 300).toString("utf8").trim().replace(/\s+/g, " ").replace(/\.$/, "");
    return text === "" ? "" : `: ${text}`;
}
