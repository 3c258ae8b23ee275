import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { guarded } from "../../core/guard";
import { maxMessageBytes } from "../../core/rest/body";
import { sendFrame } from "../../core/service/frames";
import { maxQueuedBytes } from "../../core/service/outbound";
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
    /** Called with an error of the service's own. */
    onFailure(error: unknown): void;
}

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
                let broken: string | undefined;
                webSocket.on("error", (error) => {
                    broken = error.message;
                });
                const events = open(createTransport(webSocket));
                webSocket.on(
                    "message",
                    guarded(events.onFailure, (data) => events.onData(data as Buffer)),
                );
                webSocket.on(
                    "close",
                    guarded(events.onFailure, (code) =>
                        events.onEnd(code === cutOff || broken !== undefined ? (broken ?? messages.cutOff) : undefined),
                    ),
                );
            });
        },
    };
}

function createTransport(socket: WebSocket): Transport {
    return {
        name: "websocket",
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
        cut: () => socket.terminate(),
    };
}
