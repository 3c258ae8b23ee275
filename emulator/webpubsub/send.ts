import { WebSocket } from "ws";
import { encodeFrame, sendFrame } from "../core/service/frames";
import { maxQueuedBytes, queueFull } from "../core/service/outbound";
import type { Codec, Encoded } from "./codec";
import type { Connection } from "./connection";
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
    control(connection: Connection, message: Encoded): void;
}

/** A message of which only the end differs from client to client. */
interface Begun {
    end(sequenceId?: number): Encoded;
    /** The whole frame for clients without sequence ids. */
    frame?: Buffer;
}

function toFrame({ binary }: Codec, message: Encoded): Buffer {
    return encodeFrame(Buffer.isBuffer(message) ? message : Buffer.from(message, "utf8"), { binary });
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
        const begun = new Map<Codec, Begun>();
        let simple: Buffer | undefined;
        const expires = outgoing.ttlSeconds ? options.elapsed() + outgoing.ttlSeconds * 1000 : undefined;

        function begin(codec: Codec): Begun {
            const known = begun.get(codec);
            if (known !== undefined) {
                return known;
            }
            const message: Begun = { end: codec.message(outgoing) };
            begun.set(codec, message);
            return message;
        }

        function frameFor(connection: Connection): Buffer | undefined {
            const { codec, recovery } = connection;
            if (codec === undefined) {
                simple ??= encodeFrame(bytesOf(outgoing.data), { binary: "bytes" in outgoing.data });
                return simple;
            }
            const message = begin(codec);
            if (recovery === undefined) {
                message.frame ??= toFrame(codec, message.end());
                return message.frame;
            }
            const numbered = recovery.buffer.add({ encode: message.end, expires });
            return numbered === undefined ? undefined : toFrame(codec, numbered);
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
        control(connection, message) {
            if (connection.codec !== undefined) {
                write(connection, toFrame(connection.codec, message));
            }
        },
    };
}
