import type { Secret, Vault } from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { FunctionRuntime, type ServiceConnection } from "../functionApp/args";
import { HostKeySource } from "../hostKeys/args";
import type { HostKeys } from "../hostKeys/hostKeys";
import type { ServiceOutputs } from "../service/create";
import { resourceGroupOf } from "../shared/armId";
import { NamedKind } from "../shared/namingArgs";
import { addressSettings, connectionNames, hubSettings } from "../shared/serviceKinds";
import { orDefault } from "../shared/shape";
import { keepSecrets, resolveVault, type VaultPlace } from "../shared/vault";
import { ConnectionAuth } from "./args";
import type { CheckedBackendArgs } from "./check";

/** The service, as far as every backend has it in common. */
export type ConnectedService = Pick<
    ServiceOutputs,
    "serviceId" | "serviceName" | "endpoint" | "principalId" | "identityClientId"
> & {
    connectionString?: pulumi.Output<string>;
};

/** How the app, and a developer's machine, reach the service. */
export interface Connection {
    forApp: ServiceConnection;
    /** Content of a local.settings.json, secret. */
    localSettings: pulumi.Output<string>;
    nodes: ConnectionNodes;
}

/** Resources of a connection by access key; none of them is there for an identity. */
export interface ConnectionNodes {
    /** Only there in a vault that was created here. */
    secrets?: Secret[];
    /** Only there when the key of the webhook is not in a vault. */
    vault?: Vault;
}

type ConnectionArgs = CheckedBackendArgs & {
    resourceGroupName: pulumi.Input<string>;
    service: ConnectedService;
    keys: HostKeys;
    /** Names of the hubs, which the code learns from its settings. */
    hubNames: string[];
};

/** Connects the app by its identity, or by an access key in a vault. */
export function createConnection(name: string, args: ConnectionArgs, opts: pulumi.CustomResourceOptions): Connection {
    const { kind, connectionName, connectionAuth, keySource, service, hubNames } = args;
    const { serviceId, endpoint } = service;
    const names = connectionNames(kind, connectionName);
    const forApp = { service: kind.extension, serviceId, endpoint, connectionName, hubNames };
    if (connectionAuth === ConnectionAuth.Identity) {
        const settings = endpoint.apply((address) => addressSettings(kind, names, address));
        return { forApp, localSettings: createLocalSettings(args, settings), nodes: {} };
    }
    const vault = vaultFor(name, args, opts);
    const value = service.connectionString ?? pulumi.secret("");
    // A secret's name in a vault has no underscores.
    const secretName = (names[0] ?? "").replace(/_/g, "-");
    const kept = keepSecrets(name, { vault, tags: args.tags, secrets: { connection: { secretName, value } } }, opts);
    return {
        forApp: { ...forApp, secretUri: kept.uris.connection, vaultId: vault.id },
        localSettings: createLocalSettings(args, Object.fromEntries(names.map((key) => [key, value]))),
        nodes: {
            secrets: kept.secrets,
            vault: keySource === HostKeySource.KeyVault ? undefined : vault.vault,
        },
    };
}

/** The vault of the keys, or one of its own when no key is kept in a vault. */
function vaultFor(name: string, args: ConnectionArgs, opts: pulumi.CustomResourceOptions): VaultPlace {
    const { keys, keySource } = args;
    if (keySource !== HostKeySource.KeyVault) {
        return resolveVault(`${name}-vault`, { ...args, kind: NamedKind.ConnectionVault }, opts);
    }
    const { vaultId: id, vaultName, vaultUri: uri } = keys;
    const resourceGroupName = args.vaultId === undefined ? args.resourceGroupName : resourceGroupOf(args.vaultId);
    return { id, name: vaultName, uri, resourceGroupName, vault: keys.nodes.vault };
}

/** The content of a local.settings.json that runs the same code on a developer's machine against the deployed service. */
function createLocalSettings(
    args: Pick<ConnectionArgs, "runtime" | "appSettings" | "kind" | "hubNames">,
    connection: pulumi.Input<Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
    const { runtime = FunctionRuntime.Node } = args;
    const content = pulumi.all([connection, orDefault(args.appSettings, {})]).apply(([settings, appSettings]) => {
        const Values = {
            FUNCTIONS_WORKER_RUNTIME: runtime,
            AzureWebJobsStorage: "UseDevelopmentStorage=true",
            ...settings,
            ...hubSettings(args.kind, args.hubNames),
            ...appSettings,
        };
        return `${JSON.stringify({ IsEncrypted: false, Values }, undefined, 2)}\n`;
    });
    return pulumi.secret(content);
}
