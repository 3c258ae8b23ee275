import type { StorageAccount } from "../../emulator/storage";
import { missingAzurite } from "../../emulator/storage/engine";
import type { Handler, ProviderFunction } from "../engine/handler";
import { assetBytes, isAsset, isObject, type Properties } from "../engine/values";
import { armError } from "./armErrors";
import { armHandler } from "./armHandler";
import { buildId } from "./ids";
import { object, optionalText, text } from "./inputs";
import { portOf } from "./ports";
import { serviceSasToken } from "./serviceSas";
import type { World } from "./world";

const accountType = "Microsoft.Storage/storageAccounts";

function accountId(world: World, inputs: Properties): string {
    const resourceGroup = text(inputs, "resourceGroupName");
    return buildId({ ...world, resourceGroup, type: accountType, names: [text(inputs, "accountName")] });
}

function accountOf(world: World, inputs: Properties): StorageAccount {
    return world.storageAccounts.get(accountId(world, inputs));
}

const isInZones = (inputs: Properties) => /ZRS$/i.test(optionalText(object(inputs.sku), "name") ?? "");

/** Between one zone and several Azure converts in a job of its own. Source: learn, storage/common/redundancy-migration; terraform-provider-azurerm#6526. */
function refuseConversion(
    name: string,
    { before, after }: { before: Properties | undefined; after: Properties },
): void {
    if (before !== undefined && isInZones(before) !== isInZones(after)) {
        throw armError({
            status: 400,
            code: "StorageAccountTypeConversionNotAllowed",
            message: `Storage account ${name} cannot be updated from ${object(before.sku).name} to ${object(after.sku).name}.`,
            hint: "Azure converts an account between one zone and several in a job of its own, in no update. Keep the sku, or give the account a new name",
        });
    }
}

export const storageAccount: Handler = armHandler({
    token: "azure-native:storage:StorageAccount",
    armType: accountType,
    names: ["accountName"],
    autoName: ({ logicalName, random }) =>
        `${logicalName
            .toLowerCase()
            .replace(/[^a-z0-9]/g, "")
            .slice(0, 16)}${random}`,
    regional: true,
    rename: {
        networkRuleSet: "networkAcls",
        enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
        enableNfsV3: "isNfsV3Enabled",
    },
    replaceOn: ["kind", "isHnsEnabled"],
    // Told by the check, which a preview runs too, and the CLI before it creates anything.
    faults: () => [missingAzurite() ?? []].flat(),
    async make({ world, id, name, inputs, before }) {
        refuseConversion(name, { before: before?.outputs, after: inputs });
        const allowSharedKeyAccess = inputs.allowSharedKeyAccess !== false;
        const open = world.storageAccounts.find(id);
        open?.update({ allowSharedKeyAccess });
        const key = optionalText(before?.keep ?? {}, "key");
        const account =
            open ??
            (await world.emulator.openStorageAccount({
                id,
                name,
                allowSharedKeyAccess,
                ...(key !== undefined && { key }),
                ...portOf(before),
            }));
        world.storageAccounts.add(id, account);
        const endpoint = account.blobEndpoint;
        const primaryEndpoints = { blob: endpoint, queue: endpoint, table: endpoint, file: endpoint };
        return {
            outputs: { primaryEndpoints, primaryLocation: inputs.location ?? "", statusOfPrimary: "available" },
            keep: { port: account.port, key: account.key },
        };
    },
    async remove({ world, id }) {
        await world.storageAccounts.find(id)?.remove();
        world.storageAccounts.remove(id);
    },
});

export const blobContainer: Handler = armHandler({
    token: "azure-native:storage:BlobContainer",
    armType: "Microsoft.Storage/storageAccounts/blobServices/containers",
    names: ["accountName", "=default", "containerName"],
    async make({ world, name, inputs }) {
        await accountOf(world, inputs).createContainer(name);
        return {};
    },
    async remove({ world, inputs }) {
        const account = world.storageAccounts.find(accountId(world, inputs));
        await account?.deleteContainer(text(inputs, "containerName"));
    },
});

/** Azure Resource Manager has no type for a blob: the provider itself uploads it, with the account's key. */
export const blob: Handler = {
    token: "azure-native:storage:Blob",
    replaceOn: ["accountName", "blobName", "containerName", "resourceGroupName", "source", "type"],
    id: ({ inputs, settings }) =>
        buildId({
            subscriptionId: settings.subscriptionId,
            resourceGroup: text(inputs, "resourceGroupName"),
            type: `${accountType}/blobServices/containers/blobs`,
            names: [text(inputs, "accountName"), "default", text(inputs, "containerName"), text(inputs, "blobName")],
        }),
    check: ({ inputs, logicalName }) => ({ ...inputs, blobName: inputs.blobName ?? logicalName }),
    inputNames: () => [
        ...["resourceGroupName", "accountName", "containerName", "blobName"],
        ...["type", "source", "contentType", "accessTier", "contentMd5", "metadata"],
    ],
    outputNames: () => ["name", "type", "url", "contentType", "accessTier", "contentMd5", "metadata"],
    planned: () => ({}),
    async create({ world, inputs }) {
        const account = accountOf(world, inputs);
        const name = text(inputs, "blobName");
        const container = text(inputs, "containerName");
        const { source } = inputs;
        if (!isObject(source) || !isAsset(source)) {
            throw new Error("source must be a file or text asset: the local Azure supports no other kind");
        }
        if (world.resources.get(account.id).allowSharedKeyAccess === false) {
            throw new Error(
                `storage account "${account.name}" has allowSharedKeyAccess false: ` +
                    "it refuses the account's key, and this resource uploads with that key",
            );
        }
        const contentType = optionalText(inputs, "contentType");
        await account.putBlob({ container, name, data: assetBytes(source), ...(contentType && { contentType }) });
        return {
            id: blob.id({ inputs, settings: world }),
            outputs: { name, type: inputs.type ?? "Block", url: `${account.blobEndpoint}${container}/${name}` },
        };
    },
    update: async ({ before }) => before,
    async resume({ world, inputs, before }) {
        const url = `${accountOf(world, inputs).blobEndpoint}${text(inputs, "containerName")}/${text(inputs, "blobName")}`;
        return { ...before, outputs: { ...before.outputs, url } };
    },
    async remove({ world, inputs }) {
        const account = world.storageAccounts.find(accountId(world, inputs));
        await account?.deleteBlob({ container: text(inputs, "containerName"), name: text(inputs, "blobName") });
    },
};

export const storageFunctions: ProviderFunction[] = [
    {
        token: "azure-native:storage:listStorageAccountKeys",
        async run({ world, args }) {
            const { key } = accountOf(world, args);
            return { keys: [{ keyName: "key1", permissions: "FULL", value: key }] };
        },
    },
    {
        token: "azure-native:storage:listStorageAccountServiceSAS",
        run: async ({ world, args }) => ({
            serviceSasToken: serviceSasToken({
                account: accountOf(world, args),
                canonicalizedResource: text(args, "canonicalizedResource"),
                resource: text(args, "resource"),
                permissions: text(args, "permissions"),
                expiry: text(args, "sharedAccessExpiryTime"),
                ...(args.sharedAccessStartTime !== undefined && { start: text(args, "sharedAccessStartTime") }),
            }),
        }),
    },
];
