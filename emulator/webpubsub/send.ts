import { WebSocket } from "ws";
import { encodeFrame, sendFrame } from "../core/service/frames";
import type { Connection } from "./connection";
import { beginMessage, endMessage } from "./encode";
import { messages } from "./errors";
import { bytesOf, type Outgoing } from "./message";

/** How many bytes may wait for a client that does not read. The cloud's value is not published. */
const maxQueuedBytes = 16 * 1024 * 1024;

export interface SenderOptions {
    now(): number;
    /** Called when too much waits for a client, which must then be dropped. */
    drop(connection: Connection, reason: string): void;
}

/** Sends a message to each connection. Encodes it once per protocol, not once per client. */
export type Sender = (connections: readonly Connection[], outgoing: Outgoing) => void;

export function createSender(options: SenderOptions): Sender {
    return (connections, outgoing) => {
        let begin: string | undefined;
        let json: Buffer | undefined;
        let simple: Buffer | undefined;
        const expires = outgoing.ttlSeconds ? options.now() + outgoing.ttlSeconds * 1000 : undefined;

        function frameFor(connection: Connection): Buffer | undefined {
            if (connection.kind === "simple") {
                simple ??= encodeFrame(bytesOf(outgoing.data), { binary: outgoing.data.type === "binary" });
                return simple;
            }
            begin ??= beginMessage(outgoing);
            if (connection.recovery === undefined) {
                json ??= encodeFrame(Buffer.from(begin + endMessage(), "utf8"), { binary: false });
                return json;
            }
            const text = connection.recovery.buffer.add({ begin, end: endMessage, expires });
            return text === undefined ? undefined : encodeFrame(Buffer.from(text, "utf8"), { binary: false });
        }

        for (const connection of connections) {
            const frame = frameFor(connection);
            if (frame === undefined) {
                options.drop(connection, messages.bufferFull);
            } else if (connection.socket?.readyState === WebSocket.OPEN) {
                if (connection.socket.bufferedAmount > maxQueuedBytes) {
                    options.drop(connection, messages.queueFull);
                } else {
                    sendFrame(connection.socket, frame);
                }
            }
        }
    };
}

/** Sends an ack, a pong or the like to one client. It has no sequence id and is not stored for recovery. */
export function sendControl({ socket }: Connection, text: string): void {
    if (socket?.readyState === WebSocket.OPEN) {
        socket.send(text);
    }
}
