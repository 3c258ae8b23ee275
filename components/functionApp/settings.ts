import { type WebApp, WebAppApplicationSettings } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../shared/checks";
import type { Identity } from "../shared/identity";
import { connectionNames, hubSettings, serviceKinds } from "../shared/serviceKinds";
import { orDefault } from "../shared/shape";
import { keyStoreSettings, keyVaultReference } from "../shared/vault";
import {
    type CheckedFunctionAppArgs,
    FunctionRuntime,
    HostingPlan,
    PackageDelivery,
    type ServiceConnection,
} from "./args";
import { loginSetting, loginSettings } from "./easyAuth";
import { planFacts, runtimeOf } from "./hosting";
import type { Monitoring } from "./monitoring";
import type { HostStorage } from "./storage";

/** App settings that one part of a Function App sets itself, and what errors call that part. */
export interface ReservedSettings {
    owner: string;
    /** Exact names, or a stem with every setting below it: `AzureWebJobsStorage__*`. */
    names: readonly string[];
}

/** Reserved also where the keys are not in a vault: a key store of the caller's would not hold them. */
export const keyStoreReserved: ReservedSettings = { owner: "the key store", names: Object.values(keyStoreSettings) };

/** Settings that a caller may not give, whatever the plan. */
const alwaysReserved: readonly ReservedSettings[] = [
    { owner: "eventAuth.login", names: [loginSetting] },
    { owner: "the host's storage, reached by identity", names: ["AzureWebJobsStorage", "AzureWebJobsStorage__*"] },
    {
        owner: "Application Insights",
        names: ["APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"],
    },
];

/** Decides which triggers an instance starts; Azure sets it. */
const targetGroup = "FUNCTIONS_TARGET_GROUP";

/** Source: https://learn.microsoft.com/azure/azure-functions/functions-app-settings, Flex Consumption plan deprecations. */
const flexReserved: ReservedSettings = {
    owner: "the Flex Consumption plan, which refuses it",
    names: [
        "ENABLE_ORYX_BUILD",
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_MAX_HTTP_CONCURRENCY",
        targetGroup,
        "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
        "FUNCTIONS_WORKER_PROCESS_COUNT",
        "FUNCTIONS_WORKER_RUNTIME",
        "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "SCM_DO_BUILD_DURING_DEPLOYMENT",
        "TZ",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTOVERVNET",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_DNS_SERVER",
        "WEBSITE_LOAD_CERTIFICATES",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
        "WEBSITE_NODE_DEFAULT_VERSION",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
        "WEBSITE_TIME_ZONE",
        "WEBSITE_VNET_ROUTE_ALL",
    ],
};

const otherReserved: ReservedSettings = {
    owner: "the function code and its runtime",
    names: [
        "FUNCTIONS_EXTENSION_VERSION",
        targetGroup,
        "FUNCTIONS_WORKER_RUNTIME",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_NODE_DEFAULT_VERSION",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
    ],
};

/** Settings that every app of a plan sets itself. */
export function reservedOn(plan: HostingPlan): ReservedSettings[] {
    return [...alwaysReserved, plan === HostingPlan.FlexConsumption ? flexReserved : otherReserved];
}

/** Settings that hold the connection to a service. */
export function connectionReserved(
    connection: Pick<ServiceConnection, "service" | "connectionName">,
): ReservedSettings {
    const names = connectionNames(serviceKinds[connection.service], connection.connectionName);
    return { owner: "the connection to the service", names: names.flatMap((name) => [name, `${name}__*`]) };
}

/** Settings that hold the names of a service's hubs. */
export function hubsReserved({ service }: Pick<ServiceConnection, "service">): ReservedSettings {
    const { hubSetting } = serviceKinds[service];
    return { owner: "the hubs, whose names it holds", names: [hubSetting, `${hubSetting}_*`] };
}

/** What a system takes as the name of an app setting. Source: learn, app-service/configure-common. On Linux Azure turns a period into _. */
const settingNames = {
    linux: { pattern: /^[A-Za-z0-9_.]{1,256}$/, words: "letters, digits, _ and .; write __ for : and _ for -" },
    windows: { pattern: /^[A-Za-z0-9_.:-]{1,256}$/, words: "letters, digits and _ . : -" },
};

/** A rule for a caller's whole map of settings: legal names on the plan's system, none of them reserved. */
export function appSettingsRule(
    plan: HostingPlan,
    reserved: readonly ReservedSettings[],
): Rule<Record<string, unknown>> {
    const { pattern, words } = settingNames[planFacts(plan).linux ? "linux" : "windows"];
    const all = [...reservedOn(plan), ...reserved];
    return (settings) => {
        const reasons = Object.keys(settings).flatMap((name) => {
            const owner = all.find((group) => group.names.some((taken) => isTaken(name, taken)))?.owner;
            if (owner !== undefined) {
                return [`${name} belongs to ${owner}`];
            }
            return pattern.test(name) ? [] : [`${JSON.stringify(name)} is not a valid setting name (${words})`];
        });
        reasons.push(...sameSettings(Object.keys(settings)));
        return reasons.length === 0 ? undefined : `${reasons.join("; ")}. Remove or rename what you gave.`;
    };
}

/** Names that Azure takes for one setting. */
function sameSettings(names: readonly string[]): string[] {
    return names.flatMap((name, index) => {
        const other = names.slice(0, index).find((before) => plainName(before) === plainName(name));
        return other === undefined ? [] : [`${name} is the same setting as ${other}`];
    });
}

// App setting names ignore case, and on Linux a `:` in them is `__` and a period is `_`.
function plainName(name: string): string {
    return name.replace(/:/g, "__").replace(/\./g, "_").toLowerCase();
}

/** Whether a setting is one of a group of reserved ones. */
export function isTaken(name: string, taken: string): boolean {
    const plain = plainName(name);
    const other = taken.toLowerCase();
    return other.endsWith("*") ? plain.startsWith(other.slice(0, -1)) : plain === other;
}

type Settings = Record<string, pulumi.Input<string>>;

export interface SettingsOptions {
    args: CheckedFunctionAppArgs;
    app: WebApp;
    identity: Identity | undefined;
    storage: HostStorage;
    monitoring: Monitoring;
    /** Resolves when the roles of the app have had time to take effect. */
    rolesInForce: pulumi.Output<unknown>;
}

/** Sets the app's whole environment. The host starts with it, so it waits for the app's roles. */
export function createSettings(
    name: string,
    options: SettingsOptions,
    opts: pulumi.CustomResourceOptions,
): WebAppApplicationSettings {
    const { app, args } = options;
    const { resourceGroupName } = args;
    const properties = environmentOf(options);
    return new WebAppApplicationSettings(`${name}-settings`, { name: app.name, resourceGroupName, properties }, opts);
}

/** The settings of an app, or of its slot. */
export function environmentOf({
    args,
    identity,
    storage,
    monitoring,
    rolesInForce,
}: SettingsOptions): pulumi.Output<Record<string, string>> {
    const own: Settings = {
        ...Object.assign({}, ...args.connections.map((connection) => connectionSettings(connection, identity))),
        ...keyStoreSettingsOf(args, identity),
        ...storageSettings(storage, identity),
        ...monitoringSettings(monitoring, identity),
        ...runtimeSettings(args),
        ...packageSettings(args, identity),
        ...loginSettings(args.eventAuth, identity),
    };
    return pulumi
        .all([
            orDefault(args.appSettings, {}),
            pulumi.output(own),
            hubSettingsOf(args),
            storageName(storage),
            rolesInForce,
        ])
        .apply(
            ([given, ownSettings, hubs, account]): Record<string, string> => ({
                ...given,
                ...ownSettings,
                ...hubs,
                ...account,
            }),
        );
}

function connectionSettings(connection: ServiceConnection, identity: Identity | undefined): Settings {
    const kind = serviceKinds[connection.service];
    const names = connectionNames(kind, connection.connectionName);
    if (connection.secretUri !== undefined) {
        const reference = pulumi.output(connection.secretUri).apply(keyVaultReference);
        return Object.fromEntries(names.map((name) => [name, reference]));
    }
    return Object.assign(
        {},
        ...names.map((name) => ({
            [`${name}__${kind.addressSuffix}`]: connection.endpoint,
            [`${name}__credential`]: "managedidentity",
            ...(identity && { [`${name}__clientId`]: identity.clientId }),
        })),
    ) as Settings;
}

/** The settings with the names of hubs. */
export function hubSettingsOf({ connections }: CheckedFunctionAppArgs): pulumi.Output<Record<string, string>> {
    const all = connections.map(({ service, hubNames = [] }) =>
        pulumi.output(hubNames).apply((names) => hubSettings(serviceKinds[service], names)),
    );
    return pulumi.all(all).apply((settings): Record<string, string> => Object.assign({}, ...settings));
}

function keyStoreSettingsOf({ keyStore }: CheckedFunctionAppArgs, identity: Identity | undefined): Settings {
    if (keyStore === undefined) {
        return {};
    }
    return {
        [keyStoreSettings.type]: "keyvault",
        [keyStoreSettings.vaultUri]: keyStore.vaultUri,
        ...(identity && { [keyStoreSettings.clientId]: identity.clientId }),
    };
}

function storageSettings(storage: HostStorage, identity: Identity | undefined): Settings {
    return {
        AzureWebJobsStorage__blobServiceUri: storage.blobEndpoint,
        AzureWebJobsStorage__queueServiceUri: storage.queueEndpoint,
        AzureWebJobsStorage__tableServiceUri: storage.tableEndpoint,
        AzureWebJobsStorage__credential: "managedidentity",
        ...(identity && { AzureWebJobsStorage__clientId: identity.clientId }),
    };
}

/**
 * The account's name beside its URLs, because a host that starts with the URLs alone can fail early
 * (https://github.com/Azure/azure-functions-host/issues/11787). The host builds URLs of the public cloud from a name, so the name is
 * right in that cloud only.
 */
function storageName({ name, blobEndpoint }: HostStorage): pulumi.Output<Record<string, string>> {
    return pulumi
        .all([name, blobEndpoint])
        .apply(
            ([account, url]): Record<string, string> =>
                new URL(url).hostname.endsWith(".blob.core.windows.net")
                    ? { AzureWebJobsStorage__accountName: account }
                    : {},
        );
}

function monitoringSettings(monitoring: Monitoring, identity: Identity | undefined): Settings {
    return {
        APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.connectionString,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: identity
            ? pulumi.interpolate`Authorization=AAD;ClientId=${identity.clientId}`
            : "Authorization=AAD",
    };
}

/** Flex Consumption takes language and version from functionAppConfig and refuses these settings. */
function runtimeSettings(args: CheckedFunctionAppArgs): Settings {
    if (args.plan === HostingPlan.FlexConsumption) {
        return {};
    }
    const { name, version } = runtimeOf(args);
    return {
        FUNCTIONS_EXTENSION_VERSION: "~4",
        FUNCTIONS_WORKER_RUNTIME: name,
        ...(name === FunctionRuntime.Node &&
            !planFacts(args.plan).linux && { WEBSITE_NODE_DEFAULT_VERSION: pulumi.interpolate`~${version}` }),
    };
}

/** Says what the app runs from: the URL of a package, or 1 for the package that One Deploy stored. */
export const packageSetting = "WEBSITE_RUN_FROM_PACKAGE";

function packageSettings(args: CheckedFunctionAppArgs, identity: Identity | undefined): Settings {
    if (args.delivery === "Url") {
        return {
            // Without an account key there is no file share for the code, so the app reads the package itself.
            [packageSetting]: args.packageUri ?? "",
            // Without this setting some apps read the package without any identity, and are refused.
            WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identity?.id ?? "SystemAssigned",
        };
    }
    return args.packageDelivery === PackageDelivery.Mounted ? { [packageSetting]: "1" } : {};
}
