import { createIds } from "./ids";

export type Product = "socketio" | "webpubsub" | "signalr";

export type EventKind =
    | "connection"
    | "clientEvent"
    | "upstream"
    | "function"
    | "log"
    | "answer"
    | "ack"
    | "broadcast"
    | "rest"
    | "negotiate"
    | "http"
    | "why"
    | "deployment"
    | "fault";

/** The silent failures that a row of kind `why` explains. */
export const whyCodes = [
    "noHandler",
    "noHub",
    "noGroupMember",
    "noUser",
    "keyRefused",
    "roleMissing",
    "planDoesNotStart",
    "ackTimeout",
    "handshakeFailed",
    "functionFailed",
    "functionRefused",
    "tokenRefused",
    "notConnected",
] as const;
export type WhyCode = (typeof whyCodes)[number];

/** What is said about an event. Everything but its name may be missing. */
export interface EventFields {
    /** Name of the event or function, or `POST /api/hubs/chat/:send`. */
    name: string;
    outcome?: "ok" | "failed";
    /** Name of the realtime service. */
    service?: string;
    product?: Product;
    /** Name of the function app. */
    app?: string;
    hub?: string;
    connection?: string;
    user?: string;
    group?: string;
    /** HTTP status. */
    status?: number;
    bytes?: number;
    /** To how many connections a broadcast went. */
    count?: number;
    /** Without its query. */
    url?: string;
    /** Secrets are masked when they are shown. */
    headers?: Record<string, string>;
    /** The payload, cut; binary data as base64. */
    data?: string;
    dataType?: "text" | "json" | "binary";
    /** A log line, or the cause of a `why`. */
    message?: string;
    level?: "debug" | "info" | "warn" | "error";
    /** The line that a user changes so that it works. */
    fix?: string;
    code?: WhyCode;
}

/** Identifies one step of a trace, in the words of W3C Trace Context. */
export interface SpanContext {
    /** 32 hexadecimal digits. */
    trace: string;
    /** 16 hexadecimal digits. */
    span: string;
}

/** One row of the inspector. */
export interface InspectEvent extends SpanContext, EventFields {
    /** Grows. A later message with the same id replaces the earlier. */
    id: number;
    /** Span of the cause. */
    parent?: string;
    kind: EventKind;
    /** Milliseconds since the Unix epoch, with fractions. */
    start: number;
    /** Milliseconds. Absent while it runs. */
    duration?: number;
}

/** Where events go. */
export interface EventSink {
    /** Whether somebody looks. */
    readonly isOpen: boolean;
    /** Whether somebody looks, and not more happens than is recorded. */
    readonly on: boolean;
    /** Milliseconds since the Unix epoch, with fractions. */
    now(): number;
    /** Takes an event, and takes it again when it has ended. */
    put(event: InspectEvent): void;
}

/** Takes events. Whoever records looks at `on` first, so that nothing is built for nobody. */
export interface Recorder {
    /** Whether something new is recorded. While very much happens, only a part of it is. */
    readonly on: boolean;
    /** Whether somebody looks. What belongs to a trace that is recorded, is recorded then. */
    readonly isOpen: boolean;
    /** Records the beginning of something. */
    begin(kind: EventKind, fields: EventFields, parent?: SpanContext): Span;
    /** Records something that takes no time. */
    note(kind: EventKind, fields: EventFields, parent?: SpanContext): void;
    /** A recorder that adds these members to each event. */
    scoped(fields: Partial<EventFields>): Recorder;
}

/** Something that takes time. What it causes is recorded through it, so that all of a cause has one trace id. */
export class Span implements SpanContext {
    readonly #sink: EventSink;

    constructor(
        readonly event: InspectEvent,
        sink: EventSink,
    ) {
        this.#sink = sink;
        sink.put(event);
    }

    get trace(): string {
        return this.event.trace;
    }

    get span(): string {
        return this.event.span;
    }

    begin(kind: EventKind, fields: EventFields): Span {
        return new Span(this.#start(kind, fields), this.#sink);
    }

    note(kind: EventKind, fields: EventFields): void {
        this.#sink.put(atOnce(this.#start(kind, fields)));
    }

    /** Records the end. A second end changes nothing. */
    end(fields: Partial<EventFields> = {}): void {
        if (this.event.duration === undefined) {
            Object.assign(this.event, fields);
            this.event.outcome ??= "ok";
            this.event.duration = Math.max(0, this.#sink.now() - this.event.start);
            this.#sink.put(this.event);
        }
    }

    #start(kind: EventKind, fields: EventFields): InspectEvent {
        const event = startEvent({ kind, fields, parent: this, sink: this.#sink });
        const { service, product, app, hub, connection, user } = this.event;
        event.service ??= service;
        event.product ??= product;
        event.app ??= app;
        event.hub ??= hub;
        event.connection ??= connection;
        event.user ??= user;
        return event;
    }
}

const newTrace = createIds(16, "hex");
const newSpan = createIds(8, "hex");
/** Ids grow over restarts too, so that an open page, which asks for what came after its last id, gets the events of the next run. */
let lastId = Date.now() * 1000;

interface Start {
    kind: EventKind;
    scope?: Partial<EventFields>;
    fields: EventFields;
    parent: SpanContext | undefined;
    sink: EventSink;
}

/** The id of the next event of this process. */
export function nextEventId(): number {
    lastId += 1;
    return lastId;
}

function startEvent({ kind, scope, fields, parent, sink }: Start): InspectEvent {
    const event = {
        id: nextEventId(),
        trace: parent?.trace ?? newTrace(),
        span: newSpan(),
        parent: parent?.span,
        kind,
        start: sink.now(),
    };
    return Object.assign(event, scope, fields) as InspectEvent;
}

function atOnce(event: InspectEvent): InspectEvent {
    event.duration = 0;
    return event;
}

export function createRecorder(sink: EventSink, scope: Partial<EventFields> = {}): Recorder {
    return {
        get on() {
            return sink.on;
        },
        get isOpen() {
            return sink.isOpen;
        },
        begin: (kind, fields, parent) => new Span(startEvent({ kind, scope, fields, parent, sink }), sink),
        note: (kind, fields, parent) => sink.put(atOnce(startEvent({ kind, scope, fields, parent, sink }))),
        scoped: (more) => createRecorder(sink, { ...scope, ...more }),
    };
}

/** Records nothing. */
export const noRecorder: Recorder = createRecorder({ isOpen: false, on: false, now: Date.now, put: () => undefined });

const traceParent = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** Reads a `traceparent` header; undefined for one that the standard calls invalid. Source: W3C Trace Context, 3.2. */
export function readTraceParent(header: unknown): SpanContext | undefined {
    const [, version, trace = "", span = "", , more] = traceParent.exec(typeof header === "string" ? header : "") ?? [];
    const isValid = version !== undefined && version !== "ff" && !(version === "00" && more !== undefined);
    return isValid && !/^0+$/.test(trace) && !/^0+$/.test(span) ? { trace, span } : undefined;
}

export function writeTraceParent({ trace, span }: SpanContext): string {
    return `00-${trace}-${span}-01`;
}

/** A new place in a trace, for a step that nobody records. */
export function newSpanContext(parent?: SpanContext): SpanContext {
    return { trace: parent?.trace ?? newTrace(), span: newSpan() };
}

const longestText = 2000;
/** Bytes of UTF-8 that hold at least the longest text. */
const longestBytes = longestText * 4;

/** The members of an event that show a payload. Cuts before it converts, because a payload may have a megabyte. */
export function payload(
    data: string | Uint8Array,
    dataType: NonNullable<EventFields["dataType"]>,
): Pick<EventFields, "data" | "dataType" | "bytes"> {
    if (typeof data === "string") {
        return { data: cut(data), dataType, bytes: Buffer.byteLength(data) };
    }
    const head = Buffer.from(data.buffer, data.byteOffset, Math.min(data.length, longestBytes));
    const text = head.toString(dataType === "binary" ? "base64" : "utf8").slice(0, longestText);
    return { data: text, dataType, bytes: data.length };
}

/** The first part of a text. It is a copy, because a slice would keep the whole text in memory. */
export function cut(text: string): string {
    return text.length <= longestText ? text : Buffer.from(text.slice(0, longestText), "utf16le").toString("utf16le");
}

/** Headers as they are recorded: those of the request or response, of which a shown event masks the secrets. */
export function recordedHeaders(headers: object): Record<string, string> {
    return headers as Record<string, string>;
}

/** Kind of a body, by its media type. */
export function dataTypeOf(contentType: unknown): NonNullable<EventFields["dataType"]> {
    const type = String(contentType ?? "");
    return /json/i.test(type) ? "json" : /^text\/|urlencoded/i.test(type) ? "text" : "binary";
}
