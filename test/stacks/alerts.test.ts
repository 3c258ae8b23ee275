import assert from "node:assert/strict";
import { type ProgramRun, plain } from "../support/pulumi";
import { runStack } from "../support/stackProgram";

const metricAlert = "azure-native:monitor:MetricAlert";
const logAlert = "azure-native:monitor:ScheduledQueryRule";
const setting = "azure-native:monitor:DiagnosticSetting";

/** The one criterion of each metric alert, by the alert's name without the stack's. */
function criteriaOf(made: ProgramRun<unknown>): Record<string, Record<string, unknown>> {
    const entries = made.names(metricAlert).map((name) => {
        const alert = made.find(metricAlert, name);
        const criteria = plain(alert, "criteria.allOf") as Record<string, unknown>[];
        const [scope] = plain(alert, "scopes") as string[];
        const [criterion] = criteria;
        assert.ok(criterion !== undefined && criteria.length === 1);
        assert.ok(scope?.toLowerCase().includes(`/${criterion.metricNamespace}/`.toLowerCase()), name);
        return [name.replace(/^chat-[^-]+-/, ""), criterion] as const;
    });
    return Object.fromEntries(entries);
}

describe("the alerts of the stacks", function () {
    this.timeout(60_000);

    it("see failed requests, failed events and a service that is getting full", async () => {
        const made = await runStack("prod", { alertFailedRequests: "7", alertConnectionUtilization: "90" });
        const shown = Object.entries(criteriaOf(made)).map(
            ([name, { metricName, timeAggregation, operator, threshold, dimensions }]) => [
                name,
                metricName,
                timeAggregation,
                operator,
                threshold,
                dimensions,
            ],
        );
        assert.deepEqual(shown, [
            ["connections", "ConnectionQuotaUtilization", "Maximum", "GreaterThan", 90, undefined],
            [
                "failed-events",
                "ConnectionCloseCount",
                "Total",
                "GreaterThan",
                0,
                [
                    {
                        name: "ConnectionCloseCategory",
                        operator: "Include",
                        values: ["SendEventFailed", "EventHandlerNotFound", "Unauthorized"],
                    },
                ],
            ],
            ["failed-requests", "requests/failed", "Count", "GreaterThan", 7, undefined],
        ]);
    });

    it("look into the service's log for answers that close no connection", async () => {
        const made = await runStack("prod");
        const logs = made.find(setting);
        assert.match(String(plain(logs, "resourceUri")), /\/Microsoft\.SignalRService\/webPubSub\//);
        assert.match(String(plain(logs, "workspaceId")), /\/workspaces\//);
        const rule = made.find(logAlert);
        assert.deepEqual(plain(rule, "scopes"), [plain(logs, "workspaceId")]);
        const [{ query }] = plain(rule, "criteria.allOf") as [{ query: string }];
        assert.equal(
            query,
            'union isfuzzy=true WebPubSubConnectivity, WebPubSubMessaging | where Message has "unexpected response"',
        );
        assert.ok(made.comesAfter(rule, logs));
    });

    it("of a SignalR Service are that service's own metrics, and no log whose table nobody documents", async () => {
        const made = await runStack("prod", { backend: "signalr" });
        const criteria = criteriaOf(made);
        assert.equal(criteria.connections?.metricNamespace, "Microsoft.SignalRService/SignalR");
        assert.equal(criteria.connections?.metricName, "ConnectionQuotaUtilization");
        assert.deepEqual(criteria["failed-events"]?.dimensions, [
            { name: "ConnectionCloseCategory", operator: "Include", values: ["InvokeUpstreamFailed"] },
        ]);
        assert.deepEqual([...made.names(logAlert), ...made.names(setting)], []);
    });

    it("cannot stop an update, because no rule asks whether Azure knows its metric or table yet", async () => {
        for (const backend of ["socketio", "webpubsub", "signalr"]) {
            const made = await runStack("prod", { backend });
            for (const criterion of Object.values(criteriaOf(made))) {
                assert.equal(criterion.skipMetricValidation, true);
            }
            for (const name of made.names(logAlert)) {
                assert.equal(plain(made.find(logAlert, name), "skipQueryValidation"), true);
            }
        }
    });

    it("send mail when there is an address", async () => {
        const groupOf = async (values: Record<string, string>) =>
            (await runStack("prod", values)).find("azure-native:monitor:ActionGroup");
        const group = await groupOf({ alertEmail: "ops@example.test" });
        assert.deepEqual(plain(group, "emailReceivers"), [
            { name: "operator", emailAddress: "ops@example.test", useCommonAlertSchema: true },
        ]);
        assert.match(String(plain(group, "groupShortName")), /^.{1,12}$/);
        assert.deepEqual(plain(await groupOf({}), "emailReceivers"), []);
    });
});
