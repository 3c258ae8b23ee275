import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { getVaultOutput, Secret, Vault } from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "./armId";
import { lateError } from "./checks";
import { createSuffix, uniqueName } from "./names";

export interface VaultChoice {
    resourceGroupName: pulumi.Input<string>;
    location?: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Name of a new vault. Defaults to a unique one. */
    vaultName?: pulumi.Input<string>;
    /** Azure Resource Manager id of a vault that exists already; then nothing is created. */
    vaultId?: pulumi.Input<string>;
}

/** A vault to keep secrets in. */
export interface VaultPlace {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    uri: pulumi.Output<string>;
    resourceGroupName: pulumi.Input<string>;
    /** Only there when it was created here. */
    vault?: Vault;
}

/** The given vault, or a new one that only roles open. */
export function resolveVault(name: string, choice: VaultChoice, opts: pulumi.CustomResourceOptions): VaultPlace {
    if (choice.vaultId !== undefined) {
        const place = placeOf("vaultId", choice.vaultId, opts);
        const { resourceGroupName } = place;
        const found = getVaultOutput({ resourceGroupName, vaultName: place.name }, opts);
        const uri = found.properties.apply(refuseAccessPolicies).apply(vaultUri);
        return { id: found.id, name: found.name, uri, resourceGroupName };
    }
    const vault = createVault(name, choice, opts);
    const { resourceGroupName } = choice;
    return { id: vault.id, name: vault.name, uri: vault.properties.apply(vaultUri), resourceGroupName, vault };
}

function refuseAccessPolicies<P extends { enableRbacAuthorization?: boolean }>(properties: P): P {
    if (properties.enableRbacAuthorization === false) {
        throw lateError(
            "vaultId: the vault is opened by access policies, so a role has no effect on it. Turn on role-based access in the vault, or give another one.",
        );
    }
    return properties;
}

function vaultUri(properties: { vaultUri?: string }): string {
    return properties.vaultUri ?? "";
}

function createVault(name: string, choice: VaultChoice, opts: pulumi.CustomResourceOptions): Vault {
    return new Vault(
        name,
        {
            vaultName: choice.vaultName ?? uniqueName(createSuffix(name, opts), { base: name, max: 24 }),
            resourceGroupName: choice.resourceGroupName,
            location: choice.location,
            tags: choice.tags,
            properties: {
                tenantId: getClientConfigOutput({ parent: opts.parent }).tenantId,
                sku: { family: "A", name: "standard" },
                // The provider's default is access policies, which ignore roles.
                enableRbacAuthorization: true,
                enableSoftDelete: true,
                enablePurgeProtection: true,
            },
        },
        opts,
    );
}

export interface SecretToKeep {
    secretName: string;
    value: pulumi.Input<string>;
    vault: VaultPlace;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/** Writes a secret through Azure Resource Manager, for which the deployer needs no role in the vault. */
export function keepSecret(name: string, secret: SecretToKeep, opts: pulumi.CustomResourceOptions): Secret {
    return new Secret(
        name,
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

/** The URL of exactly this version of a secret. The URL holds no secret, so a preview can show it. */
export function versionedUri(secret: Secret): pulumi.Output<string> {
    return pulumi.unsecret(secret.properties.apply(({ secretUriWithVersion }) => secretUriWithVersion));
}

/** What an app setting or a service's URL says instead of a secret. */
export function keyVaultReference(secretUri: string): string {
    return `@Microsoft.KeyVault(SecretUri=${secretUri})`;
}

/** App settings that tell the Functions host to keep its keys in a vault. */
export const keyStoreSettings = {
    type: "AzureWebJobsSecretStorageType",
    vaultUri: "AzureWebJobsSecretStorageKeyVaultUri",
    clientId: "AzureWebJobsSecretStorageKeyVaultClientId",
} as const;
