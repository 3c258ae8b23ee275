import { WebApp, type WebAppArgs, WebAppFtpAllowed, WebAppScmAllowed } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../shared/identity";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import { ifGiven, orDefault } from "../shared/shape";
import { type CheckedFunctionAppArgs, type Cors, HostingPlan } from "./args";
import { linuxFxVersion, planFacts, runtimeOf } from "./hosting";
import { networkOf } from "./network";
import type { HostStorage } from "./storage";

const defaultInstanceMemoryMB = 2048;

export interface WebAppOptions {
    args: CheckedFunctionAppArgs;
    suffix: pulumi.Output<string>;
    identity: Identity | undefined;
    storage: HostStorage;
    planId: pulumi.Input<string>;
}

/** An app, and the last resource below it that is written before its settings. */
export interface CreatedWebApp {
    app: WebApp;
    policies: [WebAppFtpAllowed, WebAppScmAllowed];
}

/** Creates the app itself, reached over https only, and turns publishing with passwords off. */
export function createWebApp(name: string, options: WebAppOptions, opts: pulumi.CustomResourceOptions): CreatedWebApp {
    const { args, suffix } = options;
    const { resourceGroupName, plan } = args;
    const app = new WebApp(
        name,
        {
            name: webAppName(name, { ...args, suffix }),
            resourceGroupName,
            ...siteProperties(options),
        },
        plan === HostingPlan.FlexConsumption && args.cors !== undefined ? withoutSiteDefaults(opts) : opts,
    );
    // Azure refuses to change a site while another change of it is running, so its parts are written one after another.
    const policy = { name: app.name, resourceGroupName, allow: false };
    const ftp = new WebAppFtpAllowed(`${name}-ftp`, policy, { parent: opts.parent });
    const scm = new WebAppScmAllowed(`${name}-scm`, policy, { parent: opts.parent, dependsOn: ftp });
    return { app, policies: [ftp, scm] };
}

/** What an app and its slot have in common. */
export function siteProperties(options: WebAppOptions): Omit<WebAppArgs, "name" | "resourceGroupName"> {
    const { args, identity, planId } = options;
    const { location, tags, plan } = args;
    const { linux } = planFacts(plan);
    return {
        location,
        tags,
        kind: linux ? "functionapp,linux" : "functionapp",
        serverFarmId: planId,
        reserved: linux,
        httpsOnly: true,
        identity: {
            type: identity ? "UserAssigned" : "SystemAssigned",
            userAssignedIdentities: identity && [identity.id],
        },
        keyVaultReferenceIdentity: identity?.id,
        ...networkOf(args),
        ...(plan === HostingPlan.FlexConsumption ? flexConfig(options) : siteConfig(args)),
    };
}

/** The name that the app has on Azure. */
export function webAppName(
    name: string,
    {
        functionAppName,
        suffix,
        naming,
    }: Pick<CheckedFunctionAppArgs, "functionAppName" | "naming"> & { suffix: pulumi.Output<string> },
): pulumi.Input<string> {
    return orDefault(functionAppName, newName(suffix, { base: name, max: 60, naming, kind: NamedKind.FunctionApp }));
}

/** Removes the defaults that the SDK adds to a siteConfig. */
function withoutSiteDefaults(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
    const transformation: pulumi.ResourceTransformation = ({ type, props, opts: own }) =>
        type === "azure-native:web:WebApp"
            ? {
                  // Without a value, CORS that is known later leaves no siteConfig.
                  props: { ...props, siteConfig: pulumi.output(props.siteConfig).apply(onlyCors) },
                  opts: own,
              }
            : undefined;
    return { ...opts, transformations: [...(opts.transformations ?? []), transformation] };
}

const onlyCors = (config: { cors?: unknown } | undefined) =>
    config?.cors === undefined ? undefined : { cors: config.cors };

// Flex Consumption takes no siteConfig but CORS: in some regions Azure refuses the defaults that the SDK adds to one.
function flexConfig({ args, identity, storage }: WebAppOptions): Pick<WebAppArgs, "functionAppConfig" | "siteConfig"> {
    const { cors } = args;
    return {
        siteConfig: ifGiven<Cors, { cors: Cors }>(cors, (known) => ({ cors: known })),
        functionAppConfig: {
            deployment: {
                storage: {
                    type: "blobContainer",
                    value: storage.deploymentContainerUrl,
                    authentication: {
                        type: identity ? "UserAssignedIdentity" : "SystemAssignedIdentity",
                        userAssignedIdentityResourceId: identity?.id,
                    },
                },
            },
            runtime: runtimeOf(args),
            scaleAndConcurrency: {
                instanceMemoryMB: orDefault(args.instanceMemoryMB, defaultInstanceMemoryMB),
                maximumInstanceCount: orDefault(args.maximumInstanceCount, planFacts(args.plan).maximum?.default ?? 0),
                alwaysReady: args.alwaysReady,
            },
            siteUpdateStrategy: ifGiven<string, { type: string }>(args.siteUpdateStrategy, (type) => ({ type })),
        },
    };
}

function siteConfig(args: CheckedFunctionAppArgs): Pick<WebAppArgs, "siteConfig" | "clientAffinityEnabled"> {
    const { plan, zoneRedundant, maximumInstanceCount, cors } = args;
    const { name, version } = runtimeOf(args);
    const shared = { ftpsState: "Disabled", minTlsVersion: "1.2", cors };
    const linuxFx = pulumi.output(version).apply((known) => linuxFxVersion({ runtime: name, version: known }));
    const byPlan: Record<Exclude<HostingPlan, "FlexConsumption">, WebAppArgs["siteConfig"]> = {
        // Windows takes the language from the settings. The .NET version is the host's own.
        Consumption: {
            ...shared,
            netFrameworkVersion: "v8.0",
            use32BitWorkerProcess: false,
            functionAppScaleLimit: maximumInstanceCount,
        },
        ElasticPremium: {
            ...shared,
            linuxFxVersion: linuxFx,
            minimumElasticInstanceCount: zoneRedundant ? 2 : 1,
        },
        // Without Always On the host is unloaded after 20 idle minutes, and then no event wakes it in time.
        Dedicated: { ...shared, linuxFxVersion: linuxFx, alwaysOn: true },
    };
    return { siteConfig: byPlan[plan as keyof typeof byPlan], clientAffinityEnabled: false };
}
