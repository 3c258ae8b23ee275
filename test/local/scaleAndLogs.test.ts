import assert from "node:assert/strict";
import type { Properties } from "../../local/engine/values";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createTestAzure } from "../support/local";

const rg = "/subscriptions/sub/resourceGroups/rg/providers";
const inGroup = { resourceGroupName: "rg" };

describe("the local Azure about logs and units", () => {
    let azure: ReturnType<typeof createTestAzure>;
    beforeEach(async () => {
        azure = createTestAzure(createFakeEmulator());
        await azure.make("ResourceGroup", { ...inGroup, location: "northeurope" });
    });

    const setting = (resource: string, ...categories: string[]) => ({
        name: "logs",
        resourceUri: `${rg}/${resource}`,
        workspaceId: `${rg}/Microsoft.OperationalInsights/workspaces/w`,
        logs: categories.map((category) => ({ category, enabled: true })),
    });

    // Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/logs-index
    for (const [resource, right, wrong, says] of [
        ["Microsoft.SignalRService/webPubSub/chat", "ConnectivityLogs", "AllLogs", /ConnectivityLogs, HttpRequestLogs/],
        [
            "Microsoft.SignalRService/webPubSub/chat/replicas/us",
            "MessagingLogs",
            "AllLogs",
            /replicas has Connectivity/,
        ],
        ["Microsoft.SignalRService/SignalR/chat", "AllLogs", "MessagingLogs", /SignalR has AllLogs$/],
        ["Microsoft.Web/sites/app/slots/staging", "FunctionAppLogs", "AuditEvent", /slots has FunctionAppLogs, /],
        ["Microsoft.Web/sites/app", "FunctionAppLogs", "FunctionLogs", /has FunctionAppLogs, /],
        ["Microsoft.KeyVault/vaults/v", "AuditEvent", "Audit", /has AuditEvent/],
        ["Microsoft.Storage/storageAccounts/s/blobServices/default", "StorageRead", "Read", /has StorageRead, /],
    ] as const) {
        it(`takes ${right} of ${resource} and refuses ${wrong}`, () => {
            azure.check("DiagnosticSetting", setting(resource, right));
            assert.throws(
                () => azure.check("DiagnosticSetting", setting(resource, right, wrong)),
                (error: Error) => {
                    assert.match(error.message, new RegExp(`properties\\.logs\\[1\\]\\.category is "${wrong}"`));
                    assert.match(error.message, says);
                    return true;
                },
            );
        });
    }

    it("refuses logs of a storage account, which its services have", () => {
        assert.throws(
            () => azure.check("DiagnosticSetting", setting("Microsoft.Storage/storageAccounts/s", "StorageRead")),
            /category is "StorageRead": a Microsoft\.Storage\/storageAccounts has none/,
        );
    });

    it("does not judge types that it has no list of, nor groups of categories", () => {
        azure.check("DiagnosticSetting", setting("Microsoft.Other/things/t", "Whatever"));
        azure.check("DiagnosticSetting", {
            ...setting("Microsoft.KeyVault/vaults/v"),
            logs: [{ categoryGroup: "audit", enabled: true }],
        });
    });

    const premium = { name: "Premium_P1", tier: "Premium", capacity: 1 };
    const standard = { name: "Standard_S1", tier: "Standard", capacity: 1 };

    for (const [kind, replica, inputs] of [
        ["WebPubSub", "WebPubSubReplica", { kind: "WebPubSub" }],
        ["SignalR", "SignalRReplica", { features: [{ flag: "ServiceMode", value: "Serverless" }] }],
    ] as const) {
        const service = (sku: Properties) =>
            azure.make(kind, {
                ...inGroup,
                resourceName: "chat",
                identity: { type: "SystemAssigned" },
                sku,
                ...(inputs as unknown as Properties),
            });
        const replicaInputs = (replicaName: string, sku: Properties = premium) => ({
            ...inGroup,
            resourceName: "chat",
            replicaName,
            location: "westus2",
            sku,
        });

        it(`replicates a ${kind} of the Premium tier 8 times at most`, async () => {
            await service(premium);
            for (let index = 1; index <= 8; index++) {
                await azure.make(replica, replicaInputs(`chat-${index}`));
            }
            await azure.make(replica, replicaInputs("chat-8", { ...premium, capacity: 2 }));
            await assert.rejects(azure.make(replica, replicaInputs("chat-9")), /A service has 8 replicas at most/);
        });

        it(`replicates no ${kind} of another tier, nor to another tier`, async () => {
            await service(standard);
            await assert.rejects(
                azure.make(replica, replicaInputs("chat-us")),
                /A replica is a feature of the Premium tier, and chat is of Standard_S1/,
            );
            assert.throws(
                () => azure.check(replica, replicaInputs("chat-us", standard)),
                /sku\.name is "Standard_S1": a replica is of a Premium tier/,
            );
            assert.throws(
                () => azure.check(replica, replicaInputs("chat-us", { ...premium, capacity: 11 })),
                /sku\.capacity is 11: Premium_P1 allows/,
            );
        });

        it(`scales a ${kind} of the Premium tier only`, async () => {
            const { id } = await service(standard);
            const autoscale = scaling({ targetResourceUri: id });
            await assert.rejects(
                azure.make("AutoscaleSetting", autoscale),
                /Autoscale is a feature of the Premium tier, and chat is of Standard_S1/,
            );
        });
    }

    const rule = {
        metricTrigger: {
            metricName: "ServerLoad",
            metricResourceUri: `${rg}/Microsoft.SignalRService/webPubSub/chat`,
            operator: "GreaterThan",
            threshold: 70,
            statistic: "Average",
            timeAggregation: "Average",
            timeGrain: "PT1M",
            timeWindow: "PT5M",
        },
        scaleAction: { direction: "Increase", type: "ServiceAllowedNextValue", value: "1", cooldown: "PT30M" },
    };
    const scaling = ({ count = 1, minimum = "1", ...more }: { count?: number; minimum?: string } & Properties) => ({
        ...inGroup,
        autoscaleSettingName: "scale",
        location: "northeurope",
        enabled: true,
        profiles: [{ name: "load", capacity: { minimum, maximum: "5", default: "1" }, rules: Array(count).fill(rule) }],
        ...more,
    });

    it("holds autoscale to ten rules, in order, with actions that exist", () => {
        azure.check("AutoscaleSetting", scaling({ count: 10 }));
        assert.throws(() => azure.check("AutoscaleSetting", scaling({ count: 11 })), /rules has 11: 10 at most/);
        assert.throws(
            () => azure.check("AutoscaleSetting", scaling({ minimum: "6" })),
            /minimum is 6: it must be at most 5/,
        );
        const [profile] = scaling({}).profiles;
        const wrong = { ...rule, scaleAction: { ...rule.scaleAction, type: "NextValue" } };
        assert.throws(
            () => azure.check("AutoscaleSetting", scaling({ profiles: [{ ...profile, rules: [wrong] }] as never })),
            /scaleAction\.type/,
        );
    });
});
