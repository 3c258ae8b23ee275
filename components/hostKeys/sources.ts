import { setTimeout as pause } from "node:timers/promises";
import type { Secret, Vault } from "@pulumi/azure-native/keyvault";
import type { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import { Deployment } from "@pulumi/azure-native/resources";
import { listWebAppHostKeys } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { fitName } from "../shared/names";
import { afterEndpoint, createPrivateEndpoint } from "../shared/privateEndpoint";
import { extensionKeyName } from "../shared/serviceKinds";
import { ifGiven } from "../shared/shape";
import { keepSecrets, keyStoreSettings, keyVaultReference, resolveVault, type VaultPlace } from "../shared/vault";
import type { CheckedHostKeysArgs } from "./check";
import { discoverKey } from "./discover";
import { keySecretNames } from "./keyStore";

/** Resources inside HostKeys. Which of them exist depends on the source. */
export interface HostKeysNodes {
    /** The key itself, when it was created here. */
    extensionKey?: RandomPassword;
    /** Only there when it was created here. */
    vault?: Vault;
    /** The host's keys in the vault: master, default and the extension's. */
    secrets?: Secret[];
    /** Writes the keys into a given vault, or hands the key to the host with source HostKey. */
    deployment?: Deployment;
    /** Only there with `privateEndpoint`. */
    privateEndpoint?: PrivateEndpoint;
    /** Only there with `privateEndpoint` and its zones. */
    privateDnsZoneGroup?: PrivateDnsZoneGroup;
}

/** What each source of a key gives. */
export interface MadeKeys {
    key: pulumi.Output<string>;
    code: pulumi.Output<string>;
    appSettings: pulumi.Output<{ [key: string]: string }>;
    vault?: VaultPlace;
    nodes: HostKeysNodes;
}

/** Creates the keys in a vault that is the host's key store, so that they exist before the host does. */
export function createVaultKeys(name: string, args: CheckedHostKeysArgs, opts: pulumi.CustomResourceOptions): MadeKeys {
    const vault = resolveVault(name, args, opts);
    const { extensionKey, value } = resolveKey(name, args, opts);
    const kept = keepSecrets(
        name,
        {
            vault,
            tags: args.tags,
            secrets: {
                // Without a master key the host takes the store for empty and writes keys of its own over these.
                master: {
                    secretName: keySecretNames.master,
                    value: createKey(`${name}-master`, undefined, opts).result,
                },
                default: {
                    secretName: keySecretNames.defaultFunction,
                    value: createKey(`${name}-default`, undefined, opts).result,
                },
                extension: {
                    secretName: keySecretNames.system(extensionKeyName(args.extension)),
                    value,
                },
            },
        },
        opts,
    );
    const { privateEndpoint: place } = args;
    const endpoint =
        place && createPrivateEndpoint(name, { ...args, groupId: "vault", targetId: vault.id, place }, opts);
    // Whoever uses the vault's address waits until the keys are there and the way to them is.
    const uri = afterEndpoint(
        pulumi.all([vault.uri, kept.written]).apply(([known]) => known),
        endpoint,
    );
    return {
        key: value,
        code: (kept.uris.extension ?? pulumi.output("")).apply((secretUri) => `{${keyVaultReference(secretUri)}}`),
        appSettings: uri.apply(
            (known): Record<string, string> => ({
                [keyStoreSettings.type]: "keyvault",
                [keyStoreSettings.vaultUri]: known,
            }),
        ),
        vault: { ...vault, uri },
        nodes: {
            extensionKey,
            vault: vault.vault,
            secrets: kept.secrets,
            deployment: kept.deployment,
            privateEndpoint: endpoint?.endpoint,
            privateDnsZoneGroup: endpoint?.records,
        },
    };
}

/** Sets one system key of a Functions host. Azure Resource Manager cannot read it back, so it has no resource of its own. */
const hostKeyTemplate = {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: {
        appName: { type: "string" },
        keyName: { type: "string" },
        keyValue: { type: "securestring" },
    },
    resources: [
        {
            type: "Microsoft.Web/sites/host/systemkeys",
            apiVersion: "2022-09-01",
            name: "[concat(parameters('appName'), '/default/', parameters('keyName'))]",
            properties: { name: "[parameters('keyName')]", value: "[parameters('keyValue')]" },
        },
    ],
};

/** Creates a key and hands it to the running host through Azure Resource Manager. */
export function createHostKey(name: string, args: CheckedHostKeysArgs, opts: pulumi.CustomResourceOptions): MadeKeys {
    const { extensionKey, value } = resolveKey(name, args, opts);
    const appName = args.functionAppName ?? "";
    const keyName = extensionKeyName(args.extension);
    const deployment = new Deployment(
        name,
        {
            deploymentName: pulumi.output(appName).apply((known) => fitName(`${known}-${keyName}`, 64)),
            resourceGroupName: args.resourceGroupName,
            tags: args.tags,
            properties: {
                mode: "Incremental",
                template: hostKeyTemplate,
                parameters: {
                    appName: { value: appName },
                    keyName: { value: keyName },
                    keyValue: { value },
                },
            },
        },
        opts,
    );
    // Whoever uses the key waits until the host has it.
    const key = pulumi.secret(pulumi.all([value, deployment.id]).apply(([known]) => known));
    return { key, code: key.apply(encodeURIComponent), appSettings: noSettings(), nodes: { extensionKey, deployment } };
}

/** Reads the key that the extension creates when its code first runs. */
export function createDiscoveredKey(
    _name: string,
    args: CheckedHostKeysArgs,
    opts: pulumi.CustomResourceOptions,
): MadeKeys {
    const keyName = extensionKeyName(args.extension);
    const key = pulumi.secret(
        pulumi.all([args.functionAppName ?? "", args.resourceGroupName]).apply(([name, resourceGroupName]) =>
            discoverKey({
                keyName,
                read: async () => (await listWebAppHostKeys({ name, resourceGroupName }, opts)).systemKeys,
                pause: (milliseconds) => pause(milliseconds),
                // Four minutes for a host that starts; a preview looks once.
                tries: pulumi.runtime.isDryRun() ? 1 : 17,
            }),
        ),
    );
    return { key, code: key.apply(encodeURIComponent), appSettings: noSettings(), nodes: {} };
}

function noSettings(): MadeKeys["appSettings"] {
    return pulumi.output<Record<string, string>>({});
}

/** The key of the extension: the given one, or a new one. */
function resolveKey(
    name: string,
    { key, keyRotation }: CheckedHostKeysArgs,
    opts: pulumi.CustomResourceOptions,
): { extensionKey?: RandomPassword; value: pulumi.Output<string> } {
    if (key !== undefined) {
        return { value: pulumi.secret(key) };
    }
    const extensionKey = createKey(`${name}-extension`, keyRotation, opts);
    return { extensionKey, value: pulumi.secret(extensionKey.result) };
}

function createKey(
    name: string,
    rotation: pulumi.Input<string> | undefined,
    opts: pulumi.CustomResourceOptions,
): RandomPassword {
    // Letters and digits need no encoding in a URL.
    return new RandomPassword(
        `${name}-key`,
        { length: 48, special: false, keepers: ifGiven(rotation, (given) => ({ rotation: given })) },
        opts,
    );
}
