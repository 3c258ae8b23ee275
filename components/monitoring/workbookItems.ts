import type { RealtimeExtension } from "../shared/serviceKinds";
import { metricNamespaces, serviceSignals } from "./signals";

/** What a workbook shows, by the id of each resource. */
export interface Watched {
    service: RealtimeExtension;
    serviceId: string;
    functionAppId: string;
    workspaceId: string;
}

/** Numbers that a workbook has for the ways to combine the values of a metric. */
const aggregations = { total: 1, maximum: 3, average: 4 } as const;

interface Chart {
    title: string;
    resourceId: string;
    namespace: string;
    /** Group of the metric in the portal; part of a metric's name in a workbook. Defaults to none. */
    group?: string;
    metrics: Record<string, keyof typeof aggregations>;
    splitBy?: string;
}

/**
 * The content of a workbook: charts of metrics, which need nothing else, and of the app's telemetry, which needs Application Insights.
 * Source of the format: saved workbooks, as in https://github.com/microsoft/Application-Insights-Workbooks.
 */
export function workbookContent({ service, serviceId, functionAppId, workspaceId }: Watched): string {
    const { connections } = serviceSignals[service];
    const ofService = { resourceId: serviceId, namespace: metricNamespaces[service] };
    const traffic = { ...ofService, group: "Traffic" };
    const items = [
        text("## Connections"),
        chart({ ...traffic, title: "Clients", metrics: { [connections]: "maximum" } }),
        chart({
            ...traffic,
            title: "Connections opened and closed",
            metrics: { ConnectionOpenCount: "total", ConnectionCloseCount: "total" },
        }),
        chart({ ...traffic, title: "Quota in use, %", metrics: { ConnectionQuotaUtilization: "maximum" } }),
        chart({
            ...ofService,
            group: "Saturation",
            title: "Load of the service, %",
            metrics: { ServerLoad: "average" },
        }),
        chart({
            ...traffic,
            title: "Traffic, bytes",
            metrics: { InboundTraffic: "total", OutboundTraffic: "total" },
        }),
        text("## Events"),
        query({
            workspaceId,
            title: "Calls of each function",
            query: "AppRequests | summarize calls = count() by bin(TimeGenerated, 5m), OperationName",
        }),
        query({
            workspaceId,
            title: "Time that handlers take, ms: half of the calls, 95 of 100, 99 of 100",
            query: "AppRequests | summarize percentiles(DurationMs, 50, 95, 99) by bin(TimeGenerated, 5m)",
        }),
        text("## Failures"),
        chart({
            ...traffic,
            title: "Why connections were closed",
            metrics: { ConnectionCloseCount: "total" },
            splitBy: "ConnectionCloseCategory",
        }),
        chart({
            resourceId: functionAppId,
            namespace: "Microsoft.Web/sites",
            title: "Answers of the app with an error",
            metrics: { Http5xx: "total", Http4xx: "total" },
        }),
        query({
            workspaceId,
            title: "Calls of functions that failed",
            query: "AppRequests | where Success == false | summarize failures = count() by bin(TimeGenerated, 5m), OperationName",
        }),
    ];
    const version = "Notebook/1.0";
    return JSON.stringify({
        version,
        items: items.map((item, index) => ({ ...item, name: `part ${index + 1}` })),
        fallbackResourceIds: [workspaceId],
    });
}

const lastDay = { durationMs: 86_400_000 };

function text(json: string) {
    return { type: 1, content: { json } };
}

function chart({ title, resourceId, namespace, group = "", metrics, splitBy }: Chart) {
    const type = namespace.toLowerCase();
    return {
        type: 10,
        content: {
            chartId: title,
            version: "MetricsItem/2.0",
            title,
            size: 1,
            chartType: 2,
            resourceType: type,
            metricScope: 0,
            resourceIds: [resourceId],
            timeContext: lastDay,
            metrics: Object.entries(metrics).map(([name, aggregation]) => ({
                namespace: type,
                metric: `${type}-${group}-${name}`,
                aggregation: aggregations[aggregation],
                splitBy,
            })),
        },
        customWidth: "50",
    };
}

function query(options: { workspaceId: string; title: string; query: string }) {
    return {
        type: 3,
        content: {
            version: "KqlItem/1.0",
            title: options.title,
            query: `${options.query} | render timechart`,
            size: 1,
            timeContext: lastDay,
            queryType: 0,
            resourceType: "microsoft.operationalinsights/workspaces",
            crossComponentResources: [options.workspaceId],
        },
        customWidth: "50",
    };
}
