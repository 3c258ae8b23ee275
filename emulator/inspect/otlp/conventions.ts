import type { EventKind, InspectEvent } from "../../core/inspect";
import { type Places, restRouteOf } from "./places";
import { type Attributes, ownerOf } from "./values";

/** Kinds of spans, in OTLP's numbers. */
const spanKind = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** Spans by the kind of event. A service pushes messages to the app, which is called "process" and not "receive". */
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

const operations: ReadonlyMap<EventKind, readonly [name: string, type: string]> = new Map([
    ["clientEvent", ["process", "process"]],
    ["broadcast", ["send", "send"]],
    ["ack", ["ack", "send"]],
]);

/** What an event is in the words of the semantic conventions. */
export interface Described {
    name: string;
    kind: number;
    /** Of the event's span. */
    attributes: Attributes;
    /** Of its metrics: those attributes that have few values. */
    labels: Attributes;
}

export function isSpan({ kind }: InspectEvent): boolean {
    return kinds.has(kind);
}

export function describe(event: InspectEvent, places: Places): Described {
    const kind = kinds.get(event.kind) ?? spanKind.internal;
    switch (event.kind) {
        case "clientEvent":
        case "broadcast":
        case "ack":
            return { kind, ...describeMessage(event, places) };
        case "upstream":
            return { kind, ...describeCall(event) };
        case "rest":
        case "http":
        case "negotiate":
            return { kind, ...describeRequest(event, places) };
        case "function":
            return { kind, ...describeRun(event, places) };
        default:
            return { kind, name: event.kind, attributes: {}, labels: {} };
    }
}

/**
 * Class of the error that an operation ended with. An answer of 4xx is no error of the server that gives it.
 * Source: semantic conventions, docs/general/recording-errors.md, and docs/http/http-spans.md, "Status".
 */
export function errorTypeOf({ kind, outcome, code, status }: InspectEvent): string | undefined {
    const isServer = kind === "rest" || kind === "http" || kind === "negotiate";
    if (outcome !== "failed" || (isServer && status !== undefined && status < 500)) {
        return undefined;
    }
    return code ?? (status === undefined ? "_OTHER" : String(status));
}

function describeMessage(event: InspectEvent, places: Places): Omit<Described, "kind"> {
    const { kind, product = "webpubsub", hub } = event;
    const [name = "", type] = operations.get(kind) ?? [];
    const labels = {
        "messaging.system": product,
        "messaging.operation.name": name,
        "messaging.destination.name": hub,
        ...serverOf(places.address(ownerOf(event))),
        "error.type": errorTypeOf(event),
    };
    return {
        // Clients choose the names of events, so a name of a span must not have them.
        name: hub === undefined ? name : `${name} ${hub}`,
        labels,
        attributes: {
            ...labels,
            "messaging.operation.type": type,
            "messaging.client.id": event.connection,
            "messaging.message.body.size": event.bytes,
            "azure_realtime.receivers": event.count,
        },
    };
}

function describeCall(event: InspectEvent): Omit<Described, "kind"> {
    const address = event.url !== undefined && URL.canParse(event.url) ? new URL(event.url) : undefined;
    const labels = {
        "http.request.method": "POST",
        "http.response.status_code": event.status,
        ...serverOf(address),
        "error.type": errorTypeOf(event),
    };
    return { name: "POST", labels, attributes: { ...labels, "url.full": event.url } };
}

const methods = new Set(["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"]);

function describeRequest(event: InspectEvent, places: Places): Omit<Described, "kind"> {
    const [given = "", second = ""] = event.name.split(" ");
    const path = event.url ?? second;
    const owner = ownerOf(event);
    const isKnown = methods.has(given);
    const route = event.kind === "rest" ? restRouteOf(path) : places.route(owner, path);
    const address = places.address(owner);
    const labels = {
        "http.request.method": isKnown ? given : "_OTHER",
        "http.route": route,
        "http.response.status_code": event.status,
        "url.scheme": address?.protocol.slice(0, -1) ?? "http",
        "error.type": errorTypeOf(event),
    };
    const method = isKnown ? given : "HTTP";
    return {
        name: route === undefined ? method : `${method} ${route}`,
        labels,
        attributes: {
            ...labels,
            ...serverOf(address),
            "http.request.method_original": isKnown ? undefined : given,
            "url.path": path,
            "user_agent.original": event.headers?.["user-agent"],
        },
    };
}

function describeRun(event: InspectEvent, places: Places): Omit<Described, "kind"> {
    const { app, name } = event;
    const labels = {
        // Source: semantic conventions, model/faas/registry.yaml: on Azure the name of the app and of the function.
        "faas.name": app === undefined ? name : `${app}/${name}`,
        "faas.trigger": app === undefined ? "other" : places.trigger(app, name),
    };
    return { name: labels["faas.name"], labels, attributes: { ...labels, "error.type": errorTypeOf(event) } };
}

function serverOf(address: URL | undefined): Attributes {
    if (address === undefined) {
        return {};
    }
    const { hostname, port, protocol } = address;
    return {
        "server.address": hostname,
        "server.port": Number(port === "" ? (protocol === "https:" ? 443 : 80) : port),
    };
}
