import assert from "node:assert/strict";
import { Diagnostics, type DiagnosticsArgs } from "../../../components";
import { known, plain, runProgram } from "../../support/pulumi";
import { refuses } from "../../support/refusals";

const type = "azure-native:monitor:DiagnosticSetting";
const idOf = (path: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/${path}`;
const workspaceId = idOf("Microsoft.OperationalInsights/workspaces/logs");

const run = (resourceIds: DiagnosticsArgs["resourceIds"], args: Partial<DiagnosticsArgs> = {}) =>
    runProgram(() => new Diagnostics("chat", { workspaceId, resourceIds, ...args }));

describe("Diagnostics", () => {
    // Sources: https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/logs-index and, for storage, the vendor's policy
    // "Configure diagnostic settings for Blob Services to Log Analytics workspace".
    for (const { resource, on = "", logs, metrics = "AllMetrics" } of [
        { resource: "Microsoft.SignalRService/webPubSub/chat", logs: ["ConnectivityLogs", "HttpRequestLogs"] },
        {
            resource: "Microsoft.SignalRService/webPubSub/chat/replicas/chat-us",
            logs: ["ConnectivityLogs", "HttpRequestLogs"],
        },
        { resource: "Microsoft.SignalRService/SignalR/chat", logs: ["AllLogs"] },
        { resource: "Microsoft.SignalRService/signalR/chat/replicas/chat-us", logs: ["AllLogs"] },
        { resource: "Microsoft.Web/sites/chat", logs: ["FunctionAppLogs"] },
        { resource: "Microsoft.KeyVault/vaults/chat", logs: ["AuditEvent"] },
        {
            resource: "Microsoft.Storage/storageAccounts/chat",
            on: "/blobServices/default",
            logs: ["StorageRead", "StorageWrite", "StorageDelete"],
            metrics: "Transaction",
        },
    ]) {
        it(`sends what ${resource} really has`, async () => {
            const made = await run({ one: idOf(resource) });
            assert.deepEqual(made.names(type), ["chat-one"]);
            const setting = made.find(type);
            assert.equal(plain(setting, "resourceUri"), idOf(resource) + on);
            assert.equal(plain(setting, "workspaceId"), workspaceId);
            assert.deepEqual(
                plain(setting, "logs"),
                logs.map((category) => ({ category, enabled: true })),
            );
            assert.deepEqual(plain(setting, "metrics"), [{ category: metrics, enabled: true }]);
            assert.equal(setting.deleteBeforeReplace, true);
        });
    }

    it("logs every message only when it is asked to, and only where a category for them is", async () => {
        const ids = {
            service: idOf("Microsoft.SignalRService/webPubSub/chat"),
            other: idOf("Microsoft.SignalRService/signalR/chat"),
        };
        const made = await run(ids, { messagingLogs: true });
        const categories = (name: string) =>
            (plain(made.find(type, name), "logs") as { category: string }[]).map(({ category }) => category);
        assert.deepEqual(categories("chat-service"), ["ConnectivityLogs", "HttpRequestLogs", "MessagingLogs"]);
        assert.deepEqual(categories("chat-other"), ["AllLogs"]);
    });

    it("returns the workspace, and gives a preview the same settings", async () => {
        const ids = { app: idOf("Microsoft.Web/sites/chat"), vault: idOf("Microsoft.KeyVault/vaults/chat") };
        const made = await run(ids);
        assert.equal(await known(made.result.workspaceId), workspaceId);
        assert.equal(made.result.nodes.settings.length, 2);
        const preview = await runProgram(() => new Diagnostics("chat", { workspaceId, resourceIds: ids }), {
            preview: true,
        });
        assert.deepEqual(preview.names(type), made.names(type));
    });
});

const service = idOf("Microsoft.SignalRService/webPubSub/chat");

refuses<DiagnosticsArgs>("Diagnostics", (args) => new Diagnostics("chat", args), [
    [{ workspaceId, resourceIds: {} }, "resourceIds: it is empty, so nothing would be logged. Give an id or more."],
    [
        { workspaceId: "logs", resourceIds: { service } },
        'workspaceId: "logs" is not the id of a Microsoft.OperationalInsights/workspaces. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.OperationalInsights/workspaces/<name>.',
    ],
    [
        { workspaceId, resourceIds: { plan: "plan" } },
        'resourceIds.plan: "plan" is not the id of a resource that can be logged. Allowed: ids of microsoft.signalrservice/webpubsub, microsoft.signalrservice/webpubsub/replicas, microsoft.signalrservice/signalr, microsoft.signalrservice/signalr/replicas, microsoft.web/sites, microsoft.web/sites/slots, microsoft.keyvault/vaults, microsoft.storage/storageaccounts.',
    ],
    [
        { workspaceId, resourceIds: { "my service": service } },
        'resourceIds: "my service" is not a short name. Allowed: 1-63 letters, digits and hyphens, no hyphen first.',
    ],
]);
