import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createBudget } from "../../core/budget";
import {
    createRecorder,
    cut,
    type EventFields,
    type EventSink,
    type InspectEvent,
    newSpanContext,
    type Recorder,
    readTraceParent,
    recordedHeaders,
    Span,
    type SpanContext,
    writeTraceParent,
} from "../../core/inspect";
import type { LogLevel } from "../../core/log";

/** Follows requests and function runs of one host: tells the inspector, and passes their trace on as Azure's host does. */
export interface Tracing {
    readonly recorder: Recorder;
    /** Begins or ends to record. */
    record(on: boolean): void;
    /** Serves a request within the trace that its caller names. */
    request(
        call: { request: IncomingMessage; response: ServerResponse; path: string },
        serve: () => Promise<void>,
    ): Promise<void>;
    /** Runs a function. What it logs and calls belongs to its span. */
    run<T>(run: FunctionRun, work: () => Promise<T>): Promise<T>;
    /** `traceparent` of the run at hand; a new trace outside of all. */
    traceParent(): string;
    /** A fetch that names the run at hand to the service that it calls. */
    fetch: typeof fetch;
    log(level: LogLevel, message: string, category?: string): void;
    /** Explains a failure that would be silent. */
    why(fields: EventFields): void;
}

export interface FunctionRun {
    name: string;
    /** Text of the trigger's value, when it has one. */
    input: string | null | undefined;
    describe(error: unknown): string;
}

export interface TracingOptions {
    /** Sends events to the supervisor. */
    send(events: InspectEvent[]): void;
    now(): number;
    fetch: typeof fetch;
}

/** Milliseconds for which events are gathered before they are sent. */
const batchEvery = 50;
const mostGathered = 5000;

/** Levels of the inspector, by those of the log. */
const levels: Record<LogLevel, EventFields["level"]> = {
    trace: "debug",
    debug: "debug",
    info: "info",
    warning: "warn",
    error: "error",
    critical: "error",
};

export function createTracing(options: TracingOptions): Tracing {
    // Contexts cost every promise of the app a little, so none is opened before a call names a trace or somebody looks.
    const storage = new AsyncLocalStorage<SpanContext>();
    const gathered = new Map<number, InspectEvent>();
    let isOn = false;
    let isScheduled = false;

    function flush(): void {
        isScheduled = false;
        const events = [...gathered.values()];
        gathered.clear();
        options.send(events);
    }

    function put(event: InspectEvent): void {
        if (isOn && (gathered.has(event.id) || gathered.size < mostGathered)) {
            if (event.parent === undefined && !gathered.has(event.id)) {
                budget.take();
            }
            gathered.set(event.id, { ...event });
            if (!isScheduled) {
                isScheduled = true;
                setTimeout(flush, batchEvery).unref();
            }
        }
    }

    const budget = createBudget();
    const sink: EventSink = {
        get isOpen() {
            return isOn;
        },
        get on() {
            return isOn && budget.hasLeft();
        },
        now: options.now,
        put,
    };
    const recorder = createRecorder(sink);

    function begin(
        kind: "http" | "negotiate" | "function",
        fields: EventFields,
        parent: SpanContext | undefined,
    ): Span {
        return parent instanceof Span ? parent.begin(kind, fields) : recorder.begin(kind, fields, parent);
    }

    /** What belongs to a trace is recorded with it. Of what begins one, only as much as the budget allows. */
    function isRecorded(parent: SpanContext | undefined): boolean {
        return isOn && (parent !== undefined || sink.on);
    }

    return {
        recorder,
        record(on) {
            isOn = on;
            if (!on) {
                storage.disable();
            }
        },
        request({ request, response, path }, serve) {
            const parent = readTraceParent(request.headers.traceparent);
            // The service that called a webhook has recorded the call.
            if (!isRecorded(parent) || path.startsWith("/runtime/webhooks/")) {
                return parent === undefined ? serve() : storage.run(parent, serve);
            }
            const span = begin(
                path.endsWith("/negotiate") ? "negotiate" : "http",
                { name: `${request.method} ${path}`, url: path, headers: recordedHeaders(request.headers) },
                parent,
            );
            response.once("close", () => {
                const { statusCode: status } = response;
                span.end({ status, outcome: status < 400 ? "ok" : "failed" });
            });
            return storage.run(span, serve);
        },
        async run({ name, input, describe }, work) {
            const parent = storage.getStore();
            if (!isRecorded(parent)) {
                return work();
            }
            const data = typeof input === "string" ? { data: cut(input), bytes: Buffer.byteLength(input) } : {};
            const span = begin("function", { name, ...data }, parent);
            try {
                const result = await storage.run(span, work);
                span.end();
                return result;
            } catch (error) {
                const message = describe(error);
                span.note("why", {
                    name,
                    code: "functionFailed",
                    outcome: "failed",
                    message,
                    fix: fixOf(name, message),
                });
                span.end({ outcome: "failed", message });
                throw error;
            }
        },
        traceParent() {
            const at = storage.getStore();
            return writeTraceParent(at instanceof Span ? at : newSpanContext(at));
        },
        fetch: ((url, init) => {
            const at = storage.getStore();
            if (at === undefined) {
                return options.fetch(url, init);
            }
            const headers = new Headers(init?.headers);
            headers.set("traceparent", writeTraceParent(at));
            return options.fetch(url, { ...init, headers });
        }) as typeof fetch,
        log(level, message, category) {
            // The row of the run says that it began and ended. What the host says outside of a function is recorded with the app's log.
            if (isOn && category !== undefined && !/^Execut(ing|ed) 'Functions\./.test(message)) {
                const fields = { name: category, message, level: levels[level] ?? "info" };
                const at = storage.getStore();
                at instanceof Span ? at.note("log", fields) : recorder.note("log", fields, at);
            }
        },
        why(fields) {
            if (isOn) {
                const at = storage.getStore();
                at instanceof Span ? at.note("why", fields) : recorder.note("why", fields, at);
            }
        },
    };
}

/** The first place of the app's own code in a description. */
function fixOf(name: string, message: string): string {
    const place = /^[^\S\n]+at (.+)$/m.exec(message)?.[1];
    return place === undefined ? `Correct function '${name}'.` : `Correct function '${name}' at ${place}.`;
}
