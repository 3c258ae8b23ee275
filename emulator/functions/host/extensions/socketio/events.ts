import type { HostFunction, WebhookRequest } from "../extension";

/** An event's source, from the headers of its request. */
export interface SocketContext {
    eventType: "System" | "User";
    eventName: string;
    hub: string;
    connectionId: string;
    userId?: string;
    namespace: string;
    socketId: string;
    signature?: string;
    origin: string;
    headers: WebhookRequest["headers"];
}

const systemEvents = ["connect", "connected", "disconnected"];
const systemType = "azure.webpubsub.sys.";

/** Reads an event's headers. Throws when a required one is missing, empty or repeated. */
export function parseEventHeaders({ headers }: Pick<WebhookRequest, "headers">): SocketContext {
    const connectionId = single(headers, "ce-connectionid");
    const hub = single(headers, "ce-hub");
    const type = single(headers, "ce-type", { mayBeEmpty: true });
    const eventName = single(headers, "ce-eventname");
    const origins = headers["webhook-request-origin"];
    if (origins === undefined) {
        throw new Error("Missing required header or header is empty: WebHook-Request-Origin");
    }
    const signatures = headers["ce-signature"];
    const userId = headers["ce-userid"]?.[0];
    return {
        eventType: type.toLowerCase().startsWith(systemType) ? "System" : "User",
        eventName,
        hub,
        connectionId,
        namespace: single(headers, "ce-namespace"),
        socketId: single(headers, "ce-socketid"),
        origin: origins.join(","),
        headers,
        ...(userId === undefined ? {} : { userId }),
        ...(signatures === undefined ? {} : { signature: signatures.join(",") }),
    };
}

function single(headers: WebhookRequest["headers"], name: string, options: { mayBeEmpty?: boolean } = {}): string {
    const values = headers[name];
    if (values === undefined || (values[0] === "" && options.mayBeEmpty !== true)) {
        throw new Error(`Missing required header or header is empty: ${name}`);
    }
    if (values.length !== 1) {
        throw new Error(`Header given more than once: ${name}`);
    }
    return values[0]!;
}

export type EventKey = Pick<SocketContext, "hub" | "namespace" | "eventType" | "eventName">;

/** Key under which an event finds its function. Ignores case. */
export function keyText({ hub, namespace, eventType, eventName }: EventKey): string {
    return JSON.stringify([hub, namespace, eventType, eventName].map((part) => part.toLowerCase()));
}

/** Reads the event of a trigger. Throws when it has no hub or no event. */
export function keyOfTrigger(options: {
    fn: HostFunction;
    /** Hub of bindings without one. */
    defaultHub: string | undefined;
    resolve: (text: string) => string;
}): EventKey {
    const { fn, resolve } = options;
    const hub = property({ fn, name: "hub", resolve }) ?? options.defaultHub;
    if (hub === undefined || hub === "") {
        throw new Error(`Function '${fn.name}': Hub name should be configured in either attribute or appsettings.`);
    }
    const eventName = property({ fn, name: "eventName", resolve });
    if (eventName === undefined) {
        throw new Error(`Function '${fn.name}': eventName of its socketiotrigger is not set.`);
    }
    return {
        hub,
        eventName,
        namespace: property({ fn, name: "namespace", resolve }) ?? "/",
        eventType: systemEvents.includes(eventName.toLowerCase()) ? "System" : "User",
    };
}

/** The trigger's names for the arguments of its event. */
export function parameterNamesOf(fn: HostFunction): string[] {
    const names = entry(fn, "parameterNames");
    return Array.isArray(names) ? names.map(String) : [];
}

function property(options: { fn: HostFunction; name: string; resolve: (text: string) => string }): string | undefined {
    const value = entry(options.fn, options.name);
    return typeof value === "string" && value !== "" ? options.resolve(value) : undefined;
}

// The names of binding properties ignore case. The vendor's own table has ParameterNames.
function entry(fn: HostFunction, name: string): unknown {
    const key = Object.keys(fn.trigger).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : fn.trigger[key];
}
