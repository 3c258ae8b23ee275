import { InputError } from "../../shared/input";

/** What the extension says about the client an event comes from. */
export interface ConnectionContext {
    connectionId: string;
    userId?: string | null;
    eventType: string;
    eventName: string;
    /** What earlier answers stored with the connection. */
    states?: Record<string, unknown> | null;
}

export interface ConnectRequest {
    connectionContext: ConnectionContext;
    claims?: Record<string, string[]> | null;
    query?: Record<string, string[]> | null;
    subprotocols?: string[] | null;
}

export interface DisconnectedRequest {
    connectionContext: ConnectionContext;
    reason?: string | null;
}

export interface UserRequest {
    connectionContext: ConnectionContext;
    /** JSON comes as its text. */
    data?: unknown;
    dataType?: string;
}

export interface Sender {
    connectionId: string;
    userId: string;
}

export function senderOf({ connectionId, userId }: ConnectionContext): Sender {
    return { connectionId, userId: userId ?? "" };
}

/** What a client sent with an event, whichever way it was written: text as it is, JSON as what it says. */
export function readData({ data, dataType }: UserRequest): unknown {
    // The extension writes the names of its enumerations with a capital.
    switch (dataType?.toLowerCase()) {
        case "text":
            return data;
        case "json":
            return typeof data === "string" ? parse(data) : data;
        default:
            throw new InputError(`data must be text or JSON, not ${dataType}`);
    }
}

/** One value of an event whose data is an object. */
export function readField(data: unknown, name: string): unknown {
    if (typeof data !== "object" || data === null) {
        throw new InputError(`data must be an object with ${name}`);
    }
    return (data as Record<string, unknown>)[name];
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw new InputError("data is not JSON");
    }
}
