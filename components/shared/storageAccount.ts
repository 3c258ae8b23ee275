import { StorageAccount } from "@pulumi/azure-native/storage";
import type * as pulumi from "@pulumi/pulumi";

export interface StorageAccountOptions {
    accountName: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string> | undefined;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
    allowSharedKeyAccess: boolean;
}

/** Creates a storage account with nothing public in it. */
export function createStorageAccount(
    name: string,
    args: StorageAccountOptions,
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
