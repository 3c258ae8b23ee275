import { setTimeout as pause } from "node:timers/promises";
import { Deployment } from "@pulumi/azure-native/resources/deployment";
import { listWebAppHostKeys } from "@pulumi/azure-native/web/listWebAppHostKeys";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import { hostKeyTemplate } from "../rules/templates";
import { fitName } from "../shared/names";
import { extensionKeyName, type RealtimeExtension } from "../shared/serviceKinds";
import { keepSecret, resolveVault, type VaultPlace, versionedUri } from "../shared/vault";
import { discoverKey } from "./discover";
import { keySecretNames, keyStoreSettings, keyVaultReference } from "./keyStore";

export interface KeysStep {
    name: string;
    args: {
        resourceGroupName: pulumi.Input<string>;
        extension: RealtimeExtension;
        keyRotation?: pulumi.Input<string>;
        appName?: pulumi.Input<string>;
        vaultName?: pulumi.Input<string>;
        existingVaultName?: pulumi.Input<string>;
        existingVaultResourceGroupName?: pulumi.Input<string>;
        location?: pulumi.Input<string>;
        tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
    };
    parent: pulumi.Resource;
}

export interface MadeKeys {
    key: pulumi.Output<string>;
    code: pulumi.Output<string>;
    earlyCode: pulumi.Output<string>;
    appSettings: pulumi.Output<{ [key: string]: string }>;
    vault?: VaultPlace;
}

/** Keys in a vault that is the host's key store: they are there before the host is. */
export function createVaultKeys(step: KeysStep): MadeKeys {
    const { name, args, parent } = step;
    const vault = resolveVault(
        {
            name,
            resourceGroupName: args.resourceGroupName,
            location: args.location,
            tags: args.tags,
            vaultName: args.vaultName,
            existingVaultName: args.existingVaultName,
            existingVaultResourceGroupName: args.existingVaultResourceGroupName,
        },
        { parent },
    );
    const key = createKey({ name: `${name}-extension`, rotation: args.keyRotation, parent });
    const keep = (part: string, secretName: string, value: pulumi.Input<string>) =>
        keepSecret({ name: `${name}-${part}`, secretName, value, vault, tags: args.tags }, { parent });
    // A store without a master key counts as empty: the host would then write its own keys over ours.
    const secrets = [
        keep("master", keySecretNames.master, createKey({ name: `${name}-master`, parent })),
        keep("default", keySecretNames.defaultFunction, createKey({ name: `${name}-default`, parent })),
    ];
    const extension = keep("extension", keySecretNames.system(extensionKeyName(args.extension)), key);
    const code = versionedUri(extension).apply((uri) => `{${keyVaultReference(uri)}}`);
    return {
        key,
        code,
        earlyCode: code,
        appSettings: pulumi.all([vault.uri, pulumi.all([...secrets, extension].map((secret) => secret.id))]).apply(
            ([uri]): Record<string, string> => ({
                [keyStoreSettings.type]: "keyvault",
                [keyStoreSettings.vaultUri]: uri,
            }),
        ),
        vault,
    };
}

/** A key that Azure Resource Manager hands to the running host. */
export function createHostKey({ name, args, parent }: KeysStep): MadeKeys {
    const key = createKey({ name: `${name}-extension`, rotation: args.keyRotation, parent });
    const appName = args.appName ?? "";
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
                parameters: { appName: { value: appName }, keyName: { value: keyName }, keyValue: { value: key } },
            },
        },
        { parent },
    );
    // The hub may use the key once the host has it.
    const ready = pulumi.secret(pulumi.all([key, deployment.id]).apply(([known]) => known));
    return {
        key: ready,
        code: ready.apply(encodeURIComponent),
        earlyCode: key.apply(encodeURIComponent),
        appSettings: noSettings(),
    };
}

/** The key that the extension made when its code first ran. */
export function createDiscoveredKey({ args, parent }: KeysStep): MadeKeys {
    const keyName = extensionKeyName(args.extension);
    const key = pulumi.secret(
        pulumi.all([args.appName ?? "", args.resourceGroupName]).apply(([name, resourceGroupName]) =>
            discoverKey({
                keyName,
                read: async () => (await listWebAppHostKeys({ name, resourceGroupName }, { parent })).systemKeys,
                pause: (milliseconds) => pause(milliseconds),
                // Four minutes for a host that starts; a preview looks once.
                tries: pulumi.runtime.isDryRun() ? 1 : 17,
            }),
        ),
    );
    const code = key.apply(encodeURIComponent);
    return { key, code, earlyCode: code, appSettings: noSettings() };
}

function noSettings(): MadeKeys["appSettings"] {
    return pulumi.output<Record<string, string>>({});
}

function createKey({
    name,
    rotation,
    parent,
}: {
    name: string;
    rotation?: pulumi.Input<string>;
    parent: pulumi.Resource;
}): pulumi.Output<string> {
    // Letters and digits stand in a URL as they are.
    const password = new RandomPassword(
        `${name}-key`,
        { length: 48, special: false, keepers: rotation === undefined ? undefined : { rotation } },
        { parent },
    );
    return pulumi.secret(password.result);
}
