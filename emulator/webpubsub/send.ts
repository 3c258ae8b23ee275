import { WebSocket } from "ws";
import { encodeFrame, sendFrame } from "../core/service/frames";
import { maxQueuedBytes, queueFull } from "../core/service/outbound";
import type { Connection } from "./connection";
import { beginMessage, endMessage } from "./encode";
import { messages } from "./errors";
import { bytesOf, type Outgoing } from "./message";

export interface SenderOptions {
    elapsed(): number;
    /** Called when a reliable client has acknowledged too little. */
    drop(connection: Connection, reason: string): void;
    /** Called when too much waits for a client, which must then be cut off. */
    cut(connection: Connection, reason: string): void;
    /** Called when a message could not be sent to one client. */
    fail(connection: Connection, error: unknown): void;
}

/** Sends to clients. A client for which too much waits already is cut off instead. */
export interface Sender {
    /** Sends a message to each connection. Encodes it once per protocol, not once per client. */
    message(connections: readonly Connection[], outgoing: Outgoing): void;
    /** Sends an ack, a pong or the like to one client. It has no sequence id and is not stored for recovery. */
    control(connection: Connection, text: string): void;
}

export function createSender(options: SenderOptions): Sender {
    function write(connection: Connection, frame: Buffer): void {
        const { socket } = connection;
        if (socket?.readyState !== WebSocket.OPEN) {
            return;
        }
        if (socket.bufferedAmount > maxQueuedBytes) {
            options.cut(connection, queueFull);
        } else {
            connection.traffic.out += frame.length;
            sendFrame(socket, frame);
        }
    }

    function message(connections: readonly Connection[], outgoing: Outgoing): void {
        let begin: string | undefined;
        let json: Buffer | undefined;
        let simple: Buffer | undefined;
        const expires = outgoing.ttlSeconds ? options.elapsed() + outgoing.ttlSeconds * 1000 : undefined;

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
            try {
                const frame = frameFor(connection);
                if (frame === undefined) {
                    options.drop(connection, messages.bufferFull);
                } else {
                    write(connection, frame);
                }
            } catch (error) {
                options.fail(connection, error);
            }
        }
    }

    return {
        message,
        control: (connection, text) => write(connection, encodeFrame(Buffer.from(text, "utf8"), { binary: false })),
    };
}
