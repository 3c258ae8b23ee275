import type * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "../shared/armId";
import { type Checks, isKnown, isLater, oneOf, type Rule, show, startChecks, wholeNumber } from "../shared/checks";
import { nameRule } from "../shared/names";
import { checkNaming } from "../shared/naming";
import { RealtimeExtension, serviceKinds } from "../shared/serviceKinds";
import { itemsOf, readArgs } from "../shared/shape";
import { tagsRule } from "../shared/tags";
import { urlRule } from "../shared/urls";
import {
    type AlwaysReady,
    type AppRole,
    type CheckedFunctionAppArgs,
    type FunctionAppArgs,
    type FunctionAppOptionsArgs,
    FunctionIdentity,
    FunctionRuntime,
    HostingPlan,
    type KeyStore,
    PackageDelivery,
    type ServiceConnection,
    SiteUpdateStrategy,
} from "./args";
import { connectionNameRule } from "./connectionName";
import { checkCors } from "./cors";
import { checkEventAuth, checkEventCallers } from "./easyAuth";
import type { EventAuth } from "./easyAuthArgs";
import {
    alwaysReadyCountRule,
    alwaysReadyNameRule,
    deliveryOf,
    instanceMemoryRule,
    isFunctionRuntime,
    maximumInstancesAdvice,
    maximumInstancesRule,
    planFacts,
    planOfOption,
    planSkuRule,
    runtimeVersionAdvice,
    zoneRedundantSkuRule,
} from "./hosting";
import { checkNetwork } from "./network";
import { appSettingsRule, connectionReserved, hubsReserved, keyStoreReserved, type ReservedSettings } from "./settings";
import { functionAppShape } from "./shape";
import { checkAppSlot, checkStagingSlot } from "./stagingSlotCheck";

/** Checks the args of FunctionApp; throws every fault at once. */
export function checkFunctionAppArgs(component: string, given: FunctionAppArgs): CheckedFunctionAppArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, functionAppShape);
    const plan = args.plan ?? HostingPlan.FlexConsumption;
    const connections = checkConnections(checks, args.connections, plan);
    const keyStore = checkKeyStore(checks, args.keyStore as KeyStore | undefined);
    const known = connections.filter(({ service }) => Object.hasOwn(serviceKinds, service));
    const reserved = [
        ...known.map(connectionReserved),
        ...known.filter(({ hubNames }) => hubNames !== undefined).map(hubsReserved),
        ...(keyStore === undefined ? [] : [keyStoreReserved]),
    ];
    const delivery = deliveryOf({ ...args, plan });
    const eventAuth = checkEventAuth(checks, args.eventAuth, ["/api"]);
    const options = checkFunctionAppOptions(checks, { ...args, plan }, reserved);
    const checked = {
        ...args,
        ...options,
        plan,
        delivery,
        connections,
        keyStore,
        roles: checkRoles(checks, args.roles),
        eventAuth,
        eventCallers: checkEventCallers(checks, args.eventCallers, eventAuth),
        packageUri: checks.input("packageUri", args.packageUri, urlRule),
        packageAccountId: checks.input(
            "packageAccountId",
            args.packageAccountId,
            armIdRule("Microsoft.Storage/storageAccounts"),
        ),
        ...checkNetwork(checks, { ...args, plan }),
        stagingSlot: checkAppSlot(checks, args),
        planSku: checkStagingSlot(checks, { ...args, planSku: options.planSku, plan }),
    };
    checkNaming(checks, args.naming, appKinds(args));
    checkPackage(checks, { ...args, plan, delivery });
    checks.refuse();
    return checked;
}

/** Checks what every Function App takes, alone or inside a backend. `reserved` are settings that other parts set. */
export function checkFunctionAppOptions(
    checks: Checks,
    args: FunctionAppOptionsArgs & { plan: HostingPlan },
    reserved: readonly ReservedSettings[],
): Omit<FunctionAppOptionsArgs, "eventAuth"> {
    const { runtime = FunctionRuntime.Node } = args;
    checks.plain("plan", args.plan, oneOf(HostingPlan));
    checks.plain("runtime", runtime, oneOf(FunctionRuntime));
    checks.plain("packageDelivery", args.packageDelivery, oneOf(PackageDelivery));
    checkIdentity(checks, args);
    const plan = Object.hasOwn(HostingPlan, args.plan) ? args.plan : HostingPlan.FlexConsumption;
    checkPlanOptions(checks, { ...args, plan });
    const id = <K extends "planId" | "userAssignedIdentityId" | "storageAccountId" | "workspaceId">(
        path: K,
        type: string,
    ) => checks.input(path, args[path], armIdRule(type));
    if (isFunctionRuntime(runtime)) {
        checks.advise("runtimeVersion", args.runtimeVersion, runtimeVersionAdvice(runtime, new Date()));
    }
    if (plan === HostingPlan.FlexConsumption) {
        checks.advise("maximumInstanceCount", args.maximumInstanceCount, maximumInstancesAdvice);
    }
    const maximumInstances = maximumInstancesRule(plan);
    return {
        functionAppName: checks.input("functionAppName", args.functionAppName, nameRule("functionApp")),
        storageAccountName: checks.input("storageAccountName", args.storageAccountName, nameRule("storageAccount")),
        planId: id("planId", "Microsoft.Web/serverfarms"),
        userAssignedIdentityId: id("userAssignedIdentityId", "Microsoft.ManagedIdentity/userAssignedIdentities"),
        storageAccountId: id("storageAccountId", "Microsoft.Storage/storageAccounts"),
        workspaceId: id("workspaceId", "Microsoft.OperationalInsights/workspaces"),
        planSku: checkPlanSku(checks, { ...args, plan }),
        runtimeVersion: args.runtimeVersion,
        instanceMemoryMB: checks.input("instanceMemoryMB", args.instanceMemoryMB, instanceMemoryRule),
        maximumInstanceCount: checks.input("maximumInstanceCount", args.maximumInstanceCount, maximumInstances),
        siteUpdateStrategy: checks.input("siteUpdateStrategy", args.siteUpdateStrategy, oneOf(SiteUpdateStrategy)),
        roleDelaySeconds: checks.input("roleDelaySeconds", args.roleDelaySeconds, roleDelayRule),
        alwaysReady: checkAlwaysReady(checks, args.alwaysReady),
        cors: checkCors(checks, args.cors, plan),
        appSettings: checks.input("appSettings", args.appSettings, appSettingsRule(plan, reserved)),
        tags: checks.input("tags", args.tags, tagsRule),
    };
}

/** Kinds of names that an app needs, each with what makes a name needless. */
export function appKinds(args: FunctionAppOptionsArgs) {
    const { functionAppName: func, planId: asp, workspaceId: log, userAssignedIdentityId: idapp } = args;
    const own = args.identityType === FunctionIdentity.SystemAssigned;
    const st = args.storageAccountName ?? args.storageAccountId;
    return { func, asp, log, st, appi: undefined, ...(!own && { idapp }) };
}

const roleDelayRule = wholeNumber({ min: 0, max: 1800, unit: "seconds" });

function checkPlanSku(
    checks: Checks,
    args: FunctionAppOptionsArgs & { plan: HostingPlan },
): FunctionAppOptionsArgs["planSku"] {
    const rule = planSkuRule(args.plan);
    if (!args.zoneRedundant || args.plan !== HostingPlan.Dedicated) {
        return checks.input("planSku", args.planSku, rule);
    }
    const fault = args.planSku === undefined ? zoneRedundantSkuRule("B1") : undefined;
    if (fault !== undefined) {
        checks.fault("zoneRedundant", fault);
    }
    return checks.input<string, FunctionAppOptionsArgs["planSku"]>(
        "planSku",
        args.planSku,
        (sku) => rule(sku) ?? zoneRedundantSkuRule(sku),
    );
}

function checkIdentity(checks: Checks, args: FunctionAppOptionsArgs): void {
    const type = args.identityType ?? FunctionIdentity.UserAssigned;
    checks.plain("identityType", type, oneOf(FunctionIdentity));
    if (type === FunctionIdentity.SystemAssigned && args.userAssignedIdentityId !== undefined) {
        checks.fault(
            "userAssignedIdentityId",
            "it needs identityType UserAssigned. Change identityType, or remove it.",
        );
    }
    if (type === FunctionIdentity.SystemAssigned && (args.eventAuth as EventAuth | undefined)?.login) {
        checks.fault(
            "eventAuth.login",
            "it signs in with the app's user-assigned identity. Use identityType UserAssigned.",
        );
    }
}

function checkPlanOptions(checks: Checks, args: FunctionAppOptionsArgs & { plan: HostingPlan }): void {
    const { plan } = args;
    for (const key of Object.keys(args) as (keyof FunctionAppOptionsArgs)[]) {
        const owner = args[key] === undefined ? undefined : planOfOption(key);
        if (owner !== undefined && owner !== plan) {
            checks.fault(key, `it is for plan ${owner}, and the plan is ${plan}. Remove it, or use plan ${owner}.`);
        }
    }
    if (plan === HostingPlan.Consumption && args.zoneRedundant) {
        checks.fault("zoneRedundant", "plan Consumption has no zones. Use ElasticPremium, or Dedicated from P0v3 on.");
    }
    if (!planFacts(plan).linux && args.runtime === FunctionRuntime.Python) {
        checks.fault("runtime", `plan ${plan} runs on Windows, which has no Python. Use Dedicated or ElasticPremium.`);
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

function checkConnections(
    checks: Checks,
    connections: FunctionAppArgs["connections"],
    plan: HostingPlan,
): ServiceConnection[] {
    return itemsOf(connections).map((connection, index) => {
        const part = checks.at(`connections[${index}].`);
        part.plain("service", connection.service, oneOf(RealtimeExtension));
        part.plain("connectionName", connection.connectionName, connectionNameRule(plan));
        if ((connection.secretUri === undefined) !== (connection.vaultId === undefined)) {
            part.fault("vaultId", "it goes with secretUri: give both for an access key, or neither for an identity.");
        }
        const { serviceId, secretUri, vaultId, endpoint, hubNames } = connection;
        return {
            ...connection,
            serviceId: part.input(
                "serviceId",
                serviceId,
                armIdRule(
                    `Microsoft.SignalRService/${connection.service === RealtimeExtension.SignalR ? "signalR" : "webPubSub"}`,
                ),
            ),
            endpoint: part.input("endpoint", endpoint, urlRule),
            secretUri: part.input("secretUri", secretUri, urlRule),
            vaultId: part.input("vaultId", vaultId, vaultIdRule),
            hubNames: part.list("hubNames", hubNames, hubNamesRule),
        };
    });
}

const hubNamesRule: Rule<readonly string[]> = (names) =>
    names.map(nameRule("hub")).find((reason) => reason !== undefined);

function checkRoles(checks: Checks, roles: FunctionAppArgs["roles"]): AppRole[] {
    const plain = itemsOf(roles);
    for (const [index, { name }] of plain.entries()) {
        const part = checks.at(`roles[${index}].`);
        part.plain("name", name, nameRule("role"));
        if (name !== undefined && plain.findIndex((other) => other.name === name) < index) {
            part.fault("name", `${show(name)} is there twice. Give each role a name of its own.`);
        }
    }
    return plain.map((role, index) => {
        const part = checks.at(`roles[${index}].`);
        return {
            ...role,
            role: part.input("role", role.role, roleRule),
            scope: part.input("scope", role.scope, scopeRule),
        };
    });
}

const vaultIdRule = armIdRule("Microsoft.KeyVault/vaults");

const roleRule: Rule<string> = (value) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
        ? undefined
        : `${show(value)} is not a role. Allowed: the GUID of a role, one of Roles or any other.`;

const scopeRule: Rule<string> = (value) =>
    value.startsWith("/") && value.length > 1
        ? undefined
        : `${show(value)} is not a scope. Allowed: an Azure Resource Manager id.`;

function checkKeyStore(checks: Checks, keyStore: KeyStore | undefined): KeyStore | undefined {
    const part = checks.at("keyStore.");
    return (
        keyStore && {
            vaultId: part.input("vaultId", keyStore.vaultId, vaultIdRule),
            vaultUri: part.input("vaultUri", keyStore.vaultUri, urlRule),
        }
    );
}

function checkPackage(
    checks: Checks,
    { plan, delivery, packageUri }: Pick<CheckedFunctionAppArgs, "plan" | "delivery" | "packageUri">,
): void {
    if (delivery === "Url" && packageUri === undefined) {
        checks.fault("packageUri", `an app on plan ${plan} runs from its package. Give FunctionCode's packageUri.`);
    }
    if (delivery === "OneDeploy" && packageUri !== undefined) {
        checks.fault(
            "packageUri",
            `plan ${plan} does not run from a package's URL here. Give FunctionCode the functionAppName instead.`,
        );
    }
}
