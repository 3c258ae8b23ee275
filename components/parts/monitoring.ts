import { Component as ApplicationInsights } from "@pulumi/azure-native/applicationinsights/component";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace";
import type { AppStep, Monitoring } from "./step";
import { uniqueName } from "./suffix";

/** Application Insights that takes telemetry from an identity only, over the given workspace or a new one. */
export function createMonitoring(step: AppStep): Monitoring {
    const { name, args, parent, suffix } = step;
    const { resourceGroupName, location, tags } = args;
    return new ApplicationInsights(
        name,
        {
            resourceName: uniqueName(suffix, { base: `${name}-insights`, max: 255 }),
            resourceGroupName,
            location,
            tags,
            kind: "web",
            applicationType: "web",
            workspaceResourceId: args.workspaceId ?? createWorkspace(step).id,
            disableLocalAuth: true,
        },
        { parent },
    );
}

function createWorkspace({ name, args, parent, suffix }: AppStep): Workspace {
    const { resourceGroupName, location, tags } = args;
    return new Workspace(
        name,
        {
            workspaceName: uniqueName(suffix, { base: `${name}-workspace`, max: 63 }),
            resourceGroupName,
            location,
            tags,
            sku: { name: "PerGB2018" },
            retentionInDays: 30,
        },
        { parent },
    );
}
