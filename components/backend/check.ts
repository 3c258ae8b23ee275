import type * as pulumi from "@pulumi/pulumi";
import { type AppArgs, checkFunctionAppArgs } from "../functionApp/check";
import { checkKeyChoice, checkVaultNames, HostKeySource, type KeyArgs } from "../hostKeys/check";
import { keyStoreSettings } from "../hostKeys/keyStore";
import type { ReservedSettings } from "../rules/appSettings";
import { type CodeArgs, checkFunctionCodeArgs } from "../rules/functionCodeArgs";
import { checkServiceArgs, type ServiceArgs } from "../service/check";
import { type Checks, oneOf } from "../shared/checks";
import { nameRule } from "../shared/names";
import type { ServiceKind } from "../shared/serviceKinds";

/** How the app reaches the service. */
export const ConnectionAuth = { Identity: "Identity", AccessKey: "AccessKey" } as const;
export type ConnectionAuth = (typeof ConnectionAuth)[keyof typeof ConnectionAuth];

/** The part of the args that the rules are about. */
export interface BackendQuestionArgs
    extends Omit<AppArgs, "roles" | "requiredSettings" | "packageUri">,
        Omit<CodeArgs, "extension">,
        Pick<KeyArgs, "keyRotation" | "vaultName" | "existingVaultName">,
        Omit<ServiceArgs, "resourceGroupName" | "identityType" | "userAssignedIdentityId" | "location" | "tags"> {
    serviceIdentityType?: ServiceArgs["identityType"];
    serviceUserAssignedIdentityId?: pulumi.Input<string>;
    connectionAuth?: ConnectionAuth;
    connectionName?: string;
    keySource?: HostKeySource;
}

export interface BackendQuestion {
    checks: Checks;
    args: BackendQuestionArgs;
    kind: ServiceKind;
}

/** Checks everything that a backend's parts would check, at once and under the caller's names, before the first of them. */
export function checkBackendArgs(question: BackendQuestion): void {
    const { checks, args, kind } = question;
    const keySource = args.keySource ?? HostKeySource.KeyVault;
    const connectionAuth = args.connectionAuth ?? ConnectionAuth.Identity;
    checks.plain({ path: "keySource", value: keySource, rule: oneOf(HostKeySource) });
    checks.plain({ path: "connectionAuth", value: connectionAuth, rule: oneOf(ConnectionAuth) });
    if (args.connectionName !== undefined) {
        checks.plain({ path: "connectionName", value: args.connectionName, rule: nameRule("connection") });
    }
    checks.input({ path: "resourceGroupName", value: args.resourceGroupName, rule: nameRule("resourceGroup") });
    checkKeyChoice({
        checks,
        source: keySource,
        rotation: args.keyRotation,
        keys: { source: "keySource", rotation: "keyRotation" },
    });
    checkVault({
        ...question,
        needed: keySource === HostKeySource.KeyVault || connectionAuth === ConnectionAuth.AccessKey,
    });
    checkService(question);
    checkFunctionAppArgs(checks, { ...args, packageUri: undefined }, reservedSettings(question));
    checkFunctionCodeArgs(checks, { ...args, extension: kind.extension, tags: undefined });
}

function checkVault({ checks, args, needed }: BackendQuestion & { needed: boolean }): void {
    checkVaultNames(checks, args);
    for (const key of ["vaultName", "existingVaultName"] as const) {
        if (!needed && args[key] !== undefined) {
            checks.fault(
                key,
                "nothing is kept in a vault: that takes keySource KeyVault or connectionAuth AccessKey. Remove it.",
            );
        }
    }
}

function checkService({ checks, args }: BackendQuestion): void {
    checkServiceArgs(
        checks,
        {
            resourceGroupName: "",
            serviceName: args.serviceName,
            existingServiceName: args.existingServiceName,
            sku: args.sku,
            units: args.units,
            identityType: args.serviceIdentityType,
            userAssignedIdentityId: args.serviceUserAssignedIdentityId,
            publicNetworkAccess: args.publicNetworkAccess,
            clientCertEnabled: args.clientCertEnabled,
        },
        { identityType: "serviceIdentityType", userAssignedIdentityId: "serviceUserAssignedIdentityId" },
    );
}

/** Settings that a backend gives its app, whatever the caller says. */
function reservedSettings({ args, kind }: BackendQuestion): ReservedSettings[] {
    const connection = [...new Set([kind.connectionName, args.connectionName ?? kind.connectionName])];
    return [
        { owner: "the connection to the service", names: connection.flatMap((name) => [name, `${name}__*`]) },
        // Also when the key is not kept in a vault: a store of the caller's would not hold it.
        { owner: "the key store", names: Object.values(keyStoreSettings) },
    ];
}
