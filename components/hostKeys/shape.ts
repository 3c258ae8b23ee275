import { nameRule } from "../shared/names";
import { namingShape } from "../shared/naming";
import { location, resourceGroup } from "../shared/places";
import { privateEndpointShape } from "../shared/privateEndpoint";
import { decisive, flag, map, plain, required, ruled, type ShapesOf, text } from "../shared/shape";
import type { HostKeysArgs, HostKeysOptionsArgs } from "./args";

export const hostKeysOptionsShape: ShapesOf<HostKeysOptionsArgs> = {
    keyRotation: text,
    protectData: plain(flag),
    vaultName: decisive(text),
    vaultId: decisive(text),
};

export const hostKeysShape: ShapesOf<HostKeysArgs> = {
    ...hostKeysOptionsShape,
    resourceGroupName: resourceGroup,
    extension: plain(required(text)),
    source: plain(text),
    key: decisive(text),
    naming: namingShape,
    functionAppName: decisive(ruled(nameRule("functionApp"))),
    location,
    tags: map,
    privateEndpoint: privateEndpointShape,
    publicNetworkAccess: text,
};
