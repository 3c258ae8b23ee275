import { messageOf } from "../errors";
import { dataTypeOf, payload, type Recorder, type Span } from "../inspect";
import type { AccessKeys } from "../service/types";
import { cloudEventHeaders } from "./cloudEvents";
import { findHandler, type PreparedHandler } from "./eventHandlers";
import type { UpstreamResponse } from "./http";
import { type SignedConnection, signatureOf } from "./signature";
import type { Upstream, UpstreamSession } from "./upstream";
import { noHandlerFor, noteAnswer } from "./why";

/** The service's host name in events. Handlers compare it without the port. */
export const origin = "localhost";

export interface EventsOptions {
    hub: string;
    handlers: readonly PreparedHandler[];
    upstream: Upstream;
    keys(): AccessKeys;
    now(): number;
    recorder: Recorder;
    /** Called with each system event that no handler lists. */
    onUnlisted(event: string): void;
}

/** The part of a connection that its events need. */
export interface EventSource extends SignedConnection, UpstreamSession {
    readonly userId: string | undefined;
    /** Number of the connection's next event. */
    nextEventId: number;
}

export interface HubEvent {
    kind: "system" | "user";
    name: string;
    /** `ce-type` of a user event. */
    userType: string;
    contentType: string;
    /** Headers of this kind of service. */
    headers(): Record<string, string>;
    body(): string | Buffer;
    /** The client's event, when its receiver records it. */
    span?: Span | undefined;
}

/** Sends an event to the first handler that takes it; undefined when none does. Throws the reason when it is not delivered. */
export function sendEvent(
    options: EventsOptions,
    source: EventSource,
    event: HubEvent,
): Promise<UpstreamResponse> | undefined {
    const { hub } = options;
    const { kind, name } = event;
    const { recorder } = options;
    const span = event.span ?? (recorder.on ? beginEvent(recorder, source, event) : undefined);
    // Events without a handler are counted too.
    const id = source.nextEventId++;
    const handler = findHandler(options.handlers, { kind, event: name })?.handler;
    if (handler === undefined) {
        if (kind === "system") {
            options.onUnlisted(name);
        }
        explainUnlisted(options, event, span);
        return undefined;
    }
    const headers = cloudEventHeaders({
        origin,
        hub,
        connectionId: source.connectionId,
        id,
        type: kind === "system" ? `azure.webpubsub.sys.${name}` : event.userType,
        eventName: name,
        signature: signatureOf(source, options.keys()),
        userId: source.userId,
        contentType: event.contentType,
        time: options.now(),
    });
    Object.assign(headers, event.headers());
    const call = { handler, hub, event: name, session: source, headers, body: event.body(), span };
    return span === undefined ? options.upstream(call) : traced(span, event, () => options.upstream(call));
}

/** Records an event that the service itself makes. */
function beginEvent(recorder: Recorder, source: EventSource, event: HubEvent): Span {
    return recorder.begin("clientEvent", {
        name: event.name,
        connection: source.connectionId,
        ...(source.userId !== undefined && { user: source.userId }),
        ...payload(event.body(), dataTypeOf(event.contentType)),
    });
}

/** Records the answer. The receiver of a client's event records the event's end, because it may answer the client. */
async function traced(span: Span, event: HubEvent, send: () => Promise<UpstreamResponse>): Promise<UpstreamResponse> {
    try {
        const answer = await send();
        noteAnswer(span, event.name, answer);
        if (event.span === undefined) {
            span.end({ status: answer.status });
        }
        return answer;
    } catch (error) {
        if (event.span === undefined) {
            span.end({ outcome: "failed", message: messageOf(error) });
        }
        throw error;
    }
}

/** System events that were explained, so that not every client has a row for the same lack. */
const explained = new WeakMap<Recorder, Set<string>>();

function explainUnlisted(
    { recorder, handlers, hub }: EventsOptions,
    { kind, name, span: given }: HubEvent,
    span?: Span,
): void {
    if (span === undefined) {
        return;
    }
    const known = explained.get(recorder) ?? new Set<string>();
    explained.set(recorder, known);
    if (kind === "user" || !known.has(name)) {
        known.add(name);
        span.note("why", noHandlerFor({ hub, kind, name, handlers: handlers.map(({ handler }) => handler) }));
    }
    if (given === undefined) {
        span.end({ message: "No event handler lists this event." });
    }
}
