import type * as pulumi from "@pulumi/pulumi";
import type { BackendArgs } from "../backend/args";
import type { Placed } from "../backend/compose";
import type { Connection } from "../backend/connection";
import { FunctionApp, type FunctionAppOptionsArgs } from "../functionApp/functionApp";
import { HostingPlan } from "../functionApp/hosting";
import { FunctionCode } from "../functionCode/functionCode";
import type { HostKeys } from "../hostKeys/hostKeys";
import { keyStoreSettings } from "../hostKeys/keyStore";
import { Roles } from "../rules/roles";

type AppStep = Placed<BackendArgs> & { vaultKeys: HostKeys | undefined; connection: Connection };

/** The app and its code, in the order that the plan wants. */
export function createAppAndCode(step: AppStep): { app: FunctionApp; code: FunctionCode } {
    // A Flex app fetches its code; an Elastic Premium app is told where it lies.
    if (step.args.plan === HostingPlan.ElasticPremium) {
        const code = createCode(step, undefined);
        return { app: createApp({ ...step, code }), code };
    }
    const app = createApp(step);
    return { app, code: createCode(step, app.appName) };
}

function createApp(step: AppStep & { code?: FunctionCode }): FunctionApp {
    const { name, args, parent, resourceGroupName, vaultKeys, connection, code } = step;
    const keyRoles = vaultKeys?.vaultId && [
        { name: "key-store", role: Roles.keyVaultSecretsOfficer, scope: vaultKeys.vaultId },
    ];
    const codeRoles = code && [
        { name: "package-reader", role: Roles.storageBlobDataReader, scope: code.packageAccountId },
    ];
    const keySettings = vaultKeys && [
        { owner: "the key store", settings: vaultKeys.appSettings, clientIdSetting: keyStoreSettings.clientId },
    ];
    return new FunctionApp(
        `${name}-app`,
        {
            ...appOptions(args),
            resourceGroupName,
            roles: [...connection.roles, ...(keyRoles ?? []), ...(codeRoles ?? [])],
            requiredSettings: [...connection.requiredSettings, ...(keySettings ?? [])],
            packageUri: code?.packageUri,
        },
        { parent },
    );
}

function createCode(step: Placed<BackendArgs>, appName: pulumi.Input<string> | undefined): FunctionCode {
    const { name, args, kind, parent, resourceGroupName } = step;
    const { codePath, runtime, packageAccountName, location, tags } = args;
    return new FunctionCode(
        `${name}-code`,
        {
            resourceGroupName,
            codePath,
            appName,
            runtime,
            extension: kind.extension,
            packageAccountName,
            location,
            tags,
        },
        { parent },
    );
}

/** What the caller says about the app goes to the app as it is. */
function appOptions(args: BackendArgs): FunctionAppOptionsArgs {
    return {
        appName: args.appName,
        location: args.location,
        plan: args.plan,
        planId: args.planId,
        premiumSize: args.premiumSize,
        zoneRedundant: args.zoneRedundant,
        runtime: args.runtime,
        runtimeVersion: args.runtimeVersion,
        instanceMemoryMB: args.instanceMemoryMB,
        maximumInstanceCount: args.maximumInstanceCount,
        alwaysReady: args.alwaysReady,
        identityType: args.identityType,
        userAssignedIdentityId: args.userAssignedIdentityId,
        storageAccountName: args.storageAccountName,
        existingStorageAccountName: args.existingStorageAccountName,
        existingStorageResourceGroupName: args.existingStorageResourceGroupName,
        workspaceId: args.workspaceId,
        appSettings: args.appSettings,
        tags: args.tags,
    };
}
