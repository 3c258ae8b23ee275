import type { Span } from "../core/inspect";
import { headerText } from "../core/upstream/cloudEvents";
import { UpstreamError } from "../core/upstream/errors";
import { type EventsOptions, type HubEvent, sendEvent } from "../core/upstream/events";
import type { UpstreamResponse } from "../core/upstream/http";
import type { Connection, NamespaceSocket } from "./connection";
import { messages } from "./errors";

type Client = { connection: Connection; socket: NamespaceSocket };

/** Delivers a hub's events to its handlers. Every call throws the reason when an event is not delivered. */
export interface HubEvents {
    /** Resolves when the handler lets the socket in, or at once without a handler. */
    connect(client: Client): Promise<void>;
    connected(client: Client): Promise<void>;
    disconnected(client: Client & { reason: string }): Promise<void>;
    /** Resolves with the handler's answer for the client; undefined when it has none. */
    message(client: Client & { event: string; packet: string; span?: Span }): Promise<string | undefined>;
}

type SentEvent = Pick<HubEvent, "kind" | "name" | "body" | "span">;

const json = "application/json; charset=utf-8";

export function createHubEvents(options: EventsOptions): HubEvents {
    const patterns = options.handlers.flatMap(({ handler }) => handler.userEventPattern ?? []);

    function send(client: Client, event: SentEvent): Promise<UpstreamResponse> | undefined {
        const { connection, socket } = client;
        return sendEvent(options, connection, {
            kind: event.kind,
            name: event.name,
            userType: "azure.webpubsub.user.message",
            contentType: event.kind === "system" ? json : "text/plain",
            headers: () => ({ "ce-namespace": headerText(socket.namespace), "ce-socketId": socket.id }),
            body: event.body,
            span: event.span,
        });
    }

    return {
        async connect(client) {
            await send(client, { kind: "system", name: "connect", body: client.connection.connectBody });
        },
        async connected(client) {
            await send(client, { kind: "system", name: "connected", body: () => "{}" });
        },
        async disconnected(client) {
            const body = (): string => JSON.stringify({ reason: client.reason });
            await send(client, { kind: "system", name: "disconnected", body });
        },
        async message(client) {
            const { event: name, packet, span } = client;
            const answer = await send(client, { kind: "user", name, body: () => `4${packet}`, span });
            if (answer === undefined) {
                throw new UpstreamError(messages.noHandler(name, patterns));
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
