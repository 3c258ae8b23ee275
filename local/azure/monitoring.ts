import { createHash } from "node:crypto";
import type { Handler } from "../engine/handler";
import type { Properties, Value } from "../engine/values";
import { isObject } from "../engine/values";
import { armHandler } from "./armHandler";
import { text } from "./inputs";
import { categoryFaults } from "./logCategories";

/** A GUID derived from the id, so that it stays the same on every run. */
function guidOf(id: string): string {
    const hex = createHash("sha256").update(id.toLowerCase()).digest("hex");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

/** Restores `odata.type`, which the SDK spells `odataType` because its property names cannot contain a dot. */
function withODataType(value: Value): Value {
    if (Array.isArray(value)) {
        return value.map(withODataType);
    }
    if (!isObject(value)) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key === "odataType" ? "odata.type" : key, withODataType(item)]),
    );
}

/** Azure's specification says the range of severities only in words, so the contract does not have it. */
function severityFaults({ severity }: Properties): string[] {
    return typeof severity === "number" && severity > 4 ? [`properties.severity is ${severity}: it must be <= 4`] : [];
}

// No telemetry is collected. These handlers check the plan, names and references of a stack as strictly as Azure does.
export const monitoringHandlers: Handler[] = [
    armHandler({
        token: "azure-native:operationalinsights:Workspace",
        armType: "Microsoft.OperationalInsights/workspaces",
        names: ["workspaceName"],
        regional: true,
        make: async ({ id }) => ({ outputs: { customerId: guidOf(id), provisioningState: "Succeeded" } }),
    }),
    armHandler({
        token: "azure-native:applicationinsights:Component",
        armType: "Microsoft.Insights/components",
        names: ["resourceName"],
        regional: true,
        async make({ id, world }) {
            const instrumentationKey = guidOf(id);
            const applicationId = guidOf(`${id}/application`);
            // Nothing listens on this loopback port, so no telemetry leaves the machine.
            const connectionString = `InstrumentationKey=${instrumentationKey};IngestionEndpoint=http://localhost:9/;ApplicationId=${applicationId}`;
            const ids = { applicationId, appId: applicationId, instrumentationKey, tenantId: world.tenantId };
            return { outputs: { ...ids, connectionString, provisioningState: "Succeeded" } };
        },
    }),
    armHandler({
        token: "azure-native:monitor:DiagnosticSetting",
        armType: "Microsoft.Insights/diagnosticSettings",
        names: ["name"],
        outside: ["resourceUri"],
        faults: categoryFaults,
        id: ({ inputs }) =>
            `${text(inputs, "resourceUri")}/providers/Microsoft.Insights/diagnosticSettings/${text(inputs, "name")}`,
    }),
    armHandler({
        token: "azure-native:monitor:ActionGroup",
        armType: "Microsoft.Insights/actionGroups",
        names: ["actionGroupName"],
        regional: true,
    }),
    armHandler({
        token: "azure-native:monitor:MetricAlert",
        armType: "Microsoft.Insights/metricAlerts",
        names: ["ruleName"],
        regional: true,
        body: (inputs) => withODataType(inputs) as Properties,
        faults: severityFaults,
    }),
    armHandler({
        token: "azure-native:monitor:ScheduledQueryRule",
        armType: "Microsoft.Insights/scheduledQueryRules",
        names: ["ruleName"],
        regional: true,
        faults: severityFaults,
    }),
];
