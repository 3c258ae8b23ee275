import { parseJson } from "../../../../core/json";
import type { WebhookRequest } from "../extension";
import { type EventContext, type EventKind, kindOf } from "./events";
import { toValues } from "./states";

export type DataType = "text" | "json" | "binary";

/** An event as functions get it, with one member for each name that a binding can have. */
export interface EventRequest {
    connectionContext: Record<string, unknown>;
    claims?: unknown;
    query?: unknown;
    headers?: unknown;
    subprotocols?: unknown;
    clientCertificates?: unknown;
    reason?: unknown;
    data?: string;
    dataType?: DataType;
}

/** A user event cannot have this media type. */
export class MediaTypeError extends Error {
    override readonly name = "MediaTypeError";
}

const dataTypes = new Map<string, DataType>([
    ["text/plain", "text"],
    ["application/json", "json"],
    ["application/octet-stream", "binary"],
]);

/** Reads an event's body. Throws when the body is not valid, `MediaTypeError` when its media type is not that of a message. */
export function readEvent({ context, request }: { context: EventContext; request: WebhookRequest }): EventRequest {
    const { states, ...rest } = context;
    const connectionContext = { userId: null, signature: null, ...rest, states: toValues(states) };
    return { connectionContext, ...readBody(kindOf(context), request) };
}

function readBody(
    kind: EventKind | undefined,
    { headers, body }: WebhookRequest,
): Omit<EventRequest, "connectionContext"> {
    switch (kind) {
        case "connect": {
            const { claims = null, query = null, headers: sent = null, ...rest } = parseObject(body);
            const { subprotocols = null, clientCertificates = null } = rest;
            return { claims, query, headers: sent, subprotocols, clientCertificates };
        }
        case "disconnected":
            return { reason: parseObject(body).reason ?? null };
        case "user":
            return { data: body.toString("utf8"), dataType: readDataType(headers["content-type"]?.[0]) };
        default:
            return {};
    }
}

function readDataType(contentType: string | undefined): DataType {
    const mediaType = (contentType ?? "").split(";")[0]?.trim() ?? "";
    const dataType = dataTypes.get(mediaType.toLowerCase());
    if (dataType === undefined) {
        throw new MediaTypeError(`Message only supports text, binary, json. Current value is: ${mediaType}`);
    }
    return dataType;
}

function parseObject(body: Buffer): Record<string, unknown> {
    const value: unknown = parseJson(body.toString("utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error("The event's body must be a JSON object.");
    }
    return value as Record<string, unknown>;
}
