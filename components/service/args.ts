import type * as pulumi from "@pulumi/pulumi";
import type { EventHandlerAuth } from "../shared/eventTargets";
import type { Naming } from "../shared/namingArgs";
import type { PrivateEndpointPlace } from "../shared/privateEndpoint";
import type { CustomDomain } from "./customDomainArgs";

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

/** How a Premium service follows its load. */
export interface Autoscale {
    /** The fewest units: one of the tier's. Defaults to the fewest that the tier has. */
    minimumCapacity?: pulumi.Input<number>;
    /** The most units: one of the tier's, and more than the fewest. */
    maximumCapacity: pulumi.Input<number>;
    /** Percent of the connections or of the load above which the service gets the next number of units, 1-100. Defaults to 70. */
    scaleOutAbove?: pulumi.Input<number>;
    /** Percent below which both must be before the service gives units back, 0-99. Defaults to 20. */
    scaleInBelow?: pulumi.Input<number>;
}

/** A replica of a Premium service in another region. */
export interface Replica {
    /** Short name, which ends the replica's name on Azure: 1-20 lower case letters, digits and hyphens. */
    name: string;
    /** Azure region of the replica. */
    location: pulumi.Input<string>;
    /** Units of the replica: one of the tier's. With `autoscale` what it starts with. Defaults to those of the service. */
    capacity?: pulumi.Input<number>;
    /**
     * Whether the replica takes clients. False drains the replica before it is removed, or keeps it closed until its shared private
     * links are approved: such a link is approved for the service and again for each replica, and until then the replica's events fail.
     * Defaults to true; needed in a backend whose `privateNetwork` makes such links.
     */
    regionEndpointEnabled?: pulumi.Input<boolean>;
}

/** One category of the logs that a SignalR Service makes. */
export interface ResourceLogCategory {
    /** ConnectivityLogs, MessagingLogs or HttpRequestLogs. */
    name?: pulumi.Input<string>;
    /** The text "true" or "false". */
    enabled?: pulumi.Input<string>;
}

/** Which logs a SignalR Service makes; a diagnostic setting sends them on. */
export interface ResourceLogConfiguration {
    /** Categories that are made. */
    categories?: pulumi.Input<pulumi.Input<ResourceLogCategory>[]>;
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
    /**
     * Whether Pulumi refuses to delete the service that is created here. Before a destroy, set it to false and update. Defaults to false.
     */
    protectData?: boolean;
    /** What the live trace tool shows. Defaults to off. */
    liveTraceConfiguration?: pulumi.Input<LiveTraceConfiguration>;
    /** Azure Resource Manager id of the service's user-assigned identity. Refused for SystemAssigned. Defaults to a new identity. */
    serviceUserAssignedIdentityId?: pulumi.Input<string>;

    // Network
    /** Names of your own for the service, on Premium tiers. Clients and `negotiate` go on using the service's own name too. Defaults to none. */
    customDomains?: pulumi.Input<CustomDomain>[];
    /** Whether the service can be reached from the internet. Defaults to Enabled. */
    publicNetworkAccess?: pulumi.Input<ServiceNetworkAccess>;
    /** What the service allows from the internet and from private endpoints. Defaults to Azure's own: everything that a token allows. */
    networkACLs?: pulumi.Input<NetworkACLs>;

    // Scale
    /**
     * Lets a Premium service follow its load. Then `capacity` is what the service starts with, and later updates keep what it has.
     * Defaults to a fixed number of units. Refused on other tiers.
     */
    autoscale?: pulumi.Input<Autoscale>;
    /**
     * Copies of a Premium service in other regions, 8 at most: clients reach the nearest one under the same host name. Each has units of
     * its own, and `autoscale` where that is given. Defaults to none. Refused on other tiers.
     */
    replicas?: pulumi.Input<Replica>[];
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
    /** How new resources are called. Defaults to the component's name with a random part. */
    naming?: pulumi.Input<Naming>;
    /** Azure region. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Whether access keys are refused. Defaults to true; false also gives the `connectionString` output. */
    disableLocalAuth?: boolean;
    /** Seconds that a new role on the vault of a custom domain's certificate gets to take effect. Defaults to 120. */
    roleDelaySeconds?: pulumi.Input<number>;
    /** Tags on the service. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
    /**
     * Where the private endpoint of a new service goes; the tier must be Standard_S1 or higher. What stays open to the internet is up to
     * `publicNetworkAccess` and `networkACLs`. Defaults to none.
     */
    privateEndpoint?: pulumi.Input<PrivateEndpointPlace>;
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
    /**
     * Which logs the service makes; it wins over the flags EnableConnectivityLogs and EnableMessagingLogs. Defaults to Azure's own; in a
     * backend with `diagnostics` to connections and HTTP requests, and to messages with `messagingLogs`.
     */
    resourceLogConfiguration?: pulumi.Input<ResourceLogConfiguration>;
}

/** Args of SignalRService. */
export interface SignalRServiceArgs extends SignalROptionsArgs, AdoptableServiceArgs, ServicePlaceArgs {
    // Events
    /** Where events go, in order. Defaults to nowhere: clients connect unasked, and the methods they call fail. */
    upstreamTemplates?: pulumi.Input<pulumi.Input<UpstreamTemplate>[]>;
}
