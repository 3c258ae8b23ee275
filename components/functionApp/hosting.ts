import { AppServicePlan } from "@pulumi/azure-native/web";
import type * as pulumi from "@pulumi/pulumi";
import { type Rule, show, wholeNumber } from "../shared/checks";
import { uniqueName } from "../shared/names";
import { type FunctionAppOptionsArgs, FunctionRuntime, HostingPlan, PlanSku } from "./args";

/** Supported versions of each language; the first is the default. */
const versions: Record<FunctionRuntime, readonly string[]> = {
    node: ["22", "20"],
    python: ["3.12", "3.11", "3.10"],
    "dotnet-isolated": ["9.0", "8.0"],
    java: ["21", "17"],
    powershell: ["7.4"],
};

export function isFunctionRuntime(name: string): name is FunctionRuntime {
    return Object.hasOwn(versions, name);
}

export function defaultRuntimeVersion(runtime: FunctionRuntime): string {
    return versions[runtime][0] ?? "";
}

export function runtimeVersionRule(runtime: FunctionRuntime): Rule<string> {
    return (value) =>
        versions[runtime].includes(value)
            ? undefined
            : `${show(value)} is not a version of ${runtime}. Allowed: ${[...versions[runtime]].sort().join(", ")}.`;
}

const linuxStacks: Record<FunctionRuntime, string> = {
    node: "Node",
    python: "Python",
    "dotnet-isolated": "DOTNET-ISOLATED",
    java: "Java",
    powershell: "PowerShell",
};

/** How an app with a siteConfig names its language on Linux: `Node|22`. */
export function linuxFxVersion({ runtime, version }: { runtime: FunctionRuntime; version: string }): string {
    return `${linuxStacks[runtime]}|${version}`;
}

export const instanceMemoryRule: Rule<number> = (value) =>
    [512, 2048, 4096].includes(value)
        ? undefined
        : `${show(value)} is not an instance size. Allowed: 512, 2048, 4096 MB.`;

export const maximumInstancesRule: Record<HostingPlan, Rule<number>> = {
    FlexConsumption: wholeNumber({ min: 40, max: 1000, unit: "instances" }),
    ElasticPremium: wholeNumber({ min: 1, max: 100, unit: "instances" }),
};

export const alwaysReadyNameRule: Rule<string> = (value) =>
    typeof value === "string" && /^(http|blob|durable|function:[A-Za-z][A-Za-z0-9_-]{0,127})$/.test(value)
        ? undefined
        : `${show(value)} is not a group of functions. Allowed: http, blob, durable, function:<function name>.`;

export const alwaysReadyCountRule = wholeNumber({ min: 1, max: 1000, unit: "instances" });

export interface PlanOptions
    extends Pick<
        FunctionAppOptionsArgs,
        "plan" | "planSku" | "zoneRedundant" | "maximumInstanceCount" | "location" | "tags"
    > {
    resourceGroupName: pulumi.Input<string>;
    suffix: pulumi.Output<string>;
}

// Zone redundancy takes an instance in each of three zones; a plan scales to 20 instances unless told otherwise.
const premium = { zones: 3, maximumInstances: 20 };

/** Creates the plan that an app runs on. */
export function createPlan(name: string, args: PlanOptions, opts: pulumi.CustomResourceOptions): AppServicePlan {
    const { resourceGroupName, location, tags, zoneRedundant } = args;
    const planName = uniqueName(args.suffix, { base: `${name}-plan`, max: 60 });
    const shared = { name: planName, resourceGroupName, location, tags, reserved: true, zoneRedundant };
    if (args.plan !== HostingPlan.ElasticPremium) {
        const sku = { name: "FC1", tier: "FlexConsumption" };
        return new AppServicePlan(name, { ...shared, kind: "functionapp", sku }, opts);
    }
    return new AppServicePlan(
        name,
        {
            ...shared,
            kind: "elastic",
            sku: {
                name: args.planSku ?? PlanSku.EP1,
                tier: "ElasticPremium",
                capacity: zoneRedundant ? premium.zones : 1,
            },
            maximumElasticWorkerCount: args.maximumInstanceCount ?? premium.maximumInstances,
        },
        opts,
    );
}

/** The language and version that an app's args say. */
export function runtimeOf(args: Pick<FunctionAppOptionsArgs, "runtime" | "runtimeVersion">): {
    name: FunctionRuntime;
    version: pulumi.Input<string>;
} {
    const name = args.runtime ?? FunctionRuntime.Node;
    return { name, version: args.runtimeVersion ?? defaultRuntimeVersion(name) };
}
