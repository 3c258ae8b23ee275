import { namingShape } from "../shared/naming";
import { privateEndpointShape } from "../shared/privateEndpoint";
import { decisive, flag, map, plain, required, type ShapesOf, text } from "../shared/shape";
import type { HostKeysArgs, HostKeysOptionsArgs } from "./args";

export const hostKeysOptionsShape: ShapesOf<HostKeysOptionsArgs> = {
    keyRotation: text,
    protectData: plain(flag),
    vaultName: decisive(text),
    vaultId: decisive(text),
};

export const hostKeysShape: ShapesOf<HostKeysArgs> = {
    ...hostKeysOptionsShape,
    resourceGroupName: required(text),
    extension: plain(required(text)),
    source: plain(text),
    key: decisive(text),
    naming: namingShape,
    functionAppName: decisive(text),
    location: text,
    tags: map,
    privateEndpoint: privateEndpointShape,
    publicNetworkAccess: text,
};
