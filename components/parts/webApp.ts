import * as web from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { defaultRuntimeVersion, FunctionRuntime, HostingPlan, linuxFxVersion } from "../rules/hosting";
import type { AppIdentity, AppStep, HostStorage } from "./step";
import { uniqueName } from "./suffix";

const defaults = { instanceMemoryMB: 2048, maximumInstanceCount: 100 };

interface WebAppStep extends AppStep {
    identity: AppIdentity | undefined;
    storage: HostStorage;
    planId: pulumi.Input<string>;
    after: pulumi.Resource[];
}

/** The app itself, reached over https only, publishing with passwords off. */
export function createWebApp(step: WebAppStep): web.WebApp {
    const { name, args, parent, identity, planId, after } = step;
    const { resourceGroupName, location, tags } = args;
    const app = new web.WebApp(
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
                type: identity
                    ? web.ManagedServiceIdentityType.UserAssigned
                    : web.ManagedServiceIdentityType.SystemAssigned,
                userAssignedIdentities: identity && [identity.id],
            },
            keyVaultReferenceIdentity: identity?.id,
            ...(args.plan === HostingPlan.ElasticPremium ? premiumConfig(step) : flexConfig(step)),
        },
        { parent, dependsOn: after },
    );
    const policy = { name: app.name, resourceGroupName, allow: false };
    new web.WebAppFtpAllowed(`${name}-ftp`, policy, { parent });
    new web.WebAppScmAllowed(`${name}-scm`, policy, { parent });
    return app;
}

function resolveRuntime({ args }: AppStep): { name: FunctionRuntime; version: pulumi.Input<string> } {
    const name = args.runtime ?? FunctionRuntime.Node;
    return { name, version: args.runtimeVersion ?? defaultRuntimeVersion(name) };
}

// Flex takes no siteConfig: Azure refuses the defaults that come with it in some regions.
function flexConfig(step: WebAppStep): Pick<web.WebAppArgs, "functionAppConfig"> {
    const { args, identity, storage } = step;
    return {
        functionAppConfig: {
            deployment: {
                storage: {
                    type: web.FunctionsDeploymentStorageType.BlobContainer,
                    value: storage.deploymentContainerUrl,
                    authentication: {
                        type: identity
                            ? web.AuthenticationType.UserAssignedIdentity
                            : web.AuthenticationType.SystemAssignedIdentity,
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

function premiumConfig(step: WebAppStep): Pick<web.WebAppArgs, "siteConfig"> {
    const { name, version } = resolveRuntime(step);
    return {
        siteConfig: {
            linuxFxVersion: pulumi.output(version).apply((known) => linuxFxVersion({ runtime: name, version: known })),
            ftpsState: web.FtpsState.Disabled,
            minTlsVersion: web.SupportedTlsVersions.SupportedTlsVersions_1_2,
        },
    };
}
