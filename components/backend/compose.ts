import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAppOptionsArgs } from "../functionApp/args";
import { FunctionApp } from "../functionApp/functionApp";
import { deliveryOf } from "../functionApp/hosting";
import { FunctionCode } from "../functionCode/functionCode";
import { HostKeySource } from "../hostKeys/args";
import { HostKeys } from "../hostKeys/hostKeys";
import type { ServiceOptionsArgs, ServicePlaceArgs } from "../service/args";
import { createSuffix, uniqueName } from "../shared/names";
import { webhookUrl } from "../shared/urls";
import { ConnectionAuth } from "./args";
import type { CheckedBackendArgs } from "./check";
import type { Connection, ConnectionNodes } from "./connection";

/** Components and resources inside a backend, whichever service it has. */
export interface BackendNodes {
    /** Not there when `resourceGroupName` names a group that exists already. */
    resourceGroup?: ResourceGroup;
    keys: HostKeys;
    app: FunctionApp;
    code: FunctionCode;
    /** Secret and vault of the access key, with connectionAuth AccessKey. */
    connection: ConnectionNodes;
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
            resourceGroupName: uniqueName(createSuffix(name, opts), { base: name, max: 90 }),
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
    args: Placed<CheckedBackendArgs> & { runningApp: pulumi.Output<string> },
    opts: pulumi.ComponentResourceOptions,
): HostKeys {
    const { resourceGroupName, kind, keySource: source, keyRotation, location, tags } = args;
    const where =
        source === HostKeySource.KeyVault
            ? { vaultName: args.vaultName, vaultId: args.vaultId }
            : { functionAppName: args.runningApp };
    return new HostKeys(
        `${name}-keys`,
        { resourceGroupName, extension: kind.extension, source, keyRotation, location, tags, ...where },
        opts,
    );
}

/** The service's args that every backend passes on. */
export function serviceArgs(
    args: Placed<CheckedBackendArgs & ServiceOptionsArgs>,
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
        tags: args.tags,
    };
}

/** Creates the app, with the settings and roles for its service, its keys and its package. */
export function createApp(
    name: string,
    args: Placed<CheckedBackendArgs> & { connection: Connection; keys: HostKeys; code: FunctionCode },
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
            keyStore:
                keySource === HostKeySource.KeyVault ? { vaultId: keys.vaultId, vaultUri: keys.vaultUri } : undefined,
            packageUri: runsFromPackage ? code.packageUri : undefined,
            packageAccountId: runsFromPackage ? code.packageAccountId : undefined,
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
    args: Placed<CheckedBackendArgs> & { readyApp: pulumi.Output<string> },
    opts: pulumi.ComponentResourceOptions,
): FunctionCode {
    return new FunctionCode(
        `${name}-code`,
        {
            resourceGroupName: args.resourceGroupName,
            codePath: args.codePath,
            functionAppName: deliveryOf(args) === "Url" ? undefined : args.readyApp,
            plan: args.plan,
            packageDelivery: args.packageDelivery,
            zoneRedundant: args.zoneRedundant,
            runtime: args.runtime,
            extension: args.kind.extension,
            remoteBuild: args.remoteBuild,
            allowSocketIOTriggerOnFlex: args.allowSocketIOTriggerOnFlex,
            packageAccountName: args.packageAccountName,
            location: args.location,
            tags: args.tags,
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
