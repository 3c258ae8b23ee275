import { VirtualNetwork } from "@pulumi/azure-native/network";
import { PrivateZone, VirtualNetworkLink } from "@pulumi/azure-native/privatedns";
import * as pulumi from "@pulumi/pulumi";
import { splitPrefix } from "../shared/addresses";
import { parseArmId, resourceGroupOf } from "../shared/armId";
import { createSuffix } from "../shared/names";
import { nameAfter, newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import { keepNodes, nodesOf } from "../shared/nodes";
import type { EndpointGroup, PrivateDnsZoneIds } from "../shared/privateEndpoint";
import { orDefault } from "../shared/shape";
import type { PrivateNetworkArgs } from "./args";
import { type CheckedPrivateNetworkArgs, checkPrivateNetworkArgs, delegationOf } from "./check";
import { zoneName } from "./zones";

/** Resources inside a PrivateNetwork. What was given by id is not among them. */
export interface PrivateNetworkNodes {
    /** Not there when the subnets are given. */
    virtualNetwork?: VirtualNetwork;
    /** Not there when the zones are given, or written by somebody else. */
    zones?: PrivateZone[];
    /** Not there when nothing had to be linked. */
    links?: VirtualNetworkLink[];
}

/**
 * A network for one Function App: a subnet that the app sends from, a subnet for private endpoints, and the private DNS zones in which
 * the app finds them.
 *
 * ```ts
 * const network = new PrivateNetwork("chat", {
 *     resourceGroupName: group.name,
 *     plan: "FlexConsumption",
 *     groupIds: ["blob", "queue", "table"],
 * });
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     virtualNetworkSubnetId: network.appSubnetId,
 *     storagePrivateEndpoints: { subnetId: network.endpointSubnetId, dnsZoneIds: network.dnsZoneIds },
 * });
 * ```
 *
 * A backend makes one of its own with `privateNetwork`.
 */
export class PrivateNetwork extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the virtual network. */
    public readonly virtualNetworkId: pulumi.Output<string>;
    /** Azure Resource Manager id of the subnet that the app sends from, known once the network finds the zones. */
    public readonly appSubnetId: pulumi.Output<string>;
    /** Azure Resource Manager id of the subnet for private endpoints. */
    public readonly endpointSubnetId: pulumi.Output<string>;
    /** Azure Resource Manager ids of the zones by group id; empty where somebody else writes the records. */
    public readonly dnsZoneIds: pulumi.Output<PrivateDnsZoneIds>;

    constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:PrivateNetwork", name, {}, opts);
        const checked = checkPrivateNetworkArgs(`PrivateNetwork "${name}"`, args);
        const parent = { parent: this };

        const virtualNetwork = checked.appSubnetId === undefined ? createNetwork(name, checked, parent) : undefined;
        const place = { virtualNetworkId: virtualNetwork?.id ?? networkOf(checked.appSubnetId ?? "") };
        const zones = checked.createDnsZones ? createZones(name, checked, parent) : [];
        const given = givenZones(checked.dnsZoneIds);
        // Given zones are linked to a given network already.
        const linked = virtualNetwork === undefined ? zones : [...zones, ...given];
        const links = linked.map((zone) => linkZone(name, { ...zone, ...place, naming: checked.naming }, parent));
        const zoneIds = Object.fromEntries([...given, ...zones].map(({ group, id }) => [group, id]));

        keepNodes<PrivateNetworkNodes>(this, {
            virtualNetwork,
            zones: zones.length === 0 ? undefined : zones.map(({ resource }) => resource),
            links: links.length === 0 ? undefined : links,
        });
        const subnet = (part: string, given: pulumi.Input<string> | undefined) =>
            virtualNetwork === undefined
                ? pulumi.output(given ?? "")
                : pulumi.interpolate`${virtualNetwork.id}/subnets/${part}`;
        this.virtualNetworkId = pulumi.output(place.virtualNetworkId);
        this.appSubnetId = pulumi
            .all([subnet(subnets.app, checked.appSubnetId), ...links.map((link) => link.id)])
            .apply(([id]) => id ?? "");
        this.endpointSubnetId = subnet(subnets.endpoints, checked.endpointSubnetId);
        this.dnsZoneIds = pulumi.output(zoneIds) as pulumi.Output<PrivateDnsZoneIds>;
        this.registerOutputs({
            virtualNetworkId: this.virtualNetworkId,
            appSubnetId: this.appSubnetId,
            endpointSubnetId: this.endpointSubnetId,
            dnsZoneIds: this.dnsZoneIds,
        });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): PrivateNetworkNodes {
        return nodesOf(this);
    }
}

const subnets = { app: "app", endpoints: "endpoints" };

function networkOf(subnetId: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.output(subnetId).apply((id) => id.replace(/\/subnets\/[^/]+$/i, ""));
}

// The subnets stand in the network itself: as resources of their own, two writes at once fail with AnotherOperationInProgress.
function createNetwork(
    name: string,
    args: CheckedPrivateNetworkArgs,
    opts: pulumi.CustomResourceOptions,
): VirtualNetwork {
    const { resourceGroupName, naming, location, tags, plan } = args;
    const prefix = pulumi.output(orDefault(args.addressPrefix, "10.0.0.0/24"));
    const ranges = prefix.apply(splitPrefix);
    return new VirtualNetwork(
        name,
        {
            resourceGroupName,
            virtualNetworkName:
                naming === undefined
                    ? undefined
                    : newName(createSuffix(name, opts), {
                          base: name,
                          max: 64,
                          naming,
                          kind: NamedKind.VirtualNetwork,
                      }),
            location,
            tags,
            addressSpace: { addressPrefixes: [prefix] },
            subnets: [
                {
                    name: subnets.app,
                    addressPrefix: ranges.app,
                    delegations: [{ name: "app", serviceName: delegationOf(plan) }],
                },
                {
                    name: subnets.endpoints,
                    addressPrefix: ranges.endpoints,
                    privateEndpointNetworkPolicies: "Disabled",
                },
            ],
        },
        opts,
    );
}

/** A private DNS zone for one group of endpoints. */
interface Zone {
    group: EndpointGroup;
    id: pulumi.Input<string>;
    name: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
}

function createZones(
    name: string,
    args: CheckedPrivateNetworkArgs,
    opts: pulumi.CustomResourceOptions,
): (Zone & { resource: PrivateZone })[] {
    const { resourceGroupName, tags, cloud } = args;
    return args.groupIds.map((group) => {
        const privateZoneName = zoneName(group, cloud) ?? "";
        const place = { resourceGroupName, tags, privateZoneName, location: "global" };
        const resource = new PrivateZone(`${name}-${group}`, place, opts);
        return { group, id: resource.id, name: resource.name, resourceGroupName, resource };
    });
}

function givenZones(ids: PrivateDnsZoneIds = {}): Zone[] {
    return (Object.entries(ids) as [EndpointGroup, pulumi.Input<string>][]).map(([group, id]) => ({
        group,
        id,
        name: pulumi.output(id).apply((known) => parseArmId(known)?.name ?? ""),
        resourceGroupName: resourceGroupOf(id),
    }));
}

function linkZone(
    name: string,
    {
        group,
        name: privateZoneName,
        resourceGroupName,
        virtualNetworkId,
        naming,
    }: Zone & { virtualNetworkId: pulumi.Input<string>; naming: unknown },
    opts: pulumi.CustomResourceOptions,
): VirtualNetworkLink {
    return new VirtualNetworkLink(
        `${name}-${group}`,
        {
            resourceGroupName,
            privateZoneName,
            virtualNetworkLinkName: nameAfter(virtualNetworkId, { naming, part: "link", max: 80 }),
            location: "global",
            virtualNetwork: { id: virtualNetworkId },
            registrationEnabled: false,
            // Without this, every other resource of the kind that has a private endpoint anywhere stops resolving in the network.
            resolutionPolicy: "NxDomainRedirect",
        },
        opts,
    );
}
