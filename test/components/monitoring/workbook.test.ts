import assert from "node:assert/strict";
import { Workbook, type WorkbookArgs } from "../../../components";
import { plain, runProgram } from "../../support/pulumi";
import { refuses } from "../../support/refusals";

const type = "azure-native:applicationinsights:Workbook";
const idOf = (path: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/${path}`;
const functionAppId = idOf("Microsoft.Web/sites/chat");
const workspaceId = idOf("Microsoft.OperationalInsights/workspaces/logs");
const webPubSub = idOf("Microsoft.SignalRService/webPubSub/chat");
const least: WorkbookArgs = {
    resourceGroupName: "group",
    service: "webpubsub",
    serviceId: webPubSub,
    functionAppId,
    workspaceId,
};

interface Item {
    type: number;
    name: string;
    content: {
        resourceType?: string;
        resourceIds?: string[];
        metrics?: { metric: string; namespace: string; splitBy?: string }[];
        query?: string;
        crossComponentResources?: string[];
    };
}

async function itemsOf(args: Partial<WorkbookArgs> = {}): Promise<Item[]> {
    const made = await runProgram(() => new Workbook("chat", { ...least, ...args }));
    const { version, items } = JSON.parse(String(plain(made.find(type), "serializedData")));
    assert.equal(version, "Notebook/1.0");
    return items;
}

const metricsOf = (items: Item[]) =>
    items.flatMap(({ content }) => (content.metrics ?? []).map(({ metric }) => metric.split("-").at(-1)));

describe("Workbook", () => {
    it("is one resource under a GUID, which Azure asks for and which stays the same", async () => {
        const names = await Promise.all(
            ["chat", "chat"].map(async (name) => {
                const made = await runProgram(() => new Workbook(name, least));
                assert.deepEqual(made.types(), ["azure-realtime:index:Workbook", type].sort());
                return plain(made.find(type), "resourceName");
            }),
        );
        assert.match(String(names[0]), /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
        assert.equal(names[0], names[1]);
    });

    it("shows connections, events, failures and how long handlers take", async () => {
        const items = await itemsOf();
        const metrics = metricsOf(items);
        for (const metric of [
            "TotalConnectionCount",
            "ConnectionQuotaUtilization",
            "ServerLoad",
            "ConnectionCloseCount",
            "Http5xx",
        ]) {
            assert.ok(metrics.includes(metric), metric);
        }
        const queries = items.map(({ content }) => content.query ?? "");
        assert.ok(queries.some((query) => query.includes("percentiles(DurationMs")));
        assert.equal(new Set(items.map(({ name }) => name)).size, items.length);
    });

    it("asks each resource for metrics of its own type only", async () => {
        for (const { content } of await itemsOf()) {
            for (const id of content.resourceIds ?? []) {
                assert.ok(id.toLowerCase().includes(`/providers/${content.resourceType}/`), id);
            }
            for (const { namespace, metric } of content.metrics ?? []) {
                assert.equal(namespace, content.resourceType);
                assert.ok(metric.startsWith(`${namespace}-`));
            }
            if (content.query !== undefined) {
                assert.deepEqual(content.crossComponentResources, [workspaceId]);
            }
        }
    });

    it("counts the clients of a SignalR Service by that service's name for them", async () => {
        const metrics = metricsOf(
            await itemsOf({ service: "signalr", serviceId: idOf("Microsoft.SignalRService/signalR/chat") }),
        );
        assert.ok(metrics.includes("ConnectionCount"));
        assert.ok(!metrics.includes("TotalConnectionCount"));
    });
});

refuses<WorkbookArgs>("Workbook", (args) => new Workbook("chat", args), [
    [{ ...least, displayName: " " }, 'displayName: " " is not a name. Allowed: 1-255 characters.'],
    [
        { ...least, functionAppId: "chat" },
        'functionAppId: "chat" is not the id of a Microsoft.Web/sites. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Web/sites/<name>.',
    ],
]);
