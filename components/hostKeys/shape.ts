import { decisive, map, plain, required, type ShapesOf, text } from "../shared/shape";
import type { HostKeysArgs, HostKeysOptionsArgs } from "./args";

export const hostKeysOptionsShape: ShapesOf<HostKeysOptionsArgs> = {
    keyRotation: text,
    vaultName: decisive(text),
    vaultId: decisive(text),
};

export const hostKeysShape: ShapesOf<HostKeysArgs> = {
    ...hostKeysOptionsShape,
    resourceGroupName: required(text),
    extension: plain(required(text)),
    source: plain(text),
    key: decisive(text),
    functionAppName: decisive(text),
    location: text,
    tags: map,
};
