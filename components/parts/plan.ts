import { AppServicePlan } from "@pulumi/azure-native/web/appServicePlan";
import type * as pulumi from "@pulumi/pulumi";
import { ElasticPremiumSize, HostingPlan } from "../functionApp/hosting";
import type { AppStep } from "./step";
import { uniqueName } from "./suffix";

// Zone redundancy takes an instance in each zone; a plan scales to 20 instances unless told otherwise.
const premium = { zones: 3, maximumInstances: 20 };

/** The id of the plan that the app runs on: the one given, or a new one. */
export function resolvePlan({ name, args, parent, suffix }: AppStep): pulumi.Input<string> {
    if (args.planId !== undefined) {
        return args.planId;
    }
    const { resourceGroupName, location, tags, zoneRedundant } = args;
    const planName = uniqueName(suffix, { base: `${name}-plan`, max: 60 });
    const shared = { name: planName, resourceGroupName, location, tags, reserved: true, zoneRedundant };
    const flex = { ...shared, kind: "functionapp", sku: { name: "FC1", tier: "FlexConsumption" } };
    const elastic = {
        ...shared,
        kind: "elastic",
        sku: {
            name: args.premiumSize ?? ElasticPremiumSize.EP1,
            tier: "ElasticPremium",
            capacity: zoneRedundant ? premium.zones : 1,
        },
        maximumElasticWorkerCount: args.maximumInstanceCount ?? premium.maximumInstances,
    };
    return new AppServicePlan(name, args.plan === HostingPlan.ElasticPremium ? elastic : flex, { parent }).id;
}
