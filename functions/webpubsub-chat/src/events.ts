import { InputError } from "../../shared/input";

/** The extension's description of the client that sent the event. */
export interface ConnectionContext {
    connectionId: string;
    userId?: string | null;
    eventType: string;
    eventName: string;
    /** Values that earlier answers stored with the connection. */
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
    /** JSON arrives as text. */
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

/** The data of an event: a text as it is, JSON parsed. */
export function readData({ data, dataType }: UserRequest): unknown {
    // The extension capitalises the names of data types.
    switch (dataType?.toLowerCase()) {
        case "text":
            return data;
        case "json":
            return typeof data === "string" ? parse(data) : data;
        default:
            throw new InputError(`data must be text or JSON, not ${dataType}`);
    }
}

/** Reads one property of an event's data, which must be an object. */
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
