import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAppOptionsArgs } from "../functionApp/args";
import type { StagingSlotOptions } from "../functionApp/stagingSlotArgs";
import type { FunctionCodeOptionsArgs } from "../functionCode/args";
import type { HostKeySource, HostKeysOptionsArgs } from "../hostKeys/args";
import type { EventSelection, HubOptions } from "../hub/args";
import type { AlertsOptions, DiagnosticsOptions, WorkbookOptions } from "../monitoring/args";
import type { BackendNetwork } from "../network/args";
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
    /**
     * A deployment slot with hubs and a key of its own, which gets new code in place of the app until somebody swaps the two; `{}`
     * takes every default. ElasticPremium, and Dedicated from S1 on. Not with other key sources than KeyVault, or with
     * `privateNetwork` whose `app` is Private. Defaults to none.
     */
    stagingSlot?: StagingSlotOptions;

    // Keys
    /** Where the key of the extension's webhook comes from. Defaults to KeyVault. */
    keySource?: HostKeySource;

    // Protection
    /**
     * Whether Pulumi refuses to delete what holds data: the service, the vault, and the storage accounts, as far as they are created
     * here. Before a destroy, set it to false and update. Defaults to false.
     */
    protectData?: boolean;
    /**
     * Whether Azure refuses to delete the same resources, and all that lies in them: hubs, containers, roles on them. The locks are
     * resources of the stack, so a destroy removes them first. An update that deletes such a part, as a hub or another domain, fails
     * until an update with false has removed the locks. Setting a lock takes the role Owner or User Access Administrator. Defaults
     * to false.
     */
    lockData?: boolean;

    // Existing resources
    /** Name of a resource group that exists already. Defaults to a new one. */
    resourceGroupName?: pulumi.Input<string>;

    // Monitoring
    /**
     * Sends logs and metrics of the service, its replicas, the app, the vault and the storage to a Log Analytics workspace; `{}` takes
     * the app's. What is given by id is left to its owner. Defaults to none.
     */
    diagnostics?: pulumi.Input<DiagnosticsOptions>;
    /**
     * Raises alerts on a full service, its load, clients that it turns away, failed events and failed requests; `{}` shows them in the
     * portal only. For a new Web PubSub or Socket.IO service, its logs go to the workspace even without `diagnostics`. Defaults to none.
     */
    alerts?: pulumi.Input<AlertsOptions>;
    /** Creates a workbook, the backend's dashboard in the portal; `{}` calls it as the backend. Defaults to none. */
    workbook?: pulumi.Input<WorkbookOptions>;
    // Network
    /**
     * A private network between the parts of the backend: the app joins it, and reaches its storage, its vault and the service through
     * private endpoints; storage and vault are closed to the internet, and the service reads its key from the vault through a shared
     * private link. `{}` takes every default. Not on Consumption or Free_F1, with other key sources than KeyVault, or with a service,
     * vault or storage account that exists already. Defaults to none.
     */
    privateNetwork?: BackendNetwork;
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
