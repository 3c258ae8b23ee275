import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig";
import { getVaultOutput } from "@pulumi/azure-native/keyvault/getVault";
import { Secret } from "@pulumi/azure-native/keyvault/secret";
import { Vault } from "@pulumi/azure-native/keyvault/vault";
import * as pulumi from "@pulumi/pulumi";
import { createSuffix, uniqueName } from "../parts/suffix";
import { lateError } from "./checks";

export interface VaultChoice {
    name: string;
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string> | undefined;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
    /** Name of a new vault; made up when left out. */
    vaultName: pulumi.Input<string> | undefined;
    /** A vault that exists already; then nothing is made. */
    existingVaultName: pulumi.Input<string> | undefined;
    existingVaultResourceGroupName: pulumi.Input<string> | undefined;
}

export interface VaultPlace {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    uri: pulumi.Output<string>;
    resourceGroupName: pulumi.Input<string>;
}

/** The vault to keep secrets in: the one given, or a new one that only roles open. */
export function resolveVault(choice: VaultChoice, opts: pulumi.CustomResourceOptions): VaultPlace {
    if (choice.existingVaultName !== undefined) {
        const resourceGroupName = choice.existingVaultResourceGroupName ?? choice.resourceGroupName;
        const found = getVaultOutput({ resourceGroupName, vaultName: choice.existingVaultName }, opts);
        return {
            id: found.id,
            name: found.name,
            uri: toUri(found.properties.apply(refuseAccessPolicies)),
            resourceGroupName,
        };
    }
    const vault = createVault(choice, opts);
    return {
        id: vault.id,
        name: vault.name,
        uri: toUri(vault.properties),
        resourceGroupName: choice.resourceGroupName,
    };
}

function refuseAccessPolicies<P extends { enableRbacAuthorization?: boolean }>(properties: P): P {
    if (properties.enableRbacAuthorization === false) {
        throw lateError(
            "existingVaultName: the vault is opened by access policies, so that a role would have no effect. Turn on role-based access in it, or give another.",
        );
    }
    return properties;
}

function toUri(properties: pulumi.Output<{ vaultUri?: string }>): pulumi.Output<string> {
    return properties.apply(({ vaultUri }) => vaultUri ?? "");
}

function createVault(choice: VaultChoice, opts: pulumi.CustomResourceOptions): Vault {
    const vaultName = choice.vaultName ?? uniqueName(createSuffix(choice.name, opts), { base: choice.name, max: 24 });
    return new Vault(
        choice.name,
        {
            vaultName,
            resourceGroupName: choice.resourceGroupName,
            location: choice.location,
            tags: choice.tags,
            properties: {
                tenantId: getClientConfigOutput({ parent: opts.parent }).tenantId,
                sku: { family: "A", name: "standard" },
                // The provider's default is access policies, which know no roles.
                enableRbacAuthorization: true,
                enableSoftDelete: true,
                enablePurgeProtection: true,
            },
        },
        opts,
    );
}

export interface SecretToKeep {
    name: string;
    secretName: string;
    value: pulumi.Input<string>;
    vault: VaultPlace;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/** Writes a secret through Azure Resource Manager, which asks no role in the vault of the one who deploys. */
export function keepSecret(secret: SecretToKeep, opts: pulumi.CustomResourceOptions): Secret {
    return new Secret(
        secret.name,
        {
            secretName: secret.secretName,
            vaultName: secret.vault.name,
            resourceGroupName: secret.vault.resourceGroupName,
            tags: secret.tags,
            properties: { value: pulumi.secret(secret.value) },
        },
        opts,
    );
}

/** The address of exactly this version; an address holds no secret, so that a preview can show it. */
export function versionedUri(secret: Secret): pulumi.Output<string> {
    return pulumi.unsecret(secret.properties.apply(({ secretUriWithVersion }) => secretUriWithVersion));
}
