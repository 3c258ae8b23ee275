import type * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../shared/namingArgs";
import type { PrivateEndpointPlace, PublicNetworkAccess } from "../shared/privateEndpoint";
import type { RealtimeExtension } from "../shared/serviceKinds";
import type { CheckedEventAuth, EventAuth, EventCaller } from "./easyAuthArgs";
import type { StagingSlot } from "./stagingSlotArgs";

/** Where a Function App runs. */
export const HostingPlan = {
    /**
     * Linux. Starts from nothing, scales by use and is billed by use. It does not start the Socket.IO trigger: the host answers its
     * events with 404 (https://github.com/Azure/azure-webpubsub/issues/877).
     */
    FlexConsumption: "FlexConsumption",
    /**
     * Windows, billed by use: to try things out and for small loads. The first connection after a pause takes seconds, there is no
     * network integration, and Azure calls the plan legacy.
     */
    Consumption: "Consumption",
    /** Linux. Instances that are always there, and more under load: for production. */
    ElasticPremium: "ElasticPremium",
    /** Linux. Instances at a fixed price that are always on, so there is no cold start. They do not scale by use. */
    Dedicated: "Dedicated",
} as const;
export type HostingPlan = (typeof HostingPlan)[keyof typeof HostingPlan];

/** Instance sizes of the plans ElasticPremium and Dedicated. */
export const PlanSku = {
    /** ElasticPremium: 1 core, 3.5 GB. */
    EP1: "EP1",
    /** ElasticPremium: 2 cores, 7 GB. */
    EP2: "EP2",
    /** ElasticPremium: 4 cores, 14 GB. */
    EP3: "EP3",
    /** Dedicated, Basic: 1 core, 1.75 GB. */
    B1: "B1",
    /** Dedicated, Basic: 2 cores, 3.5 GB. */
    B2: "B2",
    /** Dedicated, Basic: 4 cores, 7 GB. */
    B3: "B3",
    /** Dedicated, Standard: 1 core, 1.75 GB. */
    S1: "S1",
    /** Dedicated, Standard: 2 cores, 3.5 GB. */
    S2: "S2",
    /** Dedicated, Standard: 4 cores, 7 GB. */
    S3: "S3",
    /** Dedicated, Premium v3: 1 core, 4 GB. */
    P0v3: "P0v3",
    /** Dedicated, Premium v3: 2 cores, 8 GB. */
    P1v3: "P1v3",
    /** Dedicated, Premium v3: 4 cores, 16 GB. */
    P2v3: "P2v3",
    /** Dedicated, Premium v3: 8 cores, 32 GB. */
    P3v3: "P3v3",
} as const;
export type PlanSku = (typeof PlanSku)[keyof typeof PlanSku];

/** How code reaches an app on a Dedicated plan. */
export const PackageDelivery = {
    /** One Deploy extracts the package on the app's own disk: App Service's usual way. */
    Extracted: "Extracted",
    /** One Deploy stores the package, and the app mounts it read-only (`WEBSITE_RUN_FROM_PACKAGE=1`). */
    Mounted: "Mounted",
    /** The app reads the package from its URL with its identity, as on Consumption and ElasticPremium. */
    Url: "Url",
} as const;
export type PackageDelivery = (typeof PackageDelivery)[keyof typeof PackageDelivery];

/** How a Flex Consumption app takes up new settings and new code. */
export const SiteUpdateStrategy = {
    /** Every instance is stopped and replaced; calls that are running are cut. */
    Recreate: "Recreate",
    /** Instances are replaced in batches, and running calls end first. A preview feature of Azure. */
    RollingUpdate: "RollingUpdate",
} as const;
export type SiteUpdateStrategy = (typeof SiteUpdateStrategy)[keyof typeof SiteUpdateStrategy];

/** Languages of a Function App. */
export const FunctionRuntime = {
    /** JavaScript and TypeScript. */
    Node: "node",
    /** Python. */
    Python: "python",
    /** .NET in a process of its own. */
    DotnetIsolated: "dotnet-isolated",
    /** Java. */
    Java: "java",
    /** PowerShell. */
    PowerShell: "powershell",
} as const;
export type FunctionRuntime = (typeof FunctionRuntime)[keyof typeof FunctionRuntime];

/** Whose identity a Function App has. */
export const FunctionIdentity = {
    /** One that Azure creates with the app and deletes with it. */
    SystemAssigned: "SystemAssigned",
    /** A managed identity that exists on its own, so that it has its roles before the app starts. */
    UserAssigned: "UserAssigned",
} as const;
export type FunctionIdentity = (typeof FunctionIdentity)[keyof typeof FunctionIdentity];

/** Pages of other origins that may call a Function App, as in `siteConfig.cors` of Azure. */
export interface Cors {
    /**
     * Origins of the pages: scheme, host and port as the browser's address bar shows them, without a path or a slash at the end, such
     * as `https://chat.example.com` or `http://localhost:5173`. `*` alone allows every origin.
     */
    allowedOrigins: pulumi.Input<pulumi.Input<string>[]>;
    /** Whether calls may carry cookies and other credentials; not together with `*`. Defaults to false. */
    supportCredentials?: pulumi.Input<boolean>;
}

/** Instances of a Flex Consumption app that wait for work. */
export interface AlwaysReady {
    /** Which functions: http, blob, durable or function:<name>. */
    name: pulumi.Input<string>;
    /** How many instances, 1-1000. */
    instanceCount: pulumi.Input<number>;
}

/** One role that the app's identity gets. */
export interface AppRole {
    /** Tells the role's resource from others of this app: lower case letters, digits and hyphens. */
    name: string;
    /** GUID of a built-in role, one of `Roles` or any other. */
    role: pulumi.Input<string>;
    /** Azure Resource Manager id of the one resource that the role is for. It must not depend on this app. */
    scope: pulumi.Input<string>;
}

/** The vault that holds the keys of a Function App's host. */
export interface KeyStore {
    /** Azure Resource Manager id of the vault: HostKeys' `vaultId`. */
    vaultId: pulumi.Input<string>;
    /** URL of the vault, known once every key is in it: HostKeys' `vaultUri`. */
    vaultUri: pulumi.Input<string>;
}

/** A realtime service that the app's code talks to. */
export interface ServiceConnection {
    /** Kind of the service: socketio, webpubsub or signalr. */
    service: RealtimeExtension;
    /** Azure Resource Manager id of the service. */
    serviceId: pulumi.Input<string>;
    /** URL of the service. */
    endpoint: pulumi.Input<string>;
    /** App setting that holds the connection. Defaults to the one that the service's extension looks for. */
    connectionName?: string;
    /**
     * Hubs of the service that the code uses. The app gets the first name as the setting WebPubSubHub, WebPubSubForSocketIOHub or
     * AzureSignalRHub, and each of several names as that setting with the name behind it, as WebPubSubHub_games, so that bindings can
     * say `%WebPubSubHub%`. Defaults to none.
     */
    hubNames?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Versioned URL of the vault secret that holds the connection string, for an app that signs in with an access key. Defaults
     * to none: the app signs in with its identity.
     */
    secretUri?: pulumi.Input<string>;
    /** Azure Resource Manager id of the vault of `secretUri`. Required with it, refused otherwise. */
    vaultId?: pulumi.Input<string>;
}

/** Options of the app itself; backends take the same. */
export interface FunctionAppOptionsArgs {
    // Function App
    /** Name of the app, unique in all of Azure. Defaults to the component's name with a short random part. */
    functionAppName?: pulumi.Input<string>;
    /**
     * Where the app runs. Defaults to FlexConsumption; in SocketIOBackend to Consumption, or to Dedicated for Python. Another plan
     * replaces the app.
     */
    plan?: HostingPlan;
    /** Instance size of a new ElasticPremium or Dedicated plan. Defaults to EP1 and B1. */
    planSku?: pulumi.Input<PlanSku>;
    /**
     * Whether a new plan is spread over zones; then the app's storage is too. FlexConsumption keeps and bills two instances that are
     * always ready for each group of functions; ElasticPremium and Dedicated, from P0v3 on, run two instances. Not on Consumption.
     * Fixed at creation: Azure refuses to convert the storage accounts in an update. Defaults to false.
     */
    zoneRedundant?: boolean;
    /** How code reaches the app; Dedicated only. Fixed at creation: another value replaces the app. Defaults to Extracted. */
    packageDelivery?: PackageDelivery;
    /** Language of the code. Defaults to node. */
    runtime?: FunctionRuntime;
    /** Version of the language. Defaults to node 22, python 3.13, dotnet-isolated 10.0, java 21, powershell 7.6. Unknown and ended versions raise a warning. */
    runtimeVersion?: pulumi.Input<string>;
    /** Memory of an instance in MB: 512, 2048 or 4096; FlexConsumption only. Defaults to 2048. */
    instanceMemoryMB?: pulumi.Input<number>;
    /** The most instances: 1-1000 on FlexConsumption, 1-200 on Consumption, 1-100 on ElasticPremium. Defaults to 100, 200 and 20. Not on Dedicated. */
    maximumInstanceCount?: pulumi.Input<number>;
    /** Instances that wait for work; FlexConsumption only. They go to the app's `scaleAndConcurrency`. Defaults to none. */
    alwaysReady?: pulumi.Input<pulumi.Input<AlwaysReady>[]>;
    /** How the app takes up new settings and new code; FlexConsumption only. Defaults to Azure's own: Recreate. */
    siteUpdateStrategy?: pulumi.Input<SiteUpdateStrategy>;
    /** Whose identity the app has. Defaults to UserAssigned, so that it has its roles before the app starts. */
    identityType?: FunctionIdentity;
    /**
     * Whether the component assigns roles. With false somebody else assigns them, best before the first update and to identities that
     * are given with `userAssignedIdentityId` and `serviceUserAssignedIdentityId`: a new identity has none, and nothing works until
     * then. A warning names principal, roles and resources. The app's identity needs Storage Blob Data Owner, Storage Queue Data
     * Contributor and Storage Table Data Contributor on the host's storage, Monitoring Metrics Publisher on Application Insights,
     * Key Vault Secrets Officer on the vault of the keys, Storage Blob Data Reader on the account of a package that it runs from, and the
     * owner role of the service (Web PubSub Service Owner, SignalR Service Owner) or, with an access key, Key Vault Secrets User on
     * the vault of the key. The service's identity needs Key Vault Secrets User on the vault of the keys, and Azure Event Hubs Data
     * Sender on each event hub of a listener. Defaults to true.
     */
    assignRoles?: boolean;
    /**
     * Seconds between the last role of the app's identity and the app's start, because Azure takes a while to put a role in force:
     * usually under two minutes, ten at most. Only a first update waits. Defaults to 120.
     */
    roleDelaySeconds?: pulumi.Input<number>;
    /**
     * Pages of other origins that may call the app. The platform answers their preflights before a function runs, and replaces CORS
     * headers that functions give. Defaults to none: only pages that the app itself serves.
     */
    cors?: pulumi.Input<Cors>;
    /**
     * Which calls of the app need a Microsoft Entra token, checked by Azure before the app's code runs. It works beside the key in the
     * events' URL. Defaults to none.
     */
    eventAuth?: pulumi.Input<EventAuth>;
    /** The app's own settings. A setting that the component needs for itself is refused. */
    appSettings?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
    /**
     * Whether Pulumi refuses to delete the account that is created here for the host's state. Before a destroy, set it to false and update. Defaults to false.
     */
    protectData?: boolean;
    /** Name of the new account that holds the host's state, unique in all of Azure. Defaults to the component's name with a short random part. */
    storageAccountName?: pulumi.Input<string>;

    // Existing resources
    /** Azure Resource Manager id of the app's identity, with UserAssigned. Defaults to a new identity. */
    userAssignedIdentityId?: pulumi.Input<string>;
    /** Azure Resource Manager id of a plan of the kind that `plan` says. Defaults to a new plan. */
    planId?: pulumi.Input<string>;
    /** Azure Resource Manager id of the account that holds the host's state. Defaults to a new account. */
    storageAccountId?: pulumi.Input<string>;
    /** Azure Resource Manager id of the Log Analytics workspace behind Application Insights. Defaults to a new workspace. */
    workspaceId?: pulumi.Input<string>;

    // All resources
    /** How new resources are called. Defaults to the component's name with a random part. */
    naming?: pulumi.Input<Naming>;
    /** Azure region. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on every resource that takes them. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** Args of FunctionApp. */
export interface FunctionAppArgs extends FunctionAppOptionsArgs {
    /** Resource group of the app. */
    resourceGroupName: pulumi.Input<string>;
    /** Realtime services that the code talks to; the app gets the settings and the roles for them. Defaults to none. */
    connections?: pulumi.Input<ServiceConnection>[];
    /** The vault that holds the host's keys; the app gets the settings and the role for it. Defaults to the host storage. */
    keyStore?: pulumi.Input<KeyStore>;
    /** Identities of the services that may send events. Required with eventAuth, refused without. */
    eventCallers?: pulumi.Input<EventCaller>[];
    /** Other roles of the app's identity, besides those on its storage, its monitoring and what is named above. Defaults to none. */
    roles?: pulumi.Input<AppRole>[];
    /** URL of the package that the app runs from: FunctionCode's `packageUri`. Required on Consumption, ElasticPremium and Dedicated with Url, refused elsewhere. */
    packageUri?: pulumi.Input<string>;
    /** Azure Resource Manager id of the account that holds the package: FunctionCode's `packageAccountId`. The app gets the role to read it. */
    packageAccountId?: pulumi.Input<string>;
    /**
     * Azure Resource Manager id of the subnet that the app sends from: PrivateNetwork's `appSubnetId`, or any with the plan's delegation.
     * The app waits for it. Not on Consumption. Defaults to none: the app sends over the internet.
     */
    virtualNetworkSubnetId?: pulumi.Input<string>;
    /**
     * Where the private endpoints of the new account for the host's state go, for blobs, queues and tables. They close the account for
     * the internet, and the app waits for them. Goes with `virtualNetworkSubnetId`. Defaults to none.
     */
    storagePrivateEndpoints?: pulumi.Input<PrivateEndpointPlace>;
    /** Where the private endpoint for the app's callers goes; `functionAppName` waits for it. Not on Consumption. Defaults to none. */
    privateEndpoint?: pulumi.Input<PrivateEndpointPlace>;
    /**
     * Whether the app can be reached from the internet. It is always written, because Azure closes an app that does not say it with its
     * first private endpoint. Defaults to Enabled.
     */
    publicNetworkAccess?: pulumi.Input<PublicNetworkAccess>;
    /** A deployment slot; ElasticPremium, and Dedicated from S1 on. With it, `packageUri` goes to the slot, and a swap brings it to the app. Defaults to none. */
    stagingSlot?: StagingSlot;
}

/** How code reaches an app: Azure fetches it once, or the app runs from the package's URL. */
export type CodeDelivery = "OneDeploy" | "Url";

/** Args whose plain parts are known to be right, and whose outputs are refused when they turn out wrong. */
export interface CheckedFunctionAppArgs
    extends Omit<
        FunctionAppArgs,
        | "plan"
        | "connections"
        | "keyStore"
        | "roles"
        | "eventAuth"
        | "eventCallers"
        | "storagePrivateEndpoints"
        | "privateEndpoint"
    > {
    storagePrivateEndpoints: PrivateEndpointPlace | undefined;
    privateEndpoint: PrivateEndpointPlace | undefined;
    plan: HostingPlan;
    delivery: CodeDelivery;
    connections: ServiceConnection[];
    keyStore: KeyStore | undefined;
    roles: AppRole[];
    eventAuth: CheckedEventAuth | undefined;
    eventCallers: EventCaller[];
}
