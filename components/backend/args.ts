import type * as inputs from "@pulumi/azure-native/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAppOptionsArgs } from "../functionApp/functionApp";
import type { HostKeySource } from "../hostKeys/check";
import type { EventListenerArgs, EventSelectionArgs } from "../hub/webPubSubHub";
import type { AnonymousConnectPolicy } from "../rules/hub";
import type { ServiceIdentity, ServiceNetworkAccess } from "../service/check";
import type { ServiceSku } from "../service/sku";
import type { ConnectionAuth } from "./check";

/** What every composed backend takes, whichever realtime service it has. */
export interface BackendArgs extends FunctionAppOptionsArgs {
    /** Folder that holds the function app's host.json, as it is to run. A relative path is seen from the working directory. */
    codePath: string;
    /** Name of a resource group that exists already. Defaults to a new one. */
    resourceGroupName?: pulumi.Input<string>;
    /** Name of the new service, unique in all of Azure. Defaults to the component's name with a short random part. */
    serviceName?: pulumi.Input<string>;
    /** Price tier of the service. Defaults to Standard_S1. */
    sku?: pulumi.Input<ServiceSku>;
    /** Units of the tier: Free_F1 1; Standard_S1 and Premium_P1 1-10, 20, 30 … 100; Premium_P2 100, 200 … 1000. Defaults to the fewest. */
    units?: pulumi.Input<number>;
    /** Whether the service can be reached from the internet. Defaults to Enabled. */
    publicNetworkAccess?: pulumi.Input<ServiceNetworkAccess>;
    /** Whether clients are asked for a certificate. Defaults to false; not available on Free_F1. */
    clientCertEnabled?: pulumi.Input<boolean>;
    /** How the app reaches the service: Identity, or AccessKey kept in a vault. Defaults to Identity. */
    connectionAuth?: ConnectionAuth;
    /** The app setting that holds the connection. Defaults to the one that the extension looks for. */
    connectionName?: string;
    /** Where the key of the extension's webhook comes from. Defaults to KeyVault. */
    keySource?: HostKeySource;
    /** Any text; another text makes another key, in the same update as the address that holds it. Not for Discovered. */
    keyRotation?: pulumi.Input<string>;
    /** Name of the new vault, unique in all of Azure. Defaults to the component's name with a short random part. */
    vaultName?: pulumi.Input<string>;
    /** A vault with role-based access that exists already and serves no other Function App, instead of a new one. */
    existingVaultName?: pulumi.Input<string>;
    /** The resource group of that vault. Defaults to the backend's. */
    existingVaultResourceGroupName?: pulumi.Input<string>;
    /** Name of the new account that holds the code's packages, unique in all of Azure. Defaults to the component's name with a short random part. */
    packageAccountName?: pulumi.Input<string>;
}

/** One place that a backend's events go to; the first that selects an event gets it. */
export interface BackendEventHandlerArgs extends EventSelectionArgs {
    /** Absolute http or https URL. Defaults to the backend's own Function App. */
    urlTemplate?: pulumi.Input<string>;
}

/** A hub of a backend. */
export interface BackendHubArgs {
    /** Name of the hub: letters, digits and underscores; letter case does not matter. */
    name: string;
    /** Where events go, in order. Defaults to the backend's Function App, with every event. */
    eventHandlers?: pulumi.Input<pulumi.Input<BackendEventHandlerArgs>[]>;
    /** Event hubs that events are copied to; the service's identity gets the role to send. Defaults to none. */
    eventListeners?: EventListenerArgs[];
    /** Whether clients may connect without a token. Defaults to deny. */
    anonymousConnectPolicy?: pulumi.Input<AnonymousConnectPolicy>;
    /** Seconds between keep-alive messages, 1-120. Defaults to 20. */
    webSocketKeepAliveIntervalInSeconds?: pulumi.Input<number>;
}

/** What a backend takes whose service is a Web PubSub of either kind, with its hubs. */
export interface HubBackendArgs extends BackendArgs {
    /** Name of a service that exists already, instead of a new one. */
    existingServiceName?: pulumi.Input<string>;
    /** The resource group of that service. Defaults to the backend's. */
    existingServiceResourceGroupName?: pulumi.Input<string>;
    /** The service's own identity. Defaults to SystemAssigned. */
    serviceIdentityType?: pulumi.Input<ServiceIdentity>;
    /** Azure Resource Manager id of the service's identity; needed for UserAssigned, and only then. */
    serviceUserAssignedIdentityId?: pulumi.Input<string>;
    /** What the service allows from the internet and from private endpoints. Defaults to everything a token allows. */
    networkACLs?: pulumi.Input<inputs.webpubsub.WebPubSubNetworkACLsArgs>;
    /** What the live trace tool shows. Defaults to off. */
    liveTraceConfiguration?: pulumi.Input<inputs.webpubsub.LiveTraceConfigurationArgs>;
    /** Hubs of the service. Defaults to one named `hub`. */
    hubs?: BackendHubArgs[];
}
