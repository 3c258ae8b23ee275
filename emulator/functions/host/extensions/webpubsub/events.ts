import type { WebhookRequest } from "../extension";
import { decodeStates, type States } from "./states";

/** An event's source, from the headers of its request. */
export interface EventContext {
    eventType: "System" | "User";
    eventName: string;
    hub: string;
    connectionId: string;
    userId?: string;
    signature?: string;
    origin: string;
    states: States;
    headers: WebhookRequest["headers"];
}

export type EventKind = "connect" | "connected" | "disconnected" | "user";

const systemType = "azure.webpubsub.sys.";

/** Reads an event's headers. Throws when a required one is missing or repeated. */
export function parseEventHeaders({ headers }: Pick<WebhookRequest, "headers">): EventContext {
    const origins = headers["webhook-request-origin"];
    if (origins === undefined) {
        throw new Error("Missing required header: WebHook-Request-Origin");
    }
    const userId = optional(headers, "ce-userid");
    const signatures = headers["ce-signature"];
    return {
        connectionId: single(headers, "ce-connectionid"),
        hub: single(headers, "ce-hub"),
        eventType: single(headers, "ce-type").toLowerCase().startsWith(systemType) ? "System" : "User",
        eventName: single(headers, "ce-eventname"),
        origin: origins.join(","),
        states: decodeStates(optional(headers, "ce-connectionstate")),
        headers,
        ...(userId === undefined ? {} : { userId }),
        ...(signatures === undefined ? {} : { signature: signatures.join(",") }),
    };
}

/** The kind of an event; undefined for an unknown system event. */
export function kindOf({ eventType, eventName }: Pick<EventContext, "eventType" | "eventName">): EventKind | undefined {
    if (eventType === "User") {
        return "user";
    }
    const name = eventName.toLowerCase();
    return name === "connect" || name === "connected" || name === "disconnected" ? name : undefined;
}

function single(headers: WebhookRequest["headers"], name: string): string {
    const value = optional(headers, name);
    if (value === undefined) {
        throw new Error(`Missing required header: ${name}`);
    }
    return value;
}

function optional(headers: WebhookRequest["headers"], name: string): string | undefined {
    const values = headers[name];
    if (values !== undefined && values.length !== 1) {
        throw new Error(`Header given more than once: ${name}`);
    }
    return values?.[0];
}
