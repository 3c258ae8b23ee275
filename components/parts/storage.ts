import * as storage from "@pulumi/azure-native/storage";
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
): storage.StorageAccount {
    return new storage.StorageAccount(
        name,
        {
            ...args,
            kind: storage.Kind.StorageV2,
            sku: { name: storage.SkuName.Standard_LRS },
            allowBlobPublicAccess: false,
            minimumTlsVersion: storage.MinimumTlsVersion.TLS1_2,
            enableHttpsTrafficOnly: true,
            defaultToOAuthAuthentication: !args.allowSharedKeyAccess,
        },
        opts,
    );
}
