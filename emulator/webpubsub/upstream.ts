import type { Span } from "../core/inspect";
import { parseJson } from "../core/json";
import { UpstreamError } from "../core/upstream/errors";
import { type EventsOptions, sendEvent } from "../core/upstream/events";
import type { UpstreamResponse } from "../core/upstream/http";
import { type ConnectAnswer, readConnectAnswer } from "./connectAnswer";
import type { Visitor } from "./connection";
import { messages } from "./errors";
import type { ListenerNotice } from "./listeners";
import { bytesOf, type MessageData, metadataFault, metadataHeaders, readMetadataHeaders } from "./message";

export interface WebPubSubEventsOptions extends EventsOptions {
    listeners: ListenerNotice;
}

/** Delivers a hub's events to its handlers. Every call throws the reason when an event is not delivered. */
export interface HubEvents {
    /** Resolves when the handler lets the client in, or at once without a handler. */
    connect(visitor: Visitor, body: string): Promise<ConnectAnswer>;
    connected(visitor: Visitor): Promise<void>;
    disconnected(visitor: Visitor, reason: string): Promise<void>;
    /** Resolves with the handler's answer for the client; undefined when it has none. */
    user(visitor: Visitor, event: { name: string; data: MessageData; span?: Span }): Promise<MessageData | undefined>;
}

const json = "application/json";
const contentTypes = {
    text: "text/plain; charset=utf-8",
    json,
    binary: "application/octet-stream",
    protobuf: "application/x-protobuf",
} as const;

export function createHubEvents(options: WebPubSubEventsOptions): HubEvents {
    const patterns = options.handlers.flatMap(({ handler }) => handler.userEventPattern ?? []);

    interface Event {
        kind: "system" | "user";
        name: string;
        contentType: string;
        body: string | Buffer;
        headers?: Record<string, string>;
        span?: Span;
    }

    async function send(visitor: Visitor, event: Event): Promise<UpstreamResponse | undefined> {
        const { kind, name } = event;
        options.listeners({ kind, event: name });
        const answer = await sendEvent(options, visitor, {
            kind,
            name,
            userType: `azure.webpubsub.user.${name}`,
            contentType: event.contentType,
            headers: () => ({ ...stateHeaders(visitor), ...event.headers }),
            body: () => event.body,
            ...(event.span !== undefined && { span: event.span }),
        });
        if (answer === undefined) {
            return undefined;
        }
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
        async user(visitor, { name, data, span }) {
            const answer = await send(visitor, {
                kind: "user",
                name,
                contentType: contentTypes[data.type],
                body: bytesOf(data),
                headers: metadataHeaders(data.metadata),
                ...(span !== undefined && { span }),
            });
            if (answer === undefined) {
                throw new UpstreamError(messages.noHandler(name, patterns));
            }
            return readAnswer(answer);
        },
    };
}

/** The state goes back as it came: it was read as one character for each byte, and is written so. */
function stateHeaders({ protocol, state }: Visitor): Record<string, string> {
    return {
        ...(protocol === undefined ? {} : { "ce-subprotocol": protocol }),
        ...(state === undefined || state === "" ? {} : { "ce-connectionState": state }),
    };
}

/** Reads the handler's answer as a message for the client. Throws `UpstreamError` when it cannot be one. */
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
        parseJson(text);
        return text;
    } catch {
        throw new UpstreamError("the handler answered as application/json, but the body is not JSON.");
    }
}

function lastValue(header: string | string[] | undefined): string | undefined {
    return Array.isArray(header) ? header.at(-1) : header;
}
