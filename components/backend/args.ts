import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAppOptionsArgs } from "../functionApp/args";
import type { FunctionCodeOptionsArgs } from "../functionCode/args";
import type { HostKeySource, HostKeysOptionsArgs } from "../hostKeys/args";
import type { EventSelection, HubOptions } from "../hub/args";
import type { AdoptableServiceArgs, SignalROptionsArgs, UpstreamSelection } from "../service/args";

/** How a Function App signs in to the realtime service. */
export const ConnectionAuth = {
    /** With its managed identity and a role on the service. */
    Identity: "Identity",
    /** With an access key, which is kept in a vault. */
    AccessKey: "AccessKey",
} as const;
export type ConnectionAuth = (typeof ConnectionAuth)[keyof typeof ConnectionAuth];

/** Args that every backend takes, whichever realtime service it has. */
export interface BackendArgs extends FunctionCodeOptionsArgs, FunctionAppOptionsArgs, HostKeysOptionsArgs {
    // Service
    /** How the app signs in to the service. Defaults to Identity. */
    connectionAuth?: ConnectionAuth;
    /** App setting that holds the connection. Defaults to the one that the service's extension looks for. */
    connectionName?: string;

    // Function App
    /** Name of the HTTP function that gives clients their token; it ends `negotiateUrl`. Defaults to negotiate. */
    negotiateFunctionName?: string;

    // Keys
    /** Where the key of the extension's webhook comes from. Defaults to KeyVault. */
    keySource?: HostKeySource;

    // Existing resources
    /** Name of a resource group that exists already. Defaults to a new one. */
    resourceGroupName?: pulumi.Input<string>;
}

/** One place that a backend's events go to; the first that selects an event gets it, and nobody else. */
export interface BackendEventHandler extends EventSelection {
    /** Absolute http or https URL. Defaults to the backend's own Function App. */
    urlTemplate?: pulumi.Input<string>;
}

/** A hub of a backend. */
export interface BackendHub extends HubOptions {
    /** Name of the hub: letters, digits and underscores; letter case does not matter. */
    name: string;
    /**
     * Where events go, in order. Defaults to the backend's Function App, with every event that clients send and the system events that
     * the code has triggers for; to nowhere where the code has no trigger for the hub. Then clients connect unasked.
     */
    eventHandlers?: pulumi.Input<pulumi.Input<BackendEventHandler>[]>;
}

/** Args of a backend whose service is a Web PubSub of either kind. */
export interface HubBackendArgs extends BackendArgs, AdoptableServiceArgs {
    // Hubs
    /**
     * Hubs of the service. The app gets the first name as the setting WebPubSubHub (WebPubSubForSocketIOHub with Socket.IO), and each
     * of several as WebPubSubHub_<name>, for bindings such as `%WebPubSubHub%`. Defaults to one named `hub`.
     */
    hubs?: pulumi.Input<BackendHub>[];
}

/** Args of SocketIOBackend. */
export interface SocketIOBackendArgs extends HubBackendArgs {}

/** Args of WebPubSubBackend. */
export interface WebPubSubBackendArgs extends HubBackendArgs {}

/** One place that a SignalR backend's events go to; the first that selects an event gets it, and nobody else. */
export interface BackendUpstreamTemplate extends UpstreamSelection {
    /** Absolute http or https URL. Defaults to the backend's own Function App. */
    urlTemplate?: pulumi.Input<string>;
}

/** Args of SignalRBackend. */
export interface SignalRBackendArgs extends BackendArgs, SignalROptionsArgs {
    // Events
    /**
     * Hubs of the code: letters, digits and underscores. The app gets the first name as the setting AzureSignalRHub, and each of
     * several as AzureSignalRHub_<name>, for bindings such as `%AzureSignalRHub%`. The service itself has no list of hubs. Defaults to
     * one named `hub`.
     */
    hubNames?: string[];
    /** Where events go, in order. Defaults to the backend's Function App, with every event of every hub. */
    upstreamTemplates?: pulumi.Input<pulumi.Input<BackendUpstreamTemplate>[]>;
}
