import { decisive, flag, map, plain, required, type ShapesOf, text } from "../shared/shape";
import type { FunctionCodeArgs, FunctionCodeOptionsArgs } from "./args";

export const functionCodeOptionsShape: ShapesOf<FunctionCodeOptionsArgs> = {
    codePath: plain(required(text)),
    packageAccountName: decisive(text),
    remoteBuild: plain(flag),
    allowSocketIOTriggerOnFlex: plain(flag),
};

export const functionCodeShape: ShapesOf<FunctionCodeArgs> = {
    ...functionCodeOptionsShape,
    resourceGroupName: required(text),
    functionAppName: decisive(text),
    plan: plain(text),
    packageDelivery: plain(text),
    zoneRedundant: plain(flag),
    runtime: plain(text),
    extension: plain(text),
    location: text,
    tags: map,
};
