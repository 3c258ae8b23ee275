import { ActionGroup, DiagnosticSetting, MetricAlert, ScheduledQueryRule } from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";
import type { Backend } from "./backend";
import type { StackConfig } from "./config";

interface ServiceSignals {
    /** Namespace of the service's metrics. */
    namespace: string;
    /** Why connections were closed, when a handler did not take an event. */
    failedEvents: string[];
    /** Tables of the log that name a handler's wrong answer; none where the log's table is not documented. */
    logTables?: string[];
}

const webPubSub: ServiceSignals = {
    namespace: "Microsoft.SignalRService/WebPubSub",
    failedEvents: ["SendEventFailed", "EventHandlerNotFound", "Unauthorized"],
    logTables: ["WebPubSubConnectivity", "WebPubSubMessaging"],
};

/** Sources: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/metrics-index, for both services. */
const signals: Record<StackConfig["backend"], ServiceSignals> = {
    socketio: webPubSub,
    webpubsub: webPubSub,
    signalr: { namespace: "Microsoft.SignalRService/SignalR", failedEvents: ["InvokeUpstreamFailed"] },
};

/** Alerts on what is most likely to go wrong: events that fail, requests that fail, and a service that is getting full. */
export function createAlerts(name: string, chat: Backend, config: StackConfig): void {
    const { resourceGroupName } = chat;
    const { namespace, failedEvents, logTables } = signals[config.backend];
    const group = new ActionGroup(`${name}-alerts`, {
        resourceGroupName,
        location: "Global",
        enabled: true,
        // Shown as the sender of mails and messages; 12 characters at most.
        groupShortName: name.slice(0, 12),
        emailReceivers:
            config.alertEmail === ""
                ? []
                : [{ name: "operator", emailAddress: config.alertEmail, useCommonAlertSchema: true }],
    });
    const shared = { resourceGroupName, group };
    createMetricAlert(`${name}-failed-requests`, {
        ...shared,
        scope: chat.nodes.app.applicationInsightsId,
        description: "Requests to the function app fail, among them events of clients.",
        severity: 1,
        metric: { namespace: "microsoft.insights/components", name: "requests/failed", aggregation: "Count" },
        above: config.alertFailedRequests,
    });
    createMetricAlert(`${name}-failed-events`, {
        ...shared,
        scope: chat.serviceId,
        description:
            "The service closed connections because a handler did not take an event. Run azure-realtime verify.",
        severity: 1,
        metric: { namespace, name: "ConnectionCloseCount", aggregation: "Total" },
        dimensions: [{ name: "ConnectionCloseCategory", operator: "Include", values: failedEvents }],
        above: 0,
    });
    createMetricAlert(`${name}-connections`, {
        ...shared,
        scope: chat.serviceId,
        description: "The realtime service is getting full: add capacity before it turns clients away.",
        severity: 2,
        metric: { namespace, name: "ConnectionQuotaUtilization", aggregation: "Maximum" },
        above: config.alertConnectionUtilization,
    });
    const { workspace } = chat.nodes.app.nodes;
    if (logTables !== undefined && workspace !== undefined) {
        createLogAlert(name, { ...shared, serviceId: chat.serviceId, workspaceId: workspace.id, tables: logTables });
    }
}

interface Shared {
    resourceGroupName: pulumi.Input<string>;
    group: ActionGroup;
}

interface MetricAlertOptions extends Shared {
    scope: pulumi.Input<string>;
    description: string;
    /** From 0, critical, to 4, verbose. */
    severity: number;
    metric: { namespace: string; name: string; aggregation: string };
    dimensions?: { name: string; operator: string; values: string[] }[];
    above: number;
}

function createMetricAlert(name: string, options: MetricAlertOptions): void {
    const { metric } = options;
    new MetricAlert(name, {
        resourceGroupName: options.resourceGroupName,
        location: "global",
        description: options.description,
        severity: options.severity,
        enabled: true,
        scopes: [options.scope],
        evaluationFrequency: "PT1M",
        windowSize: "PT5M",
        criteria: {
            odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            allOf: [
                {
                    criterionType: "StaticThresholdCriterion",
                    name: metric.name.replace("/", "-"),
                    metricNamespace: metric.namespace,
                    metricName: metric.name,
                    dimensions: options.dimensions,
                    operator: "GreaterThan",
                    timeAggregation: metric.aggregation,
                    threshold: options.above,
                    // A resource that has never reported a metric has none yet, and Azure would refuse the rule and stop the update.
                    skipMetricValidation: true,
                },
            ],
        },
        actions: [{ actionGroupId: options.group.id }],
    });
}

interface LogAlertOptions extends Shared {
    serviceId: pulumi.Input<string>;
    workspaceId: pulumi.Input<string>;
    tables: string[];
}

/** A failed event does not always close its connection, so the metric can miss it; the service's log does not. */
function createLogAlert(name: string, options: LogAlertOptions): void {
    const { resourceGroupName, workspaceId, group, tables } = options;
    const logs = new DiagnosticSetting(`${name}-logs`, {
        name: "events",
        resourceUri: options.serviceId,
        workspaceId,
        logs: [
            { category: "ConnectivityLogs", enabled: true },
            { category: "MessagingLogs", enabled: true },
        ],
    });
    new ScheduledQueryRule(
        `${name}-unexpected-answers`,
        {
            resourceGroupName,
            kind: "LogAlert",
            displayName: `${name}: events answered wrongly`,
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
                        query: `union isfuzzy=true ${tables.join(", ")} | where Message has "unexpected response"`,
                        timeAggregation: "Count",
                        operator: "GreaterThan",
                        threshold: 0,
                    },
                ],
            },
            actions: { actionGroups: [group.id] },
        },
        { dependsOn: logs },
    );
}
