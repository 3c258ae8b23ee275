import { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "./armId";
import type { Checks, Rule } from "./checks";
import { nameAfter } from "./naming";
import { decisive, object, plain, required, ruled, type Shape, text } from "./shape";

/** Whether a resource can be reached from the internet. */
export const PublicNetworkAccess = {
    /** From the internet, with a role or a key. */
    Enabled: "Enabled",
    /** Through private endpoints only. */
    Disabled: "Disabled",
} as const;
export type PublicNetworkAccess = (typeof PublicNetworkAccess)[keyof typeof PublicNetworkAccess];

/** Azure Resource Manager ids of private DNS zones, by the group id of the private endpoints whose addresses they hold. */
export interface PrivateDnsZoneIds {
    /** Zone for blobs: privatelink.blob.core.windows.net. */
    blob?: pulumi.Input<string>;
    /** Zone for queues: privatelink.queue.core.windows.net. */
    queue?: pulumi.Input<string>;
    /** Zone for tables: privatelink.table.core.windows.net. */
    table?: pulumi.Input<string>;
    /** Zone for vaults: privatelink.vaultcore.azure.net. */
    vault?: pulumi.Input<string>;
    /** Zone for Web PubSub of either kind: privatelink.webpubsub.azure.com. */
    webpubsub?: pulumi.Input<string>;
    /** Zone for SignalR: privatelink.service.signalr.net. */
    signalr?: pulumi.Input<string>;
    /** Zone for apps: privatelink.azurewebsites.net. */
    sites?: pulumi.Input<string>;
}

/** Azure's name for what a private endpoint leads to. */
export type EndpointGroup = keyof PrivateDnsZoneIds;

/** Where private endpoints of a resource go. */
export interface PrivateEndpointPlace {
    /** Azure Resource Manager id of the subnet: PrivateNetwork's `endpointSubnetId`, or any subnet without a delegation. */
    subnetId: pulumi.Input<string>;
    /**
     * Zones that get the address of the endpoint: PrivateNetwork's `dnsZoneIds`. Defaults to none: somebody else, such as an Azure
     * Policy, writes the records.
     */
    dnsZoneIds?: pulumi.Input<PrivateDnsZoneIds>;
}

const zone = decisive(ruled(armIdRule("Microsoft.Network/privateDnsZones")));

export const dnsZoneIdsShape: Shape = object<PrivateDnsZoneIds>({
    blob: zone,
    queue: zone,
    table: zone,
    vault: zone,
    webpubsub: zone,
    signalr: zone,
    sites: zone,
});

export const privateEndpointShape: Shape = plain(
    object<PrivateEndpointPlace>({ subnetId: required(text), dnsZoneIds: decisive(dnsZoneIdsShape) }),
);

export const subnetIdRule = armIdRule("Microsoft.Network/virtualNetworks/subnets");

/** Checks where a component puts the private endpoints of what it creates. */
export function checkPrivateEndpoint(
    checks: Checks,
    path: string,
    given: pulumi.Input<PrivateEndpointPlace> | undefined,
    groups: readonly EndpointGroup[],
): PrivateEndpointPlace | undefined {
    const place = given as PrivateEndpointPlace | undefined;
    const zonesRule: Rule<PrivateDnsZoneIds> = (ids) => {
        const missing = groups.filter((group) => ids[group] === undefined);
        return missing.length === 0
            ? undefined
            : `there is no zone for ${missing.join(", ")}. Add it, or leave dnsZoneIds out.`;
    };
    return (
        place && {
            ...place,
            subnetId: checks.input(`${path}.subnetId`, place.subnetId, subnetIdRule),
            dnsZoneIds: checks.input(`${path}.dnsZoneIds`, place.dnsZoneIds, zonesRule),
        }
    );
}

export interface EndpointTarget {
    groupId: EndpointGroup;
    /** Azure's name for a part of the target, whose addresses lie in the zone of the group. Defaults to the group. */
    subresource?: string;
    /** Azure Resource Manager id of what the endpoint leads to. */
    targetId: pulumi.Input<string>;
    place: PrivateEndpointPlace;
    resourceGroupName: pulumi.Input<string>;
    naming?: unknown;
    location?: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A private endpoint and its records. */
export interface CreatedEndpoint {
    endpoint: PrivateEndpoint;
    /** Not there when somebody else writes the records. */
    records?: PrivateDnsZoneGroup;
    /** The last of the two: what reaches the target through the endpoint comes after it. */
    last: pulumi.CustomResource;
}

/** Creates a private endpoint for one group of a resource, and has Azure keep its address in the zone. */
export function createPrivateEndpoint(
    name: string,
    { groupId, subresource = groupId, targetId, place, resourceGroupName, naming, location, tags }: EndpointTarget,
    opts: pulumi.CustomResourceOptions,
): CreatedEndpoint {
    const endpoint = new PrivateEndpoint(
        `${name}-${groupId}`,
        {
            resourceGroupName,
            privateEndpointName: nameAfter(targetId, { naming, part: subresource, max: 64 }),
            location,
            tags,
            subnet: { id: place.subnetId },
            privateLinkServiceConnections: [
                { name: subresource, privateLinkServiceId: targetId, groupIds: [subresource] },
            ],
        },
        opts,
    );
    if (place.dnsZoneIds === undefined) {
        return { endpoint, last: endpoint };
    }
    // The check of the component has seen to it that the zone is there.
    const privateDnsZoneId = pulumi.output(place.dnsZoneIds).apply((ids) => ids[groupId] ?? "");
    const records = new PrivateDnsZoneGroup(
        `${name}-${groupId}`,
        {
            resourceGroupName,
            privateEndpointName: endpoint.name,
            privateDnsZoneGroupName: "default",
            privateDnsZoneConfigs: [{ name: groupId, privateDnsZoneId }],
        },
        { parent: opts.parent },
    );
    return { endpoint, records, last: records };
}

/** The value, known once the endpoint can be used; at once where there is none. */
export function afterEndpoint<T>(
    value: pulumi.Output<T>,
    created: Pick<CreatedEndpoint, "last"> | undefined,
): pulumi.Output<T> {
    if (created === undefined) {
        return value;
    }
    return pulumi.all([value, created.last.id]).apply(([known]) => known) as pulumi.Output<T>;
}
