import assert from "node:assert/strict";
import type { TestApp } from "../../support/functionApp";
import { answer, fn, http, withApp } from "../../support/functionFiles";

// What a realtime trigger costs that Azure does not take: the function, or the whole app. Sources: AttributeConverter.cs of
// azure-webjobs-sdk, which makes the trigger from its JSON while a function is indexed; TryCreateAsync of the vendor's trigger binding
// providers, likewise; CreateListenerAsync of the trigger bindings, whose errors HostListenerFactory.cs lets through, so the host does not
// start; StartAsync of the listeners, whose errors FunctionListener.cs keeps to the function.

const general = "Microsoft.Azure.Functions.ExtensionBundle";
const endpoint = "Endpoint=http://localhost;AccessKey=a2V5;Version=1.0;";
const settings = {
    WebPubSubForSocketIOConnectionString: endpoint,
    WebPubSubConnectionString: endpoint,
    AzureSignalRConnectionString: endpoint,
};
const socketIO = { type: "socketIOTrigger", direction: "in", name: "request", hub: "hub", eventName: "say" };
const webPubSub = {
    type: "webPubSubTrigger",
    direction: "in",
    name: "data",
    hub: "hub",
    eventType: "user",
    eventName: "say",
};
const signalR = {
    type: "signalRTrigger",
    direction: "in",
    name: "call",
    hubName: "hub",
    category: "messages",
    event: "say",
};
interface Trigger {
    type: string;
    [property: string]: unknown;
}
const without = (binding: Trigger, ...names: string[]): Trigger => ({
    ...Object.fromEntries(Object.entries(binding).filter(([name]) => !names.includes(name))),
    type: binding.type,
});
const bundleOf = ({ type }: { type: string }) => ({
    "host.json": JSON.stringify({
        version: "2.0",
        extensionBundle: {
            id: type.startsWith("socketIO") ? `${general}.Preview` : general,
            version: "[4.30.0, 5.0.0)",
        },
    }),
});
const errorsOf = ({ entries }: TestApp) =>
    entries.filter(({ message }) => / function is in error: /.test(message)).map(({ message }) => message);
const get = async (test: TestApp, path: string) => (await fetch(test.url(path))).status;

describe("functions: a realtime trigger that Azure does not take", () => {
    const single: [what: string, binding: Trigger, reason: RegExp, settings?: Record<string, string>][] = [
        ["Socket.IO without a hub", without(socketIO, "hub"), /has no hub\./],
        [
            "Socket.IO without a hub, whatever the default hub",
            without(socketIO, "hub"),
            /has no hub\./,
            { WebPubSubForSocketIOHub: "hub" },
        ],
        ["Socket.IO with the hub null", { ...socketIO, hub: null }, /has no hub\./],
        ["Socket.IO without an event", without(socketIO, "eventName"), /has no eventName\./],
        ["Socket.IO with an empty event", { ...socketIO, eventName: "" }, /has no eventName\./],
        ["Socket.IO with nothing", without(socketIO, "hub", "eventName"), /no hub and no eventName/],
        ["Socket.IO with a text for names", { ...socketIO, parameterNames: "a" }, /'parameterNames' is "a"/],
        ["Socket.IO with an object as hub", { ...socketIO, hub: { a: 1 } }, /'hub' is \{"a":1\}\. It must be a text/],
        ["Web PubSub without a type", without(webPubSub, "eventType"), /has no eventType\./],
        ["Web PubSub without an event", without(webPubSub, "eventName"), /has no eventName\./],
        ["Web PubSub with another type", { ...webPubSub, eventType: "client" }, /It must be system, user\./],
        [
            "Web PubSub with another client",
            { ...webPubSub, clientProtocols: "amqp" },
            /It must be all, webPubSub, mqtt/,
        ],
        ["Web PubSub with a text for services", { ...webPubSub, connections: "A" }, /'connections' is "A"/],
        ["SignalR without a hub", without(signalR, "hubName"), /has no hubName\./],
        ["SignalR with an empty hub", { ...signalR, hubName: "" }, /has no hubName\./],
        ["SignalR without a category", without(signalR, "category"), /has no category\./],
        ["SignalR without an event", without(signalR, "event"), /has no event\./],
    ];
    for (const [what, binding, reason, more] of single) {
        it(`costs the function alone: ${what}`, () =>
            withApp(
                { ...bundleOf(binding), ...fn("bad", binding), ...fn("hi", http, answer) },
                { settings: { ...settings, ...more } },
                async (test) => {
                    assert.deepEqual(test.app.functions(), ["hi"]);
                    assert.equal(await get(test, "/api/hi"), 200);
                    assert.equal(errorsOf(test).length, 1);
                    assert.match(errorsOf(test)[0] ?? "", reason);
                },
            ));
    }

    const twice: [what: string, first: Trigger, second: object][] = [
        ["Socket.IO", socketIO, { ...socketIO, hub: "HUB", eventName: "Say" }],
        ["Socket.IO with its usual namespace", socketIO, { ...socketIO, namespace: "/" }],
        ["Web PubSub", webPubSub, { ...webPubSub, hub: "HUB", eventType: "User" }],
        ["Web PubSub with a number for a type", webPubSub, { ...webPubSub, eventType: 1 }],
        ["Web PubSub by a setting", webPubSub, { ...webPubSub, hub: "%TheHub%" }],
    ];
    for (const [what, first, second] of twice) {
        it(`costs the second of two functions for one event: ${what}`, () =>
            withApp(
                { ...bundleOf(first), ...fn("one", first), ...fn("two", second), ...fn("hi", http, answer) },
                { settings: { ...settings, TheHub: "hub" } },
                async (test) => {
                    assert.equal(await get(test, "/api/hi"), 200);
                    assert.equal(errorsOf(test).length, 1);
                    assert.match(
                        errorsOf(test)[0] ?? "",
                        /^The 'two' function is in error: The listener for function 'Functions\.two' was unable to start\. Duplicated binding attribute find: .*'one' and 'two'/,
                    );
                },
            ));
    }

    it("is none where two functions take different events", () =>
        withApp(
            {
                ...bundleOf(webPubSub),
                ...fn("one", webPubSub),
                ...fn("two", { ...webPubSub, eventName: "connect", eventType: "system" }),
                ...fn("three", { ...webPubSub, clientProtocols: "webPubSub" }),
                ...fn("four", { ...webPubSub, hub: "other" }),
            },
            { settings },
            async (test) => {
                assert.deepEqual(errorsOf(test), []);
                assert.deepEqual(test.app.functions(), ["four", "one", "three", "two"]);
            },
        ));

    const fatal: [what: string, triggers: Trigger[], reason: RegExp, settings?: object][] = [
        ["Socket.IO with an empty hub", [{ ...socketIO, hub: "" }], /Hub name should be configured/],
        ["Socket.IO without its connection", [socketIO], /SocketIO connection string .* does not exist/, {}],
        ["Web PubSub without a hub", [without(webPubSub, "hub")], /Hub name should be configured/],
        ["SignalR with another category", [{ ...signalR, category: "news" }], /Category news is not supported/],
        [
            "SignalR with another event",
            [{ ...signalR, category: "connections", event: "connect" }],
            /Event connect is not supported in connections/,
        ],
        ["SignalR twice", [signalR, { ...signalR, event: "SAY" }], /Duplicated key parameter hub: hub/],
    ];
    for (const [what, triggers, reason, given = settings] of fatal) {
        it(`costs the app: ${what}`, () =>
            withApp(
                {
                    ...bundleOf(triggers[0]!),
                    ...fn("hi", http, answer),
                    ...Object.assign({}, ...triggers.map((trigger, index) => fn(`bad${index}`, trigger))),
                },
                { settings: given as Record<string, string> },
                async (test) => {
                    assert.equal(test.app.status().state, "Failed");
                    assert.match(test.app.status().reason ?? "", reason);
                    assert.equal(await get(test, "/api/hi"), 503);
                },
            ));
    }

    it("costs nothing where an app setting disables the function", () =>
        withApp(
            { ...bundleOf(socketIO), ...fn("bad", { ...socketIO, hub: "" }), ...fn("hi", http, answer) },
            { settings: { ...settings, "AzureWebJobs.bad.Disabled": "true" } },
            async (test) => assert.equal(await get(test, "/api/hi"), 200),
        ));
});
