import { encodeFrame } from "../core/service/frames";
import { maxQueuedBytes } from "../core/service/outbound";
import type { Connection } from "./connection";
import type { Outgoing } from "./protocol";

/** Sends packets of Socket.IO. A client for which too much waits already is dropped instead. */
export interface Sender {
    /** Sends one packet to one connection. */
    toOne(connection: Connection, packet: string): void;
    /** Sends a packet to each connection that has a socket in its namespace. All of them share one WebSocket frame. */
    toAll(connections: readonly Connection[], outgoing: Outgoing): void;
}

interface SendOptions {
    compress: boolean;
    wsPreEncodedFrame?: Buffer[];
}

/** The part of an Engine.IO socket that its types hide: what waits for the client, and the WebSocket below it. */
export interface EngineInternals {
    writeBuffer: unknown[];
    transport: { socket?: { readonly bufferedAmount: number; terminate(): void } };
}

export function createSender(drop: (connection: Connection) => void): Sender {
    function send(connection: Connection, packet: { text: string; bytes: number; options: SendOptions }): void {
        if (connection.isDropped) {
            return;
        }
        const inner = connection.transport as unknown as EngineInternals;
        if (inner.writeBuffer.length === 0) {
            // Engine.IO has passed everything on to the transport.
            connection.queuedBytes = 0;
        }
        const unread = inner.transport.socket?.bufferedAmount ?? connection.unreadAnswers?.bytes() ?? 0;
        if (connection.queuedBytes + unread > maxQueuedBytes) {
            drop(connection);
            return;
        }
        connection.queuedBytes += packet.bytes;
        connection.traffic.out += packet.bytes;
        connection.transport.send(packet.text, packet.options);
    }

    return {
        toOne: (connection, text) =>
            send(connection, { text, bytes: Buffer.byteLength(text), options: { compress: false } }),
        toAll(connections, outgoing) {
            const text = outgoing.packet;
            const bytes = Buffer.byteLength(text);
            const options: SendOptions = { compress: false };
            if (connections.length > 1) {
                // A single buffer, so that each connection costs a single write.
                options.wsPreEncodedFrame = [encodeFrame(Buffer.from(`4${text}`, "utf8"), { binary: false })];
            }
            for (const connection of connections) {
                if (connection.sockets.get(outgoing.namespace)?.state === "connected") {
                    send(connection, { text, bytes, options });
                }
            }
        },
    };
}
