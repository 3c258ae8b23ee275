import { type Dispatcher, errors } from "undici";
import { ByteStore } from "../byteStore";
import type { Clock } from "../clock";
import { describeFailure, shownUrl, UpstreamError, UpstreamTimeoutError } from "./errors";

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
    /** Milliseconds for all attempts and the waits between them. */
    limit: number;
    /** Whether failed attempts are repeated. Defaults to true. */
    retry?: boolean;
}

/** Milliseconds before the second, third and fourth attempt. */
const retryDelays = [1000, 3000, 5000];

/** Longer answers are refused. Source: the service's own emulator. */
const maxResponseBytes = 16 * 1024 * 1024;

/**
 * Sends a request. Repeats the same bytes after 408, 5xx and network errors.
 * Resolves with any other answer, whatever its status. Throws `UpstreamError` when no answer comes.
 */
export async function sendUpstream(call: UpstreamRequest, options: UpstreamHttpOptions): Promise<UpstreamResponse> {
    const deadline: Deadline = { passed: false, stop: undefined };
    const cancel = options.clock.after(options.limit, () => {
        deadline.passed = true;
        deadline.stop?.();
    });
    try {
        for (let attempt = 0; ; attempt++) {
            const delay = options.retry === false ? undefined : retryDelays[attempt];
            const outcome = await attemptOnce({ call, dispatcher: options.dispatcher, deadline });
            if (
                "body" in outcome
                    ? !isTransient(outcome.status) || delay === undefined
                    : !isNetworkError(outcome.error) || delay === undefined
            ) {
                return unwrap({ call, outcome, attempts: attempt + 1 });
            }
            await pause({ clock: options.clock, milliseconds: delay as number, deadline });
        }
    } catch (error) {
        throw deadline.passed
            ? new UpstreamTimeoutError(`No answer from '${shownUrl(call.url)}' within ${options.limit / 1000} s.`)
            : error;
    } finally {
        cancel();
    }
}

/** Ends a wait. It is not shown: the waiting code reports how long it waited. */
const timeIsUp = new UpstreamError("time is up");

interface Deadline {
    passed: boolean;
    /** Ends the wait that is running. */
    stop: (() => void) | undefined;
}

type Outcome = UpstreamResponse | { error: unknown };

/** Makes one attempt. Rejects at the deadline. */
function attemptOnce(options: { call: UpstreamRequest; dispatcher: Dispatcher; deadline: Deadline }): Promise<Outcome> {
    const { call, dispatcher, deadline } = options;
    return new Promise((resolve, reject) => {
        const exchange = new Exchange(deadline, resolve);
        deadline.stop = () => {
            reject(timeIsUp);
            exchange.abort();
        };
        const { method, headers, body } = call;
        const { origin, pathname, search } = new URL(call.url);
        const path = pathname + search;
        dispatcher.dispatch({ method, headers, body, origin, path, headersTimeout: 0, bodyTimeout: 0 }, exchange);
    });
}

/** Reads one answer. A plain handler of undici, because streams and signals cost as much as the exchange itself. */
class Exchange implements Dispatcher.DispatchHandler {
    readonly #deadline: Deadline;
    readonly #resolve: (outcome: Outcome) => void;
    #controller: Dispatcher.DispatchController | undefined;
    #answer: UpstreamResponse | undefined;
    readonly #body = new ByteStore();

    constructor(deadline: Deadline, resolve: (outcome: Outcome) => void) {
        this.#deadline = deadline;
        this.#resolve = resolve;
    }

    abort(): void {
        this.#controller?.abort(timeIsUp);
    }

    onRequestStart(controller: Dispatcher.DispatchController): void {
        this.#controller = controller;
        if (this.#deadline.passed) {
            controller.abort(timeIsUp);
        }
    }

    onResponseStart(_: Dispatcher.DispatchController, status: number, headers: UpstreamResponse["headers"]): void {
        // A 1xx response comes before the real one.
        this.#answer = status < 200 ? undefined : { status, headers, body: Buffer.alloc(0) };
    }

    onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
        if (this.#body.length + chunk.length > maxResponseBytes) {
            controller.abort(new UpstreamError(`The answer is larger than ${maxResponseBytes} bytes.`));
            return;
        }
        this.#body.append(chunk);
    }

    onResponseEnd(): void {
        if (this.#answer !== undefined) {
            this.#answer.body = this.#body.take();
            this.#resolve(this.#answer);
        }
    }

    onResponseError(_: Dispatcher.DispatchController, error: Error): void {
        this.#resolve({ error });
    }
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

/** Whether another attempt may help. It does not for an invalid request, or for a service that is closing. */
function isNetworkError(error: unknown): boolean {
    return !(
        error instanceof UpstreamError ||
        error instanceof errors.InvalidArgumentError ||
        error instanceof errors.ClientDestroyedError ||
        error instanceof errors.ClientClosedError
    );
}

function pause(options: { clock: Clock; milliseconds: number; deadline: Deadline }): Promise<void> {
    return new Promise((resolve, reject) => {
        const cancel = options.clock.after(options.milliseconds, resolve);
        options.deadline.stop = () => {
            cancel();
            reject(timeIsUp);
        };
    });
}

/** The beginning of the handler's answer, for an error message: it often explains the failure. */
export function answerText(answer: UpstreamResponse): string {
    const text = answer.body.subarray(0, 300).toString("utf8").trim().replace(/\s+/g, " ").replace(/\.$/, "");
    return text === "" ? "" : `: ${text}`;
}
