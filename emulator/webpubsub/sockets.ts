import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { guarded } from "../core/guard";
import { maxMessageBytes } from "../core/rest/body";

/** An upgrade request to WebSocket. */
export interface Upgrade {
    request: IncomingMessage;
    socket: Duplex;
    head: Buffer;
}

export interface SocketEvents {
    /** The chosen subprotocol; undefined for none. */
    subprotocol: string | undefined;
    onOpen(socket: WebSocket): void;
    onMessage(frame: { data: Buffer; binary: boolean }): void;
    onPong(): void;
    /** Called when the client broke the WebSocket protocol. `onClose` follows. */
    onBroken(message: string): void;
    /** `how` says whether the client ended the connection for good. */
    onClose(socket: WebSocket, close: { how: Closing; reason: string }): void;
    /** Called with an error of the service's own, which ends the connection. */
    onFailure(error: unknown): void;
}

/**
 * `ended`: a close frame that ends the session, `left`: one with another code, `cut`: no closing handshake. After the last
 * two a reliable client may come back.
 */
export type Closing = "ended" | "left" | "cut";

/** Turns upgrade requests into WebSockets. */
export interface Sockets {
    complete(upgrade: Upgrade, events: SocketEvents): void;
    /** Completes the upgrade and closes the socket at once, because clients react only to a close code here. */
    reject(upgrade: Upgrade, close: { subprotocol: string | undefined; code: number; reason: string }): void;
}

const cutOff = 1006;
/**
 * A normal closure ends the session. A close frame without a code does not, so a client of the JavaScript SDK, which stops so, is kept
 * as long as one that was cut off. Source: ClientConnectionHandler.cs of the vendor's own emulator, and ReliableNormalCloseRemovesConnection
 * and ReliableNonNormalCloseCanReconnect in LogicalConnectionTests.cs.
 */
const normalClosure = 1000;

function howClosed(code: number): Closing {
    return code === cutOff ? "cut" : code === normalClosure ? "ended" : "left";
}

export function createSockets(): Sockets {
    const chosen = new WeakMap<IncomingMessage, string>();
    const server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: maxMessageBytes,
        handleProtocols: (_offered, request) => chosen.get(request) ?? false,
    });

    function upgradeTo(upgrade: Upgrade, subprotocol: string | undefined, onOpen: (socket: WebSocket) => void): void {
        if (subprotocol !== undefined) {
            chosen.set(upgrade.request, subprotocol);
        }
        server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, onOpen);
    }

    return {
        complete(upgrade, events) {
            upgradeTo(upgrade, events.subprotocol, (socket) => {
                const fail = events.onFailure;
                socket.on(
                    "message",
                    guarded(fail, (data, binary) => events.onMessage({ data: data as Buffer, binary })),
                );
                socket.on("pong", guarded(fail, events.onPong));
                socket.on(
                    "error",
                    guarded(fail, (error) => {
                        if (/^WS_ERR_/.test((error as NodeJS.ErrnoException).code ?? "")) {
                            events.onBroken(error.message);
                        }
                    }),
                );
                socket.on(
                    "close",
                    guarded(fail, (code, reason) =>
                        events.onClose(socket, { how: howClosed(code), reason: reason.toString("utf8") }),
                    ),
                );
                events.onOpen(socket);
            });
        },
        reject(upgrade, { subprotocol, code, reason }) {
            upgradeTo(upgrade, subprotocol, (socket) => {
                socket.on("error", () => undefined);
                socket.close(code, reason);
            });
        },
    };
}
