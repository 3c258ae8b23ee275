import type { EventHandler } from "../upstream/eventHandlers";

/** A receiver of copies of events, in the words of the resource's `eventListeners`. */
export interface EventListener {
    filter?: { type?: string; systemEvents?: string[]; userEventPattern?: string };
    endpoint?: { type?: string; eventHubName?: string; fullyQualifiedNamespace?: string };
}

/** A hub's settings, in the words of the resource's `properties`. */
export interface HubProperties {
    /** `allow` or `deny` clients without a token. Defaults to `deny`. */
    anonymousConnectPolicy?: string;
    /** Seconds between pings, 1 to 120. Defaults to 20. */
    webSocketKeepAliveIntervalInSeconds?: number;
    /** Ordered: an event goes to the first one that matches. Defaults to none. */
    eventHandlers?: EventHandler[];
    /** Accepted but not served: there is no Event Hub here, so the log names a listener when it would get an event. Defaults to none. */
    eventListeners?: EventListener[];
}

export interface AccessKeys {
    primaryKey: string;
    secondaryKey: string;
}

export interface RealtimeServiceOptions {
    /** ARM id. Role assignments have it, or a scope above it, as their scope. */
    id: string;
    name: string;
    /** Defaults to a free port, which is also the fallback when the port is taken. */
    port?: number;
    /** Defaults to random keys. */
    accessKeys?: AccessKeys;
    /** Whether tokens signed with an access key are refused. Defaults to false. */
    disableLocalAuth?: boolean;
    /** Whether Entra tokens are refused. Defaults to false. */
    disableAadAuth?: boolean;
    /** The service's own identity: it reads Key Vault references and signs in at event handlers. Defaults to none. */
    principalId?: string;
    /** SKU name such as `Free_F1`, which limits connections. Defaults to no limit. */
    sku?: string;
    units?: number;
}

/** Result of the resource's `listKeys`. */
export interface ServiceKeys extends AccessKeys {
    primaryConnectionString: string;
    secondaryConnectionString: string;
}

/** One emulated service: clients and data plane on one port. */
export interface RealtimeService {
    id: string;
    name: string;
    /** `localhost:<port>` */
    hostName: string;
    /** `http://localhost:<port>` */
    endpoint: string;
    port: number;
    readonly keys: ServiceKeys;
    /** Changes settings. Clients stay connected, and the port stays the same. */
    update(options: Partial<RealtimeServiceOptions>): void;
    /** Creates a hub, or changes it while its clients stay connected. */
    setHub(name: string, properties: HubProperties): void;
    /** Removes a hub and closes its clients. */
    removeHub(name: string): void;
    /** Open client connections, over all hubs. */
    connections(): number;
    close(): Promise<void>;
}
