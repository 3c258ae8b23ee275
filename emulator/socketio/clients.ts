import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "../core/clock";
import type { Log } from "../core/log";
import { admitClient, type ClientPath, ClientRefusal, parseClientUrl } from "./clientGate";
import type { ClientInfo } from "./connection";
import { messages } from "./errors";
import { type Hub, maxPayload } from "./hub";
import type { KeyRing } from "./keys";

export interface ClientsOptions {
    source: string;
    clock: Clock;
    log: Log;
    hosts: readonly string[];
    hub(name: string): Hub | undefined;
    hubNames(): string[];
    keys(): KeyRing;
    /** Why one connection more cannot be taken; undefined when it can. */
    full(): string | undefined;
}

/** The side of the service that Socket.IO clients talk to. */
export interface Clients {
    /** False when the request is not a client's. */
    handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
    handleUpgrade(options: { request: IncomingMessage; socket: Duplex; head: Buffer }): void;
}

export function createClients(options: ClientsOptions): Clients {
    function warn(message: string): void {
        options.log({ level: "warning", source: options.source, message });
    }

    function findHub(client: ClientPath): Hub {
        const hub = options.hub(client.hub);
        if (hub === undefined) {
            throw new ClientRefusal(404, messages.unknownHub(client.hub, options.hubNames()));
        }
        return hub;
    }

    /** A request with a session id belongs to a connection that was let in before; Engine.IO knows whether it did. */
    async function admit({
        request,
        client,
        hub,
    }: {
        request: IncomingMessage;
        client: ClientPath;
        hub: Hub;
    }): Promise<ClientInfo | undefined> {
        if (client.query.has("sid")) {
            return undefined;
        }
        const info = await admitClient({
            request,
            client,
            anonymous: hub.properties.anonymousConnectPolicy?.toLowerCase() === "allow",
            keys: options.keys().forClients,
            hosts: options.hosts,
            now: options.clock.now(),
        });
        const full = options.full();
        if (full !== undefined) {
            throw new ClientRefusal(429, full);
        }
        return info;
    }

    async function serve({
        request,
        response,
        client,
    }: {
        request: IncomingMessage;
        response: ServerResponse;
        client: ClientPath;
    }): Promise<void> {
        const hub = findHub(client);
        if (request.method === "OPTIONS") {
            preflight(request, response);
            return;
        }
        const info = await admit({ request, client, hub });
        const size = Number(request.headers["content-length"] ?? 0);
        if (size > maxPayload) {
            warn(`Hub '${hub.name}': a client sent ${size} bytes at once; ${maxPayload} is the most. It was closed.`);
            refuse(response, new ClientRefusal(413, `A payload has at most ${maxPayload} bytes.`));
            hub.closeSession(client.query.get("sid") ?? "", "payload too large");
            return;
        }
        hub.handleRequest({ request, response, client: info });
    }

    return {
        handleRequest(request, response) {
            const client = parseClientUrl(request.url ?? "");
            if (client === undefined) {
                return false;
            }
            allowOrigin(request, response);
            serve({ request, response, client }).catch((error: unknown) => {
                const refusal = toRefusal(error);
                warn(`A client was refused with ${refusal.status}: ${refusal.message}`);
                refuse(response, refusal);
            });
            return true;
        },
        handleUpgrade({ request, socket, head }) {
            const client = parseClientUrl(request.url ?? "");
            // Until Engine.IO takes the socket over, nobody else listens for what happens to it.
            const ignore = (): void => {};
            socket.on("error", ignore);
            const upgrade = async (): Promise<void> => {
                if (client === undefined) {
                    throw new ClientRefusal(404, messages.unknownPath((request.url ?? "").split("?")[0] ?? ""));
                }
                const hub = findHub(client);
                const info = await admit({ request, client, hub });
                socket.removeListener("error", ignore);
                hub.handleUpgrade({ request, socket, head, client: info });
            };
            upgrade().catch((error: unknown) => {
                const refusal = toRefusal(error);
                warn(`A client was refused with ${refusal.status}: ${refusal.message}`);
                refuseUpgrade(socket, refusal);
            });
        },
    };
}

function toRefusal(error: unknown): ClientRefusal {
    return error instanceof ClientRefusal
        ? error
        : new ClientRefusal(500, error instanceof Error ? error.message : String(error));
}

/** Pages of any origin may connect: the token decides, and no cookie is used. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.origin !== undefined) {
        response.setHeader("Access-Control-Allow-Origin", request.headers.origin);
        response.setHeader("Vary", "Origin");
    }
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
    const headers = request.headers["access-control-request-headers"];
    response.writeHead(204, {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Max-Age": "600",
        ...(headers === undefined ? {} : { "Access-Control-Allow-Headers": headers }),
    });
    response.end();
}

function refuse(response: ServerResponse, { status, message }: ClientRefusal): void {
    if (!response.headersSent) {
        response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
        response.end(message);
    }
}

function refuseUpgrade(socket: Duplex, { status, message }: ClientRefusal): void {
    if (socket.writable) {
        const body = Buffer.from(message, "utf8");
        const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head, "latin1"), body]));
    } else {
        socket.destroy();
    }
}
