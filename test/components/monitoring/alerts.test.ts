import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Alerts, type AlertsArgs } from "../../../components";
import { failureOf, known, type ProgramRun, plain, runProgram } from "../../support/pulumi";
import { refuses } from "../../support/refusals";

const metricAlert = "azure-native:monitor:MetricAlert";
const logAlert = "azure-native:monitor:ScheduledQueryRule";
const groupType = "azure-native:monitor:ActionGroup";
const idOf = (path: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/${path}`;
const functionAppId = idOf("Microsoft.Web/sites/chat");
const workspaceId = idOf("Microsoft.OperationalInsights/workspaces/logs");
const services = {
    socketio: idOf("Microsoft.SignalRService/webPubSub/chat"),
    webpubsub: idOf("Microsoft.SignalRService/webPubSub/chat"),
    signalr: idOf("Microsoft.SignalRService/signalR/chat"),
};
const least: AlertsArgs = { resourceGroupName: "group", service: "socketio", serviceId: services.socketio };

const run = (args: Partial<AlertsArgs> = {}) => runProgram(() => new Alerts("chat", { ...least, ...args }));

/** What each metric alert looks at, in short. */
function watched(made: ProgramRun<unknown>): Record<string, readonly unknown[]> {
    const entries = made.names(metricAlert).map((name) => {
        const alert = made.find(metricAlert, name);
        const [criterion, ...others] = plain(alert, "criteria.allOf") as Record<string, unknown>[];
        assert.ok(criterion !== undefined && others.length === 0);
        const [scope] = plain(alert, "scopes") as string[];
        // Azure refuses a rule whose namespace is not the type of what it looks at.
        const type = /providers\/(.*)$/
            .exec(scope ?? "")?.[1]
            ?.split("/")
            .filter((_, at) => at === 0 || at % 2 === 1);
        assert.equal(type?.join("/").toLowerCase(), String(criterion.metricNamespace).toLowerCase(), name);
        // A rule on a metric that Azure has never seen would stop the update.
        assert.equal(criterion.skipMetricValidation, true);
        assert.equal(criterion.operator, "GreaterThan");
        const dimensions = criterion.dimensions as { name: string; operator: string; values: string[] }[] | undefined;
        const { metricName, timeAggregation, threshold } = criterion;
        const shown = [metricName, timeAggregation, plain(alert, "windowSize"), threshold, plain(alert, "severity")];
        return [name, [...shown, ...(dimensions ?? []).flatMap(({ values }) => values)]] as const;
    });
    return Object.fromEntries(entries);
}

describe("Alerts", () => {
    // Source of every name: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/metrics-index
    const ofService = (failedEvents: string[]) => ({
        "chat-connections": ["ConnectionQuotaUtilization", "Maximum", "PT5M", 80, 2],
        "chat-failed-events": ["ConnectionCloseCount", "Total", "PT5M", 0, 1, ...failedEvents],
        "chat-server-load": ["ServerLoad", "Average", "PT15M", 80, 2],
        "chat-throttled": ["ConnectionCloseCount", "Total", "PT5M", 0, 2, "Throttled"],
    });
    for (const [service, failedEvents] of [
        ["socketio", ["SendEventFailed", "EventHandlerNotFound", "Unauthorized"]],
        ["webpubsub", ["SendEventFailed", "EventHandlerNotFound", "Unauthorized"]],
        ["signalr", ["InvokeUpstreamFailed"]],
    ] as const) {
        it(`of ${service} look at that service's own metrics`, async () => {
            const made = await run({ service, serviceId: services[service], functionAppId });
            assert.deepEqual(watched(made), {
                ...ofService([...failedEvents]),
                "chat-failed-requests": ["Http5xx", "Total", "PT5M", 10, 1],
            });
            assert.deepEqual(made.names(logAlert), []);
        });
    }

    it("look at no app and no log that is not given", async () => {
        const made = await run();
        assert.deepEqual(made.types(), ["azure-realtime:index:Alerts", groupType, metricAlert].sort());
        assert.equal(made.names(metricAlert).length, 4);
    });

    it("take thresholds", async () => {
        const made = await run({ functionAppId, connectionUtilization: 60, serverLoad: 50, failedRequests: 0 });
        const thresholds = Object.entries(watched(made)).map(([name, [, , , threshold]]) => [name, threshold]);
        assert.deepEqual(Object.fromEntries(thresholds), {
            "chat-connections": 60,
            "chat-failed-events": 0,
            "chat-failed-requests": 0,
            "chat-server-load": 50,
            "chat-throttled": 0,
        });
    });

    it("look at each replica, which Azure counts on its own", async () => {
        const made = await run({ replicaIds: { us: `${services.socketio}/replicas/chat-us` } });
        const found = watched(made);
        assert.equal(Object.keys(found).length, 8);
        assert.deepEqual(found["chat-us-connections"], found["chat-connections"]);
        assert.deepEqual(plain(made.find(metricAlert, "chat-us-server-load"), "scopes"), [
            `${services.socketio}/replicas/chat-us`,
        ]);
    });

    it("look into the log of their own service for answers that close no connection", async () => {
        const made = await run({ workspaceId });
        const rule = made.find(logAlert);
        assert.deepEqual(plain(rule, "scopes"), [workspaceId]);
        const [{ query }] = plain(rule, "criteria.allOf") as [{ query: string }];
        assert.equal(
            query,
            `union isfuzzy=true WebPubSubConnectivity, WebPubSubMessaging | where _ResourceId startswith "${services.socketio}" and Message has "unexpected response"`,
        );
        // The table is there with the first entry only.
        assert.equal(plain(rule, "skipQueryValidation"), true);
    });

    it("do not look into the log of a SignalR Service, whose words Azure does not document", async () => {
        const made = await run({ service: "signalr", serviceId: services.signalr, workspaceId });
        assert.deepEqual(made.names(logAlert), []);
    });

    const groupsOf = (made: ProgramRun<unknown>) => plain(made.find(metricAlert, "chat-connections"), "actions");
    const given = idOf("Microsoft.Insights/actionGroups/ops");
    const own = idOf("Microsoft.Insights/actionGroups/chat");

    it("mail to an address through a new action group", async () => {
        const made = await run({ emailAddress: "ops@example.test", workspaceId });
        assert.deepEqual(plain(made.find(groupType), "emailReceivers"), [
            { name: "operator", emailAddress: "ops@example.test", useCommonAlertSchema: true },
        ]);
        assert.match(String(plain(made.find(groupType), "groupShortName")), /^.{1,12}$/);
        assert.deepEqual(groupsOf(made), [{ actionGroupId: own }]);
        assert.deepEqual(plain(made.find(logAlert), "actions"), { actionGroups: [own] });
    });

    it("tell action groups that exist already, and make none then", async () => {
        const made = await run({ actionGroupIds: [given] });
        assert.deepEqual(made.names(groupType), []);
        assert.deepEqual(groupsOf(made), [{ actionGroupId: given }]);
        assert.deepEqual(await known(made.result.actionGroupIds), [given]);
    });

    it("tell both, and without either have an empty group", async () => {
        const both = await run({ actionGroupIds: [given], emailAddress: "ops@example.test" });
        assert.deepEqual(groupsOf(both), [{ actionGroupId: given }, { actionGroupId: own }]);
        assert.deepEqual(plain((await run()).find(groupType), "emailReceivers"), []);
    });

    it("refuse an address that turns out wrong", async () => {
        const failure = await failureOf(() =>
            runProgram(() => new Alerts("chat", { ...least, emailAddress: pulumi.output("ops") })),
        );
        const told = 'Alerts "chat": emailAddress: "ops" is not an e-mail address. Give one such as ops@example.com.';
        assert.ok(failure.message.endsWith(told), failure.message);
    });
});

refuses<AlertsArgs>("Alerts", (args) => new Alerts("chat", args), [
    [{ ...least, serverLoad: 101 }, "serverLoad: 101 is out of range. Allowed: whole numbers from 1 to 100 percent."],
    [
        { ...least, connectionUtilization: 0 },
        "connectionUtilization: 0 is out of range. Allowed: whole numbers from 1 to 100 percent.",
    ],
    [{ ...least, failedRequests: -1 }, "failedRequests: -1 is out of range. Allowed: whole numbers from 0 to 1000000."],
    [{ ...least, service: "mqtt" as never }, 'service: "mqtt" is not known. Allowed: socketio, webpubsub, signalr.'],
    [
        { ...least, service: "signalr" },
        `serviceId: "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/pro... is not the id of a Microsoft.SignalRService/SignalR. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.SignalRService/SignalR/<name>.`,
    ],
    [
        { ...least, actionGroupIds: ["ops"] },
        'actionGroupIds[0]: "ops" is not the id of a Microsoft.Insights/actionGroups. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Insights/actionGroups/<name>.',
    ],
]);
