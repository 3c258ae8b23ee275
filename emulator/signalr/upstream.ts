import { messageOf } from "../core/errors";
import { dataTypeOf, payload, type Recorder, type Span } from "../core/inspect";
import type { AccessKeys } from "../core/service/types";
import { headerText } from "../core/upstream/cloudEvents";
import type { UpstreamResponse } from "../core/upstream/http";
import { signatureOf } from "../core/upstream/signature";
import type { Upstream } from "../core/upstream/upstream";
import { noTemplateFor, noteAnswer } from "../core/upstream/why";
import type { Connection } from "./connection";
import type { ClientMessage } from "./protocol/types";
import { findTemplate, type PreparedTemplate, type UpstreamEvent } from "./templates";

export interface EventsOptions {
    templates: readonly PreparedTemplate[];
    upstream: Upstream;
    recorder: Recorder;
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
        span?: Span,
    ): Promise<UpstreamResponse | undefined>;
}

interface SentEvent extends Omit<UpstreamEvent, "hub"> {
    contentType: string;
    body: string | Buffer;
    span?: Span | undefined;
}

const json = "application/json";

export function createClientEvents(options: EventsOptions): ClientEvents {
    function send(connection: Connection, event: SentEvent): Promise<UpstreamResponse | undefined> {
        const span = event.span ?? (options.recorder.on ? beginEvent(options.recorder, connection, event) : undefined);
        return span === undefined
            ? deliver(connection, event)
            : traced({ span, isOwn: event.span === undefined }, connection, event);
    }

    /** Records the answer, and the end of an event that the service itself makes. */
    async function traced(
        { span, isOwn }: { span: Span; isOwn: boolean },
        connection: Connection,
        event: SentEvent,
    ): Promise<UpstreamResponse | undefined> {
        try {
            const answer = await deliver(connection, { ...event, span });
            if (answer !== undefined) {
                noteAnswer(span, event.event, answer);
            } else if (!isOwn) {
                const { hub } = connection.client;
                span.note("why", noTemplateFor({ ...event, hub, name: event.event, count: options.templates.length }));
            }
            if (isOwn) {
                span.end(
                    answer === undefined
                        ? { message: "No upstream template selects this event." }
                        : { status: answer.status },
                );
            }
            return answer;
        } catch (error) {
            if (isOwn) {
                span.end({ outcome: "failed", message: messageOf(error) });
            }
            throw error;
        }
    }

    async function deliver(connection: Connection, event: SentEvent): Promise<UpstreamResponse | undefined> {
        const { hub } = connection.client;
        const { category, event: name } = event;
        const template = findTemplate(options.templates, { hub, category, event: name });
        if (template === undefined) {
            return undefined;
        }
        return options.upstream({
            handler: {
                urlTemplate: template.urlTemplate.replace(/\{category\}/gi, category),
                auth: template.auth,
            },
            hub,
            event: name,
            // A new session for each call, because SignalR keeps no cookies.
            session: {},
            headers: headersOf(connection, event, signatureOf(connection, options.keys())),
            body: event.body,
            span: event.span,
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
        message: (connection, message, span) =>
            send(connection, {
                category: "messages",
                event: message.target,
                contentType: connection.protocol?.mediaType ?? json,
                body: message.payload,
                span,
            }),
    };
}

function beginEvent(
    recorder: Recorder,
    connection: Connection,
    event: { event: string; contentType: string; body: string | Buffer },
): Span {
    return recorder.begin("clientEvent", {
        name: event.event,
        connection: connection.connectionId,
        ...(connection.userId !== undefined && { user: connection.userId }),
        ...payload(event.body, dataTypeOf(event.contentType)),
    });
}

function headersOf(connection: Connection, event: SentEvent, signature: string): Record<string, string> {
    const { client, connectionId } = connection;
    const headers: Record<string, string> = {
        "Content-Type": event.contentType,
        "X-ASRS-Connection-Id": connectionId,
        "X-ASRS-Hub": client.hub,
        "X-ASRS-Category": event.category,
        "X-ASRS-Event": headerValue(event.event),
        "X-ASRS-Signature": signature,
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
