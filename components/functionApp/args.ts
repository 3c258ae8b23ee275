import type * as pulumi from "@pulumi/pulumi";
import type { RealtimeExtension } from "../shared/serviceKinds";

/** Where a Function App runs. */
export const HostingPlan = {
    /** Starts from nothing, scales by use and is billed by use. */
    FlexConsumption: "FlexConsumption",
    /** Instances that are always there, and more under load. */
    ElasticPremium: "ElasticPremium",
} as const;
export type HostingPlan = (typeof HostingPlan)[keyof typeof HostingPlan];

/** Instance sizes of a plan that has instances of its own. */
export const PlanSku = {
    /** Elastic Premium: 1 core, 3.5 GB. */
    EP1: "EP1",
    /** Elastic Premium: 2 cores, 7 GB. */
    EP2: "EP2",
    /** Elastic Premium: 4 cores, 14 GB. */
    EP3: "EP3",
} as const;
export type PlanSku = (typeof PlanSku)[keyof typeof PlanSku];

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
    /** A managed identity that exists on its own, so it can have its roles before the app starts. */
    UserAssigned: "UserAssigned",
} as const;
export type FunctionIdentity = (typeof FunctionIdentity)[keyof typeof FunctionIdentity];

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
    /** Where the app runs. Defaults to FlexConsumption. */
    plan?: HostingPlan;
    /** Instance size of a new ElasticPremium plan. Defaults to EP1. */
    planSku?: pulumi.Input<PlanSku>;
    /** Whether a new plan is spread over zones. On ElasticPremium that takes three instances. Defaults to false. */
    zoneRedundant?: boolean;
    /** Language of the code. Defaults to node. */
    runtime?: FunctionRuntime;
    /** Version of the language: node 20, 22; python 3.10-3.12; dotnet-isolated 8.0, 9.0; java 17, 21; powershell 7.4. Defaults to the newest, for node 22. */
    runtimeVersion?: pulumi.Input<string>;
    /** Memory of an instance in MB: 512, 2048 or 4096; FlexConsumption only. Defaults to 2048. */
    instanceMemoryMB?: pulumi.Input<number>;
    /** The most instances: 40-1000 on FlexConsumption, 1-100 on ElasticPremium. Defaults to 100 and 20. */
    maximumInstanceCount?: pulumi.Input<number>;
    /** Instances that wait for work; FlexConsumption only. They go to the app's `scaleAndConcurrency`. Defaults to none. */
    alwaysReady?: pulumi.Input<pulumi.Input<AlwaysReady>[]>;
    /** Whose identity the app has. Defaults to SystemAssigned. */
    identityType?: FunctionIdentity;
    /** The app's own settings. A setting that the component needs for itself is refused. */
    appSettings?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
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
    /** Other roles of the app's identity, besides those on its storage, its monitoring and what is named above. Defaults to none. */
    roles?: pulumi.Input<AppRole>[];
    /** URL of the package that an ElasticPremium app runs: FunctionCode's `packageUri`. Required there, refused on FlexConsumption. */
    packageUri?: pulumi.Input<string>;
    /** Azure Resource Manager id of the account that holds the package: FunctionCode's `packageAccountId`. The app gets the role to read it. */
    packageAccountId?: pulumi.Input<string>;
}

/** Args whose plain parts are known to be right, and whose outputs are refused when they turn out wrong. */
export interface CheckedFunctionAppArgs extends Omit<FunctionAppArgs, "plan" | "connections" | "keyStore" | "roles"> {
    plan: HostingPlan;
    connections: ServiceConnection[];
    keyStore: KeyStore | undefined;
    roles: AppRole[];
}
