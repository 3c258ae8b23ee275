import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { maxMessageBytes } from "../../core/rest/body";
import { sendFrame } from "../../core/service/frames";
import type { Transport } from "../connection";
import { messages } from "../errors";

/** An upgrade request to WebSocket. */
export interface Upgrade {
    request: IncomingMessage;
    socket: Duplex;
    head: Buffer;
}

/** Events of a transport. */
export interface TransportEvents {
    onData(data: Buffer): void;
    /** `error` is set when there was no proper close. */
    onEnd(error: string | undefined): void;
}

/** How many bytes may wait for a client that does not read. The cloud's value is not published. */
export const maxQueuedBytes = 16 * 1024 * 1024;

const cutOff = 1006;

/** Completes upgrades. Calls `open` with each transport; its result gets the transport's events. */
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
