import { StorageAccount, type StorageAccountArgs } from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { protectedIf } from "./locks";

export interface StorageAccountOptions {
    accountName: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string> | undefined;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
    /** Whether the account survives the loss of a zone. */
    zoneRedundant: boolean | undefined;
    allowSharedKeyAccess: boolean;
    /** Whether Pulumi refuses to delete the account. */
    protectData: boolean | undefined;
    /** Who reaches the account from the internet. Defaults to everybody, with a role or a signature. */
    firewall?: StorageFirewall;
}

/** What a storage account's firewall lets in: private endpoints and the given addresses, nobody else. */
export interface StorageFirewall {
    ipRanges?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Creates a storage account with nothing public in it. */
export function createStorageAccount(
    name: string,
    { zoneRedundant, protectData, firewall, ...args }: StorageAccountOptions,
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
            ...(firewall && firewallProperties(firewall)),
        },
        { ...opts, ...protectedIf(protectData) },
    );
}

// Azure heeds address rules only while public access is enabled.
function firewallProperties({
    ipRanges,
}: StorageFirewall): Pick<StorageAccountArgs, "publicNetworkAccess" | "networkRuleSet"> {
    return {
        publicNetworkAccess: ipRanges === undefined ? "Disabled" : "Enabled",
        networkRuleSet: {
            defaultAction: "Deny",
            bypass: "AzureServices",
            ipRules: ipRanges && pulumi.output(ipRanges).apply((ranges) => ranges.map(ipRule)),
        },
    };
}

const ipRule = (iPAddressOrRange: string) => ({ iPAddressOrRange, action: "Allow" as const });
