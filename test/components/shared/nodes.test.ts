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
import { backends, codePaths } from "../../support/backend";
import { componentNames } from "../../support/exportedComponents";
import { runProgram } from "../../support/pulumi";

const resourceGroupName = "group";
const ofBackend = ["app", "code", "connection", "keys", "resourceGroup", "service"];
const serviceId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.SignalRService";

/** A program for each component, and the nodes that exist without any option. */
const components: Record<string, [() => pulumi.ComponentResource & { nodes: object }, string[]]> = {
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
    SignalRBackend: [() => new SignalRBackend("a", { codePath: codePaths.signalr }), ofBackend],
    SignalRService: [() => new SignalRService("a", { resourceGroupName }), ["service"]],
    SocketIOBackend: [() => new SocketIOBackend("a", { codePath: codePaths.socketio }), [...ofBackend, "hubs"]],
    SocketIOService: [() => new SocketIOService("a", { resourceGroupName }), ["service"]],
    WebPubSubBackend: [() => new WebPubSubBackend("a", { codePath: codePaths.webpubsub }), [...ofBackend, "hubs"]],
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
        it(`of ${name} are its resources, and none is an output`, async () => {
            const [make, expected] = components[name] ?? [];
            assert.ok(make);
            const { result } = await runProgram(make);
            assert.deepEqual(present(result.nodes), [...(expected ?? [])].sort());
            // A backend groups the nodes of its connection.
            const { connection: _, ...nodes } = result.nodes as { connection?: object };
            for (const node of Object.values(nodes).flat()) {
                const made = node === undefined || pulumi.Resource.isInstance(node);
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

    it("contain no existing resource", async () => {
        const { result } = await runProgram(
            () => new SocketIOService("a", { resourceGroupName, serviceId: `${serviceId}/webPubSub/chat` }),
        );
        assert.deepEqual(present(result.nodes), []);
    });
});
