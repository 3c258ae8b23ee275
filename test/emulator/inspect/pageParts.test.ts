import assert from "node:assert/strict";
import { formatAge, formatData, formatDuration } from "../../../emulator/inspect/page/format";
import { layOut } from "../../../emulator/inspect/page/graph";
import { readData, socketUrl, wireOf } from "../../../emulator/inspect/page/protocols";
import type { InspectEvent, Resource } from "../../../emulator/inspect/page/types";
import { stepsOf } from "../../../emulator/inspect/page/waterfall";
import { eventOf, scenario, stateOf } from "./scenario";

describe("the waterfall of a trace", () => {
    const trace = (events: InspectEvent[], now = 0) =>
        stepsOf(events, now).steps.map(({ event, depth }) => `${" ".repeat(depth)}${event.kind}`);

    it("puts each step below its cause, in the order of their starts", () => {
        const events = scenario(0).filter(({ trace }) => trace.startsWith("0af"));
        assert.deepEqual(trace(events.reverse()), [
            "clientEvent",
            " upstream",
            "  function",
            "   log",
            "   rest",
            "    broadcast",
            " ack",
        ]);
    });

    it("spans the time from the first start to the last end", () => {
        const { steps, total } = stepsOf(scenario(0).slice(1, 8), 0);
        assert.ok(Math.abs(total - 61.4) < 1e-6);
        for (const { from, share } of steps) {
            assert.ok(from >= 0 && from + share <= 1 + 1e-9);
        }
    });

    it("lets a step that runs reach until now", () => {
        const running = eventOf({ id: 1, kind: "function", start: 100 });
        assert.deepEqual(stepsOf([running], 400).steps, [
            { event: running, depth: 0, from: 0, share: 1, running: true },
        ]);
    });

    it("puts what the app does in a span of its own below the function that ran then", () => {
        const events = [
            eventOf({ id: 1, kind: "clientEvent", span: "a", parent: "browser", start: 1, duration: 30 }),
            eventOf({ id: 2, kind: "function", span: "b", parent: "a", start: 2, duration: 20 }),
            eventOf({ id: 3, kind: "function", span: "c", parent: "a", start: 3, duration: 2 }),
            eventOf({ id: 4, kind: "rest", span: "d", parent: "own", start: 4, duration: 1 }),
            eventOf({ id: 5, kind: "rest", span: "e", parent: "own", start: 10, duration: 1 }),
            eventOf({ id: 6, kind: "broadcast", span: "f", parent: "e", start: 10.5, duration: 0 }),
            eventOf({ id: 7, kind: "rest", span: "g", parent: "late", start: 40, duration: 1 }),
        ];
        assert.deepEqual(
            stepsOf(events, 0).steps.map(({ event: { span }, depth }) => `${span} ${depth}`),
            ["a 0", "b 1", "e 2", "f 3", "c 1", "d 2", "g 2"],
        );
    });

    it("shows every step of a trace whose cause is unknown, or whose causes are a circle", () => {
        const circle = [
            eventOf({ id: 1, span: "a", parent: "b" }),
            eventOf({ id: 2, span: "b", parent: "a" }),
            eventOf({ id: 3, span: "c", parent: "gone" }),
            eventOf({ id: 4, span: "d", parent: "d" }),
        ];
        assert.equal(stepsOf(circle, 0).steps.length, 4);
    });

    it("puts what shares the span of a step below that step", () => {
        const events = [
            eventOf({ id: 1, kind: "answer", span: "a", start: 5, duration: 0 }),
            eventOf({ id: 2, kind: "log", span: "a", start: 1 }),
            eventOf({ id: 3, kind: "function", span: "a", start: 2, duration: 3 }),
        ];
        assert.deepEqual(trace(events).sort(), [" answer", " log", "function"].sort());
    });
});

describe("the graph of a deployment", () => {
    const resource = (name: string, dependsOn: string[] = [], more: Partial<Resource> = {}): Resource => ({
        urn: name,
        name,
        type: "azure-native:web:WebApp",
        id: name,
        dependsOn,
        last: "same",
        changed: [],
        ...more,
    });
    const edges = (resources: Resource[]) =>
        layOut(resources).edges.map(([from, to]) => `${from.resource.name} ${to.resource.name}`);

    it("leads from left to right and leaves out what follows from other edges", () => {
        const { nodes } = layOut([resource("c", ["a", "b"]), resource("b", ["a"]), resource("a")]);
        assert.deepEqual(Object.fromEntries(nodes.map((node) => [node.resource.name, node.column])), {
            a: 0,
            b: 1,
            c: 2,
        });
        assert.deepEqual(edges([resource("c", ["a", "b"]), resource("b", ["a"]), resource("a")]).sort(), [
            "a b",
            "b c",
        ]);
    });

    it("puts each beside the first that waits for it", () => {
        const chain = ["a", "b", "c", "d"].map((name, index, all) => resource(name, all.slice(index - 1, index)));
        const { nodes } = layOut([
            ...chain,
            resource("secret", ["vault"]),
            resource("vault", ["a"]),
            resource("hub", ["d", "secret"]),
        ]);
        assert.deepEqual(Object.fromEntries(nodes.map((node) => [node.resource.name, node.column])), {
            a: 0,
            b: 1,
            c: 2,
            vault: 2,
            d: 3,
            secret: 3,
            hub: 4,
        });
    });

    it("takes a dependency on a component for one on what the component holds", () => {
        const component = resource("app", [], { id: undefined, type: "my:index:App" });
        const inner = resource("site", [], { parent: "app" });
        assert.deepEqual(edges([component, inner, resource("hub", ["app"])]), ["site hub"]);
        // A child that waits for its own component waits for its brothers, not for itself.
        assert.deepEqual(edges([component, resource("site", ["app"], { parent: "app" })]), []);
    });

    it("shows a resource that the update deleted, and no provider", () => {
        const gone = resource("gone", [], { id: undefined, last: "deleted" });
        const { nodes } = layOut([gone, resource("aws", [], { type: "pulumi:providers:aws" })]);
        assert.deepEqual(
            nodes.map((node) => node.resource.name),
            ["gone"],
        );
    });

    it("ends for a circle, for a resource that is gone, and for none", () => {
        assert.equal(layOut([resource("a", ["b"]), resource("b", ["a", "gone"])]).nodes.length, 2);
        assert.deepEqual(layOut([]), { nodes: [], edges: [], columns: 0, rows: 0 });
    });

    it("gives each resource a place of its own", () => {
        const { nodes, columns, rows } = layOut(stateOf(0).deployment?.resources ?? []);
        assert.equal(nodes.length, 36);
        assert.equal(new Set(nodes.map(({ column, row }) => `${column} ${row}`)).size, 36);
        assert.ok(nodes.every(({ column, row }) => column < columns && row >= 0 && row < rows));
    });
});

describe("a test client of the inspector's page", () => {
    it("finds the address of each protocol", () => {
        const given = { url: "http://localhost:80/clients/socketio/hubs/chat", accessToken: "a b" };
        assert.equal(
            socketUrl({ ...given, protocol: "socketio" }),
            "ws://localhost/clients/socketio/hubs/chat/?EIO=4&transport=websocket&access_token=a+b",
        );
        assert.equal(
            socketUrl({
                url: "https://localhost:1/client/?hub=chat&access_token=x",
                accessToken: "y",
                protocol: "signalr-json",
            }),
            "ws://localhost:1/client/?hub=chat&access_token=x",
        );
    });

    it("speaks Socket.IO", () => {
        const wire = wireOf("socketio", "/admin");
        assert.deepEqual(wire.read('0{"sid":"x"}'), [{ reply: "40/admin," }]);
        assert.deepEqual(wire.read("2"), [{ reply: "3" }]);
        assert.deepEqual(wire.read('40/admin,{"sid":"x"}'), [{ ready: true, text: 'connected {"sid":"x"}' }]);
        assert.deepEqual(wire.read('42/admin,["tick",{"a":[1]}]'), [{ text: 'event ["tick",{"a":[1]}]' }]);
        assert.deepEqual(wire.read('430["ok"]'), [{ text: 'ack 0["ok"]' }]);
        assert.equal(wire.read('44/admin,{"message":"no"}')[0]?.failed, true);
        assert.equal(wire.write({ event: "say", data: ["a", 1] }), '42/admin,0["say","a",1]');
        assert.equal(wireOf("socketio").write({ event: "say", data: { a: 1 } }), '420["say",{"a":1}]');
    });

    it("speaks the JSON protocol of Web PubSub", () => {
        const wire = wireOf("json.webpubsub");
        assert.equal(wire.subprotocol, "json.webpubsub.azure.v1");
        assert.equal(wire.read('{"type":"system","event":"connected"}')[0]?.ready, true);
        assert.deepEqual(JSON.parse(wire.write({ event: "say", data: { a: 1 } })), {
            type: "event",
            event: "say",
            ackId: 1,
            dataType: "json",
            data: { a: 1 },
        });
        assert.deepEqual(JSON.parse(wire.write({ type: "joinGroup", event: "", group: "tea", data: "" })), {
            type: "joinGroup",
            group: "tea",
            ackId: 2,
        });
    });

    it("speaks SignalR's JSON", () => {
        const wire = wireOf("signalr-json");
        assert.deepEqual(wire.opening, ['{"protocol":"json","version":1}\u001e']);
        assert.deepEqual(wire.read('{}\u001e{"type":6}\u001e'), [
            { ready: true, text: "connected" },
            { reply: '{"type":6}\u001e' },
        ]);
        assert.equal(wireOf("signalr-json").read('{"error":"no"}\u001e')[0]?.failed, true);
        assert.equal(
            wire.write({ event: "say", data: "hello" }),
            '{"type":1,"invocationId":"1","target":"say","arguments":["hello"]}\u001e',
        );
    });

    it("sends text as it is where it is no JSON", () => {
        assert.equal(readData("hello"), "hello");
        assert.deepEqual(readData('{"a":1}'), { a: 1 });
        assert.equal(wireOf("raw").write({ event: "", data: { a: 1 } }), '{"a":1}');
    });
});

describe("what the inspector's page writes", () => {
    it("says times in the unit that reads best", () => {
        assert.deepEqual([0.42, 61.4, 1500, 61_000].map(formatDuration), ["0.4 ms", "61 ms", "1.5 s", "1 min"]);
        assert.deepEqual([-5, 59_000, 7_200_000, 187_200_000].map(formatAge), ["0 s", "59 s", "2 h 0 min", "2 d 4 h"]);
    });

    it("indents JSON, and leaves what is cut or binary as it is", () => {
        assert.equal(formatData({ data: '{"a":1}', dataType: "json" }), '{\n  "a": 1\n}');
        assert.equal(formatData({ data: '{"a":', dataType: "json" }), '{"a":');
        assert.equal(formatData({ data: "1234", dataType: "binary" }), "1234");
    });
});
