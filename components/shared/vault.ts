import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { getVaultOutput, Secret, Vault } from "@pulumi/azure-native/keyvault";
import { Deployment } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "./armId";
import { lateError } from "./checks";
import { protectedIf } from "./locks";
import { createSuffix } from "./names";
import { newName } from "./naming";
import { NamedKind } from "./namingArgs";
import { PublicNetworkAccess } from "./privateEndpoint";
import { ifGiven } from "./shape";

export interface VaultChoice {
    resourceGroupName: pulumi.Input<string>;
    location?: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Whether Pulumi refuses to delete a new vault. */
    protectData?: boolean;
    /** Scheme of names, and the vault's kind in it. */
    naming?: unknown;
    kind?: NamedKind;
    /** Name of a new vault. Defaults to a unique one. */
    vaultName?: pulumi.Input<string>;
    /** Azure Resource Manager id of a vault that exists already; then nothing is created. */
    vaultId?: pulumi.Input<string>;
    /** Whether the new vault can be reached from the internet. Defaults to Azure's own: yes, with a role. */
    publicNetworkAccess?: pulumi.Input<PublicNetworkAccess>;
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
            vaultName:
                choice.vaultName ??
                newName(createSuffix(name, opts), {
                    base: name,
                    max: 24,
                    naming: choice.naming,
                    kind: choice.kind ?? NamedKind.Vault,
                }),
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
                publicNetworkAccess: choice.publicNetworkAccess,
                networkAcls: ifGiven(choice.publicNetworkAccess, vaultFirewall),
            },
        },
        { ...opts, ...protectedIf(choice.protectData) },
    );
}

// Azure Resource Manager writes secrets past the firewall, so an update needs no way in.
function vaultFirewall(access: PublicNetworkAccess) {
    return { defaultAction: access === PublicNetworkAccess.Disabled ? "Deny" : "Allow", bypass: "None" };
}

/** Tells people in the portal what a secret is; nobody else reads it. */
const contentType = "text/plain";

export interface SecretsToKeep {
    vault: VaultPlace;
    /** By the part of the resource's name that tells it from others: letters and digits. */
    secrets: Record<string, { secretName: string; value: pulumi.Input<string> }>;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/** Secrets in a vault. */
export interface KeptSecrets {
    /** URLs of exactly these versions, by part. A URL holds no secret, so a preview can show it. */
    uris: Record<string, pulumi.Output<string>>;
    /** Resolves when every secret is in the vault. */
    written: pulumi.Output<unknown>;
    /** Only there in a vault that was created here. */
    secrets: Secret[];
    /** Only there in a given vault. */
    deployment?: Deployment;
}

/** Writes secrets through Azure Resource Manager, for which the deployer needs no role in the vault. */
export function keepSecrets(name: string, args: SecretsToKeep, opts: pulumi.CustomResourceOptions): KeptSecrets {
    return args.vault.vault === undefined ? deploySecrets(name, args, opts) : createSecrets(name, args, opts);
}

function createSecrets(name: string, args: SecretsToKeep, opts: pulumi.CustomResourceOptions): KeptSecrets {
    const { vault, tags } = args;
    const made = Object.entries(args.secrets).map(([part, { secretName, value }]): [string, Secret] => [
        part,
        new Secret(
            `${name}-${part}`,
            {
                secretName,
                vaultName: vault.name,
                resourceGroupName: vault.resourceGroupName,
                tags,
                properties: { value: pulumi.secret(value), contentType },
            },
            // Deleting a secret takes a role in the vault that an Owner does not have, so secrets go with their vault.
            { ...opts, deletedWith: vault.vault },
        ),
    ]);
    return {
        uris: Object.fromEntries(made.map(([part, secret]) => [part, versionedUri(secret)])),
        written: pulumi.all(made.map(([, secret]) => secret.id)),
        secrets: made.map(([, secret]) => secret),
    };
}

function versionedUri(secret: Secret): pulumi.Output<string> {
    return pulumi.unsecret(secret.properties.apply(({ secretUriWithVersion }) => secretUriWithVersion));
}

/**
 * Writes secrets into a vault that belongs to somebody else. A deployment creates or updates a secret and never deletes one, while a
 * secret resource refuses to create one that exists and needs a role in the vault to delete it.
 */
function deploySecrets(name: string, args: SecretsToKeep, opts: pulumi.CustomResourceOptions): KeptSecrets {
    const { vault, secrets } = args;
    const parts = Object.keys(secrets);
    const deployment = new Deployment(
        `${name}-secrets`,
        {
            resourceGroupName: vault.resourceGroupName,
            properties: {
                mode: "Incremental",
                template: secretsTemplate(secrets, args.tags),
                parameters: {
                    vaultName: { value: vault.name },
                    ...Object.fromEntries(
                        parts.map((part) => [`${part}Value`, { value: pulumi.secret(secrets[part]?.value ?? "") }]),
                    ),
                },
            },
        },
        opts,
    );
    const uri = (part: string) =>
        pulumi.unsecret(
            deployment.properties.apply(({ outputs }): string => (outputs as Outputs | undefined)?.[part]?.value ?? ""),
        );
    return {
        uris: Object.fromEntries(parts.map((part) => [part, uri(part)])),
        written: deployment.id,
        secrets: [],
        deployment,
    };
}

type Outputs = Record<string, { value: string }>;

function secretsTemplate(secrets: SecretsToKeep["secrets"], tags: SecretsToKeep["tags"]) {
    const parts = Object.entries(secrets);
    const apiVersion = "2024-11-01";
    const type = "Microsoft.KeyVault/vaults/secrets";
    const each = <T>(build: (part: string, secretName: string) => [string, T]) =>
        Object.fromEntries(parts.map(([part, { secretName }]) => build(part, secretName)));
    return {
        $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        contentVersion: "1.0.0.0",
        parameters: { vaultName: { type: "string" }, ...each((part) => [`${part}Value`, { type: "securestring" }]) },
        resources: parts.map(([part, { secretName }]) => ({
            type,
            apiVersion,
            name: `[concat(parameters('vaultName'), '/${secretName}')]`,
            ...(tags !== undefined && { tags }),
            properties: { value: `[parameters('${part}Value')]`, contentType },
        })),
        outputs: each((part, secretName) => [
            part,
            {
                type: "string",
                value: `[reference(resourceId('${type}', parameters('vaultName'), '${secretName}'), '${apiVersion}').secretUriWithVersion]`,
            },
        ]),
    };
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
