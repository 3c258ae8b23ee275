import * as applicationinsights from "@pulumi/azure-native/applicationinsights";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import type { AppStep, Monitoring } from "./step";
import { uniqueName } from "./suffix";

/** Application Insights that takes telemetry from an identity only, over the given workspace or a new one. */
export function createMonitoring(step: AppStep): Monitoring {
    const { name, args, parent, suffix } = step;
    const { resourceGroupName, location, tags } = args;
    return new applicationinsights.Component(
        name,
        {
            resourceName: uniqueName(suffix, { base: `${name}-insights`, max: 255 }),
            resourceGroupName,
            location,
            tags,
            kind: "web",
            applicationType: applicationinsights.ApplicationType.Web,
            workspaceResourceId: args.workspaceId ?? createWorkspace(step).id,
            disableLocalAuth: true,
        },
        { parent },
    );
}

function createWorkspace({ name, args, parent, suffix }: AppStep): operationalinsights.Workspace {
    const { resourceGroupName, location, tags } = args;
    return new operationalinsights.Workspace(
        name,
        {
            workspaceName: uniqueName(suffix, { base: `${name}-workspace`, max: 63 }),
            resourceGroupName,
            location,
            tags,
            sku: { name: operationalinsights.WorkspaceSkuNameEnum.PerGB2018 },
            retentionInDays: 30,
        },
        { parent },
    );
}
