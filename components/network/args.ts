import type * as pulumi from "@pulumi/pulumi";
import type { HostingPlan } from "../functionApp/args";
import type { Naming } from "../shared/namingArgs";
import type { PrivateDnsZoneIds } from "../shared/privateEndpoint";
import type { RealtimeExtension } from "../shared/serviceKinds";

/** Who may reach a part of a backend that has a private network. */
export const NetworkExposure = {
    /** Everybody on the internet, with what the part itself asks for. */
    Public: "Public",
    /** Only callers in the network, and in networks that are connected to it. */
    Private: "Private",
} as const;
export type NetworkExposure = (typeof NetworkExposure)[keyof typeof NetworkExposure];

/** Clouds of Azure, which have private DNS zones of different names. */
export const AzureCloud = {
    /** Azure itself. */
    Public: "Public",
    /** Azure for the US government. */
    USGovernment: "USGovernment",
    /** Azure in China, operated by 21Vianet. */
    China: "China",
} as const;
export type AzureCloud = (typeof AzureCloud)[keyof typeof AzureCloud];

/** Options of a private network; backends take the same in `privateNetwork`. */
export interface PrivateNetworkOptionsArgs {
    /**
     * Private IPv4 range of the new virtual network, /16 to /25. Its first quarter is the app's subnet, its second quarter the subnet of
     * the private endpoints. Refused with given subnets. Defaults to 10.0.0.0/24, with subnets of /26.
     */
    addressPrefix?: pulumi.Input<string>;
    /**
     * Azure Resource Manager id of the subnet that the app sends from, with the plan's delegation (Microsoft.App/environments on
     * FlexConsumption, Microsoft.Web/serverFarms on the others) and nothing else in it. Goes with `endpointSubnetId`. Defaults to a new one.
     */
    appSubnetId?: pulumi.Input<string>;
    /** Azure Resource Manager id of the subnet for the private endpoints, another one than `appSubnetId`. Defaults to a new one. */
    endpointSubnetId?: pulumi.Input<string>;
    /**
     * Whether private DNS zones are created and linked to the network. A network takes one zone of each name, so say false in a network
     * that has them; without `dnsZoneIds` somebody else, such as an Azure Policy, must then write the records. Defaults to true, unless
     * `dnsZoneIds` is given.
     */
    createDnsZones?: boolean;
    /**
     * Zones that exist already, by group id; every group that the network needs must be there. A new virtual network is linked to
     * them; with given subnets they must be linked already. Defaults to new zones.
     */
    dnsZoneIds?: PrivateDnsZoneIds;
    /** Cloud that decides the names of new zones. Defaults to the provider's `azure-native:environment`, else to Public. */
    cloud?: AzureCloud;
}

/** The private network of a backend. `{}` takes every default: a new network, with clients and app open to the internet. */
export interface BackendNetwork extends PrivateNetworkOptionsArgs {
    /**
     * Who may connect to the service. The service takes REST calls, such as the app's, from the network only, either way. Defaults to
     * Public.
     */
    clients?: NetworkExposure;
    /**
     * Who may call the app. Private closes its public address, also for negotiate, and the service reaches the app through a shared
     * private link. Defaults to Public.
     */
    app?: NetworkExposure;
    /**
     * Public IPv4 addresses and ranges (to /30) that may upload code; the account of the packages is then closed for everybody else.
     * They never match callers in the account's own Azure region. Refused where the app runs from the package's URL. Defaults to
     * none: the account stays open, and reading it takes a role or a signature.
     */
    deployerIpRanges?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Args of PrivateNetwork. */
export interface PrivateNetworkArgs extends PrivateNetworkOptionsArgs {
    /** Resource group of the network, the zones and their links. */
    resourceGroupName: pulumi.Input<string>;
    /** Plan of the app in the network, which decides the delegation of its subnet; not Consumption. Defaults to FlexConsumption. */
    plan?: HostingPlan;
    /** Group ids of the private endpoints that need a zone: blob, queue, table, vault, webpubsub, signalr, sites. */
    groupIds: string[];
    /** How the new virtual network is called. Defaults to the component's name with a random part. */
    naming?: pulumi.Input<Naming>;
    /** Azure region of the virtual network. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on every resource that takes them. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** What a shared private link leads to. */
export const LinkTarget = {
    /** A key vault, for references in event URLs. */
    Vault: "vault",
    /** A Function App, for events. */
    Sites: "sites",
} as const;
export type LinkTarget = (typeof LinkTarget)[keyof typeof LinkTarget];

/** Args of SharedPrivateLink. */
export interface SharedPrivateLinkArgs {
    /** Resource group of the service. */
    resourceGroupName: pulumi.Input<string>;
    /** Kind of the service: socketio, webpubsub or signalr. */
    service: RealtimeExtension;
    /** Name of the service. */
    serviceName: pulumi.Input<string>;
    /** What the link leads to: vault or sites. */
    groupId: LinkTarget;
    /**
     * Name of the link on the service, 1-50 letters, digits and hyphens; a second link to the same kind of target needs another than the
     * first. Defaults to the group id.
     */
    linkName?: string;
    /** Azure Resource Manager id of the vault or the app, on which the deployer may approve private endpoint connections. */
    targetId: pulumi.Input<string>;
    /** Tags on the deployment that approves the link. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
