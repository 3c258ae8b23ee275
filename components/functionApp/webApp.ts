import { WebApp, type WebAppArgs } from "@pulumi/azure-native/web/webApp";
import { WebAppFtpAllowed } from "@pulumi/azure-native/web/webAppFtpAllowed";
import { WebAppScmAllowed } from "@pulumi/azure-native/web/webAppScmAllowed";
import * as pulumi from "@pulumi/pulumi";
import type { AppIdentity, AppStep, HostStorage } from "../parts/step";
import { uniqueName } from "../parts/suffix";
import { defaultRuntimeVersion, FunctionRuntime, HostingPlan, linuxFxVersion } from "./hosting";

const defaults = { instanceMemoryMB: 2048, maximumInstanceCount: 100 };

interface WebAppStep extends AppStep {
    identity: AppIdentity | undefined;
    storage: HostStorage;
    planId: pulumi.Input<string>;
    after: pulumi.Resource[];
}

/** The app itself, reached over https only, publishing with passwords off. */
export function createWebApp(step: WebAppStep): WebApp {
    const { name, args, parent, identity, planId, after } = step;
    const { resourceGroupName, location, tags } = args;
    const app = new WebApp(
        name,
        {
            name: args.appName ?? uniqueName(step.suffix, { base: name, max: 60 }),
            resourceGroupName,
            location,
            tags,
            kind: "functionapp,linux",
            serverFarmId: planId,
            reserved: true,
            httpsOnly: true,
            identity: {
                type: identity ? "UserAssigned" : "SystemAssigned",
                userAssignedIdentities: identity && [identity.id],
            },
            keyVaultReferenceIdentity: identity?.id,
            ...(args.plan === HostingPlan.ElasticPremium ? premiumConfig(step) : flexConfig(step)),
        },
        { parent, dependsOn: after },
    );
    const policy = { name: app.name, resourceGroupName, allow: false };
    new WebAppFtpAllowed(`${name}-ftp`, policy, { parent });
    new WebAppScmAllowed(`${name}-scm`, policy, { parent });
    return app;
}

function resolveRuntime({ args }: AppStep): { name: FunctionRuntime; version: pulumi.Input<string> } {
    const name = args.runtime ?? FunctionRuntime.Node;
    return { name, version: args.runtimeVersion ?? defaultRuntimeVersion(name) };
}

// Flex takes no siteConfig: Azure refuses the defaults that come with it in some regions.
function flexConfig(step: WebAppStep): Pick<WebAppArgs, "functionAppConfig"> {
    const { args, identity, storage } = step;
    return {
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
            runtime: resolveRuntime(step),
            scaleAndConcurrency: {
                instanceMemoryMB: args.instanceMemoryMB ?? defaults.instanceMemoryMB,
                maximumInstanceCount: args.maximumInstanceCount ?? defaults.maximumInstanceCount,
                alwaysReady: args.alwaysReady,
            },
        },
    };
}

function premiumConfig(step: WebAppStep): Pick<WebAppArgs, "siteConfig"> {
    const { name, version } = resolveRuntime(step);
    return {
        siteConfig: {
            linuxFxVersion: pulumi.output(version).apply((known) => linuxFxVersion({ runtime: name, version: known })),
            ftpsState: "Disabled",
            minTlsVersion: "1.2",
        },
    };
}
