import type * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "../shared/armId";
import { type Checks, isKnown, isLater, oneOf, show, startChecks } from "../shared/checks";
import { nameRule } from "../shared/names";
import { RealtimeExtension } from "../shared/serviceKinds";
import { tagsRule } from "../shared/tags";
import {
    type AlwaysReady,
    type AppRole,
    type CheckedFunctionAppArgs,
    type FunctionAppArgs,
    type FunctionAppOptionsArgs,
    FunctionIdentity,
    FunctionRuntime,
    HostingPlan,
    PlanSku,
    type ServiceConnection,
} from "./args";
import {
    alwaysReadyCountRule,
    alwaysReadyNameRule,
    instanceMemoryRule,
    isFunctionRuntime,
    maximumInstancesRule,
    runtimeVersionRule,
} from "./hosting";
import { appSettingsRule, connectionReserved, keyStoreReserved, type ReservedSettings, reservedOn } from "./settings";

/** Checks the args of FunctionApp; throws every fault at once. */
export function checkFunctionAppArgs(component: string, args: FunctionAppArgs): CheckedFunctionAppArgs {
    const checks = startChecks(component);
    const connections = checkConnections(checks, args.connections);
    const [keyStore] = checks.items("keyStore", args.keyStore === undefined ? [] : [args.keyStore]);
    const reserved = [...connections.map(connectionReserved), ...(keyStore === undefined ? [] : [keyStoreReserved])];
    const checked = {
        ...args,
        ...checkFunctionAppOptions(checks, args, reserved),
        plan: args.plan ?? HostingPlan.FlexConsumption,
        connections,
        keyStore,
        roles: checkRoles(checks, args.roles),
    };
    checkPackage(checks, args);
    checks.refuse();
    return checked;
}

/** Checks what every Function App takes, alone or inside a backend. `reserved` are settings that other parts set. */
export function checkFunctionAppOptions<A extends FunctionAppOptionsArgs>(
    checks: Checks,
    args: A,
    reserved: readonly ReservedSettings[],
): FunctionAppOptionsArgs {
    const { plan = HostingPlan.FlexConsumption, runtime = FunctionRuntime.Node } = args;
    checks.plain("plan", plan, oneOf(HostingPlan));
    checks.plain("runtime", runtime, oneOf(FunctionRuntime));
    checkIdentity(checks, args);
    checkPlanOptions(checks, args, plan);
    const knownPlan = Object.hasOwn(HostingPlan, plan) ? plan : HostingPlan.FlexConsumption;
    const id = <K extends "planId" | "userAssignedIdentityId" | "storageAccountId" | "workspaceId">(
        path: K,
        type: string,
    ) => checks.input(path, args[path], armIdRule(type));
    return {
        functionAppName: checks.input("functionAppName", args.functionAppName, nameRule("functionApp")),
        storageAccountName: checks.input("storageAccountName", args.storageAccountName, nameRule("storageAccount")),
        planId: id("planId", "Microsoft.Web/serverfarms"),
        userAssignedIdentityId: id("userAssignedIdentityId", "Microsoft.ManagedIdentity/userAssignedIdentities"),
        storageAccountId: id("storageAccountId", "Microsoft.Storage/storageAccounts"),
        workspaceId: id("workspaceId", "Microsoft.OperationalInsights/workspaces"),
        planSku: checks.input("planSku", args.planSku, oneOf(PlanSku)),
        runtimeVersion: isFunctionRuntime(runtime)
            ? checks.input("runtimeVersion", args.runtimeVersion, runtimeVersionRule(runtime))
            : args.runtimeVersion,
        instanceMemoryMB: checks.input("instanceMemoryMB", args.instanceMemoryMB, instanceMemoryRule),
        maximumInstanceCount: checks.input(
            "maximumInstanceCount",
            args.maximumInstanceCount,
            maximumInstancesRule[knownPlan],
        ),
        alwaysReady: checkAlwaysReady(checks, args.alwaysReady),
        appSettings: checks.input(
            "appSettings",
            args.appSettings,
            appSettingsRule([...reservedOn(knownPlan), ...reserved]),
        ),
        tags: checks.input("tags", args.tags, tagsRule),
    };
}

function checkIdentity(checks: Checks, args: FunctionAppOptionsArgs): void {
    const type = args.identityType ?? FunctionIdentity.SystemAssigned;
    checks.plain("identityType", type, oneOf(FunctionIdentity));
    if (type === FunctionIdentity.SystemAssigned && args.userAssignedIdentityId !== undefined) {
        checks.fault("userAssignedIdentityId", "it needs identityType UserAssigned.");
    }
}

const optionsOfOnePlan: Record<HostingPlan, readonly (keyof FunctionAppOptionsArgs)[]> = {
    FlexConsumption: ["instanceMemoryMB", "alwaysReady"],
    ElasticPremium: ["planSku"],
};

function checkPlanOptions(checks: Checks, args: FunctionAppOptionsArgs, plan: HostingPlan): void {
    for (const [owner, keys] of Object.entries(optionsOfOnePlan)) {
        for (const key of keys.filter((name) => owner !== plan && args[name] !== undefined)) {
            checks.fault(key, `it is for plan ${owner}, and the plan is ${plan}.`);
        }
    }
    for (const key of ["planSku", "zoneRedundant"] as const) {
        if (args.planId !== undefined && args[key] !== undefined) {
            checks.fault(key, "it is for a new plan, and planId names one that exists. Remove one of them.");
        }
    }
    if (args.storageAccountName !== undefined && args.storageAccountId !== undefined) {
        checks.fault(
            "storageAccountName",
            "it is for a new account, and storageAccountId names one that exists. Remove one of them.",
        );
    }
}

function checkAlwaysReady(
    checks: Checks,
    groups: FunctionAppOptionsArgs["alwaysReady"],
): FunctionAppOptionsArgs["alwaysReady"] {
    if (groups === undefined || !isKnown(groups)) {
        return groups;
    }
    return (groups as pulumi.Input<AlwaysReady>[]).map((group, index) => {
        if (isLater(group)) {
            return group;
        }
        const { name, instanceCount } = group as AlwaysReady;
        const part = checks.at(`alwaysReady[${index}].`);
        return {
            name: part.input("name", name, alwaysReadyNameRule),
            instanceCount: part.input("instanceCount", instanceCount, alwaysReadyCountRule),
        };
    });
}

function checkConnections(checks: Checks, connections: FunctionAppArgs["connections"]): ServiceConnection[] {
    return checks.items("connections", connections).map((connection, index) => {
        const part = checks.at(`connections[${index}].`);
        part.plain("service", connection.service, oneOf(RealtimeExtension));
        part.plain("connectionName", connection.connectionName, nameRule("connection"));
        if ((connection.secretUri === undefined) !== (connection.vaultId === undefined)) {
            part.fault("vaultId", "it goes with secretUri: give both for an access key, or neither for an identity.");
        }
        return connection;
    });
}

function checkRoles(checks: Checks, roles: FunctionAppArgs["roles"]): AppRole[] {
    const plain = checks.items("roles", roles);
    for (const [index, { name }] of plain.entries()) {
        const part = checks.at(`roles[${index}].`);
        part.plain("name", name, nameRule("role"));
        if (plain.findIndex((other) => other.name === name) < index) {
            part.fault("name", `${show(name)} is there twice. Give each role a name of its own.`);
        }
    }
    return plain;
}

function checkPackage(checks: Checks, { plan = HostingPlan.FlexConsumption, packageUri }: FunctionAppArgs): void {
    if (plan === HostingPlan.ElasticPremium && packageUri === undefined) {
        checks.fault("packageUri", "an ElasticPremium app runs from its package. Give FunctionCode's packageUri.");
    }
    if (plan === HostingPlan.FlexConsumption && packageUri !== undefined) {
        checks.fault(
            "packageUri",
            "FlexConsumption does not run from a package. Give FunctionCode the functionAppName instead.",
        );
    }
}
