import * as pulumi from "@pulumi/pulumi";
import type { EndpointGroup } from "../shared/privateEndpoint";
import { AzureCloud } from "./args";

/**
 * Names of the private DNS zones. A group without a name in a cloud has none on Azure's page.
 * Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns (2025-08).
 */
const zoneNames: Record<EndpointGroup, Partial<Record<AzureCloud, string>>> = {
    blob: storageZones("blob"),
    queue: storageZones("queue"),
    table: storageZones("table"),
    vault: {
        Public: "privatelink.vaultcore.azure.net",
        USGovernment: "privatelink.vaultcore.usgovcloudapi.net",
        China: "privatelink.vaultcore.azure.cn",
    },
    webpubsub: { Public: "privatelink.webpubsub.azure.com" },
    signalr: { Public: "privatelink.service.signalr.net", China: "privatelink.signalr.azure.cn" },
    sites: {
        Public: "privatelink.azurewebsites.net",
        USGovernment: "privatelink.azurewebsites.us",
        China: "privatelink.chinacloudsites.cn",
    },
};

function storageZones(service: string): Record<AzureCloud, string> {
    return {
        Public: `privatelink.${service}.core.windows.net`,
        USGovernment: `privatelink.${service}.core.usgovcloudapi.net`,
        China: `privatelink.${service}.core.chinacloudapi.cn`,
    };
}

export const endpointGroups = Object.keys(zoneNames) as readonly EndpointGroup[];

export function zoneName(group: EndpointGroup, cloud: AzureCloud): string | undefined {
    return zoneNames[group][cloud];
}

/** Every name that the zone of a group has in some cloud. */
export function zoneNamesOf(group: EndpointGroup): string[] {
    return Object.values(zoneNames[group]);
}

const environments: Readonly<Record<string, AzureCloud>> = {
    public: AzureCloud.Public,
    usgovernment: AzureCloud.USGovernment,
    china: AzureCloud.China,
};

/** The cloud that the provider's configuration names, else the public one. */
export function configuredCloud(): AzureCloud {
    const name = new pulumi.Config("azure-native").get("environment") ?? process.env.ARM_ENVIRONMENT ?? "public";
    const known = name.toLowerCase();
    return Object.hasOwn(environments, known) ? (environments[known] as AzureCloud) : AzureCloud.Public;
}
