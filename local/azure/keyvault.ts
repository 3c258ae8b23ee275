import { messageOf } from "../../emulator/core/errors";
import { type Vault, VaultError } from "../../emulator/vault";
import type { Handler } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armError } from "./armErrors";
import { armHandler } from "./armHandler";
import { deployer } from "./deployer";
import { buildId } from "./ids";
import { object, text } from "./inputs";
import { portOf } from "./ports";
import { networkFault } from "./privateLinks";
import type { World } from "./world";

const vaultType = "Microsoft.KeyVault/vaults";

export const vault: Handler = armHandler({
    token: "azure-native:keyvault:Vault",
    armType: vaultType,
    names: ["vaultName"],
    autoName: ({ logicalName, random }) => `${logicalName.replace(/[^A-Za-z0-9-]/g, "").slice(0, 16)}${random}`,
    regional: true,
    faults({ properties }) {
        if (object(properties).enableRbacAuthorization === true) {
            return [];
        }
        return ["properties.enableRbacAuthorization must be true: the local Azure has no access policies, only roles"];
    },
    async make({ world, id, name, inputs, before }) {
        const { enablePurgeProtection, createMode, softDeleteRetentionInDays: days } = object(inputs.properties);
        const deletion = {
            purgeProtection: enablePurgeProtection === true,
            recover: createMode === "recover",
            ...(typeof days === "number" && { retentionDays: days }),
        };
        const opened =
            world.vaults.find(id) ??
            (await world.emulator
                .openVault({
                    ...{ id, name, ...deletion, ...portOf(before) },
                    networkFault: (principalId) => networkFault(world, id, principalId),
                })
                .catch(asArmError));
        world.vaults.add(id, opened);
        const properties = { ...object(inputs.properties), vaultUri: opened.uri, provisioningState: "Succeeded" };
        return { outputs: { properties }, keep: { port: opened.port } };
    },
    async remove({ world, id }) {
        await world.vaults.find(id)?.remove();
        world.vaults.remove(id);
    },
});

function asArmError(error: unknown): never {
    if (error instanceof VaultError) {
        const { status, code, sentence: message, hint } = error;
        throw armError({ status, code, message, hint });
    }
    throw error;
}

function vaultId(world: World, inputs: Properties): string {
    const resourceGroup = text(inputs, "resourceGroupName");
    return buildId({ ...world, resourceGroup, type: vaultType, names: [text(inputs, "vaultName")] });
}

const vaultOf = (world: World, inputs: Properties) => world.vaults.get(vaultId(world, inputs));
const findVault = (world: World, inputs: Properties) => world.vaults.find(vaultId(world, inputs));

export const secret: Handler = armHandler({
    token: "azure-native:keyvault:Secret",
    armType: "Microsoft.KeyVault/vaults/secrets",
    names: ["vaultName", "secretName"],
    volatile: ["properties"],
    shownInputs(inputs) {
        const { value: _value, ...shown } = object(inputs.properties);
        return { ...inputs, properties: shown };
    },
    exists: ({ world, inputs }) => {
        const name = text(inputs, "secretName").toLowerCase();
        const names = findVault(world, inputs)?.listSecretNames() ?? [];
        return names.some((other) => other.toLowerCase() === name);
    },
    async make({ world, name, inputs }) {
        const properties = object(inputs.properties);
        return { outputs: { properties: writeSecret({ vault: vaultOf(world, inputs), name, properties }) } };
    },
    async remove({ world, inputs }) {
        const vault = findVault(world, inputs);
        if (vault) {
            requireSecretsOfficer(world, vault);
            vault.deleteSecret(text(inputs, "secretName"));
        }
    },
});

/** Writes a secret as Azure Resource Manager does. Returns its properties, which never hold the value. */
export function writeSecret({
    vault,
    name,
    properties,
}: {
    vault: Vault;
    name: string;
    properties: Properties;
}): Properties {
    const { value, ...shown } = properties;
    const { id: secretUriWithVersion } = vault.setSecret(name, typeof value === "string" ? value : "");
    const secretUri = secretUriWithVersion.slice(0, secretUriWithVersion.lastIndexOf("/"));
    return { ...shown, secretUri, secretUriWithVersion };
}

/** Only the vault's data plane deletes secrets, and it asks for a role that an Owner does not have. */
function requireSecretsOfficer(world: World, vault: Vault): void {
    if (world.azureTiming === undefined) {
        return;
    }
    const { identity } = world.emulator;
    const { objectId: principalId, clientId } = deployer;
    identity.addPrincipal({ principalId, clientId, resourceId: "the account that deploys" });
    try {
        identity.requireRole({ principalId, anyRole: ["keyVaultSecretsOfficer"], scope: vault.id });
    } catch (error) {
        throw armError({
            status: 403,
            code: "Forbidden",
            message: `Caller is not authorized to perform action on resource. Action: 'Microsoft.KeyVault/vaults/secrets/delete'. ${messageOf(error)}`,
            hint: 'Give the account that deploys the role "Key Vault Secrets Officer" on the vault, or let the secret go with its vault (deletedWith)',
        });
    }
}
