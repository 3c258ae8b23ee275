import { origin } from "../core/service/service";
import type { AccessKeys } from "../core/service/types";
import { cloudEventHeaders, headerText } from "../core/upstream/cloudEvents";
import { UpstreamError } from "../core/upstream/errors";
import { findHandler, type PreparedHandler } from "../core/upstream/eventHandlers";
import type { UpstreamResponse } from "../core/upstream/http";
import { signatureOf } from "../core/upstream/signature";
import type { Upstream } from "../core/upstream/upstream";
import type { Connection, NamespaceSocket } from "./connection";
import { messages } from "./errors";

export interface EventsOptions {
    hub: string;
    handlers: readonly PreparedHandler[];
    upstream: Upstream;
    keys(): AccessKeys;
    now(): number;
    /** Called for each system event that no handler lists. */
    onUnlisted(event: string): void;
}

type Client = { connection: Connection; socket: NamespaceSocket };

/** A hub's events on their way to its handlers. Every call throws what kept the event from being delivered. */
export interface HubEvents {
    /** Resolves when the socket is let in; without a handler that is at once. */
    connect(client: Client): Promise<void>;
    connected(client: Client): Promise<void>;
    disconnected(client: Client & { reason: string }): Promise<void>;
    /** Resolves with what the handler answers to the client, or undefined for nothing. */
    message(client: Client & { event: string; packet: string }): Promise<string | undefined>;
}

const json = "application/json; charset=utf-8";

export function createHubEvents(options: EventsOptions): HubEvents {
    const patterns = options.handlers.flatMap(({ handler }) => handler.userEventPattern ?? []);

    interface Event extends Client {
        kind: "system" | "user";
        event: string;
        body(): string;
    }

    function send({ kind, event, body, connection, socket }: Event): Promise<UpstreamResponse> | undefined {
        const id = connection.nextEventId++;
        const handler = findHandler(options.handlers, { kind, event })?.handler;
        if (handler === undefined) {
            if (kind === "system") {
                options.onUnlisted(event);
            }
            return undefined;
        }
        const headers = cloudEventHeaders({
            origin,
            hub: options.hub,
            connectionId: connection.connectionId,
            id,
            type: kind === "system" ? `azure.webpubsub.sys.${event}` : "azure.webpubsub.user.message",
            eventName: event,
            signature: signatureOf(connection, options.keys()),
            userId: connection.userId,
            contentType: kind === "system" ? json : "text/plain",
            time: options.now(),
        });
        headers["ce-namespace"] = headerText(socket.namespace);
        headers["ce-socketId"] = socket.id;
        return options.upstream({ handler, hub: options.hub, event, session: connection, headers, body: body() });
    }

    return {
        async connect(client) {
            await send({ ...client, kind: "system", event: "connect", body: client.connection.connectBody });
        },
        async connected(client) {
            await send({ ...client, kind: "system", event: "connected", body: () => "{}" });
        },
        async disconnected({ reason, ...client }) {
            await send({ ...client, kind: "system", event: "disconnected", body: () => JSON.stringify({ reason }) });
        },
        async message({ event, packet, ...client }) {
            const answer = await send({ ...client, kind: "user", event, body: () => `4${packet}` });
            if (answer === undefined) {
                throw new UpstreamError(messages.noHandler(event, patterns));
            }
            return readAnswer(answer);
        },
    };
}

function readAnswer({ status, headers, body }: UpstreamResponse): string | undefined {
    if (status === 204 || body.length === 0) {
        return undefined;
    }
    const type = String(headers["content-type"] ?? "");
    if (type.split(";")[0]?.trim().toLowerCase() !== "text/plain") {
        throw new UpstreamError(messages.notTextAnswer(type));
    }
    return body.toString("utf8");
}
