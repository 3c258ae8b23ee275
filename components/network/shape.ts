import { nameRule } from "../shared/names";
import { namingShape } from "../shared/naming";
import { location, resourceGroup } from "../shared/places";
import { dnsZoneIdsShape } from "../shared/privateEndpoint";
import {
    decisive,
    flag,
    list,
    map,
    object,
    plain,
    required,
    ruled,
    type Shape,
    type ShapesOf,
    text,
} from "../shared/shape";
import type { BackendNetwork, PrivateNetworkArgs, PrivateNetworkOptionsArgs, SharedPrivateLinkArgs } from "./args";

const optionsShape: ShapesOf<PrivateNetworkOptionsArgs> = {
    addressPrefix: text,
    appSubnetId: decisive(text),
    endpointSubnetId: decisive(text),
    createDnsZones: plain(flag),
    dnsZoneIds: plain(dnsZoneIdsShape),
    cloud: plain(text),
};

export const backendNetworkShape: Shape = plain(
    object<BackendNetwork>({
        ...optionsShape,
        clients: plain(text),
        app: plain(text),
        deployerIpRanges: decisive(list(text)),
    }),
);

export const privateNetworkShape: ShapesOf<PrivateNetworkArgs> = {
    ...optionsShape,
    resourceGroupName: resourceGroup,
    plan: plain(text),
    groupIds: plain(required(list(plain(text)))),
    naming: namingShape,
    location,
    tags: map,
};

export const sharedPrivateLinkShape: ShapesOf<SharedPrivateLinkArgs> = {
    resourceGroupName: resourceGroup,
    service: plain(required(text)),
    serviceName: required(ruled(nameRule("service"))),
    groupId: plain(required(text)),
    linkName: plain(text),
    targetId: required(text),
    tags: map,
};
