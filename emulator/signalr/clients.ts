import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../core/errors";
import { guarded } from "../core/guard";
import { BodyTooLargeError, hasHungUp, readBody, sendJson, splitUrl } from "../core/http";
import { maxMessageBytes } from "../core/rest/body";
import { ClientRefusal, queryValue, refuseRequest, refuseUpgrade } from "../core/service/clientGate";
import { noteRefused } from "../core/service/record";
import type { ServiceClients, ServiceFrame } from "../core/service/service";
import { clientPath, readClient } from "./admission";
import { entraKey } from "./appServerKey";
import type { ClientInfo, Transport } from "./connection";
import { allowOrigin } from "./cors";
import { messages } from "./errors";
import type { Hub } from "./hub";
import { createSessions, type Session, type Sessions } from "./sessions";
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

/** Serves the requests of clients: negotiation, and three transports. */
export class Clients implements ServiceClients {
    readonly #frame: ServiceFrame<Hub>;
    readonly #sessions: Sessions;
    readonly #webSockets = createWebSockets();

    constructor(frame: ServiceFrame<Hub>) {
        this.#frame = frame;
        this.#sessions = createSessions(frame.core.clock);
    }

    handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
        const { path, query } = split(request);
        if (path !== clientPath && path !== negotiatePath) {
            return false;
        }
        this.#serve({ request, response, path, query }).catch((error: unknown) => {
            if (hasHungUp(request)) {
                response.destroy();
                return;
            }
            refuseRequest(response, this.#toRefusal(error, query));
        });
        return true;
    }

    handleUpgrade(upgrade: Upgrade): void {
        try {
            this.#upgrade(upgrade);
        } catch (error) {
            refuseUpgrade(upgrade.socket, this.#toRefusal(error, split(upgrade.request).query));
        }
    }

    #admit({ request, query }: Call): ClientInfo {
        if (!/^(serverless|classic)$/i.test(this.#settings().serviceMode ?? "Default")) {
            throw new ClientRefusal(503, messages.defaultMode);
        }
        const { forClients, refuses } = this.#frame.keys();
        const keys = [...forClients, { ...entraKey(this.#frame), ...(refuses && { refuses }) }];
        return readClient({ request, query, keys, hosts: this.#frame.hosts, now: this.#frame.core.clock.now() });
    }

    #requireRoom(): void {
        const full = this.#frame.full();
        if (full !== undefined) {
            throw new ClientRefusal(429, full);
        }
    }

    #findSession({ query }: Call): Session {
        const token = queryValue(query, "id");
        if (token === undefined || token === "") {
            throw new ClientRefusal(400, messages.idRequired);
        }
        const session = this.#sessions.find(token);
        if (session === undefined) {
            throw new ClientRefusal(404, messages.noConnection);
        }
        return session;
    }

    /** Checks that a session has no transport yet, because it can have only one. Source: HttpConnectionDispatcher.cs of dotnet/aspnetcore. */
    #requireUnused(session: Session, transport: Transport["name"]): Session {
        const used = session.connected?.connection.transport.name;
        if (used !== undefined) {
            throw used === transport
                ? new ClientRefusal(409, messages.inUse)
                : new ClientRefusal(400, messages.otherTransport);
        }
        this.#requireRoom();
        session.cancelExpiry();
        return session;
    }

    #open(options: {
        session: Session;
        client: ClientInfo;
        transport: Transport;
        polling?: LongPolling;
    }): TransportEvents {
        const { session, client, transport, polling } = options;
        const hub = this.#frame.hub(client.hub) ?? this.#frame.addHub(client.hub);
        const connection = hub.open({ connectionId: session.connectionId, client, transport });
        session.connected = { connection, hub, ...(polling === undefined ? {} : { polling }) };
        return {
            onData: (data) => hub.receive(connection, data),
            onEnd: (error) => {
                this.#sessions.remove(session);
                hub.lost(connection, error);
            },
            onFailure: (error) => hub.fail(connection, error),
        };
    }

    #negotiate({ response, query }: AnsweredCall): void {
        this.#requireRoom();
        const asked = queryValue(query, "negotiateversion") ?? "0";
        const fault = negotiateFault(asked);
        if (fault !== undefined) {
            sendJson(response, { status: 200, body: { error: fault } });
            return;
        }
        const negotiateVersion = Number(asked) >= 1 ? 1 : 0;
        const { connectionId, token } = this.#sessions.create({ negotiateVersion });
        const names = negotiateVersion === 1 ? { connectionId, connectionToken: token } : { connectionId };
        sendJson(response, { status: 200, body: { negotiateVersion, ...names, availableTransports } });
    }

    #stream(call: AnsweredCall, client: ClientInfo): void {
        const { response } = call;
        const session = this.#requireUnused(this.#findSession(call), "server-sent events");
        const transport = openEventStream({ response, clock: this.#frame.core.clock });
        const events = this.#open({ session, client, transport });
        response.once(
            "close",
            guarded(events.onFailure, () => events.onEnd(undefined)),
        );
    }

    #poll(call: AnsweredCall, client: ClientInfo): void {
        const session = this.#findSession(call);
        if (session.connected?.polling === undefined) {
            this.#requireUnused(session, "long polling");
            const polling = createLongPolling({
                clock: this.#frame.core.clock,
                onOver: () => this.#sessions.remove(session),
            });
            this.#open({ session, client, transport: polling, polling });
            polling.poll(call.response);
            return;
        }
        session.connected.polling.poll(call.response);
    }

    async #receive(call: AnsweredCall): Promise<void> {
        const { connected } = this.#findSession(call);
        if (connected === undefined) {
            throw new ClientRefusal(404, messages.noConnection);
        }
        if (connected.connection.transport.name === "websocket") {
            throw new ClientRefusal(405, messages.postOnWebSocket);
        }
        const data = await readBody(call.request, maxMessageBytes);
        connected.hub.receive(connected.connection, data);
        call.response.writeHead(200, { "Content-Length": 0 });
        call.response.end();
    }

    #remove(call: AnsweredCall): void {
        const session = this.#findSession(call);
        if (session.connected?.polling === undefined) {
            throw new ClientRefusal(400, messages.deleteElsewhere);
        }
        const { hub, connection, polling } = session.connected;
        hub.lost(connection);
        polling.end();
        call.response.writeHead(202, { "Content-Length": 0 });
        call.response.end();
    }

    async #serve(call: AnsweredCall): Promise<void> {
        const { request, response, path } = call;
        allowOrigin({ request, response, allowedOrigins: this.#settings().cors?.allowedOrigins });
        if (request.method === "OPTIONS") {
            response.writeHead(204).end();
            return;
        }
        const client = this.#admit(call);
        const operation = `${request.method} ${path === negotiatePath ? "negotiate" : "connection"}`;
        switch (operation) {
            case "POST negotiate":
                return this.#negotiate(call);
            case "GET connection":
                return /text\/event-stream/i.test(request.headers.accept ?? "")
                    ? this.#stream(call, client)
                    : this.#poll(call, client);
            case "POST connection":
                return this.#receive(call);
            case "DELETE connection":
                return this.#remove(call);
            default:
                throw new ClientRefusal(405, messages.method(request.method ?? ""));
        }
    }

    #upgrade(upgrade: Upgrade): void {
        const call = { request: upgrade.request, ...split(upgrade.request) };
        if (call.path !== clientPath) {
            throw new ClientRefusal(404, messages.unknownPath(call.path));
        }
        const client = this.#admit(call);
        this.#requireRoom();
        // A client may open a WebSocket without negotiation.
        const session = this.#requireUnused(
            queryValue(call.query, "id") === undefined
                ? this.#sessions.create({ negotiateVersion: 1 })
                : this.#findSession(call),
            "websocket",
        );
        this.#webSockets.complete(upgrade, (transport) => this.#open({ session, client, transport }));
    }

    #toRefusal(error: unknown, query: URLSearchParams): ClientRefusal {
        const refusal =
            error instanceof ClientRefusal
                ? error
                : error instanceof BodyTooLargeError
                  ? new ClientRefusal(413, messages.bodyTooLarge)
                  : new ClientRefusal(500, "Internal server error");
        const cause = refusal.status === 500 ? messageOf(error) : refusal.message;
        // A client that has just closed may still send a request to its old session.
        const level = refusal.status === 404 ? "info" : "warning";
        const { logRefusal, settings } = this.#frame;
        logRefusal({
            level,
            source: settings().name,
            message: `A client was refused with ${refusal.status}: ${cause}`,
        });
        const hub = queryValue(query, "hub");
        noteRefused(this.#frame.recorder, { hub, status: refusal.status, message: cause });
        return refusal;
    }

    #settings(): SignalRServiceOptions {
        return this.#frame.settings();
    }
}

/** Why a client's version of the negotiation is not taken. Source: ProcessNegotiate of HttpConnectionDispatcher.cs of dotnet/aspnetcore. */
function negotiateFault(version: string): string | undefined {
    if (!/^\s*[-+]?\d{1,9}\s*$/.test(version)) {
        return "The client requested a non-integer protocol version.";
    }
    return Number(version) < 0
        ? `The client requested version '${Number(version)}', but the server does not support this version.`
        : undefined;
}

function split({ url = "/" }: IncomingMessage): { path: string; query: URLSearchParams } {
    const { path, search } = splitUrl(url);
    return { path: path.replace(/\/$/, ""), query: new URLSearchParams(search) };
}
