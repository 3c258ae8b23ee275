import type { RealtimeService, RealtimeServiceOptions } from "../core/service/types";
import type { EventHandler } from "../core/upstream/eventHandlers";

/** Where events go, in the words of the resource's `upstream.templates`. */
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
    /** Value of the feature flag `ServiceMode`. Clients are served with `Serverless` and `Classic`. Defaults to `Default`, as in Azure. */
    serviceMode?: string;
    upstream?: {
        /** In order: the first one that matches an event gets it. Defaults to none. */
        templates?: readonly UpstreamTemplate[];
    };
    cors?: {
        /** Origins of pages that may connect. Defaults to `*`, all of them. */
        allowedOrigins?: readonly string[];
    };
    serverless?: {
        /** Seconds without a word from a client after which it is gone, 1 to 120. Defaults to 30. */
        connectionTimeoutInSeconds?: number;
    };
}

/** An emulated SignalR Service. Hubs exist as soon as a client or a call names them. */
export interface SignalRService extends Omit<RealtimeService, "update" | "setHub" | "removeHub"> {
    /** Changes settings; clients stay connected. The port stays what it is. */
    update(options: Partial<SignalRServiceOptions>): void;
}
