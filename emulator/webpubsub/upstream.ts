import { origin } from "../core/service/service";
import type { AccessKeys } from "../core/service/types";
import { cloudEventHeaders, headerText } from "../core/upstream/cloudEvents";
import { UpstreamError } from "../core/upstream/errors";
import { findHandler, type PreparedHandler } from "../core/upstream/eventHandlers";
import type { UpstreamResponse } from "../core/upstream/http";
import { signatureOf } from "../core/upstream/signature";
import type { Upstream } from "../core/upstream/upstream";
import { type ConnectAnswer, readConnectAnswer } from "./connectAnswer";
import type { Visitor } from "./connection";
import { messages } from "./errors";
import type { ListenerNotice } from "./listeners";
import { bytesOf, type MessageData, metadataFault, metadataHeaders, readMetadataHeaders } from "./message";

export interface EventsOptions {
    hub: string;
    handlers: readonly PreparedHandler[];
    listeners: ListenerNotice;
    upstream: Upstream;
    keys(): AccessKeys;
    now(): number;
    /** Called for each system event that no handler lists. */
    onUnlisted(event: string): void;
}

/** A hub's events on their way to its handlers. Every call throws what kept the event from being delivered. */
export interface HubEvents {
    /** Resolves when the client is let in; without a handler that is at once. */
    connect(visitor: Visitor, body: string): Promise<ConnectAnswer>;
    connected(visitor: Visitor): Promise<void>;
    disconnected(visitor: Visitor, reason: string): Promise<void>;
    /** Resolves with what the handler answers to the client, or undefined for nothing. */
    user(visitor: Visitor, event: { name: string; data: MessageData }): Promise<MessageData | undefined>;
}

const json = "application/json";
const contentTypes = { text: "text/plain; charset=utf-8", json, binary: "application/octet-stream" } as const;

export function createHubEvents(options: EventsOptions): HubEvents {
    const patterns = options.handlers.flatMap(({ handler }) => handler.userEventPattern ?? []);

    interface Event {
        kind: "system" | "user";
        name: string;
        contentType: string;
        body: string | Buffer;
        headers?: Record<string, string>;
    }

    async function send(visitor: Visitor, event: Event): Promise<UpstreamResponse | undefined> {
        const { kind, name } = event;
        const id = visitor.nextEventId++;
        options.listeners({ kind, event: name });
        const handler = findHandler(options.handlers, { kind, event: name })?.handler;
        if (handler === undefined) {
            if (kind === "system") {
                options.onUnlisted(name);
            }
            return undefined;
        }
        const headers = cloudEventHeaders({
            origin,
            hub: options.hub,
            connectionId: visitor.connectionId,
            id,
            type: kind === "system" ? `azure.webpubsub.sys.${name}` : `azure.webpubsub.user.${name}`,
            eventName: name,
            signature: signatureOf(visitor, options.keys()),
            userId: visitor.userId,
            contentType: event.contentType,
            time: options.now(),
        });
        if (visitor.protocol !== undefined) {
            headers["ce-subprotocol"] = visitor.protocol;
        }
        if (visitor.state !== undefined && visitor.state !== "") {
            headers["ce-connectionState"] = headerText(visitor.state);
        }
        Object.assign(headers, event.headers);
        const { hub } = options;
        const answer = await options.upstream({
            handler,
            hub,
            event: name,
            session: visitor,
            headers,
            body: event.body,
        });
        if (kind === "user" || name === "connect") {
            visitor.state = lastValue(answer.headers["ce-connectionstate"]) ?? visitor.state;
        }
        return answer;
    }

    return {
        async connect(visitor, body) {
            const answer = await send(visitor, { kind: "system", name: "connect", contentType: json, body });
            return answer === undefined ? {} : readConnectAnswer(answer.body);
        },
        async connected(visitor) {
            await send(visitor, { kind: "system", name: "connected", contentType: json, body: "{}" });
        },
        async disconnected(visitor, reason) {
            const body = JSON.stringify({ reason });
            await send(visitor, { kind: "system", name: "disconnected", contentType: json, body });
        },
        async user(visitor, { name, data }) {
            const answer = await send(visitor, {
                kind: "user",
                name,
                contentType: contentTypes[data.type],
                body: bytesOf(data),
                headers: metadataHeaders(data.metadata),
            });
            if (answer === undefined) {
                throw new UpstreamError(messages.noHandler(name, patterns));
            }
            return readAnswer(answer);
        },
    };
}

/** The message that an answer is. Throws `UpstreamError` when the client cannot be sent it. */
function readAnswer({ headers, body }: UpstreamResponse): MessageData | undefined {
    const metadata = readMetadataHeaders(headers);
    const fault = metadata === undefined ? undefined : metadataFault(metadata);
    if (fault !== undefined) {
        throw new UpstreamError(fault);
    }
    const extra = metadata === undefined ? {} : { metadata };
    if (body.length === 0) {
        return metadata === undefined ? undefined : { type: "text", text: "", ...extra };
    }
    const type = (lastValue(headers["content-type"]) ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    switch (type) {
        case "text/plain":
            return { type: "text", text: body.toString("utf8"), ...extra };
        case json:
            return { type: "json", text: checkedJson(body.toString("utf8")), ...extra };
        case "":
        case "application/octet-stream":
            return { type: "binary", bytes: body, ...extra };
        default:
            throw new UpstreamError(messages.badAnswerType(type));
    }
}

function checkedJson(text: string): string {
    try {
        JSON.parse(text);
        return text;
    } catch {
        throw new UpstreamError("the handler answered as application/json, but the body is not JSON.");
    }
}

function lastValue(header: string | string[] | undefined): string | undefined {
    return Array.isArray(header) ? header.at(-1) : header;
}
