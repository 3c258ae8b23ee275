import { type WebApp, WebAppApplicationSettings } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../shared/checks";
import type { Identity } from "../shared/identity";
import { connectionNames, serviceKinds } from "../shared/serviceKinds";
import { keyStoreSettings, keyVaultReference } from "../shared/vault";
import { type CheckedFunctionAppArgs, FunctionRuntime, HostingPlan, type ServiceConnection } from "./args";
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
    { owner: "the host's storage, reached by identity", names: ["AzureWebJobsStorage", "AzureWebJobsStorage__*"] },
    {
        owner: "Application Insights",
        names: ["APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"],
    },
];

const flexReserved: ReservedSettings = {
    owner: "the Flex Consumption plan, which refuses it",
    names: [
        "ENABLE_ORYX_BUILD",
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "FUNCTIONS_WORKER_PROCESS_COUNT",
        "SCM_DO_BUILD_DURING_DEPLOYMENT",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTOVERVNET",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
        "WEBSITE_NODE_DEFAULT_VERSION",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
        "WEBSITE_VNET_ROUTE_ALL",
    ],
};

const premiumReserved: ReservedSettings = {
    owner: "the function code and its runtime",
    names: [
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
    ],
};

/** Settings that every app of a plan sets itself. */
export function reservedOn(plan: HostingPlan): ReservedSettings[] {
    return [...alwaysReserved, plan === HostingPlan.ElasticPremium ? premiumReserved : flexReserved];
}

/** Settings that hold the connection to a service. */
export function connectionReserved(
    connection: Pick<ServiceConnection, "service" | "connectionName">,
): ReservedSettings {
    const names = connectionNames(serviceKinds[connection.service], connection.connectionName);
    return { owner: "the connection to the service", names: names.flatMap((name) => [name, `${name}__*`]) };
}

/** A rule for a caller's whole map of settings: legal names, none of them reserved. */
export function appSettingsRule(reserved: readonly ReservedSettings[]): Rule<Record<string, unknown>> {
    return (settings) => {
        const reasons = Object.keys(settings).flatMap((name) => {
            if (!/^[A-Za-z0-9_.:-]{1,256}$/.test(name)) {
                return [`${JSON.stringify(name)} is not a valid setting name (letters, digits and _ . : -)`];
            }
            const owner = reserved.find((group) => group.names.some((taken) => isTaken(name, taken)))?.owner;
            return owner === undefined ? [] : [`${name} belongs to ${owner}`];
        });
        return reasons.length === 0 ? undefined : `${reasons.join("; ")}. Remove or rename what you gave.`;
    };
}

// App setting names ignore case, and a `:` in them is `__` on Linux.
function isTaken(name: string, taken: string): boolean {
    const plain = name.replace(/:/g, "__").toLowerCase();
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
}

/** Sets the app's whole environment. */
export function createSettings(
    name: string,
    { args, app, identity, storage, monitoring }: SettingsOptions,
    opts: pulumi.CustomResourceOptions,
): WebAppApplicationSettings {
    const own: Settings = {
        ...Object.assign({}, ...args.connections.map((connection) => connectionSettings(connection, identity))),
        ...keyStoreSettingsOf(args, identity),
        ...storageSettings(storage, identity),
        ...monitoringSettings(monitoring, identity),
        ...packageSettings(args, identity),
    };
    const properties = pulumi
        .all([args.appSettings ?? {}, pulumi.output(own)])
        .apply(([given, ownSettings]): Record<string, string> => ({ ...given, ...ownSettings }));
    const { resourceGroupName } = args;
    return new WebAppApplicationSettings(`${name}-settings`, { name: app.name, resourceGroupName, properties }, opts);
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
    // URLs rather than the account's name, from which the host builds a URL of the public cloud.
    return {
        AzureWebJobsStorage__blobServiceUri: storage.blobEndpoint,
        AzureWebJobsStorage__queueServiceUri: storage.queueEndpoint,
        AzureWebJobsStorage__tableServiceUri: storage.tableEndpoint,
        AzureWebJobsStorage__credential: "managedidentity",
        ...(identity && { AzureWebJobsStorage__clientId: identity.clientId }),
    };
}

function monitoringSettings(monitoring: Monitoring, identity: Identity | undefined): Settings {
    return {
        APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.connectionString,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: identity
            ? pulumi.interpolate`Authorization=AAD;ClientId=${identity.clientId}`
            : "Authorization=AAD",
    };
}

function packageSettings(args: CheckedFunctionAppArgs, identity: Identity | undefined): Settings {
    if (args.plan !== HostingPlan.ElasticPremium || args.packageUri === undefined) {
        return {};
    }
    return {
        FUNCTIONS_EXTENSION_VERSION: "~4",
        FUNCTIONS_WORKER_RUNTIME: args.runtime ?? FunctionRuntime.Node,
        // Without an account key there is no file share for the code, so the app reads the package itself.
        WEBSITE_RUN_FROM_PACKAGE: args.packageUri,
        ...(identity && { WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identity.id }),
    };
}
