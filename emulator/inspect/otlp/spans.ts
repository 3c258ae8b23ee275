import type { EventKind, InspectEvent } from "../../core/inspect";

/** A value of OTLP's JSON. */
export type Json = string | number | boolean | Json[] | { [name: string]: Json };

/** Kinds of spans, in OTLP's numbers. */
const spanKind = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
const failed = 2;

const kinds: ReadonlyMap<EventKind, (typeof spanKind)[keyof typeof spanKind]> = new Map([
    ["clientEvent", spanKind.consumer],
    ["upstream", spanKind.client],
    ["function", spanKind.server],
    ["http", spanKind.server],
    ["negotiate", spanKind.server],
    ["rest", spanKind.server],
    ["broadcast", spanKind.producer],
    ["answer", spanKind.internal],
    ["ack", spanKind.producer],
]);

export function isSpan({ kind }: InspectEvent): boolean {
    return kinds.has(kind);
}

export function toSpan(event: InspectEvent): Json {
    const { trace, span, parent, kind, name, start, duration = 0, outcome, message } = event;
    return {
        traceId: trace,
        spanId: span,
        ...(parent !== undefined && { parentSpanId: parent }),
        name: spanName(event),
        kind: kinds.get(kind) ?? spanKind.internal,
        startTimeUnixNano: nanoseconds(start),
        endTimeUnixNano: nanoseconds(start + duration),
        attributes: [...attributesOf(event), ...ownAttributes(event, name)],
        ...(outcome === "failed" && { status: { code: failed, ...(message !== undefined && { message }) } }),
    };
}

function spanName({ kind, name }: InspectEvent): string {
    switch (kind) {
        case "clientEvent":
            return `receive ${name}`;
        case "broadcast":
            return `send ${name}`;
        default:
            return name;
    }
}

/** Attributes in the words of OpenTelemetry's semantic conventions, 1.34: messaging, http, url and faas. */
function ownAttributes(event: InspectEvent, name: string): Json[] {
    const { kind, status, url, hub, count, bytes } = event;
    const code = status === undefined ? [] : [attribute("http.response.status_code", status)];
    const [method = "", path = ""] = name.split(" ");
    switch (kind) {
        case "clientEvent":
        case "broadcast":
        case "ack":
            return [
                attribute("messaging.system", event.product ?? "webpubsub"),
                attribute("messaging.operation.name", kind === "clientEvent" ? "receive" : "send"),
                attribute("messaging.operation.type", kind === "clientEvent" ? "receive" : "send"),
                ...(hub === undefined ? [] : [attribute("messaging.destination.name", hub)]),
                ...(event.connection === undefined ? [] : [attribute("messaging.client.id", event.connection)]),
                ...(bytes === undefined ? [] : [attribute("messaging.message.body.size", bytes)]),
                ...(count === undefined ? [] : [attribute("azure_realtime.receivers", count)]),
            ];
        case "upstream":
            return [attribute("http.request.method", "POST"), attribute("url.full", url ?? ""), ...code];
        case "rest":
        case "http":
        case "negotiate":
            return [attribute("http.request.method", method), attribute("url.path", url ?? path), ...code];
        case "function":
            return [
                attribute("faas.name", name),
                attribute("faas.trigger", event.parent === undefined ? "timer" : "other"),
            ];
        default:
            return code;
    }
}

/** Attributes that every kind of event has. */
export function attributesOf({
    hub,
    connection,
    user,
    group,
    code,
    outcome,
    status,
    service,
    kind,
}: InspectEvent): Json[] {
    const known = {
        "azure_realtime.kind": kind,
        "azure_realtime.service": service,
        "azure_realtime.hub": hub,
        "azure_realtime.connection": connection,
        "azure_realtime.group": group,
        "enduser.id": user,
        "error.type": outcome === "failed" ? (code ?? (status === undefined ? "_OTHER" : String(status))) : undefined,
    };
    return Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [attribute(name, value)]));
}

export function attribute(key: string, value: string | number): Json {
    return { key, value: typeof value === "string" ? { stringValue: value } : { intValue: String(value) } };
}

/** Nanoseconds as text: a number of JSON cannot hold them. */
export function nanoseconds(milliseconds: number): string {
    const whole = Math.floor(milliseconds);
    const rest = Math.min(999_999, Math.round((milliseconds - whole) * 1e6));
    return `${whole}${String(rest).padStart(6, "0")}`;
}

/** Groups things by the service that they belong to, each with its resource. */
export function byResource<T>(items: readonly T[], nameOf: (item: T) => string): { resource: Json; items: T[] }[] {
    const groups = new Map<string, T[]>();
    for (const item of items) {
        const name = nameOf(item);
        const group = groups.get(name);
        group === undefined ? groups.set(name, [item]) : group.push(item);
    }
    return [...groups].map(([name, group]) => ({ resource: resourceOf(name), items: group }));
}

/** The service that an event belongs to: the app, or the realtime service. */
export function ownerOf({ app, service }: InspectEvent): string {
    return app ?? service ?? "azure-realtime";
}

function resourceOf(name: string): Json {
    return {
        attributes: [
            attribute("service.name", name),
            attribute("service.namespace", "azure-realtime"),
            attribute("deployment.environment.name", "local"),
        ],
    };
}

export const scope: Json = { name: "azure-realtime" };
