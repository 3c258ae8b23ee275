import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { maxMessageBytes } from "../../core/rest/body";
import { sendFrame } from "../../core/service/frames";
import type { Transport } from "../connection";
import { messages } from "../errors";

/** A request to become a WebSocket. */
export interface Upgrade {
    request: IncomingMessage;
    socket: Duplex;
    head: Buffer;
}

/** What a transport tells of its client. */
export interface TransportEvents {
    onData(data: Buffer): void;
    /** With an error when the client did not say goodbye. */
    onEnd(error: string | undefined): void;
}

/** Bytes that may wait for a client that does not read. The cloud's value is not published. */
export const maxQueuedBytes = 16 * 1024 * 1024;

const cutOff = 1006;

/** Completes upgrades; `open` is called with the transport of each and answers who hears of its client. */
export function createWebSockets(): {
    complete(upgrade: Upgrade, open: (transport: Transport) => TransportEvents): void;
} {
    const server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: maxMessageBytes,
    });
    return {
        complete({ request, socket, head }, open) {
            server.handleUpgrade(request, socket, head, (webSocket) => {
                const events = open(createTransport(webSocket));
                let broken: string | undefined;
                webSocket.on("message", (data) => events.onData(data as Buffer));
                webSocket.on("error", (error) => {
                    broken = error.message;
                });
                webSocket.on("close", (code) => {
                    events.onEnd(code === cutOff || broken !== undefined ? (broken ?? messages.cutOff) : undefined);
                });
            });
        },
    };
}

function createTransport(socket: WebSocket): Transport {
    return {
        binary: true,
        send(packet) {
            if (socket.readyState !== WebSocket.OPEN) {
                return true;
            }
            if (socket.bufferedAmount > maxQueuedBytes) {
                return false;
            }
            sendFrame(socket, packet.frame());
            return true;
        },
        end: () => socket.close(1000),
    };
}
