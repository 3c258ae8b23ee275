import { Decoder, type Packet, PacketType } from "socket.io-parser";
import { messageOf } from "../core/errors";
import { parseJson, requireShallow } from "../core/json";

/** Source: the default of Socket.IO's own parser. */
const maxAttachments = 10;

/** A packet breaks the protocol, or is not supported in serverless mode. */
export class PacketError extends Error {
    override readonly name = "PacketError";
}

// All connections share one decoder. It would keep state for binary packets, but those never reach it.
const decoder = new Decoder();
let decoded: Packet | undefined;
decoder.on("decoded", (packet: Packet) => {
    decoded = packet;
});

/** Reads one Socket.IO packet of text. Throws `PacketError`. */
export function decodePacket(text: string): Packet {
    if (isBinaryPacket(text)) {
        throw new PacketError("it carries binary data");
    }
    decoded = undefined;
    try {
        requireShallow(text);
        decoder.add(text);
    } catch (error) {
        throw new PacketError(messageOf(error));
    }
    if (decoded === undefined) {
        throw new PacketError("it is not complete");
    }
    return decoded;
}

/** Whether the text announces binary attachments (BINARY_EVENT or BINARY_ACK). */
export function isBinaryPacket(text: string): boolean {
    return text.startsWith("5") || text.startsWith("6");
}

/** Reads the number of attachments and the event's name from a binary packet whose attachments have not come yet. */
export function describeBinaryPacket(text: string): { attachments: number; event: string } {
    const [, digits, json] = /^\d(\d+)-[^[]*(\[.*)$/s.exec(text) ?? [];
    const attachments = Number(digits);
    if (attachments > maxAttachments) {
        throw new PacketError(`it announces more than ${maxAttachments} attachments`);
    }
    try {
        const [event] = parseJson(json ?? "") as unknown[];
        return { attachments, event: typeof event === "string" ? event : JSON.stringify(event) };
    } catch {
        throw new PacketError("it is neither text nor a binary event");
    }
}

export function encodeConnect(namespace: string, socketId: string): string {
    return `0${prefix(namespace)}${JSON.stringify({ sid: socketId })}`;
}

export function encodeConnectError(namespace: string, message: string): string {
    return `4${prefix(namespace)}${JSON.stringify({ message })}`;
}

function prefix(namespace: string): string {
    return namespace === "/" ? "" : `${namespace},`;
}

/** A packet that an app sends to clients. */
export interface Outgoing {
    namespace: string;
    /** Text of the Socket.IO packet, without the Engine.IO type before it. */
    packet: string;
    /** Whether the socket ends with this packet. */
    disconnect: boolean;
    /** Whether the Engine.IO connection below it ends too. */
    close: boolean;
}

/**
 * Reads an Engine.IO message for clients, such as `42/ns,["event",1]`. EVENT and ACK go to clients unchanged;
 * DISCONNECT may carry `{"close":true}`, which tells the service to close the connection. Throws `PacketError`.
 */
export function parseOutgoing(text: string): Outgoing {
    if (!text.startsWith("4")) {
        throw new PacketError("an Engine.IO message begins with '4'");
    }
    const packet = text.slice(1);
    if (packet.startsWith("1")) {
        return parseDisconnect(packet);
    }
    const { type, nsp, data } = decodePacket(packet);
    if (type !== PacketType.EVENT && type !== PacketType.ACK) {
        throw new PacketError(`an app can send EVENT, ACK and DISCONNECT, not ${PacketType[type]}`);
    }
    if (!Array.isArray(data) || (type === PacketType.EVENT && data.length === 0)) {
        throw new PacketError(`${PacketType[type]} needs ${type === PacketType.EVENT ? "a name" : "a list of values"}`);
    }
    return { namespace: nsp, packet, disconnect: false, close: false };
}

function parseDisconnect(packet: string): Outgoing {
    const match = /^1(?:(\/[^,]*),?)?(\{.*\})?$/s.exec(packet);
    if (match === null) {
        throw new PacketError("a DISCONNECT has a namespace and at most an object after it");
    }
    const [, namespace = "/", json] = match;
    return {
        namespace,
        packet: `1${prefix(namespace)}`,
        disconnect: true,
        close: json !== undefined && readClose(json),
    };
}

function readClose(json: string): boolean {
    try {
        return (parseJson(json) as { close?: unknown }).close === true;
    } catch {
        throw new PacketError("what follows DISCONNECT is not JSON");
    }
}

/** The group of all sockets of a namespace. */
export function namespaceGroup(namespace: string): string {
    return `0~${Buffer.from(namespace, "utf8").toString("base64url")}~`;
}

/** The group of a room. Each socket is also in the room that has its id as name. */
export function roomGroup(namespace: string, room: string): string {
    return namespaceGroup(namespace) + Buffer.from(room, "utf8").toString("base64url");
}
