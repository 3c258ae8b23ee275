import type { IncomingMessage, ServerResponse } from "node:http";
import { BodyTooLargeError, readBody, sendJson, splitUrl } from "../core/http";
import { maxMessageBytes } from "../core/rest/body";
import { ClientRefusal, queryValue, refuseUpgrade } from "../core/service/clientGate";
import type { ServiceFrame, ServiceKind } from "../core/service/service";
import { clientPath, readClient } from "./admission";
import { entraKey } from "./appServerKey";
import type { ClientInfo, Transport } from "./connection";
import { allowOrigin } from "./cors";
import { causeOf, messages } from "./errors";
import type { Hub } from "./hub";
import { createSessions, type Session } from "./sessions";
import { createLongPolling, type LongPolling } from "./transports/longPolling";
import { openEventStream } from "./transports/serverSentEvents";
import { createWebSockets, type TransportEvents, type Upgrade } from "./transports/webSocket";
import type { SignalRServiceOptions } from "./types";

const negotiatePath = `${clientPath}/negotiate`;

const availableTransports = [
    { transport: "WebSockets", transferFormats: ["Text", "Binary"] },
    { transport: "ServerSentEvents", transferFormats: ["Text"] },
    { transport: "LongPolling", transferFormats: ["Text", "Binary"] },
];

interface Call {
    request: IncomingMessage;
    path: string;
    query: URLSearchParams;
}

type AnsweredCall = Call & { response: ServerResponse };

/** The side of the service that clients talk to: negotiation, and three ways to connect. */
export function createClients(frame: ServiceFrame<Hub>): Pick<ServiceKind<Hub>, "handleRequest" | "handleUpgrade"> {
    const { core } = frame;
    const { clock } = core;
    const settings = (): SignalRServiceOptions => frame.settings();
    const source = settings().name;
    const sessions = createSessions(clock);
    const webSockets = createWebSockets();

    function admit({ request, query }: Call): ClientInfo {
        if (!/^(serverless|classic)$/i.test(settings().serviceMode ?? "Default")) {
            throw new ClientRefusal(503, messages.defaultMode);
        }
        const keys = [...frame.keys().forClients, entraKey(frame)];
        return readClient({ request, query, keys, hosts: frame.hosts, now: clock.now() });
    }

    function requireRoom(): void {
        const full = frame.full();
        if (full !== undefined) {
            throw new ClientRefusal(429, full);
        }
    }

    function findSession({ query }: Call): Session {
        const token = queryValue(query, "id");
        if (token === undefined || token === "") {
            throw new ClientRefusal(400, messages.idRequired);
        }
        const session = sessions.find(token);
        if (session === undefined) {
            throw new ClientRefusal(404, messages.noConnection);
        }
        return session;
    }

    /** The session that a new way to the service belongs to; it can have one only. */
    function requireUnused(session: Session): Session {
        if (session.connected !== undefined) {
            throw new ClientRefusal(409, messages.inUse);
        }
        requireRoom();
        session.cancelExpiry();
        return session;
    }

    function open(options: {
        session: Session;
        client: ClientInfo;
        transport: Transport;
        polling?: LongPolling;
    }): TransportEvents {
        const { session, client, transport, polling } = options;
        const hub = frame.hub(client.hub) ?? frame.addHub(client.hub);
        const connection = hub.open({ connectionId: session.connectionId, client, transport });
        session.connected = { connection, hub, ...(polling === undefined ? {} : { polling }) };
        return {
            onData: (data) => hub.receive(connection, data),
            onEnd(error) {
                hub.lost(connection, error);
                sessions.remove(session);
            },
        };
    }

    function negotiate({ response, query }: AnsweredCall): void {
        requireRoom();
        const asked = Number(queryValue(query, "negotiateversion") ?? 0);
        const negotiateVersion = asked >= 1 ? 1 : 0;
        const { connectionId, token } = sessions.create({ negotiateVersion });
        const names = negotiateVersion === 1 ? { connectionId, connectionToken: token } : { connectionId };
        sendJson(response, { status: 200, body: { negotiateVersion, ...names, availableTransports } });
    }

    function stream(call: AnsweredCall, client: ClientInfo): void {
        const { response } = call;
        const session = requireUnused(findSession(call));
        const events = open({ session, client, transport: openEventStream(response) });
        response.once("close", () => events.onEnd(undefined));
    }

    function poll(call: AnsweredCall, client: ClientInfo): void {
        const session = findSession(call);
        if (session.connected === undefined) {
            requireUnused(session);
            const polling = createLongPolling({ clock, onOver: () => sessions.remove(session) });
            open({ session, client, transport: polling, polling });
            polling.poll(call.response);
            return;
        }
        if (session.connected.polling === undefined) {
            throw new ClientRefusal(409, messages.inUse);
        }
        session.connected.polling.poll(call.response);
    }

    async function receive(call: AnsweredCall): Promise<void> {
        const { connected } = findSession(call);
        if (connected === undefined) {
            throw new ClientRefusal(404, messages.noConnection);
        }
        const data = await readBody(call.request, maxMessageBytes);
        connected.hub.receive(connected.connection, data);
        call.response.writeHead(200, { "Content-Length": 0 });
        call.response.end();
    }

    function remove(call: AnsweredCall): void {
        const session = findSession(call);
        if (session.connected?.polling === undefined) {
            throw new ClientRefusal(400, messages.inUse);
        }
        const { hub, connection, polling } = session.connected;
        hub.lost(connection);
        polling.end();
        call.response.writeHead(202, { "Content-Length": 0 });
        call.response.end();
    }

    async function serve(call: AnsweredCall): Promise<void> {
        const { request, response, path } = call;
        allowOrigin({ request, response, allowedOrigins: settings().cors?.allowedOrigins });
        if (request.method === "OPTIONS") {
            response.writeHead(204).end();
            return;
        }
        const client = admit(call);
        const operation = `${request.method} ${path === negotiatePath ? "negotiate" : "connection"}`;
        switch (operation) {
            case "POST negotiate":
                return negotiate(call);
            case "GET connection":
                return /text\/event-stream/i.test(request.headers.accept ?? "")
                    ? stream(call, client)
                    : poll(call, client);
            case "POST connection":
                return receive(call);
            case "DELETE connection":
                return remove(call);
            default:
                throw new ClientRefusal(405, messages.method(request.method ?? ""));
        }
    }

    function upgrade(upgrade: Upgrade): void {
        const call = { request: upgrade.request, ...split(upgrade.request) };
        if (call.path !== clientPath) {
            throw new ClientRefusal(404, messages.unknownPath(call.path));
        }
        const client = admit(call);
        requireRoom();
        // A client may connect with a WebSocket at once, without having negotiated.
        const session = requireUnused(
            queryValue(call.query, "id") === undefined ? sessions.create({ negotiateVersion: 1 }) : findSession(call),
        );
        webSockets.complete(upgrade, (transport) => open({ session, client, transport }));
    }

    function toRefusal(error: unknown): ClientRefusal {
        const refusal =
            error instanceof ClientRefusal
                ? error
                : error instanceof BodyTooLargeError
                  ? new ClientRefusal(413, messages.bodyTooLarge)
                  : new ClientRefusal(500, "Internal server error");
        const cause = refusal.status === 500 ? causeOf(error) : refusal.message;
        // A client that hangs up may still be saying goodbye.
        const level = refusal.status === 404 ? "info" : "warning";
        core.log({ level, source, message: `A client was refused with ${refusal.status}: ${cause}` });
        return refusal;
    }

    return {
        handleRequest(request, response) {
            const { path, query } = split(request);
            if (path !== clientPath && path !== negotiatePath) {
                return false;
            }
            serve({ request, response, path, query }).catch((error: unknown) => {
                const { status, message } = toRefusal(error);
                if (!response.headersSent && !response.destroyed) {
                    // A body that was not read would be taken for the next request.
                    const close = request.complete ? {} : { Connection: "close" };
                    response.writeHead(status, { ...close, "Content-Type": "text/plain; charset=utf-8" });
                    response.end(message);
                }
            });
            return true;
        },
        handleUpgrade(request) {
            // Until the WebSocket takes the socket over, nobody else listens for what happens to it.
            request.socket.on("error", () => undefined);
            try {
                upgrade(request);
            } catch (error) {
                refuseUpgrade(request.socket, toRefusal(error));
            }
        },
    };
}

function split({ url = "/" }: IncomingMessage): { path: string; query: URLSearchParams } {
    const { path, search } = splitUrl(url);
    return { path: path.replace(/\/$/, ""), query: new URLSearchParams(search) };
}
