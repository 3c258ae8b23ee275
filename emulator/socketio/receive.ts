import { PacketType } from "socket.io-parser";
import type { Connection } from "./connection";
import { decodePacket, describeBinaryPacket, isBinaryPacket, PacketError } from "./protocol";
import type { Sockets } from "./sockets";

export interface Receiver {
    connection: Connection;
    sockets: Sockets;
    warn(message: string): void;
}

/** Handles data from a client. A packet that breaks the protocol closes its connection; any other error is thrown. */
export function receive(receiver: Receiver, data: unknown): void {
    try {
        receiver.connection.traffic.in += (data as string | Buffer).length;
        if (typeof data === "string") {
            receiveText(receiver, data);
        } else {
            receiveBinary(receiver);
        }
    } catch (error) {
        if (!(error instanceof PacketError)) {
            throw error;
        }
        receiver.warn(`sent a packet that cannot be read (${error.message}). The connection is closed.`);
        receiver.connection.closeReason = "parse error";
        receiver.connection.transport.close();
    }
}

function receiveText(receiver: Receiver, text: string): void {
    if (receiver.connection.refusedAttachments > 0) {
        throw new PacketError("text while binary data is still to come");
    }
    if (isBinaryPacket(text)) {
        const { attachments, event } = describeBinaryPacket(text);
        receiver.connection.refusedAttachments += attachments;
        receiver.warn(
            `sent event '${event}' with binary data, which Socket.IO in serverless mode does not take. It was not delivered.`,
        );
        return;
    }
    const { connection, sockets } = receiver;
    const packet = decodePacket(text);
    const socket = connection.sockets.get(packet.nsp);
    if (packet.type === PacketType.CONNECT) {
        if (socket?.state === "connected") {
            throw new PacketError(`CONNECT for namespace '${packet.nsp}', which is connected`);
        }
        connection.cancelConnectTimeout?.();
        connection.cancelConnectTimeout = undefined;
        sockets.open(connection, packet.nsp);
        return;
    }
    if (socket === undefined || socket.state !== "connected") {
        if (connection.left?.has(packet.nsp) === true) {
            return;
        }
        throw new PacketError(`${PacketType[packet.type]} for namespace '${packet.nsp}', which is not connected`);
    }
    switch (packet.type) {
        case PacketType.EVENT:
            sockets.receive({ connection, socket, event: eventName(packet.data), packet: text });
            return;
        case PacketType.DISCONNECT:
            sockets.close({ connection, socket, reason: "" });
            return;
        case PacketType.ACK:
            // The data plane has no call that waits for an acknowledgement, so this one is dropped.
            return;
        default:
            throw new PacketError(`${PacketType[packet.type]} is not for clients to send`);
    }
}

function eventName(data: unknown): string {
    if (!Array.isArray(data) || data.length === 0) {
        throw new PacketError("an EVENT needs a name");
    }
    return String(data[0]);
}

function receiveBinary({ connection }: Receiver): void {
    if (connection.refusedAttachments === 0) {
        throw new PacketError("binary data that no packet announced");
    }
    connection.refusedAttachments--;
}
