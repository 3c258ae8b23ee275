import { encodeFrame } from "../core/service/frames";
import type { HubProtocol } from "./protocol/types";

/** A message encoded in one hub protocol. Each transport's form is made once, not once per client. */
export interface Packet {
    readonly bytes: Buffer;
    readonly binary: boolean;
    /** As a WebSocket frame. */
    frame(): Buffer;
    /** As a server-sent event. */
    event(): Buffer;
}

export function createPacket(bytes: Buffer, { binary }: { binary: boolean }): Packet {
    let frame: Buffer | undefined;
    let event: Buffer | undefined;
    return {
        bytes,
        binary,
        frame() {
            frame ??= encodeFrame(bytes, { binary });
            return frame;
        },
        event() {
            event ??= encodeEvent(bytes);
            return event;
        },
    };
}

/**
 * An upstream's answer goes to the client as it came, and JSON may have line breaks between its values. A client takes each line of an event for a
 * field of its own, so each has the name of the field. Source: ServerSentEventsMessageFormatter.cs of dotnet/aspnetcore.
 */
function encodeEvent(bytes: Buffer): Buffer {
    const lines = bytes.toString("latin1").replace(/\r\n?|\n/g, "\r\ndata: ");
    return Buffer.from(`data: ${lines}\r\n\r\n`, "latin1");
}

/** Encodes a message for a protocol when its first receiver needs it. */
export function createPackets(encode: (protocol: HubProtocol) => Buffer): (protocol: HubProtocol) => Packet {
    const packets = new Map<HubProtocol, Packet>();
    return (protocol) => {
        let packet = packets.get(protocol);
        if (packet === undefined) {
            packet = createPacket(encode(protocol), protocol);
            packets.set(protocol, packet);
        }
        return packet;
    };
}
