import type { PlanSku } from "../../emulator/functions";
import { CheckError } from "../engine/handler";
import { type Properties, unknownValue } from "../engine/values";
import { parseId } from "./ids";
import { object, optionalText } from "./inputs";
import type { World } from "./world";

/** An AppServicePlan, as far as its apps depend on it. */
export interface Plan {
    id: string;
    name: string;
    sku: PlanSku;
    /** Such as `B1`. Undefined when the plan names none. */
    size: string | undefined;
    isLinux: boolean;
}

/** The kind of plan that a size belongs to. */
export function planSku(sku: Properties): PlanSku {
    const size = (optionalText(sku, "name") ?? "").toUpperCase();
    if (size === "FC1") {
        return "FlexConsumption";
    }
    if (size === "Y1") {
        return "Dynamic";
    }
    return /^EP\d$/.test(size) ? "ElasticPremium" : "Dedicated";
}

/** The plan that `serverFarmId` names; undefined when the app names none. Throws when there is no such plan. */
export function planOf(world: World, site: Properties): Plan | undefined {
    const id = optionalText(site, "serverFarmId");
    if (id === undefined) {
        return undefined;
    }
    const plan = world.resources.get(id);
    const sku = object(plan.sku);
    return {
        id,
        name: parseId(id).name,
        sku: planSku(sku),
        size: optionalText(sku, "name"),
        isLinux: plan.reserved === true,
    };
}

/** Ids of the apps on a plan. */
export function sitesOf(world: World, planId: string): string[] {
    const ids = world.apps.all().map(({ id }) => id);
    return ids.filter((id) => {
        const site = world.resources.find(id);
        return site !== undefined && optionalText(site, "serverFarmId")?.toLowerCase() === planId.toLowerCase();
    });
}

/** Keeps `numberOfSites` of a plan, which `getAppServicePlan` returns. */
export function countSites(world: World, { planId, sites }: { planId: string; sites: number }): void {
    const plan = world.resources.find(planId);
    if (plan !== undefined) {
        world.resources.add(planId, { ...plan, numberOfSites: sites });
    }
}

/** Faults of a plan that the contract cannot express. */
export function planFaults(inputs: Properties): string[] {
    const isFlex = inputs.sku !== unknownValue && planSku(object(inputs.sku)) === "FlexConsumption";
    return isFlex && inputs.reserved !== true && inputs.reserved !== unknownValue
        ? [
              `reserved is ${inputs.reserved ?? "missing"}: size FC1 (FlexConsumption) runs on Linux only. Set it to true.`,
          ]
        : [];
}

/** Throws when an update would turn a plan, or an app's plan, into one of another kind. */
export function requireSameKind(change: {
    property: string;
    before: PlanSku | undefined;
    after: PlanSku;
    resource: string;
}): void {
    const { property, before, after, resource } = change;
    if (before !== undefined && before !== after) {
        throw new CheckError([
            `${property} changes the plan from ${before} to ${after}: Azure does not do this in place. ` +
                `Replace the ${resource}, such as by another name, or keep the plan.`,
        ]);
    }
}
