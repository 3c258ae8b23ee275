import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    FunctionApp,
    FunctionCode,
    HostKeys,
    SignalRBackend,
    SignalRService,
    SocketIOBackend,
    SocketIOService,
    WebPubSubBackend,
    WebPubSubHub,
    WebPubSubService,
} from "../../../components";
import { codePath } from "../../support/backend";
import { componentNames } from "../../support/exportedComponents";
import { runProgram } from "../../support/pulumi";

const resourceGroupName = "group";
const ofBackend = ["app", "code", "connection", "keys", "resourceGroup", "service"];
const serviceId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.SignalRService";

/** What each component makes, and the nodes that are there without any option. */
const components: Record<string, [() => pulumi.ComponentResource & { nodes: object }, string[]]> = {
    FunctionApp: [
        () => new FunctionApp("a", { resourceGroupName }),
        [
            "app",
            "applicationInsights",
            "deploymentContainer",
            "plan",
            "roles",
            "settings",
            "storageAccount",
            "workspace",
        ],
    ],
    FunctionCode: [
        () => new FunctionCode("a", { resourceGroupName, codePath }),
        ["blob", "container", "packageAccount"],
    ],
    HostKeys: [
        () => new HostKeys("a", { resourceGroupName, extension: "socketio" }),
        ["extensionKey", "secrets", "vault"],
    ],
    SignalRBackend: [() => new SignalRBackend("a", { codePath }), ofBackend],
    SignalRService: [() => new SignalRService("a", { resourceGroupName }), ["service"]],
    SocketIOBackend: [() => new SocketIOBackend("a", { codePath }), [...ofBackend, "hubs"]],
    SocketIOService: [() => new SocketIOService("a", { resourceGroupName }), ["service"]],
    WebPubSubBackend: [() => new WebPubSubBackend("a", { codePath }), [...ofBackend, "hubs"]],
    WebPubSubHub: [() => new WebPubSubHub("a", { resourceGroupName, serviceName: "s" }), ["hub", "roles"]],
    WebPubSubService: [() => new WebPubSubService("a", { resourceGroupName }), ["service"]],
};

const present = (nodes: object) =>
    Object.entries(nodes)
        .filter(([, node]) => node !== undefined)
        .map(([name]) => name)
        .sort();

describe("The nodes", () => {
    for (const name of componentNames()) {
        it(`of ${name} are what it made, and no output of it`, async () => {
            const [make, expected] = components[name] ?? [];
            assert.ok(make);
            const { result } = await runProgram(make);
            assert.deepEqual(present(result.nodes), [...(expected ?? [])].sort());
            // A backend groups what its connection needs.
            const { connection: _, ...nodes } = result.nodes as { connection?: object };
            for (const node of Object.values(nodes).flat()) {
                const made = node === undefined || pulumi.Resource.isInstance(node);
                assert.ok(made, name);
            }
            assert.equal(Object.hasOwn(result, "nodes"), false);
        });
    }

    it("of a backend hold the secret of its access key", async () => {
        for (const Backend of [SocketIOBackend, WebPubSubBackend, SignalRBackend]) {
            const { result } = await runProgram(() => new Backend("a", { codePath, connectionAuth: "AccessKey" }));
            assert.ok(result.nodes.connection.secret);
        }
    });

    it("hold nothing of what exists already", async () => {
        const { result } = await runProgram(
            () => new SocketIOService("a", { resourceGroupName, serviceId: `${serviceId}/webPubSub/chat` }),
        );
        assert.deepEqual(present(result.nodes), []);
    });
});
