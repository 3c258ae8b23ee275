import { slotNameRule } from "../functionApp/stagingSlotCheck";
import { nameRule } from "../shared/names";
import { namingShape } from "../shared/naming";
import { location, resourceGroup } from "../shared/places";
import { privateEndpointShape } from "../shared/privateEndpoint";
import { decisive, flag, list, map, plain, required, ruled, type ShapesOf, text } from "../shared/shape";
import type { FunctionCodeArgs, FunctionCodeOptionsArgs } from "./args";

export const functionCodeOptionsShape: ShapesOf<FunctionCodeOptionsArgs> = {
    codePath: plain(required(text)),
    packageAccountName: decisive(text),
    protectData: plain(flag),
    remoteBuild: plain(flag),
    allowSocketIOTriggerOnFlex: plain(flag),
};

export const functionCodeShape: ShapesOf<FunctionCodeArgs> = {
    ...functionCodeOptionsShape,
    resourceGroupName: resourceGroup,
    functionAppName: decisive(ruled(nameRule("functionApp"))),
    stagingSlotName: decisive(ruled(slotNameRule)),
    keepPackages: plain(flag),
    plan: plain(text),
    packageDelivery: plain(text),
    zoneRedundant: plain(flag),
    runtime: plain(text),
    extension: plain(text),
    naming: namingShape,
    location,
    tags: map,
    deployerIpRanges: decisive(list(text)),
    privateEndpoint: privateEndpointShape,
};
