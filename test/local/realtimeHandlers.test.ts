import assert from "node:assert/strict";
import type { Properties } from "../../local/engine/values";
import { createFakeEmulator, type FakeEmulator } from "../support/fakeEmulator";
import { createTestAzure } from "../support/local";

const inGroup = { resourceGroupName: "rg" };
const sku = { name: "Standard_S1", capacity: 1 };
const common = { ...inGroup, resourceName: "chat", sku, identity: { type: "SystemAssigned" } };
const kinds = {
    SocketIO: { kind: "SocketIO", socketIO: { serviceMode: "Serverless" } },
    WebPubSub: { kind: "WebPubSub" },
};
const serverless = { features: [{ flag: "ServiceMode", value: "Serverless" }] };
const listener = {
    filter: { type: "EventName", systemEvents: ["connected"] },
    endpoint: { type: "EventHub", eventHubName: "all", fullyQualifiedNamespace: "localhost" },
};

describe("handlers of the realtime services", () => {
    let emulator: FakeEmulator;
    let azure: ReturnType<typeof createTestAzure>;

    beforeEach(async () => {
        emulator = createFakeEmulator();
        azure = createTestAzure(emulator);
        await azure.make("ResourceGroup", { resourceGroupName: "rg", location: "northeurope" });
    });

    for (const { type, inputs, call, id } of [
        { type: "WebPubSub", inputs: kinds.SocketIO, call: "openService", id: "webPubSub" },
        { type: "WebPubSub", inputs: kinds.WebPubSub, call: "openWebPubSub", id: "webPubSub" },
        { type: "WebPubSub", inputs: {}, call: "openWebPubSub", id: "webPubSub" },
        { type: "SignalR", inputs: serverless, call: "openSignalR", id: "signalR" },
    ]) {
        it(`open ${type} with ${JSON.stringify(inputs)} as that service, once, with its own identity`, async () => {
            const made = await azure.make(type, { ...common, ...inputs });
            assert.match(made.id, new RegExp(`/Microsoft.SignalRService/${id}/chat$`));
            assert.equal(made.outputs.hostName, `localhost:${made.keep?.port}`);
            const { principalId } = made.outputs.identity as Properties;
            assert.equal(emulator.principals.get(String(principalId))?.resourceId, made.id);
            await azure.make(type, { ...common, ...inputs });
            assert.deepEqual(emulator.calls, [`${call} chat with identity`, "updateService chat"]);
        });
    }

    it("list the keys of both kinds of service", async () => {
        await azure.make("WebPubSub", { ...common, ...kinds.WebPubSub });
        await azure.make("SignalR", { ...common, ...serverless });
        for (const name of ["listWebPubSubKeys", "listSignalRKeys"]) {
            const keys = await azure.call(name, { ...inGroup, resourceName: "chat" });
            assert.match(String(keys.primaryConnectionString), /^Endpoint=http:\/\/localhost:\d+;AccessKey=/);
        }
        await assert.rejects(
            azure.call("listSignalRKeys", { ...inGroup, resourceName: "none" }),
            /SignalR Service "none" in resource group "rg" does not exist/,
        );
    });

    it("look up a SignalR Service of the stack", async () => {
        const { id, outputs } = await azure.make("SignalR", { ...common, ...serverless });
        assert.deepEqual(await azure.call("getSignalR", { ...inGroup, resourceName: "chat" }), { ...outputs, id });
    });

    for (const { title, inputs, fault } of [
        {
            title: "a mode that needs app servers",
            inputs: {},
            fault: /features has ServiceMode "Default": it must be "Serverless" or "Classic", because the local Azure has no app servers/,
        },
        {
            title: "units that the tier does not allow",
            inputs: { ...serverless, sku: { name: "Free_F1", capacity: 2 } },
            fault: /sku\.capacity is 2: Free_F1 allows 1/,
        },
        {
            title: "an upstream without a URL",
            inputs: { ...serverless, upstream: { templates: [{ hubPattern: "*" }] } },
            fault: /properties\.upstream\.templates\[0\]\.urlTemplate is missing/,
        },
    ]) {
        it(`refuse a SignalR Service with ${title}`, () => {
            assert.throws(() => azure.check("SignalR", { ...common, ...inputs }), fault);
        });
    }

    it("open a SignalR Service with its mode, upstream, origins and time-out, as the resource has them", async () => {
        const upstream = { templates: [{ urlTemplate: "http://localhost:1/{event}", hubPattern: "*" }] };
        const settings = {
            upstream,
            cors: { allowedOrigins: ["https://a.example"] },
            serverless: { connectionTimeoutInSeconds: 60 },
        };
        await azure.make("SignalR", { ...common, ...serverless, ...settings });
        assert.deepEqual(emulator.signalR, { serviceMode: "Serverless", ...settings });
    });

    it("close a SignalR Service and its identity when it is removed", async () => {
        const { id, outputs, keep, inputs } = await azure.make("SignalR", { ...common, ...serverless });
        const world = azure.world;
        await azure.find("SignalR").remove({ world, made: { id, outputs, keep: keep ?? {} }, inputs });
        assert.ok(emulator.calls.includes("closeService chat"));
        assert.equal(emulator.principals.size, 0);
        assert.equal(world.signalRServices.find(id), undefined);
    });

    it("accept event listeners for Web PubSub, and refuse them for Socket.IO", async () => {
        const hub = { ...inGroup, resourceName: "chat", hubName: "hub", properties: { eventListeners: [listener] } };
        await azure.make("WebPubSub", { ...common, ...kinds.WebPubSub });
        await azure.make("WebPubSubHub", hub);
        await azure.make("WebPubSub", { ...common, ...kinds.SocketIO, resourceName: "socket" });
        await assert.rejects(
            azure.make("WebPubSubHub", { ...hub, resourceName: "socket" }),
            /eventListeners must be empty: Web PubSub for Socket\.IO has no event listeners/,
        );
    });

    it("keep an event hub, which a program can look up and assign a role on", async () => {
        await azure.make("Namespace", { ...inGroup, namespaceName: "chat-events", sku: { name: "Standard" } });
        const { id } = await azure.make("EventHub", { ...inGroup, namespaceName: "chat-events", eventHubName: "all" });
        assert.match(id, /Microsoft\.EventHub\/namespaces\/chat-events\/eventhubs\/all$/);
        const found = await azure.call("getNamespace", { ...inGroup, namespaceName: "chat-events" });
        assert.equal(new URL(String(found.serviceBusEndpoint)).hostname, "localhost");
    });
});
