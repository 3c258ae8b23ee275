import type * as pulumi from "@pulumi/pulumi";
import {
    alwaysReserved,
    appSettingsRule,
    flexReserved,
    premiumReserved,
    type ReservedSettings,
} from "../rules/appSettings";
import { armIdRule } from "../shared/armId";
import { type Checks, isLater, oneOf, show } from "../shared/checks";
import { nameRule } from "../shared/names";
import { tagsRule } from "../shared/tags";
import {
    alwaysReadyCountRule,
    alwaysReadyNameRule,
    ElasticPremiumSize,
    FunctionRuntime,
    HostingPlan,
    instanceMemoryRule,
    isFunctionRuntime,
    maximumInstancesRule,
    runtimeVersionRule,
} from "./hosting";

/** Whose identity a Function App has. */
export const FunctionIdentity = { SystemAssigned: "SystemAssigned", UserAssigned: "UserAssigned" } as const;
export type FunctionIdentity = (typeof FunctionIdentity)[keyof typeof FunctionIdentity];

type Settings = pulumi.Input<{ [key: string]: pulumi.Input<string> }>;

/** The part of the args that the rules are about. */
export interface AppArgs {
    resourceGroupName?: pulumi.Input<string>;
    appName?: pulumi.Input<string>;
    plan?: HostingPlan;
    planId?: pulumi.Input<string>;
    premiumSize?: pulumi.Input<ElasticPremiumSize>;
    zoneRedundant?: boolean;
    runtime?: FunctionRuntime;
    runtimeVersion?: pulumi.Input<string>;
    instanceMemoryMB?: pulumi.Input<number>;
    maximumInstanceCount?: pulumi.Input<number>;
    alwaysReady?: pulumi.Input<pulumi.Input<{ name: pulumi.Input<string>; instanceCount: pulumi.Input<number> }>[]>;
    identityType?: FunctionIdentity;
    userAssignedIdentityId?: pulumi.Input<string>;
    storageAccountName?: pulumi.Input<string>;
    existingStorageAccountName?: pulumi.Input<string>;
    workspaceId?: pulumi.Input<string>;
    appSettings?: Settings;
    tags?: Settings;
    roles?: { name: string }[];
    requiredSettings?: { owner: string; settings: Settings }[];
    packageUri?: pulumi.Input<string>;
}

/** Checks a Function App's args and answers them, outputs guarded. `reserved` are settings that others will own. */
export function checkFunctionAppArgs<A extends AppArgs>(checks: Checks, args: A, reserved?: ReservedSettings[]): A {
    const plan = args.plan ?? HostingPlan.FlexConsumption;
    checks.plain({ path: "plan", value: plan, rule: oneOf(HostingPlan) });
    checkRuntime(checks, args);
    checkIdentity(checks, args);
    checkPlan({ checks, args, plan });
    checkRoles(checks, args);
    if (reserved === undefined) {
        checkPackageUri({ checks, args, plan });
    }
    const runtime = args.runtime ?? FunctionRuntime.Node;
    const maximum = maximumInstancesRule[Object.hasOwn(HostingPlan, plan) ? plan : HostingPlan.FlexConsumption];
    return {
        ...args,
        ...checkNames(checks, args),
        premiumSize: checks.input({ path: "premiumSize", value: args.premiumSize, rule: oneOf(ElasticPremiumSize) }),
        runtimeVersion: isFunctionRuntime(runtime)
            ? checks.input({ path: "runtimeVersion", value: args.runtimeVersion, rule: runtimeVersionRule(runtime) })
            : args.runtimeVersion,
        instanceMemoryMB: checks.input({
            path: "instanceMemoryMB",
            value: args.instanceMemoryMB,
            rule: instanceMemoryRule,
        }),
        maximumInstanceCount: checks.input({
            path: "maximumInstanceCount",
            value: args.maximumInstanceCount,
            rule: maximum,
        }),
        alwaysReady: checkAlwaysReady(checks, args.alwaysReady),
        appSettings: checks.input({
            path: "appSettings",
            value: args.appSettings,
            rule: appSettingsRule(reservedSettings({ args, plan, reserved })),
        }),
        tags: checks.input({ path: "tags", value: args.tags, rule: tagsRule }),
    };
}

function reservedSettings(question: {
    args: AppArgs;
    plan: HostingPlan;
    reserved: ReservedSettings[] | undefined;
}): ReservedSettings[] {
    const { args, plan, reserved = [] } = question;
    // Names inside an output are compared when the settings are merged.
    const required = (args.requiredSettings ?? []).map(({ owner, settings }) => ({
        owner,
        names: isLater(settings) ? [] : Object.keys(settings),
    }));
    const ofPlan = plan === HostingPlan.ElasticPremium ? premiumReserved : flexReserved;
    return [...alwaysReserved, ofPlan, ...required, ...reserved];
}

function checkRuntime(checks: Checks, args: AppArgs): void {
    if (args.runtime !== undefined) {
        checks.plain({ path: "runtime", value: args.runtime, rule: oneOf(FunctionRuntime) });
    }
}

function checkIdentity(checks: Checks, args: AppArgs): void {
    const type = args.identityType ?? FunctionIdentity.SystemAssigned;
    checks.plain({ path: "identityType", value: type, rule: oneOf(FunctionIdentity) });
    if (type === FunctionIdentity.SystemAssigned && args.userAssignedIdentityId !== undefined) {
        checks.fault("userAssignedIdentityId", "it needs identityType UserAssigned.");
    }
}

const ofOnePlan: Record<HostingPlan, readonly (keyof AppArgs)[]> = {
    FlexConsumption: ["instanceMemoryMB", "alwaysReady"],
    ElasticPremium: ["premiumSize"],
};

function checkPlan({ checks, args, plan }: { checks: Checks; args: AppArgs; plan: HostingPlan }): void {
    for (const [owner, keys] of Object.entries(ofOnePlan)) {
        for (const key of keys.filter((name) => owner !== plan && args[name] !== undefined)) {
            checks.fault(key, `it is for plan ${owner}, and the plan is ${plan}.`);
        }
    }
    for (const key of ["premiumSize", "zoneRedundant"] as const) {
        if (args.planId !== undefined && args[key] !== undefined) {
            checks.fault(key, "it is for a new plan, and planId names one. Remove one of them.");
        }
    }
}

function checkPackageUri({ checks, args, plan }: { checks: Checks; args: AppArgs; plan: HostingPlan }): void {
    if (plan === HostingPlan.ElasticPremium && args.packageUri === undefined) {
        checks.fault("packageUri", "an ElasticPremium app runs from its package. Give FunctionCode's packageUri.");
    }
    if (plan === HostingPlan.FlexConsumption && args.packageUri !== undefined) {
        checks.fault(
            "packageUri",
            "FlexConsumption does not run from a package. Give FunctionCode the appName instead.",
        );
    }
}

function checkRoles(checks: Checks, { roles = [] }: AppArgs): void {
    for (const [index, { name }] of roles.entries()) {
        checks.plain({ path: `roles[${index}].name`, value: name, rule: nameRule("role") });
        if (roles.findIndex((other) => other.name === name) < index) {
            checks.fault(`roles[${index}].name`, `${show(name)} is there twice. Give each role a name of its own.`);
        }
    }
}

function checkNames(checks: Checks, args: AppArgs): Partial<AppArgs> {
    if (args.storageAccountName !== undefined && args.existingStorageAccountName !== undefined) {
        checks.fault(
            "storageAccountName",
            "it is for a new account, and existingStorageAccountName names one. Remove one of them.",
        );
    }
    const name = (path: "appName" | "storageAccountName" | "existingStorageAccountName") =>
        checks.input({
            path,
            value: args[path],
            rule: nameRule(path === "appName" ? "functionApp" : "storageAccount"),
        });
    const id = (path: "planId" | "userAssignedIdentityId" | "workspaceId", type: string) =>
        checks.input({ path, value: args[path], rule: armIdRule(type) });
    return {
        appName: name("appName"),
        storageAccountName: name("storageAccountName"),
        existingStorageAccountName: name("existingStorageAccountName"),
        planId: id("planId", "Microsoft.Web/serverfarms"),
        userAssignedIdentityId: id("userAssignedIdentityId", "Microsoft.ManagedIdentity/userAssignedIdentities"),
        workspaceId: id("workspaceId", "Microsoft.OperationalInsights/workspaces"),
    };
}

function checkAlwaysReady(checks: Checks, groups: AppArgs["alwaysReady"]): AppArgs["alwaysReady"] {
    if (groups === undefined || isLater(groups)) {
        return groups;
    }
    return (groups as Exclude<typeof groups, pulumi.Output<unknown> | Promise<unknown>>).map((group, index) => {
        if (isLater(group)) {
            return group;
        }
        const { name, instanceCount } = group as { name: pulumi.Input<string>; instanceCount: pulumi.Input<number> };
        const path = `alwaysReady[${index}]`;
        return {
            name: checks.input({ path: `${path}.name`, value: name, rule: alwaysReadyNameRule }),
            instanceCount: checks.input({
                path: `${path}.instanceCount`,
                value: instanceCount,
                rule: alwaysReadyCountRule,
            }),
        };
    });
}
