import type { Properties } from "../engine/values";
import { isObject } from "../engine/values";
import { parseId } from "./ids";

const webPubSub = ["ConnectivityLogs", "HttpRequestLogs", "MessagingLogs"];
const signalR = ["AllLogs"];
const blobs = ["StorageRead", "StorageWrite", "StorageDelete"];
const site = [
    "FunctionAppLogs",
    "AppServiceAntivirusScanAuditLogs",
    "AppServiceAppLogs",
    "AppServiceAuditLogs",
    "AppServiceAuthenticationLogs",
    "AppServiceConsoleLogs",
    "AppServiceFileAuditLogs",
    "AppServiceHTTPLogs",
    "AppServiceIPSecAuditLogs",
    "AppServicePlatformLogs",
];

/**
 * Categories of logs that a type has, by lower case type; Azure refuses others. Types that are not here are not judged. Source:
 * https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/logs-index, read on 2026-11-26.
 */
const categories = new Map([
    ["microsoft.signalrservice/webpubsub", webPubSub],
    ["microsoft.signalrservice/webpubsub/replicas", webPubSub],
    ["microsoft.signalrservice/signalr", signalR],
    ["microsoft.signalrservice/signalr/replicas", signalR],
    ["microsoft.web/sites", [...site, "WorkflowRuntime"]],
    ["microsoft.web/sites/slots", site],
    ["microsoft.keyvault/vaults", ["AuditEvent", "AzurePolicyEvaluationDetails"]],
    // An account has metrics only; the logs are those of its services.
    ["microsoft.storage/storageaccounts", []],
    ["microsoft.storage/storageaccounts/blobservices", blobs],
    ["microsoft.storage/storageaccounts/queueservices", blobs],
    ["microsoft.storage/storageaccounts/tableservices", blobs],
    ["microsoft.storage/storageaccounts/fileservices", blobs],
]);

/** Faults of a diagnostic setting whose resource does not have the categories. */
export function categoryFaults({ resourceUri, logs }: Properties): string[] {
    const { type } = typeof resourceUri === "string" ? parseId(resourceUri) : { type: "" };
    const known = categories.get(type.toLowerCase());
    if (known === undefined || !Array.isArray(logs)) {
        return [];
    }
    return logs.flatMap((entry, index) => {
        const category = isObject(entry) ? entry.category : undefined;
        return typeof category !== "string" || known.some((one) => one.toLowerCase() === category.toLowerCase())
            ? []
            : [`properties.logs[${index}].category is "${category}": a ${type} has ${known.join(", ") || "none"}`];
    });
}
