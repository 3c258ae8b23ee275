import { type Rule, show, wholeNumber } from "../shared/checks";

/** Where the Function App runs. */
export const HostingPlan = {
    FlexConsumption: "FlexConsumption",
    ElasticPremium: "ElasticPremium",
} as const;
export type HostingPlan = (typeof HostingPlan)[keyof typeof HostingPlan];

/** Instance sizes of the Elastic Premium plan. */
export const ElasticPremiumSize = { EP1: "EP1", EP2: "EP2", EP3: "EP3" } as const;
export type ElasticPremiumSize = (typeof ElasticPremiumSize)[keyof typeof ElasticPremiumSize];

/** Languages of a Function App. */
export const FunctionRuntime = {
    Node: "node",
    Python: "python",
    DotnetIsolated: "dotnet-isolated",
    Java: "java",
    PowerShell: "powershell",
} as const;
export type FunctionRuntime = (typeof FunctionRuntime)[keyof typeof FunctionRuntime];

/** Supported versions; the first is the default. */
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

/** How an Elastic Premium app names its runtime: `Node|22`. */
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
