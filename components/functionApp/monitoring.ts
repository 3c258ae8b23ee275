import { Component as ApplicationInsights } from "@pulumi/azure-native/applicationinsights";
import { Workspace } from "@pulumi/azure-native/operationalinsights";
import type * as pulumi from "@pulumi/pulumi";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import type { FunctionAppOptionsArgs } from "./args";

/** Application Insights of an app. */
export interface Monitoring {
    id: pulumi.Output<string>;
    connectionString: pulumi.Output<string>;
    applicationInsights: ApplicationInsights;
    workspaceId: pulumi.Input<string>;
    /** Only there when it was created here. */
    workspace?: Workspace;
}

interface MonitoringOptions extends Pick<FunctionAppOptionsArgs, "workspaceId" | "location" | "tags" | "naming"> {
    resourceGroupName: pulumi.Input<string>;
    suffix: pulumi.Output<string>;
}

/** Creates an Application Insights that takes telemetry from identities only, over the given workspace or a new one. */
export function createMonitoring(
    name: string,
    args: MonitoringOptions,
    opts: pulumi.CustomResourceOptions,
): Monitoring {
    const { resourceGroupName, location, tags, suffix } = args;
    const workspace = args.workspaceId === undefined ? createWorkspace(name, args, opts) : undefined;
    const workspaceId = workspace?.id ?? args.workspaceId ?? "";
    const applicationInsights = new ApplicationInsights(
        name,
        {
            resourceName: newName(suffix, {
                base: `${name}-insights`,
                max: 255,
                naming: args.naming,
                kind: NamedKind.Insights,
            }),
            resourceGroupName,
            location,
            tags,
            kind: "web",
            applicationType: "web",
            workspaceResourceId: workspaceId,
            disableLocalAuth: true,
        },
        opts,
    );
    const { id, connectionString } = applicationInsights;
    return { id, connectionString, applicationInsights, workspace, workspaceId };
}

function createWorkspace(name: string, args: MonitoringOptions, opts: pulumi.CustomResourceOptions): Workspace {
    const { resourceGroupName, location, tags, suffix } = args;
    return new Workspace(
        name,
        {
            workspaceName: newName(suffix, {
                base: `${name}-workspace`,
                max: 63,
                naming: args.naming,
                kind: NamedKind.Workspace,
            }),
            resourceGroupName,
            location,
            tags,
            sku: { name: "PerGB2018" },
            retentionInDays: 30,
        },
        opts,
    );
}
