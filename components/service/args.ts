import type * as pulumi from "@pulumi/pulumi";
import type { EventHandlerAuth } from "../shared/eventTargets";

/** Pricing tiers of a realtime service. */
export const ServiceSku = {
    /** 20 connections at once, one unit; to try things out. */
    FreeF1: "Free_F1",
    /** 1,000 connections for each unit. */
    StandardS1: "Standard_S1",
    /** 1,000 connections for each unit, with zones, replicas, autoscale and custom domains. */
    PremiumP1: "Premium_P1",
    /** As Premium_P1, from 100 units on. */
    PremiumP2: "Premium_P2",
} as const;
export type ServiceSku = (typeof ServiceSku)[keyof typeof ServiceSku];

/** Whose identity a realtime service uses; it uses exactly one. */
export const ServiceIdentity = {
    /** One that Azure creates with the service and deletes with it. */
    SystemAssigned: "SystemAssigned",
    /** A managed identity that exists on its own. */
    UserAssigned: "UserAssigned",
} as const;
export type ServiceIdentity = (typeof ServiceIdentity)[keyof typeof ServiceIdentity];

/** Whether a realtime service can be reached from the internet. */
export const ServiceNetworkAccess = {
    /** From the internet, within what networkACLs allow. */
    Enabled: "Enabled",
    /** Through private endpoints only. */
    Disabled: "Disabled",
} as const;
export type ServiceNetworkAccess = (typeof ServiceNetworkAccess)[keyof typeof ServiceNetworkAccess];

/** What one network may and may not ask of a service. */
export interface NetworkACL {
    /** Kinds of request that are allowed: ClientConnection, ServerConnection, RESTAPI, Trace. */
    allow?: pulumi.Input<pulumi.Input<string>[]>;
    /** Kinds of request that are refused: ClientConnection, ServerConnection, RESTAPI, Trace. */
    deny?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What comes through one private endpoint and what does not. */
export interface PrivateEndpointACL {
    /** Name of the private endpoint connection. */
    name: pulumi.Input<string>;
    /** Kinds of request that are allowed: ClientConnection, ServerConnection, RESTAPI, Trace. */
    allow?: pulumi.Input<pulumi.Input<string>[]>;
    /** Kinds of request that are refused: ClientConnection, ServerConnection, RESTAPI, Trace. */
    deny?: pulumi.Input<pulumi.Input<string>[]>;
}

/** One rule for callers from the internet. */
export interface IPRule {
    /** Allow or Deny. */
    action?: pulumi.Input<string>;
    /** An IP address, a CIDR range or a service tag. */
    value?: pulumi.Input<string>;
}

/** Which requests a service takes from which network. */
export interface NetworkACLs {
    /** Allow or Deny, for whatever no rule names. Defaults to Azure's own: Deny. */
    defaultAction?: pulumi.Input<string>;
    /** Rules for addresses on the internet. */
    ipRules?: pulumi.Input<pulumi.Input<IPRule>[]>;
    /** Rules for each private endpoint. */
    privateEndpoints?: pulumi.Input<pulumi.Input<PrivateEndpointACL>[]>;
    /** Rules for the internet. */
    publicNetwork?: pulumi.Input<NetworkACL>;
}

/** One category of the live trace. */
export interface LiveTraceCategory {
    /** ConnectivityLogs, MessagingLogs or HttpRequestLogs. */
    name?: pulumi.Input<string>;
    /** The text "true" or "false". */
    enabled?: pulumi.Input<string>;
}

/** What the live trace tool of the Azure portal shows. Traces are billed as messages. */
export interface LiveTraceConfiguration {
    /** The text "true" or "false". */
    enabled?: pulumi.Input<string>;
    /** Categories to show. */
    categories?: pulumi.Input<pulumi.Input<LiveTraceCategory>[]>;
}

/** Options of every realtime service; backends take the same. */
export interface ServiceOptionsArgs {
    // Service
    /** Name of the new service, unique in all of Azure. Defaults to the component's name with a short random part. */
    serviceName?: pulumi.Input<string>;
    /** Pricing tier of the service. Defaults to Standard_S1. */
    sku?: pulumi.Input<ServiceSku>;
    /** Units of the tier: Free_F1 1; Standard_S1 and Premium_P1 1-10, 20, 30 … 100; Premium_P2 100, 200 … 1000. Defaults to the fewest. */
    capacity?: pulumi.Input<number>;
    /** Whether the service asks clients for a certificate. Defaults to false; not available on Free_F1. */
    clientCertEnabled?: pulumi.Input<boolean>;
    /** What the live trace tool shows. Defaults to off. */
    liveTraceConfiguration?: pulumi.Input<LiveTraceConfiguration>;
    /** Azure Resource Manager id of the service's user-assigned identity. Refused for SystemAssigned. Defaults to a new identity. */
    serviceUserAssignedIdentityId?: pulumi.Input<string>;

    // Network
    /** Whether the service can be reached from the internet. Defaults to Enabled. */
    publicNetworkAccess?: pulumi.Input<ServiceNetworkAccess>;
    /** What the service allows from the internet and from private endpoints. Defaults to Azure's own: everything that a token allows. */
    networkACLs?: pulumi.Input<NetworkACLs>;
}

/** Options of a service that uses one identity of either kind, and may exist already. */
export interface AdoptableServiceArgs extends ServiceOptionsArgs {
    // Service
    /** Whose identity the service uses to read the vault and to call handlers. Defaults to UserAssigned. */
    serviceIdentityType?: ServiceIdentity;

    // Existing resources
    /**
     * Azure Resource Manager id of a service that exists already, of the same kind and serverless. Then no service is created, and
     * no other option of a new service may be given.
     */
    serviceId?: pulumi.Input<string>;
}

/** Where a service goes, and whether it takes access keys. */
export interface ServicePlaceArgs {
    /** Resource group of a new service. A service that exists already keeps its own. */
    resourceGroupName: pulumi.Input<string>;
    /** Azure region. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Whether access keys are refused. Defaults to true; false also gives the `connectionString` output. */
    disableLocalAuth?: boolean;
    /** Tags on the service. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** Args of SocketIOService. */
export interface SocketIOServiceArgs extends AdoptableServiceArgs, ServicePlaceArgs {}

/** Args of WebPubSubService. */
export interface WebPubSubServiceArgs extends AdoptableServiceArgs, ServicePlaceArgs {}

/** Selects the events that go to an upstream of a SignalR Service. */
export interface UpstreamSelection {
    /** Hubs: `*` for all, or names separated by commas; letter case counts. Defaults to `*`. */
    hubPattern?: pulumi.Input<string>;
    /** `connections`, `messages`, or `*` for both. Defaults to `*`. */
    categoryPattern?: pulumi.Input<string>;
    /** Events, and methods that clients call: `*` for all, or names separated by commas; letter case counts. Defaults to `*`. */
    eventPattern?: pulumi.Input<string>;
    /** How the service proves itself. Defaults to None: the key in the URL is the proof. */
    auth?: pulumi.Input<EventHandlerAuth>;
}

/** One place that a SignalR Service sends events to; the first that selects an event gets it. */
export interface UpstreamTemplate extends UpstreamSelection {
    /** Absolute http or https URL; `{hub}`, `{category}` and `{event}` may stand in its path and query. */
    urlTemplate: pulumi.Input<string>;
}

/** A feature flag of a SignalR Service. */
export interface SignalRFeature {
    /** EnableConnectivityLogs, EnableMessagingLogs or EnableLiveTrace. */
    flag: pulumi.Input<string>;
    /** The text "true" or "false". */
    value: pulumi.Input<string>;
    /** Properties of the feature. Defaults to none. */
    properties?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** Options that only a SignalR Service has; its backend takes the same. */
export interface SignalROptionsArgs extends ServiceOptionsArgs {
    // Service
    /** Origins of the pages that may connect, such as `https://chat.example.com`. Defaults to `*`, every origin. */
    allowedOrigins?: pulumi.Input<pulumi.Input<string>[]>;
    /** Seconds of silence from a client after which the service closes its connection, 1-120. Defaults to Azure's own: 30. */
    connectionTimeoutInSeconds?: pulumi.Input<number>;
    /** Feature flags besides ServiceMode, which is always Serverless. Defaults to none. */
    features?: pulumi.Input<pulumi.Input<SignalRFeature>[]>;
}

/** Args of SignalRService. */
export interface SignalRServiceArgs extends SignalROptionsArgs, AdoptableServiceArgs, ServicePlaceArgs {
    // Events
    /** Where events go, in order. Defaults to nowhere: clients connect unasked, and the methods they call fail. */
    upstreamTemplates?: pulumi.Input<pulumi.Input<UpstreamTemplate>[]>;
}
