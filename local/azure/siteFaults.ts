import { type Properties, unknownValue } from "../engine/values";
import { list, object, optionalText } from "./inputs";
import type { Plan } from "./plans";

// Source: error 51021 of Azure Resource Manager, in Azure/azure-cli#31414 and Azure/terraform-azurerm-avm-res-web-site#283.
const notOnFlex = [
    "linuxFxVersion",
    "windowsFxVersion",
    "netFrameworkVersion",
    "alwaysOn",
    "use32BitWorkerProcess",
    "ftpsState",
    "preWarmedInstanceCount",
    "functionsRuntimeScaleMonitoringEnabled",
];
/** Sizes without Always On. Source: error 01020 of Azure Resource Manager, in microsoft/HealthBotContainerSample#51. */
const sizesWithoutAlwaysOn = ["Y1", "F1", "D1"];
/** Source: learn, azure-functions/supported-languages. */
const windowsRuntimes = ["dotnet-isolated", "dotnet", "node", "java", "powershell", "custom"];

/** Faults of a site that are seen without its plan. */
export function siteFaults(inputs: Properties): string[] {
    const version = optionalText(object(inputs.siteConfig), "linuxFxVersion");
    const faults = [...identityFaults(inputs), ...deploymentFaults(inputs), ...corsFaults(inputs)];
    if (inputs.reserved === false && version !== undefined && version !== "") {
        faults.push(
            `siteConfig.linuxFxVersion is "${version}": an app with reserved false runs on Windows. Remove it, and ` +
                "choose the runtime with the app settings FUNCTIONS_WORKER_RUNTIME and WEBSITE_NODE_DEFAULT_VERSION.",
        );
    }
    return faults;
}

/** Source: learn, app-service/app-service-web-tutorial-rest-api: credentials cannot be enabled when the origins include `*`. */
function corsFaults(inputs: Properties): string[] {
    const { allowedOrigins, supportCredentials } = object(object(inputs.siteConfig).cors);
    return supportCredentials === true && list(allowedOrigins).includes("*")
        ? [
              'siteConfig.cors.supportCredentials is true and allowedOrigins includes "*": Azure takes credentials for ' +
                  "named origins only. List the origins, or remove supportCredentials.",
          ]
        : [];
}

/** The ids of a resource's user-assigned identities: a list, or the keys of a map. */
function identityIds(inputs: Properties): string[] {
    const ids = object(inputs.identity).userAssignedIdentities;
    return Array.isArray(ids) ? ids.map(String) : Object.keys(object(ids));
}

function identityFaults(inputs: Properties): string[] {
    const type = optionalText(object(inputs.identity), "type") ?? "";
    const isUnknown = object(inputs.identity).userAssignedIdentities === unknownValue;
    return /UserAssigned/i.test(type) && !isUnknown && identityIds(inputs).length === 0
        ? [
              `identity.userAssignedIdentities is missing: type "${type}" needs the resource id of at least one identity. ` +
                  "Set it, or use SystemAssigned.",
          ]
        : [];
}

function deploymentFaults(inputs: Properties): string[] {
    const storage = object(object(object(inputs.functionAppConfig).deployment).storage);
    const authentication = object(storage.authentication);
    const at = "functionAppConfig.deployment.storage";
    const faults: string[] = [];
    const value = optionalText(storage, "value");
    if (value !== undefined && value !== unknownValue && !isContainerUrl(value)) {
        faults.push(
            `${at}.value is "${value}": it must be the URL of a blob container, such as ` +
                "https://<account>.blob.core.windows.net/<container>.",
        );
    }
    const type = optionalText(authentication, "type");
    if (type === "StorageAccountConnectionString") {
        faults.push(
            `${at}.authentication.type is "${type}": it must name an identity, because the local Azure supports no connection string here`,
        );
    }
    const identityType = optionalText(object(inputs.identity), "type") ?? "";
    if (type?.toLowerCase() === "systemassignedidentity" && !/SystemAssigned/i.test(identityType)) {
        faults.push(
            `${at}.authentication.type is "${type}", but the app has no such identity. Set identity.type to SystemAssigned, ` +
                "or name an identity of the app with UserAssignedIdentity.",
        );
    }
    if (type?.toLowerCase() === "userassignedidentity" && !authentication.userAssignedIdentityResourceId) {
        faults.push(
            `${at}.authentication.userAssignedIdentityResourceId is missing: type "${type}" needs the resource id of ` +
                "the identity. Set it, or use SystemAssignedIdentity.",
        );
    }
    return faults;
}

/** The local Azure's endpoints have the account in the path. */
function isContainerUrl(text: string): boolean {
    if (!URL.canParse(text)) {
        return false;
    }
    const { protocol, hostname, pathname, search } = new URL(text);
    const parts = pathname.split("/").filter((part) => part !== "");
    return /^https?:$/.test(protocol) && search === "" && parts.length === (hostname === "localhost" ? 2 : 1);
}

/** Faults of a site on its plan. `others` are the ids of the plan's other apps. */
export function siteOnPlanFaults({
    inputs,
    plan,
    others,
}: {
    inputs: Properties;
    plan: Plan;
    others: readonly string[];
}): string[] {
    const { name, sku } = plan;
    const config = object(inputs.siteConfig);
    const faults = [...systemFaults(inputs, plan)];
    if (sku !== "FlexConsumption") {
        if (inputs.functionAppConfig !== undefined) {
            faults.push(
                `functionAppConfig is given, but plan "${name}" is ${sku}: only FlexConsumption (size FC1) has it. Remove ` +
                    "it, and choose the runtime with siteConfig.linuxFxVersion (Linux) or app settings (Windows).",
            );
        }
        if (config.alwaysOn === true && sizesWithoutAlwaysOn.includes(plan.size?.toUpperCase() ?? "")) {
            faults.push(
                `siteConfig.alwaysOn is true: size ${plan.size} of plan "${name}" does not allow it. Remove it, or use ` +
                    "a plan from size B1 on.",
            );
        }
        return faults;
    }
    if (inputs.functionAppConfig === undefined) {
        faults.push(
            `functionAppConfig is missing: plan "${name}" is FlexConsumption, whose apps state deployment, runtime and ` +
                "scaleAndConcurrency there.",
        );
    }
    for (const key of notOnFlex.filter((key) => config[key] !== undefined && config[key] !== false)) {
        faults.push(
            `siteConfig.${key} is ${JSON.stringify(config[key])}: apps on plan "${name}" (FlexConsumption) do not ` +
                "have it. Remove it; functionAppConfig has the runtime and the scale.",
        );
    }
    if (others.length > 0) {
        faults.push(
            `serverFarmId is plan "${name}", which has an app already (${others.join(", ")}): a FlexConsumption plan ` +
                "has one app only. Give this app a plan of its own.",
        );
    }
    return faults;
}

/**
 * Why a plan has no slots. Source: learn, azure-functions/functions-deployment-slots, "Support levels", and azure-subscription-service-limits
 * for the sizes of App Service: none on Free, Shared and Basic.
 */
export function slotFault({ name, sku, size }: Plan): string | undefined {
    if (sku === "FlexConsumption") {
        return `plan "${name}" is FlexConsumption, which has no deployment slots. Remove the slot, or use another plan.`;
    }
    return /^[FDB]\d$/i.test(size ?? "")
        ? `size ${size} of plan "${name}" has no deployment slots. Use a plan from size S1 on, or ElasticPremium.`
        : undefined;
}

/** The app's system must be the plan's. An app that names none takes the plan's. */
function systemFaults(inputs: Properties, { name, isLinux }: Plan): string[] {
    const kind = optionalText(inputs, "kind") ?? "";
    const wanted = inputs.reserved ?? (/\blinux\b/i.test(kind) ? true : undefined);
    const faults: string[] = [];
    if (typeof wanted === "boolean" && wanted !== isLinux) {
        const property = inputs.reserved === undefined ? `kind is "${kind}"` : `reserved is ${inputs.reserved}`;
        faults.push(
            `${property}, so the app is a ${systemName(wanted)} app, but plan "${name}" has reserved ${isLinux} and ` +
                `runs ${systemName(isLinux)}. Make both the same.`,
        );
    }
    const version = optionalText(object(inputs.siteConfig), "linuxFxVersion");
    if (!isLinux && inputs.reserved !== false && version !== undefined && version !== "") {
        faults.push(`siteConfig.linuxFxVersion is "${version}": plan "${name}" runs Windows. Remove it.`);
    }
    return faults;
}

/** What a system takes as the name of an app setting. Source: learn, app-service/configure-common; azure-functions-host#11908. */
const settingNames = { linux: /^[A-Za-z0-9_.]+$/, windows: /^[A-Za-z0-9_.:-]+$/ };

function nameFaults(settings: Record<string, string>, isLinux: boolean): string[] {
    const pattern = settingNames[isLinux ? "linux" : "windows"];
    const allowed = isLinux
        ? "letters, digits, periods and underscores are allowed on Linux. Write __ for a colon"
        : "letters, digits and _ . : - are allowed";
    const names = Object.keys(settings);
    // Source: Azure/azure-cli#13673 and microsoft/azure-pipelines-tasks#14689: names differ by more than case.
    const twice = names.filter((name, at) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) < at);
    return [
        ...names
            .filter((name) => !pattern.test(name))
            .map((name) => `AppSetting with name '${name}' is not allowed: ${allowed}.`),
        ...twice.map((name) => `Parameter with name ${name} already exists: names ignore case. Remove one of the two.`),
    ];
}

/** Faults of app settings on a plan. */
export function settingFaults(settings: Record<string, string>, plan: Plan | undefined): string[] {
    const runtime = settings.FUNCTIONS_WORKER_RUNTIME;
    return [...nameFaults(settings, plan?.isLinux === true), ...runtimeFaults(runtime, plan)];
}

function runtimeFaults(runtime: string | undefined, plan: Plan | undefined): string[] {
    if (
        plan === undefined ||
        plan.isLinux ||
        runtime === undefined ||
        windowsRuntimes.includes(runtime.toLowerCase())
    ) {
        return [];
    }
    return [
        `app setting FUNCTIONS_WORKER_RUNTIME is "${runtime}": plan "${plan.name}" runs Windows, where allowed are ` +
            `${windowsRuntimes.join(", ")}. Use a Linux plan (reserved true).`,
    ];
}

function systemName(isLinux: boolean): string {
    return isLinux ? "Linux" : "Windows";
}
