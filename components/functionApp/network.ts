import type { WebAppArgs } from "@pulumi/azure-native/web";
import type * as pulumi from "@pulumi/pulumi";
import { type Checks, oneOf } from "../shared/checks";
import {
    type CreatedEndpoint,
    checkPrivateEndpoint,
    createPrivateEndpoint,
    PublicNetworkAccess,
    subnetIdRule,
} from "../shared/privateEndpoint";
import { orDefault } from "../shared/shape";
import { type CheckedFunctionAppArgs, type FunctionAppArgs, HostingPlan } from "./args";
import type { HostStorage } from "./storage";

type NetworkArgs = Pick<
    CheckedFunctionAppArgs,
    "virtualNetworkSubnetId" | "storagePrivateEndpoints" | "privateEndpoint" | "publicNetworkAccess"
>;

/** Checks the app's place in a network. */
export function checkNetwork(checks: Checks, args: FunctionAppArgs & { plan: HostingPlan }): NetworkArgs {
    const { plan, virtualNetworkSubnetId, storagePrivateEndpoints, privateEndpoint } = args;
    for (const key of ["virtualNetworkSubnetId", "privateEndpoint"] as const) {
        if (args[key] !== undefined && plan === HostingPlan.Consumption) {
            checks.fault(key, "plan Consumption has no network. Use FlexConsumption, ElasticPremium or Dedicated.");
        }
    }
    if (storagePrivateEndpoints !== undefined && virtualNetworkSubnetId === undefined) {
        checks.fault(
            "storagePrivateEndpoints",
            "they go with virtualNetworkSubnetId: outside of the network the host would not reach its storage. Give both.",
        );
    }
    if (storagePrivateEndpoints !== undefined && args.storageAccountId !== undefined) {
        checks.fault(
            "storagePrivateEndpoints",
            "they are for a new account, and storageAccountId names one that exists. Remove one of them.",
        );
    }
    return {
        virtualNetworkSubnetId: checks.input("virtualNetworkSubnetId", virtualNetworkSubnetId, subnetIdRule),
        storagePrivateEndpoints: checkPrivateEndpoint(checks, "storagePrivateEndpoints", storagePrivateEndpoints, [
            "blob",
            "queue",
            "table",
        ]),
        privateEndpoint: checkPrivateEndpoint(checks, "privateEndpoint", privateEndpoint, ["sites"]),
        publicNetworkAccess: checks.input("publicNetworkAccess", args.publicNetworkAccess, oneOf(PublicNetworkAccess)),
    };
}

/** What the app itself says about its network. */
export function networkOf({
    plan,
    virtualNetworkSubnetId,
    publicNetworkAccess,
}: CheckedFunctionAppArgs): Pick<WebAppArgs, "virtualNetworkSubnetId" | "outboundVnetRouting" | "publicNetworkAccess"> {
    const isRouted = virtualNetworkSubnetId !== undefined && plan !== HostingPlan.FlexConsumption;
    return {
        virtualNetworkSubnetId,
        // Flex Consumption sends everything through the network anyway.
        ...(isRouted && { outboundVnetRouting: { applicationTraffic: true } }),
        publicNetworkAccess: orDefault<string>(publicNetworkAccess, PublicNetworkAccess.Enabled),
    };
}

/** Creates the ways to the host's storage, one after another: an account takes one change at a time. */
export function createStorageEndpoints(
    name: string,
    { args, storage }: { args: CheckedFunctionAppArgs; storage: HostStorage },
    opts: pulumi.CustomResourceOptions,
): CreatedEndpoint[] {
    const { storagePrivateEndpoints: place, resourceGroupName, naming, location, tags } = args;
    const made: CreatedEndpoint[] = [];
    for (const groupId of place === undefined ? [] : (["blob", "queue", "table"] as const)) {
        const before = made.at(-1)?.last;
        const target = { groupId, targetId: storage.id, resourceGroupName, naming, location, tags };
        if (place !== undefined) {
            const after = { ...opts, dependsOn: before === undefined ? [] : [before] };
            made.push(createPrivateEndpoint(name, { ...target, place }, after));
        }
    }
    return made;
}

interface AppWays {
    args: CheckedFunctionAppArgs;
    app: pulumi.CustomResource;
    after: pulumi.Resource;
    /** Name of the app's slot, which has a way of its own. */
    slotName: string | undefined;
}

/**
 * Creates the ways to the app and to its slot for callers in the network, after the app's own parts: a site takes one change at a time.
 * An endpoint of a slot has the id of its app. Source: learn, app-service/overview-private-endpoint; terraform-provider-azurerm#25866.
 */
export function createAppEndpoints(
    name: string,
    { args, app, after, slotName }: AppWays,
    opts: pulumi.CustomResourceOptions,
): CreatedEndpoint[] {
    const { privateEndpoint: place, resourceGroupName, naming, location, tags } = args;
    if (place === undefined) {
        return [];
    }
    const target = { groupId: "sites", targetId: app.id, place, resourceGroupName, naming, location, tags } as const;
    const ofApp = createPrivateEndpoint(name, target, { ...opts, dependsOn: after });
    if (slotName === undefined) {
        return [ofApp];
    }
    const slot = { ...target, subresource: `sites-${slotName}` };
    return [ofApp, createPrivateEndpoint(`${name}-slot`, slot, { ...opts, dependsOn: ofApp.last })];
}
