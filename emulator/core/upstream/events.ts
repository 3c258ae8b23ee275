import type { AccessKeys } from "../service/types";
import { cloudEventHeaders } from "./cloudEvents";
import { findHandler, type PreparedHandler } from "./eventHandlers";
import type { UpstreamResponse } from "./http";
import { type SignedConnection, signatureOf } from "./signature";
import type { Upstream, UpstreamSession } from "./upstream";

/** The service's host name in events. Handlers compare it without the port. */
export const origin = "localhost";

export interface EventsOptions {
    hub: string;
    handlers: readonly PreparedHandler[];
    upstream: Upstream;
    keys(): AccessKeys;
    now(): number;
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
}

/** Sends an event to the first handler that takes it; undefined when none does. Throws the reason when it is not delivered. */
export function sendEvent(
    options: EventsOptions,
    source: EventSource,
    event: HubEvent,
): Promise<UpstreamResponse> | undefined {
    const { hub } = options;
    const { kind, name } = event;
    // Events without a handler are counted too.
    const id = source.nextEventId++;
    const handler = findHandler(options.handlers, { kind, event: name })?.handler;
    if (handler === undefined) {
        if (kind === "system") {
            options.onUnlisted(name);
        }
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
    return options.upstream({ handler, hub, event: name, session: source, headers, body: event.body() });
}
