import { FunctionRuntime, HostingPlan, PackageDelivery } from "../functionApp/args";
import { deliveryOf } from "../functionApp/hosting";
import { ipRangesRule } from "../shared/addresses";
import { type Checks, oneOf, show, startChecks } from "../shared/checks";
import { nameRule } from "../shared/names";
import { checkNaming } from "../shared/naming";
import { checkPrivateEndpoint, type PrivateEndpointPlace } from "../shared/privateEndpoint";
import { RealtimeExtension, serviceKinds } from "../shared/serviceKinds";
import { readArgs } from "../shared/shape";
import { tagsRule } from "../shared/tags";
import type { FunctionCodeArgs, FunctionCodeOptionsArgs } from "./args";
import type { PackageFile } from "./files";
import { type CheckedPackage, checkPackage, emptyPackage } from "./package";
import { functionCodeShape } from "./shape";

/** Checks the args of FunctionCode and the folder itself; throws every fault at once. */
export function checkFunctionCodeArgs(
    component: string,
    given: FunctionCodeArgs,
): { args: CheckedFunctionCodeArgs; files: PackageFile[] } {
    const checks = startChecks(component);
    const args = readArgs(checks, given, functionCodeShape);
    const { checked, files } = checkFunctionCodeOptions(checks, args);
    if (args.stagingSlotName !== undefined && args.functionAppName === undefined) {
        checks.fault("stagingSlotName", "it is a slot of an app, and functionAppName is missing. Give it.");
    }
    if (args.stagingSlotName !== undefined && (args.plan ?? HostingPlan.FlexConsumption) !== HostingPlan.Dedicated) {
        checks.fault("stagingSlotName", "Azure deploys packages to slots on plan Dedicated only. Remove it.");
    }
    checkNaming(checks, args.naming, { stcode: args.packageAccountName });
    const result = {
        ...args,
        ...checked,
        ...checkPackageNetwork(checks, args),
        tags: checks.input("tags", args.tags, tagsRule),
    };
    checks.refuse();
    return { args: result, files };
}

/** Args whose plain parts are known to be right. */
export type CheckedFunctionCodeArgs = Omit<FunctionCodeArgs, "privateEndpoint"> & {
    privateEndpoint: PrivateEndpointPlace | undefined;
};

function checkPackageNetwork(
    checks: Checks,
    args: FunctionCodeArgs,
): Pick<CheckedFunctionCodeArgs, "deployerIpRanges" | "privateEndpoint"> {
    const { deployerIpRanges, privateEndpoint } = args;
    if (privateEndpoint !== undefined && deployerIpRanges === undefined) {
        checks.fault("privateEndpoint", "it goes with deployerIpRanges, which close the account. Give both.");
    }
    if (deployerIpRanges !== undefined && privateEndpoint === undefined) {
        checks.fault("deployerIpRanges", "they go with privateEndpoint: no app could fetch its code. Give both.");
    }
    return {
        deployerIpRanges: checkDeployerIpRanges(checks, args),
        privateEndpoint: checkPrivateEndpoint(checks, "privateEndpoint", privateEndpoint, ["blob"]),
    };
}

/** Checks who may upload code, alone or inside a backend. */
export function checkDeployerIpRanges(
    checks: Checks,
    args: Pick<FunctionCodeArgs, "deployerIpRanges" | "plan" | "packageDelivery">,
): FunctionCodeArgs["deployerIpRanges"] {
    const { deployerIpRanges, plan = HostingPlan.FlexConsumption, packageDelivery } = args;
    if (deployerIpRanges !== undefined && deliveryOf({ plan, packageDelivery }) === "Url") {
        checks.fault(
            "deployerIpRanges",
            `an app on plan ${plan} runs from the package's URL here, and reports say that it does not start when a firewall is in between. Remove it: the account stays open, and reading it takes a role or a signature.`,
        );
    }
    return checks.list("deployerIpRanges", deployerIpRanges, ipRangesRule);
}

export interface CheckedCode {
    checked: FunctionCodeOptionsArgs;
    files: PackageFile[];
    /** What stands before the path of every HTTP function, from host.json. */
    routePrefix: string;
}

type CodeQuestion = FunctionCodeOptionsArgs &
    Pick<FunctionCodeArgs, "runtime" | "extension" | "plan" | "packageDelivery"> & {
        /** Whether the app signs in to the service with its identity. Defaults to false: unknown. */
        identity?: boolean;
    };

/** Checks the options of function code and the folder itself, alone or inside a backend. */
export function checkFunctionCodeOptions(checks: Checks, args: CodeQuestion): CheckedCode {
    const { codePath, runtime = FunctionRuntime.Node, extension, identity, remoteBuild = false } = args;
    const { plan = HostingPlan.FlexConsumption } = args;
    checks.plain("plan", plan, oneOf(HostingPlan));
    checks.plain("packageDelivery", args.packageDelivery, oneOf(PackageDelivery));
    checks.plain("runtime", runtime, oneOf(FunctionRuntime));
    checks.plain("extension", extension, oneOf(RealtimeExtension));
    if (remoteBuild && plan !== HostingPlan.FlexConsumption) {
        const reason =
            deliveryOf({ ...args, plan }) === "Url"
                ? "the app runs from the package as it is"
                : "Azure builds code on FlexConsumption only";
        checks.fault("remoteBuild", `plan is ${plan}, where ${reason}. Build the folder first, or remove it.`);
    }
    const knownRuntime = Object.values<string>(FunctionRuntime).includes(runtime);
    const knownExtension = extension !== undefined && Object.hasOwn(serviceKinds, extension);
    const kind = knownExtension ? serviceKinds[extension] : undefined;
    const found: CheckedPackage =
        knownRuntime && codePath !== undefined
            ? checkPackage({ codePath, runtime, kind, identity, remoteBuild, plan })
            : emptyPackage;
    for (const fault of found.faults) {
        checks.fault("codePath", fault);
    }
    for (const warning of found.warnings) {
        checks.advise("codePath", warning, (text) => text);
    }
    if (plan === HostingPlan.FlexConsumption && args.allowSocketIOTriggerOnFlex !== true) {
        refuseSocketIOTrigger(checks, codePath, found.socketIOTrigger);
    }
    const packageAccountName = checks.input("packageAccountName", args.packageAccountName, nameRule("storageAccount"));
    return { checked: { codePath, packageAccountName }, files: found.files, routePrefix: found.routePrefix };
}

/**
 * Refuses a Socket.IO trigger on Flex Consumption. Its host starts the listeners of one list of triggers only, and this one is not on
 * it. Source: BindingMetadataExtensions.cs and FunctionGroupListenerDecorator.cs of Azure/azure-functions-host.
 */
function refuseSocketIOTrigger(checks: Checks, codePath: string, trigger: string | undefined): void {
    if (trigger !== undefined) {
        checks.fault(
            "plan",
            `${trigger} in ${show(codePath)} has a Socket.IO trigger, which FlexConsumption does not start: Azure answers its events with 404, as reported in ` +
                "https://github.com/Azure/azure-webpubsub/issues/877 and https://github.com/Azure/azure-functions-host/issues/11493. " +
                "Use plan Consumption, Dedicated or ElasticPremium, or set allowSocketIOTriggerOnFlex to try it all the same.",
        );
    }
}
