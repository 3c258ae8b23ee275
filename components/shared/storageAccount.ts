import { StorageAccount } from "@pulumi/azure-native/storage";
import type * as pulumi from "@pulumi/pulumi";

export interface StorageAccountOptions {
    accountName: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string> | undefined;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
    /** Whether the account survives the loss of a zone. */
    zoneRedundant: boolean | undefined;
    allowSharedKeyAccess: boolean;
}

/** Creates a storage account with nothing public in it. */
export function createStorageAccount(
    name: string,
    { zoneRedundant, ...args }: StorageAccountOptions,
    opts: pulumi.CustomResourceOptions,
): StorageAccount {
    return new StorageAccount(
        name,
        {
            ...args,
            kind: "StorageV2",
            sku: { name: zoneRedundant ? "Standard_ZRS" : "Standard_LRS" },
            allowBlobPublicAccess: false,
            minimumTlsVersion: "TLS1_2",
            enableHttpsTrafficOnly: true,
            defaultToOAuthAuthentication: !args.allowSharedKeyAccess,
        },
        opts,
    );
}
