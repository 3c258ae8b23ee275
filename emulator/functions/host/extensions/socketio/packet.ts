import { parseJson } from "../../../../core/json";
import { asNewtonsoftWrites, writeJson } from "../../bindings/newtonsoft";

/** A client's event, decoded from its Engine.IO message. */
export interface EventPacket {
    eventName: string;
    arguments: unknown[];
    /** Set when the client waits for an acknowledgement. */
    ackId?: number;
}

const typeNames = ["Connect", "Disconnect", "Event", "Ack", "ConnectError", "BinaryEvent", "BinaryAck"];
const event = 2;
const largestAckId = 2 ** 31 - 1;

/** Decodes a user event. Skips the first character without a check, as the extension does. Throws when the rest is no event. */
export function decodeEvent(payload: string): EventPacket {
    if (payload.startsWith("b")) {
        throw new Error("Binary data is not support.");
    }
    const match = /^.(\d)(?:\d+-)?(\/[^,]*,?)?(\d+)?([\s\S]*)$/.exec(payload);
    if (match === null) {
        throw new Error("Invalid Socket.IO message.");
    }
    const [, type, , id, data] = match;
    if (Number(type) !== event) {
        throw new Error(`Invalid Socket.IO message type: ${typeNames[Number(type)] ?? type}`);
    }
    if (id !== undefined && Number(id) > largestAckId) {
        throw new Error(`The ack id ${id} is larger than ${largestAckId}.`);
    }
    const content: unknown = parseJson(data!);
    if (!Array.isArray(content) || content.length === 0) {
        throw new Error("Invalid Socket.IO message: its data must be an array that begins with the event's name.");
    }
    const [name, ...args] = content as unknown[];
    return {
        eventName: typeof name === "string" ? name : JSON.stringify(name),
        // Source: ParseData of SocketIOProtocol.cs of azure-sdk-for-net, which reads them with JsonConvert.DeserializeObject.
        arguments: args.map(asNewtonsoftWrites),
        ...(id === undefined ? {} : { ackId: Number(id) }),
    };
}

/** The namespace part of a packet, which is empty for the main namespace. */
export function namespacePart(namespace: string): string {
    return namespace === "/" ? "" : `${namespace},`;
}

export function encodeEvent(options: { namespace: string; eventName: string; parameters: readonly unknown[] }): string {
    return `42${namespacePart(options.namespace)}${writeJson([options.eventName, ...options.parameters])}`;
}

export function encodeAck(options: { namespace: string; ackId: number; ack: readonly unknown[] }): string {
    return `43${namespacePart(options.namespace)}${options.ackId}${writeJson(options.ack)}`;
}

export function encodeDisconnect(options: { namespace: string; close: boolean }): string {
    return `41${namespacePart(options.namespace)}${options.close ? '{"close":true}' : ""}`;
}
