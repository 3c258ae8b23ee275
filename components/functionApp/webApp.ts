import { WebApp, type WebAppArgs, WebAppFtpAllowed, WebAppScmAllowed } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../shared/identity";
import { uniqueName } from "../shared/names";
import { type CheckedFunctionAppArgs, HostingPlan } from "./args";
import { linuxFxVersion, runtimeOf } from "./hosting";
import type { HostStorage } from "./storage";

const defaults = { instanceMemoryMB: 2048, maximumInstanceCount: 100 };

export interface WebAppOptions {
    args: CheckedFunctionAppArgs;
    suffix: pulumi.Output<string>;
    identity: Identity | undefined;
    storage: HostStorage;
    planId: pulumi.Input<string>;
}

/** Creates the app itself, reached over https only, and turns publishing with passwords off. */
export function createWebApp(name: string, options: WebAppOptions, opts: pulumi.CustomResourceOptions): WebApp {
    const { args, suffix, identity, planId } = options;
    const { resourceGroupName, location, tags } = args;
    const app = new WebApp(
        name,
        {
            name: args.functionAppName ?? uniqueName(suffix, { base: name, max: 60 }),
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
            ...(args.plan === HostingPlan.ElasticPremium ? siteConfig(args) : flexConfig(options)),
        },
        opts,
    );
    const policy = { name: app.name, resourceGroupName, allow: false };
    new WebAppFtpAllowed(`${name}-ftp`, policy, { parent: opts.parent });
    new WebAppScmAllowed(`${name}-scm`, policy, { parent: opts.parent });
    return app;
}

// Flex Consumption takes no siteConfig: in some regions Azure refuses the defaults that the SDK adds to one.
function flexConfig({ args, identity, storage }: WebAppOptions): Pick<WebAppArgs, "functionAppConfig"> {
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
            runtime: runtimeOf(args),
            scaleAndConcurrency: {
                instanceMemoryMB: args.instanceMemoryMB ?? defaults.instanceMemoryMB,
                maximumInstanceCount: args.maximumInstanceCount ?? defaults.maximumInstanceCount,
                alwaysReady: args.alwaysReady,
            },
        },
    };
}

function siteConfig(args: CheckedFunctionAppArgs): Pick<WebAppArgs, "siteConfig"> {
    const { name, version } = runtimeOf(args);
    return {
        siteConfig: {
            linuxFxVersion: pulumi.output(version).apply((known) => linuxFxVersion({ runtime: name, version: known })),
            ftpsState: "Disabled",
            minTlsVersion: "1.2",
        },
    };
}
