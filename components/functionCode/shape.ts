import { namingShape } from "../shared/naming";
import { privateEndpointShape } from "../shared/privateEndpoint";
import { decisive, flag, list, map, plain, required, type ShapesOf, text } from "../shared/shape";
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
    resourceGroupName: required(text),
    functionAppName: decisive(text),
    stagingSlotName: decisive(text),
    keepPackages: plain(flag),
    plan: plain(text),
    packageDelivery: plain(text),
    zoneRedundant: plain(flag),
    runtime: plain(text),
    extension: plain(text),
    naming: namingShape,
    location: text,
    tags: map,
    deployerIpRanges: decisive(list(text)),
    privateEndpoint: privateEndpointShape,
};
