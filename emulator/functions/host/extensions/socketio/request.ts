import { parseJson } from "../../../../core/json";
import type { SocketContext } from "./events";
import type { EventPacket } from "./packet";

interface ConnectBody {
    claims?: unknown;
    query?: unknown;
    headers?: unknown;
    clientCertificates?: unknown;
}

/** The function's input for an event, and its trigger metadata. Throws when the body is not valid. */
export function readRequest(options: { context: SocketContext; packet: EventPacket | undefined; body: Buffer }): {
    value: Record<string, unknown>;
    data: Record<string, unknown>;
} {
    const { context, packet } = options;
    const { namespace, socketId } = context;
    const specific = packet === undefined ? readSystem(options) : readMessage({ packet, body: options.body });
    const value = { ...specific.value, namespace, socketId };
    return {
        value,
        data: {
            Request: value,
            ConnectionContext: context,
            SocketId: socketId,
            Namespace: namespace,
            ...(context.userId ? { UserId: context.userId } : {}),
            ...specific.data,
        },
    };
}

function readSystem({ context, body }: { context: SocketContext; body: Buffer }) {
    switch (context.eventName.toLowerCase()) {
        case "connect": {
            const connect = parseObject(body) as ConnectBody;
            const { claims = null, query = null, headers = null, clientCertificates = null } = connect;
            return {
                value: { claims, query, headers, clientCertificates },
                data: { Claims: claims, Query: query, Headers: headers, ClientCertificates: clientCertificates },
            };
        }
        case "disconnected": {
            const { reason = null } = parseObject(body) as { reason?: unknown };
            return { value: { reason }, data: { Reason: reason } };
        }
        default:
            return { value: {}, data: {} };
    }
}

function readMessage({ packet, body }: { packet: EventPacket; body: Buffer }) {
    const payload = body.toString();
    const parameters = packet.arguments.length === 0 ? null : packet.arguments;
    return { value: { payload, eventName: packet.eventName, parameters }, data: { Payload: payload } };
}

function parseObject(body: Buffer): object {
    const value: unknown = parseJson(body.toString());
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error("the event's body must be a JSON object.");
    }
    return value;
}
