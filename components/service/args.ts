import type * as inputs from "@pulumi/azure-native/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceIdentity, ServiceNetworkAccess } from "./check";
import type { ServiceSku } from "./sku";

/** What every realtime service takes. */
export interface RealtimeServiceArgs {
    /** The resource group of the service. */
    resourceGroupName: pulumi.Input<string>;
    /** Name of the new service, unique in all of Azure. Defaults to the component's name with a short random part. */
    serviceName?: pulumi.Input<string>;
    /**
     * Name of a service that exists already, of the same kind and serverless. Nothing is made then, and no other property of a
     * new service may be given.
     */
    existingServiceName?: pulumi.Input<string>;
    /** Azure region. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Price tier. Defaults to Standard_S1. */
    sku?: pulumi.Input<ServiceSku>;
    /** Units of the tier: Free_F1 1; Standard_S1 and Premium_P1 1-10, 20, 30 … 100; Premium_P2 100, 200 … 1000. Defaults to the fewest. */
    units?: pulumi.Input<number>;
    /** The service's own identity, with which it reads the vault and calls handlers. Defaults to SystemAssigned. */
    identityType?: pulumi.Input<ServiceIdentity>;
    /** Azure Resource Manager id of the identity; needed for UserAssigned, and only then. */
    userAssignedIdentityId?: pulumi.Input<string>;
    /** Whether access keys are refused. Defaults to true; false also gives the `connectionString` output. */
    disableLocalAuth?: boolean;
    /** Whether the service can be reached from the internet. Defaults to Enabled. */
    publicNetworkAccess?: pulumi.Input<ServiceNetworkAccess>;
    /** Whether clients are asked for a certificate. Defaults to false; not available on Free_F1. */
    clientCertEnabled?: pulumi.Input<boolean>;
    /** Tags on the service. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** What a Web PubSub service takes, whichever its kind. */
export interface WebPubSubServiceOptionsArgs extends RealtimeServiceArgs {
    /** What is allowed from the internet and from private endpoints. Defaults to Azure's own: everything a token allows. */
    networkACLs?: pulumi.Input<inputs.webpubsub.WebPubSubNetworkACLsArgs>;
    /** What the live trace tool shows. Defaults to off. */
    liveTraceConfiguration?: pulumi.Input<inputs.webpubsub.LiveTraceConfigurationArgs>;
}
