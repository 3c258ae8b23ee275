import { MetricAlert, ScheduledQueryRule } from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { nameAfter } from "../shared/naming";
import type { AlertsArgs } from "./args";

/** What all alerts of a component have in common. */
export interface SharedRule extends Pick<AlertsArgs, "resourceGroupName" | "naming" | "tags"> {
    /** Ids of the action groups that the alert tells. */
    groups: pulumi.Input<string>[];
}

export interface MetricRule extends SharedRule {
    /** What the alert is about; ends its name. */
    part: string;
    scope: pulumi.Input<string>;
    description: string;
    /** From 0, critical, to 4, verbose. */
    severity: number;
    metric: { namespace: string; name: string; aggregation: string };
    dimensions?: { name: string; operator: string; values: string[] }[];
    /** Time that the metric is looked at. Defaults to 5 minutes. */
    window?: "PT5M" | "PT15M";
    above: pulumi.Input<number>;
}

/** Creates an alert that looks at a metric every minute. */
export function createMetricAlert(name: string, rule: MetricRule, opts: pulumi.CustomResourceOptions): MetricAlert {
    const { metric, naming, part } = rule;
    return new MetricAlert(
        `${name}-${part}`,
        {
            resourceGroupName: rule.resourceGroupName,
            ruleName: nameAfter(rule.scope, { naming, part, max: 260 }),
            location: "global",
            tags: rule.tags,
            description: rule.description,
            severity: rule.severity,
            enabled: true,
            scopes: [rule.scope],
            evaluationFrequency: "PT1M",
            windowSize: rule.window ?? "PT5M",
            criteria: {
                odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                allOf: [
                    {
                        criterionType: "StaticThresholdCriterion",
                        name: metric.name,
                        metricNamespace: metric.namespace,
                        metricName: metric.name,
                        dimensions: rule.dimensions,
                        operator: "GreaterThan",
                        timeAggregation: metric.aggregation,
                        threshold: rule.above,
                        // A resource that has never reported a metric has none yet, and Azure would refuse the rule and stop the update.
                        skipMetricValidation: true,
                    },
                ],
            },
            actions: rule.groups.map((actionGroupId) => ({ actionGroupId })),
        },
        opts,
    );
}

export interface LogRule extends SharedRule {
    location: pulumi.Input<string> | undefined;
    workspaceId: pulumi.Input<string>;
    serviceId: pulumi.Input<string>;
    displayName: string;
    tables: readonly string[];
}

/**
 * Creates an alert on what the service's log says. A failed event does not always close its connection, so the metric can miss the
 * event; the log does not.
 */
export function createLogAlert(name: string, rule: LogRule, opts: pulumi.CustomResourceOptions): ScheduledQueryRule {
    const { workspaceId, tables, naming } = rule;
    const part = "unexpected-answers";
    return new ScheduledQueryRule(
        `${name}-${part}`,
        {
            resourceGroupName: rule.resourceGroupName,
            ruleName: nameAfter(rule.serviceId, { naming, part, max: 260 }),
            location: rule.location,
            tags: rule.tags,
            kind: "LogAlert",
            displayName: rule.displayName,
            description: "A handler answered events with an error. Run azure-realtime verify.",
            severity: 1,
            enabled: true,
            scopes: [workspaceId],
            evaluationFrequency: "PT5M",
            windowSize: "PT5M",
            // A new workspace has no such table until the first entry.
            skipQueryValidation: true,
            criteria: {
                allOf: [
                    {
                        // A workspace may have the logs of several services. A replica's id begins with its service's.
                        query: pulumi.interpolate`union isfuzzy=true ${tables.join(", ")} | where _ResourceId startswith "${rule.serviceId}" and Message has "unexpected response"`,
                        timeAggregation: "Count",
                        operator: "GreaterThan",
                        threshold: 0,
                    },
                ],
            },
            actions: { actionGroups: rule.groups },
        },
        opts,
    );
}
