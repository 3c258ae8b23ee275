import type { RealtimeService, RealtimeServiceOptions } from "../core/service/types";
import type { EventHandler } from "../core/upstream/eventHandlers";

/** A receiver of events, in the words of the resource's `upstream.templates`. */
export interface UpstreamTemplate {
    /** Absolute http or https URL; `{hub}`, `{category}`, `{event}` and Key Vault references in braces. */
    urlTemplate: string;
    /** `*`, one name, or a comma-separated list; case counts. Defaults to any hub. */
    hubPattern?: string;
    /** `*`, `connections`, `messages`, or both with a comma. Defaults to any. */
    categoryPattern?: string;
    /** `*`, one name, or a comma-separated list; case counts. Defaults to any event. */
    eventPattern?: string;
    auth?: EventHandler["auth"];
}

export interface SignalRServiceOptions extends RealtimeServiceOptions {
    /** Value of the feature flag `ServiceMode`. Clients can connect with `Serverless` and `Classic`. Defaults to `Default`, as in Azure. */
    serviceMode?: string;
    upstream?: {
        /** Ordered: an event goes to the first one that matches. Defaults to none. */
        templates?: readonly UpstreamTemplate[];
    };
    cors?: {
        /** Origins of pages that may connect. Defaults to `*`, all of them. */
        allowedOrigins?: readonly string[];
    };
    serverless?: {
        /** A client that sends nothing for so many seconds counts as gone, 1 to 120. Defaults to 30. */
        connectionTimeoutInSeconds?: number;
    };
}

/** An emulated SignalR Service. Hubs exist when a client or a call names them. */
export interface SignalRService extends Omit<RealtimeService, "update" | "setHub" | "removeHub"> {
    /** Changes settings. Clients stay connected, and the port stays the same. */
    update(options: Partial<SignalRServiceOptions>): void;
}

/** A method call that is sent to clients. */
export interface Message {
    target: string;
    arguments: readonly unknown[];
    /** The arguments as their sender spelled them in JSON. Without it, they are written from their values. */
    json?: string;
    /** The message as its caller encoded it, by protocol. Clients of another protocol get nothing. Without it, all get it. */
    encoded?: ReadonlyMap<string, Buffer>;
}
