import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../core/errors";
import { splitUrl } from "../core/http";
import {
    admitClient,
    type ClientPath,
    ClientRefusal,
    connectBody,
    parseClientUrl,
    refuseUpgrade,
    userOf,
} from "../core/service/clientGate";
import { noteRefused } from "../core/service/record";
import type { ServiceClients, ServiceFrame } from "../core/service/service";
import type { ClientInfo } from "./connection";
import { messages } from "./errors";
import { type Hub, maxPayload } from "./hub";

const clientPath = /^\/clients\/socketio\/hubs\/([^/]+)\/?$/;

/** Serves the requests of Socket.IO clients. */
export function createClients(frame: ServiceFrame<Hub>): ServiceClients {
    const { core } = frame;
    const source = frame.settings().name;

    function warn(message: string): void {
        core.log({ level: "warning", source, message });
    }

    function toRefusal(error: unknown, hub: string | undefined): ClientRefusal {
        const refusal = error instanceof ClientRefusal ? error : new ClientRefusal(500, "Internal server error");
        const message = `A client was refused with ${refusal.status}: ${messageOf(error)}`;
        frame.logRefusal({ level: "warning", source, message });
        noteRefused(frame.recorder, { hub, status: refusal.status, message: messageOf(error) });
        return refusal;
    }

    function findHub(client: ClientPath): Hub {
        const hub = frame.hub(client.hub);
        if (hub === undefined) {
            throw new ClientRefusal(404, messages.unknownHub(client.hub, frame.hubNames()));
        }
        return hub;
    }

    /** Checks a new client. A request with a session id belongs to an open connection, and Engine.IO checks the id. */
    function admit({
        request,
        client,
        hub,
    }: {
        request: IncomingMessage;
        client: ClientPath;
        hub: Hub;
    }): ClientInfo | undefined {
        // Engine.IO opens a connection for an empty id.
        if (client.query.get("sid")) {
            return undefined;
        }
        const claims = admitClient({
            request,
            client,
            anonymous: hub.properties.anonymousConnectPolicy?.toLowerCase() === "allow",
            keys: frame.keys().forClients,
            hosts: frame.hosts,
            now: core.clock.now(),
        });
        const full = frame.full();
        if (full !== undefined) {
            throw new ClientRefusal(429, full);
        }
        // Keeps two texts instead of the request, which would stay in memory as long as the connection.
        const { rawHeaders, url = "" } = request;
        return {
            userId: userOf(claims),
            connectBody: () =>
                connectBody({ rawHeaders, query: new URLSearchParams(splitUrl(url).search), claims, subprotocols: [] }),
        };
    }

    function serve({
        request,
        response,
        client,
    }: {
        request: IncomingMessage;
        response: ServerResponse;
        client: ClientPath;
    }): void {
        const hub = findHub(client);
        if (request.method === "OPTIONS") {
            preflight(request, response);
            return;
        }
        const info = admit({ request, client, hub });
        const sessionId = client.query.get("sid") ?? "";
        const size = Number(request.headers["content-length"] ?? 0);
        if (size > maxPayload) {
            warn(`Hub '${hub.name}': a client sent ${size} bytes at once; ${maxPayload} is the most. It was closed.`);
            refuse(response, new ClientRefusal(413, `A payload has at most ${maxPayload} bytes.`));
            hub.closeSession(sessionId, "payload too large");
            return;
        }
        hub.handleRequest({ request, response, client: info, sessionId });
    }

    return {
        handleRequest(request, response) {
            const client = parseClientUrl(request.url ?? "", clientPath);
            if (client === undefined) {
                return false;
            }
            allowOrigin(request, response);
            try {
                serve({ request, response, client });
            } catch (error) {
                refuse(response, toRefusal(error, client.hub));
            }
            return true;
        },
        handleUpgrade({ request, socket, head }) {
            const client = parseClientUrl(request.url ?? "", clientPath);
            try {
                if (client === undefined) {
                    throw new ClientRefusal(404, messages.unknownPath((request.url ?? "").split("?")[0] ?? ""));
                }
                const hub = findHub(client);
                const info = admit({ request, client, hub });
                hub.handleUpgrade({ request, socket, head, client: info });
            } catch (error) {
                refuseUpgrade(socket, toRefusal(error, client?.hub));
            }
        },
    };
}

/** Allows pages of any origin: the token decides who may connect, and no cookie is used. */
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
