import type { AccessKeys } from "../core/service/types";
import { headerText } from "../core/upstream/cloudEvents";
import type { UpstreamResponse } from "../core/upstream/http";
import { signatureOf } from "../core/upstream/signature";
import type { Upstream } from "../core/upstream/upstream";
import type { Connection } from "./connection";
import type { ClientMessage } from "./protocol/types";
import { findTemplate, type PreparedTemplate, type UpstreamEvent } from "./templates";

export interface EventsOptions {
    templates: readonly PreparedTemplate[];
    upstream: Upstream;
    keys(): AccessKeys;
}

/** Delivers a hub's events upstream. Undefined when no template takes an event. Throws the reason when an event is not delivered. */
export interface ClientEvents {
    readonly templates: readonly PreparedTemplate[];
    connected(connection: Connection): Promise<UpstreamResponse | undefined>;
    disconnected(connection: Connection, error: string | undefined): Promise<UpstreamResponse | undefined>;
    message(
        connection: Connection,
        message: ClientMessage & { type: "invocation" },
    ): Promise<UpstreamResponse | undefined>;
}

const json = "application/json";

export function createClientEvents(options: EventsOptions): ClientEvents {
    async function send(
        connection: Connection,
        event: Omit<UpstreamEvent, "hub"> & { contentType: string; body: string | Buffer },
    ): Promise<UpstreamResponse | undefined> {
        const { hub } = connection.client;
        const template = findTemplate(options.templates, { ...event, hub });
        if (template === undefined) {
            return undefined;
        }
        return options.upstream({
            handler: {
                urlTemplate: template.urlTemplate.replace(/\{category\}/gi, event.category),
                auth: template.auth,
            },
            hub,
            event: event.event,
            // A new session for each call, because SignalR keeps no cookies.
            session: {},
            headers: headersOf(connection, { ...event, signature: signatureOf(connection, options.keys()) }),
            body: event.body,
        });
    }

    return {
        templates: options.templates,
        connected: (connection) =>
            send(connection, {
                category: "connections",
                event: "connected",
                contentType: json,
                body: JSON.stringify({ type: 10 }),
            }),
        disconnected: (connection, error) =>
            send(connection, {
                category: "connections",
                event: "disconnected",
                contentType: json,
                body: JSON.stringify({ type: 11, error }),
            }),
        message: (connection, message) =>
            send(connection, {
                category: "messages",
                event: message.target,
                contentType: connection.protocol?.mediaType ?? json,
                body: message.payload,
            }),
    };
}

function headersOf(
    connection: Connection,
    event: { category: string; event: string; contentType: string; signature: string },
): Record<string, string> {
    const { client, connectionId } = connection;
    const headers: Record<string, string> = {
        "Content-Type": event.contentType,
        "X-ASRS-Connection-Id": connectionId,
        "X-ASRS-Hub": client.hub,
        "X-ASRS-Category": event.category,
        "X-ASRS-Event": headerValue(event.event),
        "X-ASRS-Signature": event.signature,
    };
    if (client.userId !== undefined && client.userId !== "") {
        headers["X-ASRS-User-Id"] = headerValue(client.userId);
    }
    if (client.claims.length > 0) {
        headers["X-ASRS-User-Claims"] = headerValue(client.claims.join(", "));
    }
    if (client.query !== "") {
        headers["X-ASRS-Client-Query"] = headerValue(client.query);
    }
    return headers;
}

/** Removes control characters: a client chooses these texts, and a line break would end the header. */
function headerValue(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is meant to find control characters.
    return headerText(text.replace(/[\x00-\x1f\x7f]/g, " "));
}
