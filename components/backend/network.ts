import * as pulumi from "@pulumi/pulumi";
import type { FunctionAppArgs } from "../functionApp/args";
import type { FunctionApp } from "../functionApp/functionApp";
import type { FunctionCodeArgs } from "../functionCode/args";
import type { HostKeysArgs } from "../hostKeys/args";
import type { HostKeys } from "../hostKeys/hostKeys";
import { LinkTarget, NetworkExposure } from "../network/args";
import { PrivateNetwork } from "../network/privateNetwork";
import { SharedPrivateLink } from "../network/sharedPrivateLink";
import type { ServiceOptionsArgs, ServicePlaceArgs } from "../service/args";
import { type PrivateEndpointPlace, PublicNetworkAccess } from "../shared/privateEndpoint";
import { RealtimeExtension } from "../shared/serviceKinds";
import type { CheckedBackendArgs } from "./check";
import { linkTargets } from "./checkNetwork";
import type { ConnectedService } from "./connection";

type Placed = CheckedBackendArgs & { resourceGroupName: pulumi.Input<string> };

/** The network of a backend. Nothing of it is there without `privateNetwork`. */
export interface BackendNetworkParts {
    network?: PrivateNetwork;
    /** Where the private endpoints go. */
    place?: PrivateEndpointPlace;
}

/** The network that `privateNetwork` asks for. */
export function createNetwork(name: string, args: Placed, opts: pulumi.ComponentResourceOptions): BackendNetworkParts {
    const { privateNetwork: given, resourceGroupName, naming, location, tags, plan } = args;
    if (given === undefined) {
        return {};
    }
    const { addressPrefix, appSubnetId, endpointSubnetId, dnsZoneIds, createDnsZones, cloud, groupIds } = given;
    const network = new PrivateNetwork(
        `${name}-network`,
        {
            ...{ resourceGroupName, naming, location, tags, plan, groupIds },
            ...{ addressPrefix, appSubnetId, endpointSubnetId, dnsZoneIds, createDnsZones, cloud },
        },
        opts,
    );
    const hasRecords = createDnsZones || dnsZoneIds !== undefined;
    return {
        network,
        place: { subnetId: network.endpointSubnetId, ...(hasRecords && { dnsZoneIds: network.dnsZoneIds }) },
    };
}

/**
 * The vault's part. SignalR reads the key when its upstream is set, which is before a link to the vault can exist, and then only about
 * every 30 minutes. So its vault stays open to the internet, for identities with a role.
 */
export function vaultNetwork(
    { kind }: Pick<CheckedBackendArgs, "kind">,
    { place }: BackendNetworkParts,
): Pick<HostKeysArgs, "privateEndpoint" | "publicNetworkAccess"> {
    const isRead = kind.extension === RealtimeExtension.SignalR;
    return place === undefined
        ? {}
        : {
              privateEndpoint: place,
              publicNetworkAccess: isRead ? PublicNetworkAccess.Enabled : PublicNetworkAccess.Disabled,
          };
}

const fromInside = ["RESTAPI", "ServerConnection", "Trace"];

/**
 * The service's part. Azure names the connection of a private endpoint itself, so no rule can name it in the same update: what is not
 * denied to the internet is allowed, and private endpoints allow everything.
 */
export function serviceNetwork(
    { privateNetwork }: Pick<CheckedBackendArgs, "privateNetwork">,
    { place }: BackendNetworkParts,
): Pick<ServiceOptionsArgs & ServicePlaceArgs, "privateEndpoint" | "publicNetworkAccess" | "networkACLs"> {
    if (privateNetwork === undefined) {
        return {};
    }
    const isPrivate = privateNetwork.clients === NetworkExposure.Private;
    return {
        privateEndpoint: place,
        publicNetworkAccess: isPrivate ? PublicNetworkAccess.Disabled : PublicNetworkAccess.Enabled,
        networkACLs: {
            defaultAction: "Allow",
            publicNetwork: { deny: isPrivate ? ["ClientConnection", ...fromInside] : fromInside },
        },
    };
}

/** The app's part. The app comes after the vault's private endpoint, because its host reads the keys when it starts. */
export function appNetwork(
    { privateNetwork }: Pick<CheckedBackendArgs, "privateNetwork">,
    { network, place }: BackendNetworkParts,
    keys: HostKeys,
): Pick<
    FunctionAppArgs,
    "virtualNetworkSubnetId" | "storagePrivateEndpoints" | "privateEndpoint" | "publicNetworkAccess"
> {
    if (network === undefined) {
        return {};
    }
    const isPrivate = privateNetwork?.app === NetworkExposure.Private;
    return {
        virtualNetworkSubnetId: pulumi.all([network.appSubnetId, keys.vaultUri]).apply(([id]) => id),
        storagePrivateEndpoints: place,
        privateEndpoint: isPrivate ? place : undefined,
        publicNetworkAccess: isPrivate ? PublicNetworkAccess.Disabled : PublicNetworkAccess.Enabled,
    };
}

/** The part of the package's account, which is open unless the addresses of deployers are known. */
export function codeNetwork(
    { privateNetwork }: Pick<CheckedBackendArgs, "privateNetwork">,
    { place }: BackendNetworkParts,
): Pick<FunctionCodeArgs, "deployerIpRanges" | "privateEndpoint"> {
    const deployerIpRanges = privateNetwork?.deployerIpRanges;
    return deployerIpRanges === undefined ? {} : { deployerIpRanges, privateEndpoint: place };
}

/** Ways that the service itself takes. */
export interface ServiceLinks {
    links?: SharedPrivateLink[];
    /** Known once every link works. */
    inForce: pulumi.Output<unknown>;
}

/**
 * The shared private links from the service to what is closed to the internet: its vault, and the app. A service takes one change at a
 * time, so its links come one after another, and after its private endpoint.
 */
export function createLinks(
    name: string,
    args: Placed & { service: ConnectedService; keys: HostKeys; stagingKeys: HostKeys | undefined; app: FunctionApp },
    opts: pulumi.ComponentResourceOptions,
): ServiceLinks {
    const { kind, privateNetwork, resourceGroupName, service, keys, stagingKeys, app, tags } = args;
    const links: SharedPrivateLink[] = [];
    const link = (part: string, groupId: LinkTarget, targetId: pulumi.Output<string>, linkName?: string) => {
        const ready = [service.endpoint, ...links.map((before) => before.serviceName)];
        const serviceName = pulumi.all([service.serviceName, ...ready]).apply(([known]) => known ?? "");
        const target = { service: kind.extension, resourceGroupName, serviceName, groupId, linkName, targetId, tags };
        links.push(new SharedPrivateLink(`${name}-${part}-link`, target, opts));
    };
    const targets = privateNetwork === undefined ? [] : linkTargets(kind, privateNetwork.app);
    if (targets.includes(LinkTarget.Vault)) {
        link("vault", LinkTarget.Vault, after(keys.vaultId, keys.vaultUri));
        if (stagingKeys !== undefined) {
            const name = "staging-vault";
            link(name, LinkTarget.Vault, after(stagingKeys.vaultId, stagingKeys.vaultUri), name);
        }
    }
    if (targets.includes(LinkTarget.Sites)) {
        link("app", LinkTarget.Sites, after(app.functionAppId, app.functionAppName));
    }
    return {
        links: links.length === 0 ? undefined : links,
        inForce: pulumi.all(links.map(({ serviceName }) => serviceName)),
    };
}

/** The app's name, for the deployment of its code. An app takes one change at a time, so its code comes after a link to it. */
export function afterLinks(
    functionAppName: pulumi.Output<string>,
    { privateNetwork }: Pick<CheckedBackendArgs, "privateNetwork">,
    inForce: pulumi.Output<unknown>,
): pulumi.Output<string> {
    return privateNetwork?.app === NetworkExposure.Private ? after(functionAppName, inForce) : functionAppName;
}

function after(value: pulumi.Output<string>, before: pulumi.Output<unknown>): pulumi.Output<string> {
    return pulumi.all([value, before]).apply(([known]) => known);
}
