import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    Alerts,
    Diagnostics,
    FunctionApp,
    FunctionCode,
    HostKeys,
    PrivateNetwork,
    SharedPrivateLink,
    SignalRBackend,
    SignalRService,
    SocketIOBackend,
    SocketIOService,
    WebPubSubBackend,
    WebPubSubHub,
    WebPubSubService,
    Workbook,
} from "../../../components";
import { backends, codePaths } from "../../support/backend";
import { componentNames } from "../../support/exportedComponents";
import { runProgram } from "../../support/pulumi";

const resourceGroupName = "group";
const ofBackend = ["app", "code", "keys", "resourceGroup", "service"];
const groupId = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers";
const serviceId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.SignalRService";

const functionAppId = serviceId.replace("Microsoft.SignalRService", "Microsoft.Web/sites/chat");
const workspaceId = serviceId.replace("Microsoft.SignalRService", "Microsoft.OperationalInsights/workspaces/logs");

/** A program for each component, and the nodes that exist without any option. */
const components: Record<string, [() => pulumi.ComponentResource & { nodes: object }, string[]]> = {
    Alerts: [
        () => new Alerts("a", { resourceGroupName, service: "webpubsub", serviceId: `${serviceId}/webPubSub/chat` }),
        ["actionGroup", "metricAlerts"],
    ],
    Diagnostics: [
        () => new Diagnostics("a", { workspaceId, resourceIds: { service: `${serviceId}/webPubSub/chat` } }),
        ["settings"],
    ],
    FunctionApp: [
        () => new FunctionApp("a", { resourceGroupName }),
        [
            "app",
            "applicationInsights",
            "deploymentContainer",
            "identity",
            "plan",
            "roles",
            "settings",
            "storageAccount",
            "workspace",
        ],
    ],
    FunctionCode: [
        () => new FunctionCode("a", { resourceGroupName, codePath: codePaths.socketio }),
        ["blob", "container", "packageAccount"],
    ],
    HostKeys: [
        () => new HostKeys("a", { resourceGroupName, extension: "socketio" }),
        ["extensionKey", "secrets", "vault"],
    ],
    PrivateNetwork: [
        () => new PrivateNetwork("a", { resourceGroupName, groupIds: ["blob"] }),
        ["links", "virtualNetwork", "zones"],
    ],
    SharedPrivateLink: [
        () =>
            new SharedPrivateLink("a", {
                resourceGroupName,
                service: "webpubsub",
                serviceName: "chat",
                groupId: "vault",
                targetId: `${groupId}/Microsoft.KeyVault/vaults/v`,
            }),
        ["approval", "link"],
    ],
    SignalRBackend: [() => new SignalRBackend("a", { codePath: codePaths.signalr }), ofBackend],
    SignalRService: [() => new SignalRService("a", { resourceGroupName }), ["service"]],
    SocketIOBackend: [() => new SocketIOBackend("a", { codePath: codePaths.socketio }), [...ofBackend, "hubs"]],
    SocketIOService: [() => new SocketIOService("a", { resourceGroupName }), ["service"]],
    WebPubSubBackend: [() => new WebPubSubBackend("a", { codePath: codePaths.webpubsub }), [...ofBackend, "hubs"]],
    WebPubSubHub: [() => new WebPubSubHub("a", { resourceGroupName, serviceName: "chat" }), ["hub"]],
    WebPubSubService: [() => new WebPubSubService("a", { resourceGroupName }), ["service"]],
    Workbook: [
        () =>
            new Workbook("a", {
                resourceGroupName,
                service: "webpubsub",
                serviceId: `${serviceId}/webPubSub/chat`,
                functionAppId,
                workspaceId,
            }),
        ["workbook"],
    ],
};

/** A list without resources, or a group of such lists. */
const isEmpty = (node: unknown): boolean =>
    Array.isArray(node)
        ? node.length === 0
        : typeof node === "object" &&
          node !== null &&
          !pulumi.Resource.isInstance(node) &&
          Object.values(node).every(isEmpty);

const present = (nodes: object) =>
    Object.entries(nodes)
        .filter(([, node]) => node !== undefined && !isEmpty(node))
        .map(([name]) => name)
        .sort();

describe("The nodes", () => {
    for (const name of componentNames()) {
        it(`of ${name} are its resources, and none is an output`, async () => {
            const [make, expected] = components[name] ?? [];
            assert.ok(make);
            const { result } = await runProgram(make);
            assert.deepEqual(present(result.nodes), [...(expected ?? [])].sort());
            // A backend groups the nodes of its connection.
            const { connection: _, ...nodes } = result.nodes as { connection?: object };
            for (const node of Object.values(nodes).flat()) {
                const made = node === undefined || isEmpty(node) || pulumi.Resource.isInstance(node);
                assert.ok(made, name);
            }
            assert.equal(Object.hasOwn(result, "nodes"), false);
        });
    }

    it("of a backend hold the secret of its access key", async () => {
        for (const { Backend, extension } of backends) {
            const args = { codePath: codePaths[extension], connectionAuth: "AccessKey" as const };
            const { result } = await runProgram(() => new Backend("a", args));
            assert.equal(result.nodes.connection.secrets?.length, 1);
        }
    });

    it("hold replicas and what scales and watches, where there is any", async () => {
        for (const { Backend, extension } of backends) {
            const args = {
                codePath: codePaths[extension],
                sku: "Premium_P1" as const,
                autoscale: { maximumCapacity: 10 },
                replicas: [{ name: "us", location: "westus" }],
                diagnostics: {},
                alerts: {},
                workbook: {},
            };
            const { nodes } = (await runProgram(() => new Backend("a", args))).result;
            assert.ok(nodes.diagnostics && nodes.alerts && nodes.workbook);
            assert.deepEqual(present(nodes.service.nodes), ["autoscale", "replicas", "service"]);
        }
    });

    it("contain no existing resource", async () => {
        const { result } = await runProgram(
            () => new SocketIOService("a", { resourceGroupName, serviceId: `${serviceId}/webPubSub/chat` }),
        );
        assert.deepEqual(present(result.nodes), []);
    });
});
