import { ActionGroup, MetricAlert } from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";

const webPubSub = { namespace: "Microsoft.SignalRService/WebPubSub", connections: "TotalConnectionCount" };

/** What each service's connections are counted by. Source: Azure Monitor's list of metrics. */
export const connectionMetrics = {
    socketio: webPubSub,
    webpubsub: webPubSub,
    signalr: { namespace: "Microsoft.SignalRService/SignalR", connections: "ConnectionCount" },
} as const;

interface AlertArgs {
    resourceGroupName: pulumi.Input<string>;
    /** The realtime service, and the metric that counts its connections. */
    service: { id: pulumi.Input<string>; namespace: string; connections: string };
    /** Azure's id of the function app. */
    functionAppId: pulumi.Input<string>;
    /** Server errors within 5 minutes that raise an alert. */
    serverErrors: number;
    /** Client connections at one time that raise an alert. */
    connections: number;
    /** Address that alerts are mailed to; empty for none. */
    email: string;
}

/** Alerts on a backend: too many server errors of its function app, and a service that is getting full. */
export function createAlerts(name: string, args: AlertArgs): void {
    const group = new ActionGroup(`${name}-alerts`, {
        resourceGroupName: args.resourceGroupName,
        location: "Global",
        enabled: true,
        // Shown as the sender of mails and messages; 12 characters at most.
        groupShortName: name.slice(0, 12),
        emailReceivers:
            args.email === "" ? [] : [{ name: "operator", emailAddress: args.email, useCommonAlertSchema: true }],
    });
    const { resourceGroupName } = args;
    createMetricAlert(`${name}-server-errors`, {
        resourceGroupName,
        group,
        scope: args.functionAppId,
        description: "The function app answers with server errors: events from clients are lost.",
        severity: 1,
        metric: { namespace: "Microsoft.Web/sites", name: "Http5xx", aggregation: "Total", above: args.serverErrors },
    });
    createMetricAlert(`${name}-connections`, {
        resourceGroupName,
        group,
        scope: args.service.id,
        description: "The realtime service is getting full: add units before it turns clients away.",
        severity: 2,
        metric: {
            namespace: args.service.namespace,
            name: args.service.connections,
            aggregation: "Maximum",
            above: args.connections,
        },
    });
}

interface MetricAlertOptions {
    resourceGroupName: pulumi.Input<string>;
    group: ActionGroup;
    scope: pulumi.Input<string>;
    description: string;
    /** From 0, critical, to 4, verbose. */
    severity: number;
    metric: { namespace: string; name: string; aggregation: string; above: number };
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
                    name: metric.name,
                    metricNamespace: metric.namespace,
                    metricName: metric.name,
                    operator: "GreaterThan",
                    timeAggregation: metric.aggregation,
                    threshold: metric.above,
                },
            ],
        },
        actions: [{ actionGroupId: options.group.id }],
    });
}
