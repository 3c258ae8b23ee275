import type { ManagementLockByScope } from "@pulumi/azure-native/authorization";
import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAppOptionsArgs } from "../functionApp/args";
import { FunctionApp } from "../functionApp/functionApp";
import { deliveryOf } from "../functionApp/hosting";
import { FunctionCode } from "../functionCode/functionCode";
import { HostKeySource } from "../hostKeys/args";
import { HostKeys } from "../hostKeys/hostKeys";
import type { PrivateNetwork } from "../network/privateNetwork";
import type { SharedPrivateLink } from "../network/sharedPrivateLink";
import type { ServiceOptionsArgs, ServicePlaceArgs } from "../service/args";
import { createLocks } from "../shared/locks";
import { createSuffix } from "../shared/names";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import { itemsOf } from "../shared/shape";
import { webhookUrl } from "../shared/urls";
import { ConnectionAuth } from "./args";
import type { CheckedBackendArgs } from "./check";
import type { ConnectedService, Connection, ConnectionNodes } from "./connection";
import { callersOf } from "./eventAuth";
import type { MonitorNodes } from "./monitors";
import { appNetwork, type BackendNetworkParts, codeNetwork, serviceNetwork, vaultNetwork } from "./network";
import { type Staging, slotArgs } from "./stagingSlot";

/** Components and resources inside a backend, whichever service it has. */
export interface BackendNodes extends MonitorNodes {
    /** Not there when `resourceGroupName` names a group that exists already. */
    resourceGroup?: ResourceGroup;
    keys: HostKeys;
    app: FunctionApp;
    code: FunctionCode;
    /** Secret and vault of the access key, with connectionAuth AccessKey. */
    connection: ConnectionNodes;
    /** Only there with stagingSlot. */
    stagingKeys?: HostKeys;
    /** Only there with lockData. */
    locks?: ManagementLockByScope[];
    /** Only there with `privateNetwork`. */
    network?: PrivateNetwork;
    /** The service's own ways to the vault and to a private app. Only there with `privateNetwork`. */
    links?: SharedPrivateLink[];
}

/** Args of a backend whose resource group is known. */
export type Placed<A> = A & { resourceGroupName: pulumi.Input<string> };

/** The resource group of the backend: the one that is named, or a new one. */
export function resolveResourceGroup(
    name: string,
    args: CheckedBackendArgs,
    opts: pulumi.CustomResourceOptions,
): { resourceGroup?: ResourceGroup; resourceGroupName: pulumi.Input<string> } {
    if (args.resourceGroupName !== undefined) {
        return { resourceGroupName: args.resourceGroupName };
    }
    const resourceGroup = new ResourceGroup(
        name,
        {
            resourceGroupName: newName(createSuffix(name, opts), {
                base: name,
                max: 90,
                naming: args.naming,
                kind: NamedKind.ResourceGroup,
            }),
            location: args.location,
            tags: args.tags,
        },
        opts,
    );
    return { resourceGroup, resourceGroupName: resourceGroup.name };
}

/** Creates the key of the webhook. A key in a vault exists before the app; the others need `runningApp`. */
export function createKeys(
    name: string,
    args: Placed<CheckedBackendArgs> & BackendNetworkParts & { runningApp: pulumi.Output<string> },
    opts: pulumi.ComponentResourceOptions,
): HostKeys {
    const { resourceGroupName, kind, keySource: source, keyRotation, protectData, naming, location, tags } = args;
    const where =
        source === HostKeySource.KeyVault
            ? { vaultName: args.vaultName, vaultId: args.vaultId, ...vaultNetwork(args, args) }
            : { functionAppName: args.runningApp };
    return new HostKeys(
        `${name}-keys`,
        {
            resourceGroupName,
            extension: kind.extension,
            source,
            keyRotation,
            protectData,
            naming,
            location,
            tags,
            ...where,
        },
        opts,
    );
}

/** The service's args that every backend passes on. */
export function serviceArgs(
    args: Placed<CheckedBackendArgs & ServiceOptionsArgs> & BackendNetworkParts,
): ServiceOptionsArgs & ServicePlaceArgs {
    return {
        resourceGroupName: args.resourceGroupName,
        serviceName: args.serviceName,
        location: args.location,
        sku: args.sku,
        capacity: args.capacity,
        serviceUserAssignedIdentityId: args.serviceUserAssignedIdentityId,
        disableLocalAuth: args.connectionAuth === ConnectionAuth.AccessKey ? false : undefined,
        publicNetworkAccess: args.publicNetworkAccess,
        clientCertEnabled: args.clientCertEnabled,
        networkACLs: args.networkACLs,
        liveTraceConfiguration: args.liveTraceConfiguration,
        protectData: args.protectData,
        customDomains: customDomainsOf(args),
        naming: args.naming,
        roleDelaySeconds: args.roleDelaySeconds,
        tags: args.tags,
        autoscale: args.autoscale,
        replicas: args.replicas,
        ...serviceNetwork(args, args),
    };
}

/** Where somebody else assigns roles, they also assign those on the vaults of certificates. */
function customDomainsOf(
    args: Pick<CheckedBackendArgs & ServiceOptionsArgs, "customDomains" | "assignRoles">,
): ServiceOptionsArgs["customDomains"] {
    return args.assignRoles === false
        ? args.customDomains &&
              itemsOf(args.customDomains).map((domain) => ({ ...domain, certificateVaultId: undefined }))
        : args.customDomains;
}

/** Creates the app, with the settings and roles for its service, its keys and its package. */
export function createApp(
    name: string,
    args: Placed<CheckedBackendArgs> &
        BackendNetworkParts & {
            service: ConnectedService;
            connection: Connection;
            keys: HostKeys;
            code: FunctionCode;
            staging?: Staging;
        },
    opts: pulumi.ComponentResourceOptions,
): FunctionApp {
    const { resourceGroupName, connection, keys, code, keySource } = args;
    const runsFromPackage = deliveryOf(args) === "Url";
    return new FunctionApp(
        `${name}-app`,
        {
            ...appOptions(args),
            resourceGroupName,
            connections: [connection.forApp],
            eventCallers: callersOf(args.eventAuth, args.service),
            keyStore:
                keySource === HostKeySource.KeyVault ? { vaultId: keys.vaultId, vaultUri: keys.vaultUri } : undefined,
            packageUri: runsFromPackage ? code.packageUri : undefined,
            packageAccountId: runsFromPackage ? code.packageAccountId : undefined,
            ...appNetwork(args, args, keys),
            stagingSlot: slotArgs(args.staging ?? {}),
        },
        opts,
    );
}

function appOptions(args: FunctionAppOptionsArgs): FunctionAppOptionsArgs {
    return {
        functionAppName: args.functionAppName,
        plan: args.plan,
        planSku: args.planSku,
        zoneRedundant: args.zoneRedundant,
        packageDelivery: args.packageDelivery,
        runtime: args.runtime,
        runtimeVersion: args.runtimeVersion,
        instanceMemoryMB: args.instanceMemoryMB,
        maximumInstanceCount: args.maximumInstanceCount,
        alwaysReady: args.alwaysReady,
        siteUpdateStrategy: args.siteUpdateStrategy,
        identityType: args.identityType,
        assignRoles: args.assignRoles,
        roleDelaySeconds: args.roleDelaySeconds,
        cors: args.cors,
        eventAuth: args.eventAuth,
        protectData: args.protectData,
        naming: args.naming,
        appSettings: args.appSettings,
        storageAccountName: args.storageAccountName,
        userAssignedIdentityId: args.userAssignedIdentityId,
        planId: args.planId,
        storageAccountId: args.storageAccountId,
        workspaceId: args.workspaceId,
        location: args.location,
        tags: args.tags,
    };
}

/** Uploads the code, and has `readyApp` fetch it where the app does not run from the package's URL. */
export function createCode(
    name: string,
    args: Placed<CheckedBackendArgs> &
        BackendNetworkParts & {
            readyApp: pulumi.Output<string>;
            /** Name of the slot, known once the slot can take code. */
            readySlot?: pulumi.Output<string>;
        },
    opts: pulumi.ComponentResourceOptions,
): FunctionCode {
    const runsFromPackage = deliveryOf(args) === "Url";
    return new FunctionCode(
        `${name}-code`,
        {
            resourceGroupName: args.resourceGroupName,
            codePath: args.codePath,
            functionAppName: runsFromPackage ? undefined : args.readyApp,
            stagingSlotName: runsFromPackage ? undefined : args.readySlot,
            keepPackages: runsFromPackage && args.readySlot !== undefined ? true : undefined,
            plan: args.plan,
            packageDelivery: args.packageDelivery,
            zoneRedundant: args.zoneRedundant,
            runtime: args.runtime,
            extension: args.kind.extension,
            remoteBuild: args.remoteBuild,
            protectData: args.protectData,
            naming: args.naming,
            allowSocketIOTriggerOnFlex: args.allowSocketIOTriggerOnFlex,
            packageAccountName: args.packageAccountName,
            location: args.location,
            tags: args.tags,
            ...codeNetwork(args, args),
        },
        opts,
    );
}

/** The URL that the service sends events to: the extension's webhook on the app, opened by `code`. */
export function eventUrl(
    { kind }: Pick<CheckedBackendArgs, "kind">,
    app: FunctionApp,
    code: pulumi.Output<string>,
): pulumi.Output<string> {
    return pulumi
        .all([app.functionAppHostName, code])
        .apply(([hostName, known]) => webhookUrl({ hostName, extension: kind.extension, code: known }));
}

type Lockable = Omit<BackendNodes, "locks"> & {
    service: pulumi.Resource & { nodes: { service?: pulumi.CustomResource } };
    hubs?: pulumi.Resource[];
};

/** Locks what holds data, once everything is there: also a link to it or a setting of its logs lies in what a lock covers. */
export function lockData(
    name: string,
    args: Pick<CheckedBackendArgs, "lockData">,
    nodes: Lockable,
    parent: pulumi.Resource,
): ManagementLockByScope[] | undefined {
    if (args.lockData !== true) {
        return undefined;
    }
    const scopes = {
        service: nodes.service.nodes.service?.id,
        vault: nodes.keys.nodes.vault?.id,
        "staging-vault": nodes.stagingKeys?.nodes.vault?.id,
        "connection-vault": nodes.connection.vault?.id,
        storage: nodes.app.nodes.storageAccount?.id,
        packages: nodes.code.nodes.packageAccount.id,
    };
    const { connection, ...parts } = nodes;
    const everything = [...Object.values(parts), ...Object.values(connection)].flat();
    const dependsOn = everything.filter((part) => pulumi.Resource.isInstance(part));
    return createLocks(name, scopes, { parent, dependsOn });
}
