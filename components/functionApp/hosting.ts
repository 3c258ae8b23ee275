import { AppServicePlan } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { type Rule, show, wholeNumber } from "../shared/checks";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import { orDefault } from "../shared/shape";
import {
    type CodeDelivery,
    type FunctionAppOptionsArgs,
    FunctionRuntime,
    HostingPlan,
    PackageDelivery,
    PlanSku,
} from "./args";

interface PlanFacts {
    /** Whether apps run on Linux; otherwise on Windows. */
    linux: boolean;
    /** Sizes of a new plan, the default first. */
    skus: readonly string[];
    /** The most instances that a caller may ask for; none where instances are not the app's. */
    maximum?: { limit: number; default: number };
    /** Options that only this plan has. */
    options: readonly (keyof FunctionAppOptionsArgs)[];
    /** What the subnet of an app is delegated to; none where apps cannot join a network. */
    delegation?: string;
}

const { EP1, EP2, EP3, B1, B2, B3, S1, S2, S3, P0v3, P1v3, P2v3, P3v3 } = PlanSku;

/** What is known of each plan. Source: https://learn.microsoft.com/azure/azure-functions/functions-scale (2026). */
const plans: Record<HostingPlan, PlanFacts> = {
    FlexConsumption: {
        linux: true,
        skus: ["FC1"],
        maximum: { limit: 1000, default: 100 },
        options: ["instanceMemoryMB", "alwaysReady", "siteUpdateStrategy"],
        delegation: "Microsoft.App/environments",
    },
    Consumption: { linux: false, skus: ["Y1"], maximum: { limit: 200, default: 200 }, options: [] },
    ElasticPremium: {
        linux: true,
        skus: [EP1, EP2, EP3],
        maximum: { limit: 100, default: 20 },
        options: [],
        delegation: "Microsoft.Web/serverFarms",
    },
    Dedicated: {
        linux: true,
        skus: [B1, B2, B3, S1, S2, S3, P0v3, P1v3, P2v3, P3v3],
        options: ["packageDelivery"],
        // Every size, Basic too: https://learn.microsoft.com/azure/app-service/overview-vnet-integration
        delegation: "Microsoft.Web/serverFarms",
    },
};

export function planFacts(plan: HostingPlan): PlanFacts {
    return plans[plan];
}

/** The plan of an option that one plan alone has. */
export function planOfOption(option: keyof FunctionAppOptionsArgs): HostingPlan | undefined {
    return Object.values(HostingPlan).find((plan) => plans[plan].options.includes(option));
}

/** A rule for the size of a new plan of one kind. */
export function planSkuRule(plan: HostingPlan): Rule<string> {
    const { skus } = plans[plan];
    if (skus.length === 1) {
        return () => `plan ${plan} has one size. Remove it.`;
    }
    return (value) =>
        skus.includes(value) ? undefined : `${show(value)} is not a size of ${plan}. Allowed: ${skus.join(", ")}.`;
}

/** Azure spreads a Dedicated plan over zones from Premium v2 on. */
export function zoneRedundantSkuRule(sku: string): string | undefined {
    return /^[BS]\d$/.test(sku)
        ? `${sku} cannot be spread over zones. Use planSku P0v3 or larger, or remove it.`
        : undefined;
}

/** How code reaches an app on its plan. */
export function deliveryOf({
    plan,
    packageDelivery,
}: Pick<FunctionAppOptionsArgs, "plan" | "packageDelivery">): CodeDelivery {
    if (plan === HostingPlan.Consumption || plan === HostingPlan.ElasticPremium) {
        return "Url";
    }
    return plan === HostingPlan.Dedicated && packageDelivery === PackageDelivery.Url ? "Url" : "OneDeploy";
}

interface Version {
    version: string;
    /** Day of the end of support, as YYYY-MM-DD. */
    ends?: string;
    /** Why a version that is not ended deserves a warning. */
    warning?: string;
}

/**
 * Versions of each language, the default first. Sources: https://learn.microsoft.com/azure/azure-functions/supported-languages and
 * the stacks of Azure/azure-functions-core-tools, read on 2026-11-25.
 */
export const runtimeVersions: Record<FunctionRuntime, readonly Version[]> = {
    node: [
        { version: "22", ends: "2027-04-30" },
        { version: "24", ends: "2028-04-30" },
        { version: "20", ends: "2026-04-30" },
    ],
    python: [
        { version: "3.13", ends: "2029-10-31" },
        { version: "3.12", ends: "2028-10-31" },
        { version: "3.11", ends: "2027-10-31" },
        { version: "3.14", warning: "Azure offers it as a preview" },
        { version: "3.10", ends: "2026-10-31" },
    ],
    "dotnet-isolated": [
        { version: "10.0", ends: "2028-11-14" },
        { version: "9.0", ends: "2026-11-10" },
        { version: "8.0", ends: "2026-11-10" },
    ],
    java: [
        { version: "21", ends: "2028-09-30" },
        { version: "17", ends: "2027-09-30" },
        { version: "25", warning: "Azure's own pages disagree whether it runs on every plan" },
    ],
    powershell: [{ version: "7.6" }, { version: "7.4", ends: "2026-11-10" }],
};

export function isFunctionRuntime(name: string): name is FunctionRuntime {
    return Object.hasOwn(runtimeVersions, name);
}

export function defaultRuntimeVersion(runtime: FunctionRuntime): string {
    return runtimeVersions[runtime][0]?.version ?? "";
}

/** What to warn of in a version: Azure says itself what it refuses, and this table ages. */
export function runtimeVersionAdvice(runtime: FunctionRuntime, now: Date): Rule<string> {
    const list = runtimeVersions[runtime];
    return (value) => {
        const found = list.find(({ version }) => version === value);
        if (found === undefined) {
            const known = list.filter(({ ends }) => ends === undefined || now < new Date(ends));
            const names = known.map(({ version }) => version).sort();
            return `${show(value)} is not a known version of ${runtime}, so Azure may refuse it. Known: ${names.join(", ")}.`;
        }
        if (found.ends !== undefined && now >= new Date(found.ends)) {
            return `${runtime} ${value} is out of support since ${found.ends}. Use ${defaultRuntimeVersion(runtime)}.`;
        }
        return found.warning === undefined ? undefined : `${runtime} ${value}: ${found.warning}.`;
    };
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

/** A rule for the most instances of an app on one plan. */
export function maximumInstancesRule(plan: HostingPlan): Rule<number> {
    const { maximum } = plans[plan];
    return maximum === undefined
        ? () => `plan ${plan} has a fixed number of instances. Remove it.`
        : wholeNumber({ min: 1, max: maximum.limit, unit: "instances" });
}

/** The vendor's page allows every number from 1 on, and the vendor's own tools still name 40 as the least. */
export const maximumInstancesAdvice: Rule<number> = (value) =>
    value < 40 ? `${value} is below 40, and Azure's own pages disagree whether that is allowed.` : undefined;

export const alwaysReadyNameRule: Rule<string> = (value) =>
    typeof value === "string" && /^(http|blob|durable|function:[A-Za-z][A-Za-z0-9_-]{0,127})$/.test(value)
        ? undefined
        : `${show(value)} is not a group of functions. Allowed: http, blob, durable, function:<function name>.`;

export const alwaysReadyCountRule = wholeNumber({ min: 1, max: 1000, unit: "instances" });

export interface PlanOptions
    extends Pick<
        FunctionAppOptionsArgs,
        "planSku" | "zoneRedundant" | "maximumInstanceCount" | "location" | "tags" | "naming"
    > {
    plan: HostingPlan;
    resourceGroupName: pulumi.Input<string>;
    suffix: pulumi.Output<string>;
}

/** Instances of a zone-redundant plan: one in each of two zones is the least that Azure takes. */
const zones = 2;

/** Creates the plan that an app runs on. */
export function createPlan(name: string, args: PlanOptions, opts: pulumi.CustomResourceOptions): AppServicePlan {
    const { plan, resourceGroupName, location, tags, zoneRedundant, suffix } = args;
    const { linux, skus, maximum } = plans[plan];
    const ownInstances = plan === HostingPlan.ElasticPremium || plan === HostingPlan.Dedicated;
    const capacity = ownInstances ? (zoneRedundant ? zones : 1) : undefined;
    return new AppServicePlan(
        name,
        {
            name: newName(suffix, { base: `${name}-plan`, max: 60, naming: args.naming, kind: NamedKind.Plan }),
            resourceGroupName,
            location,
            tags,
            kind: planKinds[plan],
            reserved: linux,
            zoneRedundant,
            sku: pulumi
                .output(orDefault<string>(args.planSku, skus[0] ?? ""))
                .apply((sku) => ({ name: sku, tier: tierOf(sku), capacity })),
            maximumElasticWorkerCount:
                plan === HostingPlan.ElasticPremium
                    ? orDefault(args.maximumInstanceCount, maximum?.default ?? 0)
                    : undefined,
        },
        opts,
    );
}

const planKinds: Record<HostingPlan, string> = {
    FlexConsumption: "functionapp",
    Consumption: "functionapp",
    ElasticPremium: "elastic",
    Dedicated: "linux",
};

/** The tier of a plan's size, as Azure names it. */
function tierOf(sku: string): string {
    const tiers: [RegExp, string][] = [
        [/^FC/, "FlexConsumption"],
        [/^Y/, "Dynamic"],
        [/^EP/, "ElasticPremium"],
        [/^B/, "Basic"],
        [/^S/, "Standard"],
        [/^P/, "PremiumV3"],
    ];
    return tiers.find(([start]) => start.test(sku))?.[1] ?? "";
}

/** The language and version that an app's args say. */
export function runtimeOf(args: Pick<FunctionAppOptionsArgs, "runtime" | "runtimeVersion">): {
    name: FunctionRuntime;
    version: pulumi.Input<string>;
} {
    const name = args.runtime ?? FunctionRuntime.Node;
    return { name, version: orDefault(args.runtimeVersion, defaultRuntimeVersion(name)) };
}
