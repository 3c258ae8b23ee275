import { parseArmId } from "../shared/armId";
import { type Rule, show } from "../shared/checks";
import type { RealtimeExtension } from "../shared/serviceKinds";

const webPubSub = "Microsoft.SignalRService/WebPubSub";
const signalR = "Microsoft.SignalRService/SignalR";

/** Namespace of a service's metrics, which is the service's type. A replica has the same metrics below `/replicas`. */
export const metricNamespaces: Record<RealtimeExtension, string> = {
    socketio: webPubSub,
    webpubsub: webPubSub,
    signalr: signalR,
};

/** What differs between the services in what they report. */
export interface ServiceSignals {
    /** Metric with the number of clients. */
    connections: string;
    /** Why connections were closed, when a handler did not take an event. */
    failedEvents: string[];
    /** Tables of the log that name a handler's wrong answer; none where the log's table is not documented. */
    logTables: string[];
}

const ofWebPubSub: ServiceSignals = {
    connections: "TotalConnectionCount",
    failedEvents: ["SendEventFailed", "EventHandlerNotFound", "Unauthorized"],
    logTables: ["WebPubSubConnectivity", "WebPubSubMessaging"],
};

/**
 * Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/metrics-index, both services and their replicas,
 * the lists of 2026-07-13.
 */
export const serviceSignals: Record<RealtimeExtension, ServiceSignals> = {
    socketio: ofWebPubSub,
    webpubsub: ofWebPubSub,
    signalr: { connections: "ConnectionCount", failedEvents: ["InvokeUpstreamFailed"], logTables: [] },
};

/** Categories of one resource type that a setting can send on. */
interface Logged {
    logs: string[];
    metrics: string;
    /** What lies below the resource and has the logs, where it is not the resource itself. */
    below?: string;
}

const webPubSubLogs: Logged = { logs: ["ConnectivityLogs", "HttpRequestLogs", "MessagingLogs"], metrics: "AllMetrics" };
const signalRLogs: Logged = { logs: ["AllLogs"], metrics: "AllMetrics" };
const appLogs: Logged = { logs: ["FunctionAppLogs"], metrics: "AllMetrics" };

/**
 * Categories by lower case type. Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/logs-index. App Service
 * has more categories, which Azure refuses on some plans, so that an app sends the one that every plan has. A storage account has logs
 * below it only, and calls its metrics Transaction.
 */
const logged = new Map<string, Logged>([
    [webPubSub.toLowerCase(), webPubSubLogs],
    [`${webPubSub}/replicas`.toLowerCase(), webPubSubLogs],
    [signalR.toLowerCase(), signalRLogs],
    [`${signalR}/replicas`.toLowerCase(), signalRLogs],
    ["microsoft.web/sites", appLogs],
    ["microsoft.web/sites/slots", appLogs],
    ["microsoft.keyvault/vaults", { logs: ["AuditEvent"], metrics: "AllMetrics" }],
    [
        "microsoft.storage/storageaccounts",
        {
            logs: ["StorageRead", "StorageWrite", "StorageDelete"],
            metrics: "Transaction",
            below: "/blobServices/default",
        },
    ],
]);

const typeOf = (id: unknown) => parseArmId(id)?.type.toLowerCase() ?? "";

/** A rule for the id of a resource whose categories are known. */
export const loggedRule: Rule<string> = (id) =>
    logged.has(typeOf(id))
        ? undefined
        : `${show(id)} is not the id of a resource that can be logged. Allowed: ids of ${[...logged.keys()].join(", ")}.`;

/** What a setting on a resource sends on, and the resource that the setting is on. */
export function settingOf(id: string, { messagingLogs }: { messagingLogs: boolean }) {
    const { logs, metrics, below = "" } = logged.get(typeOf(id)) ?? { logs: [], metrics: "AllMetrics" };
    const wanted = logs.filter((category) => messagingLogs || category !== "MessagingLogs");
    return {
        resourceUri: `${id}${below}`,
        logs: wanted.map((category) => ({ category, enabled: true })),
        metrics: [{ category: metrics, enabled: true }],
    };
}
