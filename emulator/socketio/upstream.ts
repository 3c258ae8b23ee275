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

const json = "application/json; charset=utf-8";

export function createHubEvents(options: EventsOptions): HubEvents {
    const patterns = options.handlers.flatMap(({ handler }) => handler.userEventPattern ?? []);

    function send(
        { connection, socket }: Client,
        event: Pick<HubEvent, "kind" | "name" | "body" | "span">,
    ): Promise<UpstreamResponse> | undefined {
        return sendEvent(options, connection, {
            ...event,
            userType: "azure.webpubsub.user.message",
            contentType: event.kind === "system" ? json : "text/plain",
            headers: () => ({ "ce-namespace": headerText(socket.namespace), "ce-socketId": socket.id }),
        });
    }

    return {
        async connect(client) {
            await send(client, { kind: "system", name: "connect", body: client.connection.connectBody });
        },
        async connected(client) {
            await send(client, { kind: "system", name: "connected", body: () => "{}" });
        },
        async disconnected({ reason, ...client }) {
            await send(client, { kind: "system", name: "disconnected", body: () => JSON.stringify({ reason }) });
        },
        async message({ event, packet, span, ...client }) {
            const body = (): string => `4${packet}`;
            const answer = await send(client, { kind: "user", name: event, body, ...(span && { span }) });
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
