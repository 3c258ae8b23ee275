import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import type * as pulumi from "@pulumi/pulumi";

export interface StorageAccountToCreate {
    name: string;
    accountName: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string> | undefined;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
    allowSharedKeyAccess: boolean;
}

/** A storage account with nothing public in it. */
export function createStorageAccount(
    { name, ...args }: StorageAccountToCreate,
    opts: pulumi.CustomResourceOptions,
): StorageAccount {
    return new StorageAccount(
        name,
        {
            ...args,
            kind: "StorageV2",
            sku: { name: "Standard_LRS" },
            allowBlobPublicAccess: false,
            minimumTlsVersion: "TLS1_2",
            enableHttpsTrafficOnly: true,
            defaultToOAuthAuthentication: !args.allowSharedKeyAccess,
        },
        opts,
    );
}
