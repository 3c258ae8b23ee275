import assert from "node:assert/strict";
import { SignalRBackend, SocketIOBackend, type SocketIOBackendArgs } from "../../../components";
import {
    codePaths,
    difference,
    hubBackends,
    runSignalR,
    serviceIdIn,
    signalRByDefault,
    signalRType,
    socketIOByDefault,
} from "../../support/backend";
import { type ProgramRun, plain } from "../../support/pulumi";
import { refuses } from "../../support/refusals";

const settingType = "azure-native:monitor:DiagnosticSetting";
const alertType = "azure-native:monitor:MetricAlert";
const logAlertType = "azure-native:monitor:ScheduledQueryRule";
const idOf = (path: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/${path}`;

const settings = (made: ProgramRun<unknown>) =>
    Object.fromEntries(
        made.names(settingType).map((name) => {
            const one = made.find(settingType, name);
            const path = String(plain(one, "resourceUri")).split("/providers/")[1];
            const logs = (plain(one, "logs") as { category: string }[]).map(({ category }) => category);
            return [name.replace("chat-diagnostics-", ""), `${path}: ${logs.join(" ")}`];
        }),
    );

const metricAlerts = (name: string) =>
    ["connections", "failed-events", "server-load", "throttled"].map((alert) => `MetricAlert ${name}-${alert}`);

for (const backend of hubBackends) {
    describe(`${backend.component}, watched,`, () => {
        it("logs each of its resources once, to the app's workspace", async () => {
            const made = await backend.run({ diagnostics: {} });
            assert.deepEqual(settings(made), {
                app: "Microsoft.Web/sites/chat-app-abc123: FunctionAppLogs",
                "host-storage":
                    "Microsoft.Storage/storageAccounts/chatappabc123/blobServices/default: StorageRead StorageWrite StorageDelete",
                "package-storage":
                    "Microsoft.Storage/storageAccounts/chatcodeabc123/blobServices/default: StorageRead StorageWrite StorageDelete",
                service: "Microsoft.SignalRService/webPubSub/chat-service-abc123: ConnectivityLogs HttpRequestLogs",
                vault: "Microsoft.KeyVault/vaults/chat-keys-abc123: AuditEvent",
            });
            const { more, less } = difference(made, backend.byDefault);
            assert.deepEqual(less, []);
            assert.equal(more.length, 5);
            for (const name of made.names(settingType)) {
                const setting = made.find(settingType, name);
                assert.match(String(plain(setting, "workspaceId")), /workspaces\/chat-app-workspace-abc123$/);
                assert.equal(setting.parent, "azure-realtime:index:Diagnostics chat-diagnostics");
            }
        });

        it("leaves what is given by id to its owner", async () => {
            const made = await backend.run({
                plan: "ElasticPremium",
                diagnostics: { workspaceId: idOf("Microsoft.OperationalInsights/workspaces/all") },
                serviceId: serviceIdIn("other", "old-chat"),
                storageAccountId: idOf("Microsoft.Storage/storageAccounts/old"),
                vaultId: idOf("Microsoft.KeyVault/vaults/old"),
            });
            assert.deepEqual(Object.keys(settings(made)), ["app", "package-storage"]);
            for (const name of made.names(settingType)) {
                assert.match(String(plain(made.find(settingType, name), "workspaceId")), /workspaces\/all$/);
            }
        });

        it("logs the vault of an access key", async () => {
            const made = await backend.run({ diagnostics: {}, connectionAuth: "AccessKey", keySource: "HostKey" });
            assert.match(settings(made)["connection-vault"] ?? "", /vaults\/chat-vault-abc123: AuditEvent$/);
            assert.equal(settings(made).vault, undefined);
        });

        it("raises alerts on the service, on its log, and on the app", async () => {
            const made = await backend.run({ alerts: { emailAddress: "ops@example.test", serverLoad: 60 } });
            const { more, less } = difference(made, backend.byDefault);
            assert.deepEqual(less, []);
            assert.deepEqual(
                more,
                [
                    "ActionGroup chat-alerts",
                    // The log alert needs the service's log and nothing else.
                    "DiagnosticSetting chat-diagnostics-service",
                    ...metricAlerts("chat-alerts"),
                    "MetricAlert chat-alerts-failed-requests",
                    "ScheduledQueryRule chat-alerts-unexpected-answers",
                ].sort(),
            );
            assert.equal(plain(made.find(alertType, "chat-alerts-server-load"), "criteria.allOf.0.threshold"), 60);
            const [app] = plain(made.find(alertType, "chat-alerts-failed-requests"), "scopes") as string[];
            assert.match(String(app), /Microsoft\.Web\/sites\/chat-app-abc123$/);
            const log = made.find(settingType);
            assert.deepEqual(plain(made.find(logAlertType), "scopes"), [plain(log, "workspaceId")]);
            assert.ok(made.comesAfter(made.find(logAlertType), log));
        });

        it("has one setting for the service with both options, with every message as the alert needs it", async () => {
            const both = await backend.run({ alerts: {}, diagnostics: {} });
            assert.equal(both.names(settingType).length, 5);
            assert.match(settings(both).service ?? "", /ConnectivityLogs HttpRequestLogs MessagingLogs$/);
            const cheaper = await backend.run({ alerts: {}, diagnostics: { messagingLogs: false } });
            assert.match(settings(cheaper).service ?? "", /ConnectivityLogs HttpRequestLogs$/);
        });

        it("raises no alert on the log of a service that exists already, and changes nothing of it", async () => {
            const made = await backend.run({
                plan: "ElasticPremium",
                alerts: {},
                serviceId: serviceIdIn("other", "old-chat"),
            });
            assert.deepEqual([...made.names(settingType), ...made.names(logAlertType)], []);
            assert.equal(made.names(alertType).length, 5);
        });

        it("has a workbook on request", async () => {
            const made = await backend.run({ workbook: {} });
            assert.deepEqual(difference(made, backend.byDefault), { more: ["Workbook chat-workbook"], less: [] });
            const workbook = made.find("azure-native:applicationinsights:Workbook");
            assert.equal(plain(workbook, "displayName"), "chat");
            const data = String(plain(workbook, "serializedData"));
            for (const part of [
                "webPubSub/chat-service-abc123",
                "sites/chat-app-abc123",
                "workspaces/chat-app-workspace-abc123",
            ]) {
                assert.ok(data.includes(part), part);
            }
        });

        it("logs and watches each replica, and scales it", async () => {
            const made = await backend.run({
                sku: "Premium_P1",
                diagnostics: {},
                alerts: {},
                autoscale: { maximumCapacity: 10 },
                replicas: [{ name: "us", location: "westus" }],
            });
            assert.match(settings(made)["replica-us"] ?? "", /replicas\/chat-service-abc123-us: ConnectivityLogs/);
            const { more } = difference(made, backend.byDefault);
            for (const one of metricAlerts("chat-alerts-replica-us")) {
                assert.ok(more.includes(one), one);
            }
            assert.ok(more.includes("AutoscaleSetting chat-service-autoscale"));
            assert.ok(more.includes("AutoscaleSetting chat-service-us-autoscale"));
        });

        it("shows all of it in a preview before anything exists", async () => {
            const args = {
                sku: "Premium_P1" as const,
                diagnostics: {},
                alerts: {},
                workbook: {},
                autoscale: { maximumCapacity: 10 },
                replicas: [{ name: "us", location: "westus" }],
            };
            const [preview, update] = [await backend.run(args, { preview: true }), await backend.run(args)];
            const custom = (made: ProgramRun<unknown>) =>
                made.resources.filter((one) => one.custom).map((one) => `${one.type} ${one.name}`);
            assert.deepEqual(custom(preview).sort(), custom(update).sort());
        });
    });
}

describe("SignalRBackend, watched,", () => {
    const logConfiguration = (made: ProgramRun<unknown>) =>
        (
            (plain(made.find(signalRType), "resourceLogConfiguration.categories") ?? []) as {
                name: string;
                enabled: string;
            }[]
        ).map(({ name, enabled }) => `${name} ${enabled}`);

    it("makes the logs that it sends on, which the service does not do unasked", async () => {
        const made = await runSignalR({ diagnostics: {} });
        assert.match(settings(made).service ?? "", /signalR\/chat-service-abc123: AllLogs$/);
        assert.deepEqual(logConfiguration(made), ["ConnectivityLogs true", "HttpRequestLogs true"]);
        assert.deepEqual(logConfiguration(await runSignalR({ diagnostics: { messagingLogs: true } })), [
            "ConnectivityLogs true",
            "HttpRequestLogs true",
            "MessagingLogs true",
        ]);
        assert.deepEqual(logConfiguration(await runSignalR()), []);
    });

    it("makes the logs that the caller names", async () => {
        const resourceLogConfiguration = { categories: [{ name: "MessagingLogs", enabled: "true" }] };
        assert.deepEqual(logConfiguration(await runSignalR({ diagnostics: {}, resourceLogConfiguration })), [
            "MessagingLogs true",
        ]);
    });

    it("raises alerts on the service's own metrics and on the app, and on no log", async () => {
        const made = await runSignalR({ alerts: {} });
        assert.deepEqual(difference(made, signalRByDefault), {
            more: [
                "ActionGroup chat-alerts",
                ...metricAlerts("chat-alerts"),
                "MetricAlert chat-alerts-failed-requests",
            ].sort(),
            less: [],
        });
        assert.deepEqual(
            plain(made.find(alertType, "chat-alerts-failed-events"), "criteria.allOf.0.dimensions.0.values"),
            ["InvokeUpstreamFailed"],
        );
    });
});

describe("a backend that nobody watches", () => {
    it("has nothing of it", async () => {
        const [backend] = hubBackends;
        assert.deepEqual(difference(await (backend as (typeof hubBackends)[number]).run(), socketIOByDefault), {
            more: [],
            less: [],
        });
        assert.deepEqual(difference(await runSignalR(), signalRByDefault), { more: [], less: [] });
    });
});

refuses<Partial<SocketIOBackendArgs>>(
    "SocketIOBackend",
    (args) => new SocketIOBackend("chat", { codePath: codePaths.socketio, ...args }),
    [
        [
            { alerts: { emailAddress: "ops" } },
            'alerts.emailAddress: "ops" is not an e-mail address. Give one such as ops@example.com.',
        ],
        [
            { alerts: { mail: "ops" } as never },
            "alerts.mail: it is not known. Allowed: actionGroupIds, connectionUtilization, emailAddress, failedRequests, serverLoad.",
        ],
        [{ diagnostics: true as never }, "diagnostics: it is true. Allowed: an object, {} for every default."],
        [
            { diagnostics: { workspaceId: "logs" } },
            'diagnostics.workspaceId: "logs" is not the id of a Microsoft.OperationalInsights/workspaces. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.OperationalInsights/workspaces/<name>.',
        ],
        [{ workbook: { displayName: "" } }, 'workbook.displayName: "" is not a name. Allowed: 1-255 characters.'],
        [
            { autoscale: { maximumCapacity: 10 } },
            "autoscale: it needs a Premium tier, and sku is Standard_S1. Use Premium_P1 or Premium_P2, or leave autoscale out.",
        ],
    ],
);

refuses<object>("SignalRBackend", (args) => new SignalRBackend("chat", { codePath: codePaths.signalr, ...args }), [
    [
        { sku: "Free_F1", replicas: [{ name: "us", location: "westus" }] },
        "replicas: it needs a Premium tier, and sku is Free_F1. Use Premium_P1 or Premium_P2, or leave replicas out.",
    ],
]);
