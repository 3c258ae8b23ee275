import type { EventHandler } from "../upstream/eventHandlers";

/** Where events are copied to, in the words of the resource's `eventListeners`. */
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
    /** In order: the first one that matches an event gets it. Defaults to none. */
    eventHandlers?: EventHandler[];
    /** Taken, and named in the log when an event is for one: there is no Event Hub here. Defaults to none. */
    eventListeners?: EventListener[];
}

export interface AccessKeys {
    primaryKey: string;
    secondaryKey: string;
}

export interface RealtimeServiceOptions {
    /** ARM id; role assignments name it or something above it. */
    id: string;
    name: string;
    /** Defaults to a free port; one that is taken is answered with a free one. */
    port?: number;
    /** Defaults to fresh ones. */
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

/** The answer of the resource's `listKeys`. */
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
    /** Changes settings; clients stay connected. The port stays what it is. */
    update(options: Partial<RealtimeServiceOptions>): void;
    /** Creates a hub, or changes it while its clients stay connected. */
    setHub(name: string, properties: HubProperties): void;
    /** Removes a hub and closes its clients. */
    removeHub(name: string): void;
    /** Open client connections, over all hubs. */
    connections(): number;
    close(): Promise<void>;
}
