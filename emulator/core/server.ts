import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer as createNetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf } from "./errors";
import { guarded } from "./guard";
import { hasHungUp, type ListenOptions, listen } from "./http";
import type { LogLevel } from "./log";
import { checkRequest, type Fault } from "./requestCheck";
import type { KeyPair } from "./tls/certificates";

/** Settings that all servers of one emulator share. */
export interface ServerSettings {
    /** Makes certificate and key at the first https connection. Without it the server has no https. */
    leaf?(): Promise<KeyPair>;
    /** Values of the Host header that are accepted besides this machine's own: a name, or a name with a port. Defaults to none. */
    allowedHosts?: readonly string[];
}

export interface ServerHandlers {
    request(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
    /** Takes WebSockets. Without it, a request for an upgrade is answered like any other. */
    upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void | Promise<void>;
}

export interface ServerOptions extends ServerHandlers {
    /** Sends the answer to a request that reaches no handler. Defaults to plain text. */
    sendFault?(response: ServerResponse, fault: Fault): void;
    settings?: ServerSettings;
    /** Milliseconds for the arrival of a whole request. 0 is no limit. Defaults to Node's limit. */
    requestTimeout?: number;
    log(level: LogLevel, message: string): void;
}

/** Serves http and https on the connections that it is given. */
export interface ConnectionServer {
    accept(socket: Socket): void;
    /** Closes all connections but those of WebSockets, which their handler closes. */
    close(): Promise<void>;
}

/** A server with a port of its own. */
export interface LocalServer {
    port: number;
    close(): Promise<void>;
}

const tlsHandshake = 0x16;
const silence = 60_000;
const mostNoted = 20;

/** Opens a port on loopback that serves http and https. */
export async function openServer(options: ServerOptions & ListenOptions): Promise<LocalServer> {
    let port = 0;
    const connections = createConnectionServer({ ...options, port: () => port });
    const server = createNetServer(connections.accept);
    port = await listen(server, options);
    return {
        port,
        async close() {
            const closed = new Promise((resolve) => server.close(resolve));
            await connections.close();
            await closed;
        },
    };
}

/** Serves http and https on connections of one port. Requests that are malformed or for another host reach no handler. */
export function createConnectionServer(options: ServerOptions & { port(): number }): ConnectionServer {
    /** Connections without a request so far, by the caller's port. */
    const silent = new Map<number | undefined, Socket>();
    const noted = new Set<string>();
    const { leaf } = options.settings ?? {};
    const allowedHosts = (options.settings?.allowedHosts ?? []).map((host) => host.toLowerCase());
    const { sendFault = sendText } = options;
    let secure: Promise<Server> | undefined;
    let closed = false;
    const plain = prepare(createHttpServer());

    function prepare<S extends Server>(server: S): S {
        server.on("request", (request, response) => void answer(request, response));
        // Without a listener for upgrades, such a request is answered like any other.
        if (options.upgrade !== undefined) {
            const { upgrade } = options;
            server.on("upgrade", (request, socket, head) => void answerUpgrade({ request, socket, head, upgrade }));
        }
        server.on("connect", (_request, socket) => refuse(socket, { status: 400, message: "CONNECT is not served." }));
        server.headersTimeout = silence;
        server.requestTimeout = options.requestTimeout ?? server.requestTimeout;
        // A server without a port of its own starts to watch its connections on this event.
        server.emit("listening");
        return server;
    }

    function speaks(remotePort: number | undefined): void {
        silent.get(remotePort)?.setTimeout(0);
        silent.delete(remotePort);
    }

    async function openSecureServer(makeLeaf: () => Promise<KeyPair>): Promise<Server> {
        const server = prepare(createHttpsServer({ ...(await makeLeaf()) }));
        server.on("secureConnection", (socket: Socket) => safely(socket, speaks)(socket.remotePort));
        server.on("tlsClientError", (error: NodeJS.ErrnoException) => noteTlsError(error));
        return server;
    }

    async function acceptSecure(socket: Socket): Promise<void> {
        if (leaf === undefined) {
            socket.destroy();
            return;
        }
        try {
            secure ??= openSecureServer(leaf);
            const server = await secure;
            closed ? socket.destroy() : server.emit("connection", socket);
        } catch (error) {
            secure = undefined;
            options.log("error", `No certificate for https could be made: ${messageOf(error)}`);
            socket.destroy();
        }
    }

    /** Says each thing once, and no more than a few, because a stranger may cause them. */
    function note(message: string): void {
        if (!noted.has(message) && noted.size < mostNoted) {
            noted.add(message);
            options.log("warning", message);
        }
    }

    function noteTlsError({ code = "" }: NodeJS.ErrnoException): void {
        if (/ALERT_(UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE)/.test(code)) {
            note(
                `A client does not trust the certificate of https://localhost:${options.port()}. A browser connects ` +
                    "with http:// or ws:// on the same port; another client must trust the local authority. " +
                    "See docs/local-development.md#https.",
            );
        }
    }

    function faultOf(request: IncomingMessage): Fault | undefined {
        const fault = checkRequest(request, { port: options.port(), allowedHosts });
        if (fault !== undefined) {
            note(`A request was refused with ${fault.status}: ${fault.message}`);
        }
        return fault;
    }

    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        try {
            const fault = faultOf(request);
            if (fault === undefined) {
                await options.request(request, response);
            } else {
                response.setHeader("Connection", "close");
                sendFault(response, fault);
            }
        } catch (error) {
            if (hasHungUp(request)) {
                response.destroy();
                return;
            }
            options.log("error", `A request failed: ${messageOf(error)}`);
            sendText(response, { status: 500, message: "The request failed; the log says why." });
        }
    }

    async function answerUpgrade({
        request,
        socket,
        head,
        upgrade,
    }: {
        request: IncomingMessage;
        socket: Duplex;
        head: Buffer;
        upgrade: NonNullable<ServerHandlers["upgrade"]>;
    }): Promise<void> {
        socket.on("error", () => undefined);
        try {
            const fault = faultOf(request);
            if (fault === undefined) {
                await upgrade(request, socket, head);
            } else {
                refuse(socket, fault);
            }
        } catch (error) {
            options.log("error", `An upgrade failed: ${messageOf(error)}`);
            socket.destroy();
        }
    }

    /** Runs a listener of a connection. An error in it ends this connection alone. */
    function safely<A extends unknown[]>(socket: Socket, listener: (...args: A) => void): (...args: A) => void {
        const fail = (error: unknown): void => {
            options.log("error", `A connection failed: ${messageOf(error)}`);
            socket.destroy();
        };
        return guarded(fail, listener);
    }

    /** Reads the first byte, which tells TLS from HTTP, and puts it back for the server of that protocol. */
    function sort(socket: Socket): void {
        const first = socket.read(1) as Buffer | null;
        if (first === null) {
            socket.once(
                "readable",
                safely(socket, () => sort(socket)),
            );
            return;
        }
        socket.unshift(first);
        if (first[0] === tlsHandshake) {
            void acceptSecure(socket);
        } else {
            speaks(socket.remotePort);
            plain.emit("connection", socket);
            // A connection that another process handed over is paused.
            socket.resume();
        }
    }

    return {
        accept: (socket) =>
            safely(socket, () => {
                const { remotePort } = socket;
                socket.on("error", () => undefined);
                // As Node's own HTTP server does. Otherwise each small piece of a stream waits 40 ms for the piece before it.
                socket.setNoDelay(true);
                socket.setTimeout(silence, () => socket.destroy());
                silent.set(remotePort, socket);
                socket.once(
                    "close",
                    safely(socket, () => {
                        if (silent.get(remotePort) === socket) {
                            silent.delete(remotePort);
                        }
                    }),
                );
                sort(socket);
            })(),
        async close() {
            closed = true;
            for (const socket of silent.values()) {
                socket.destroy();
            }
            for (const server of [plain, await secure?.catch(() => undefined)]) {
                // Stops the watch. The callback gets an error, because this server has no port to close.
                server?.close(() => undefined);
                server?.closeAllConnections();
            }
        },
    };
}

function sendText(response: ServerResponse, { status, message }: Fault): void {
    if (response.headersSent) {
        response.destroy();
        return;
    }
    for (const name of response.getHeaderNames()) {
        response.removeHeader(name);
    }
    const body = Buffer.from(`${message}\n`);
    // An unread body would be taken for the next request.
    const head = { "Content-Type": "text/plain; charset=utf-8", "Content-Length": body.length, Connection: "close" };
    response.writeHead(status, head).end(body);
}

const reasons = new Map([
    [400, "Bad Request"],
    [421, "Misdirected Request"],
]);

function refuse(socket: Duplex, { status, message }: Fault): void {
    const body = Buffer.from(`${message}\n`);
    const head = [
        `HTTP/1.1 ${status} ${reasons.get(status) ?? ""}`,
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        `Content-Length: ${body.length}`,
    ];
    socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]));
}
