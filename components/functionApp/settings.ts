import type { WebApp } from "@pulumi/azure-native/web/webApp";
import { WebAppApplicationSettings } from "@pulumi/azure-native/web/webAppApplicationSettings";
import * as pulumi from "@pulumi/pulumi";
import type { AppIdentity, AppStep, HostStorage, Monitoring } from "../parts/step";
import { settingClashes } from "../rules/appSettings";
import { lateError } from "../shared/checks";
import { FunctionRuntime, HostingPlan } from "./hosting";

interface SettingsStep extends AppStep {
    app: WebApp;
    identity: AppIdentity | undefined;
    storage: HostStorage;
    monitoring: Monitoring;
    after: pulumi.Resource[];
}

type Settings = Record<string, pulumi.Input<string>>;

/** The app's whole environment, once its identity may do what the settings point at. */
export function createAppSettings(step: SettingsStep): WebAppApplicationSettings {
    const { name, args, parent, app, after } = step;
    return new WebAppApplicationSettings(
        `${name}-settings`,
        { name: app.name, resourceGroupName: args.resourceGroupName, properties: mergeSettings(step) },
        { parent, dependsOn: after },
    );
}

function mergeSettings(step: SettingsStep): pulumi.Output<Record<string, string>> {
    const { name, args } = step;
    const required = args.requiredSettings ?? [];
    const own = pulumi.output({
        ...storageSettings(step),
        ...monitoringSettings(step),
        ...packageSettings(step),
        ...clientIdSettings(step),
    });
    return pulumi
        .all([args.appSettings ?? {}, own, pulumi.all(required.map(({ settings }) => settings))])
        .apply(([given, ownSettings, others]) => {
            const reserved = required.map(({ owner }, index) => ({ owner, names: Object.keys(others[index] ?? {}) }));
            const [clash] = settingClashes(Object.keys(given), reserved);
            if (clash !== undefined) {
                throw lateError(
                    `FunctionApp "${name}": appSettings: ${clash.name} belongs to ${clash.owner}. Remove or rename what you gave.`,
                );
            }
            return Object.assign({}, given, ...others, ownSettings) as Record<string, string>;
        });
}

function storageSettings({ storage, identity }: SettingsStep): Settings {
    // Addresses rather than the account's name, which would be right in one cloud only.
    return {
        AzureWebJobsStorage__blobServiceUri: storage.blobEndpoint,
        AzureWebJobsStorage__queueServiceUri: storage.queueEndpoint,
        AzureWebJobsStorage__tableServiceUri: storage.tableEndpoint,
        AzureWebJobsStorage__credential: "managedidentity",
        ...(identity && { AzureWebJobsStorage__clientId: identity.clientId }),
    };
}

function monitoringSettings({ monitoring, identity }: SettingsStep): Settings {
    return {
        APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.connectionString,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: identity
            ? pulumi.interpolate`Authorization=AAD;ClientId=${identity.clientId}`
            : "Authorization=AAD",
    };
}

function clientIdSettings({ args, identity }: SettingsStep): Settings {
    const names = (args.requiredSettings ?? []).flatMap(({ clientIdSetting }) => clientIdSetting ?? []);
    return identity === undefined ? {} : Object.fromEntries(names.map((name) => [name, identity.clientId]));
}

function packageSettings({ args, identity }: SettingsStep): Settings {
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
