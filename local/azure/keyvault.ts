import type { Handler } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armHandler } from "./armHandler";
import { buildId } from "./ids";
import { object, text } from "./inputs";
import { portOf } from "./ports";
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
        const opened = world.vaults.find(id) ?? (await world.emulator.openVault({ id, name, ...portOf(before) }));
        world.vaults.add(id, opened);
        const properties = { ...object(inputs.properties), vaultUri: opened.uri, provisioningState: "Succeeded" };
        return { outputs: { properties }, keep: { port: opened.port } };
    },
    async remove({ world, id }) {
        await world.vaults.find(id)?.remove();
        world.vaults.remove(id);
    },
});

function vaultOf(world: World, inputs: Properties) {
    const resourceGroup = text(inputs, "resourceGroupName");
    return world.vaults.get(buildId({ ...world, resourceGroup, type: vaultType, names: [text(inputs, "vaultName")] }));
}

export const secret: Handler = armHandler({
    token: "azure-native:keyvault:Secret",
    armType: "Microsoft.KeyVault/vaults/secrets",
    names: ["vaultName", "secretName"],
    volatile: ["properties"],
    async make({ world, name, inputs }) {
        const { value, ...shown } = object(inputs.properties);
        const { id: secretUriWithVersion } = vaultOf(world, inputs).setSecret(
            name,
            typeof value === "string" ? value : "",
        );
        const secretUri = secretUriWithVersion.slice(0, secretUriWithVersion.lastIndexOf("/"));
        return { outputs: { properties: { ...shown, secretUri, secretUriWithVersion } } };
    },
    async remove({ world, inputs }) {
        const resourceGroup = text(inputs, "resourceGroupName");
        const id = buildId({ ...world, resourceGroup, type: vaultType, names: [text(inputs, "vaultName")] });
        world.vaults.find(id)?.deleteSecret(text(inputs, "secretName"));
    },
});
