import assert from "node:assert/strict";
import { WebSocket } from "ws";
import type { InspectEvent } from "../../../emulator/core/inspect";
import { FakeClock } from "../../support/clock";
import { openTestInspector, type TestInspector } from "../../support/inspector";
import { startSignalR, type TestSignalR } from "../../support/signalRService";
import { connected, next, startTestService, type TestService } from "../../support/socketIOService";
import { json, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

const whyOf = (inspector: TestInspector, code: string): Promise<InspectEvent> =>
    inspector.event((event) => event.kind === "why" && event.code === code, code);

describe("trying things on Web PubSub from the inspector", () => {
    let clock: FakeClock;
    let inspector: TestInspector;
    let test: WebPubSubTest;
    beforeEach(async () => {
        clock = new FakeClock(Date.now());
        inspector = await openTestInspector();
        test = await startWebPubSub({ inspection: inspector.inspection, clock });
    });
    afterEach(async () => {
        await test.close();
        await inspector.close();
    });

    it("sends to a hub, group, user or connection, and tells to how many", async () => {
        const client = await test.client({ protocols: [json], userId: "ann", groups: ["room"] });
        const targets: [to: object, count: number][] = [
            [{ all: true }, 1],
            [{ group: "room" }, 1],
            [{ user: "ann" }, 1],
            [{ connection: client.connectionId }, 1],
            [{ group: "nobody" }, 0],
        ];
        for (const [to, count] of targets) {
            const sent = await inspector.act({ do: "send", service: "chat", hub: "chat", to, data: { n: 1 } });
            assert.deepEqual(sent, { status: 200, body: { ok: true, result: { count } } });
            if (count === 1) {
                const message = await client.next();
                assert.deepEqual([message.dataType, message.data], ["json", { n: 1 }]);
            }
        }
    });

    it("opens a test client with the roles and groups that were chosen, and closes it", async () => {
        const { body } = await inspector.act({
            do: "connect",
            service: test.service.id,
            hub: "chat",
            user: "tester",
            roles: ["webpubsub.sendToGroup.room"],
            groups: ["room"],
            protocol: "json.webpubsub",
        });
        const { url, accessToken } = body.result as { url: string; accessToken: string };
        const client = await test.client({ token: accessToken, protocols: [json] });
        assert.match(url, new RegExp(`^ws://localhost:${test.service.port}/client/hubs/chat$`));
        const { connections } = await inspector.state();
        assert.deepEqual([connections[0]?.user, connections[0]?.groups], ["tester", ["room"]]);
        const connection = client.connectionId;
        assert.equal(
            (await inspector.act({ do: "close", service: "chat", hub: "chat", connection, reason: "by hand" })).status,
            200,
        );
        assert.equal((await client.closed).code, 1000);
        const closed = await inspector.event(({ kind, name }) => kind === "connection" && name === "closed", "the end");
        assert.match(closed.message ?? "", /by hand/);
    });

    for (const { action, error } of [
        {
            action: { do: "send", service: "other", hub: "chat", to: { all: true } },
            error: /'service' is 'other'; services are chat/,
        },
        {
            action: { do: "send", service: "chat", hub: "none", to: { all: true } },
            error: /'hub' is 'none'; hubs .* are chat/,
        },
        { action: { do: "send", service: "chat", hub: "chat", to: {} }, error: /'to' has to be one of/ },
        { action: { do: "close", service: "chat", hub: "chat", connection: "x" }, error: /no connection 'x'/ },
        {
            action: { do: "connect", service: "chat", hub: "chat", protocol: "socketio" },
            error: /speaks json.webpubsub, raw/,
        },
        {
            action: { do: "connect", service: "chat", hub: "chat", protocol: "raw", roles: [1] },
            error: /'roles' has to be a list/,
        },
        { action: { do: "call", app: "none", function: "f" }, error: /'app' is 'none'; apps are none/ },
        { action: { do: "fault", kind: "slow", target: "chat", value: 0 }, error: /'value' is 0; .* from 1 to 60000/ },
        { action: { do: "fault", kind: "slow", target: "x", value: 1 }, error: /'target' is 'x'; .*chat/ },
        { action: { do: "fault", kind: "handlerError", target: "chat", value: 200 }, error: /from 400 to 599/ },
        { action: { do: "fault", kind: "cut", target: "x" }, error: /no connection 'x'/ },
        { action: { do: "clearFault", id: "x" }, error: /no fault 'x'/ },
        { action: null, error: /'do' is 'undefined'/ },
        { action: { do: "__proto__" }, error: /'do' is '__proto__'/ },
        { action: { do: { toString: 1 } }, error: /'do' is 'object'/ },
    ]) {
        it(`says what is wrong with ${JSON.stringify(action)}`, async () => {
            const { status, body } = await inspector.act(action);
            assert.equal(status, 400);
            assert.match(String(body.error), error);
        });
    }

    it("lets the handler answer 500 until that is cleared", async () => {
        const client = await test.client({ protocols: [json] });
        const { body } = await inspector.act({ do: "fault", kind: "handlerError", target: "chat", value: 503 });
        client.send({ type: "event", event: "hello", ackId: 1, dataType: "text", data: "hi" });
        const refused = await client.next();
        assert.deepEqual([refused.success, (refused.error as { name: string }).name], [false, "InternalServerError"]);
        assert.equal((await inspector.state()).faults[0]?.kind, "handlerError");
        await inspector.act({ do: "clearFault", id: (body.result as { id: string }).id });
        client.send({ type: "event", event: "hello", ackId: 2, dataType: "text", data: "hi" });
        assert.equal((await client.next()).success, true);
        assert.deepEqual((await inspector.state()).faults, []);
    });

    it("slows both ways down and keeps the order, until that is cleared", async () => {
        const client = await test.client({ protocols: [json] });
        const { body } = await inspector.act({ do: "fault", kind: "slow", target: "chat", value: 40 });
        const began = clock.now();
        for (const ackId of [1, 2, 3]) {
            client.send({ type: "joinGroup", group: "room", ackId });
        }
        for (const ackId of [1, 2, 3]) {
            for (let step = 0; client.received.length === 0 && step < 10_000; step++) {
                await clock.advance(1);
            }
            assert.ok(clock.now() - began >= 80, `an answer came after ${clock.now() - began} ms`);
            const ack = await client.next();
            assert.deepEqual([ack.ackId, (ack.error as { name: string }).name], [ackId, "Forbidden"]);
        }
        await inspector.act({ do: "clearFault", id: (body.result as { id: string }).id });
        client.send({ type: "ping" });
        assert.deepEqual(await client.next(), { type: "pong" });
    });

    it("cuts a socket without a goodbye", async () => {
        const client = await test.client({ protocols: [json] });
        await inspector.act({ do: "fault", kind: "cut", target: client.connectionId });
        assert.equal((await client.closed).code, 1006);
    });

    it("takes a role away, which the client then lacks", async () => {
        const client = await test.client({ protocols: [json], roles: ["webpubsub.sendToGroup"] });
        await inspector.act({
            do: "fault",
            kind: "revokeRole",
            target: `${client.connectionId}|webpubsub.sendToGroup.room`,
        });
        client.send({ type: "sendToGroup", group: "room", ackId: 1, dataType: "text", data: "hi" });
        assert.equal(((await client.next()).error as { name: string }).name, "Forbidden");
        const why = await whyOf(inspector, "roleMissing");
        assert.match(why.fix ?? "", /"webpubsub.sendToGroup" or "webpubsub.sendToGroup.room"/);
    });
});

describe("trying things on Socket.IO from the inspector", () => {
    let inspector: TestInspector;
    let test: TestService;
    beforeEach(async () => {
        inspector = await openTestInspector();
        test = await startTestService({ inspection: inspector.inspection });
    });
    afterEach(async () => {
        await test.close();
        await inspector.close();
    });

    it("shows transport, user and rooms, and sends to a namespace and a room", async () => {
        const socket = await connected(await test.client({ userId: "ann", namespace: "/ns" }));
        const [connection] = (await inspector.state()).connections;
        assert.deepEqual([connection?.user, connection?.protocol], ["ann", "socket.io"]);
        assert.deepEqual(connection?.groups, ["/ns", `/ns ${socket.id}`]);
        const [hub] = (await inspector.state()).services[0]?.hubs ?? [];
        assert.deepEqual(hub?.groups, [{ name: "/ns", connections: 1 }], "without the socket's own room");
        for (const action of [
            { hub: "/ns", to: { all: true } },
            { hub: "hub", to: { group: `/ns ${socket.id}` } },
            { hub: "/ns", to: { group: String(socket.id) } },
        ]) {
            const arrived = next(socket, "news");
            const sent = await inspector.act({
                do: "send",
                service: "chat",
                ...action,
                event: "news",
                data: [1, "two"],
            });
            assert.deepEqual(sent.body, { ok: true, result: { count: 1 } });
            assert.deepEqual(await arrived, [1, "two"]);
        }
    });

    it("joins an event, its upstream call and its answer by one trace, and names a room that is empty", async () => {
        const socket = await connected(await test.client({ userId: "ann" }));
        socket.emit("hello", { a: 1 });
        const sent = await inspector.event(
            ({ kind, name, duration }) => kind === "clientEvent" && name === "hello" && duration !== undefined,
            "the event",
        );
        const kinds = (await inspector.events()).filter(({ trace }) => trace === sent.trace).map(({ kind }) => kind);
        assert.deepEqual(kinds, ["clientEvent", "upstream", "answer"]);
        await test.send({ to: "groups/0~Lw~bm93aGVyZQ/" }, '42["x"]');
        assert.match((await whyOf(inspector, "noGroupMember")).message ?? "", /Nobody is in group '\/ nowhere'/);
    });

    it("names the hubs to a client of an unknown one", async () => {
        const response = await fetch(`${test.service.endpoint}/clients/socketio/hubs/other/?EIO=4&transport=polling`);
        assert.equal(response.status, 404);
        assert.match((await whyOf(inspector, "noHub")).message ?? "", /no hub 'other'.*hub/);
    });
});

describe("trying things on SignalR from the inspector", () => {
    let inspector: TestInspector;
    let test: TestSignalR;
    beforeEach(async () => {
        inspector = await openTestInspector();
        test = await startSignalR({ inspection: inspector.inspection });
    });
    afterEach(async () => {
        await test.close();
        await inspector.close();
    });

    it("shows the connection, sends to it, and joins an invocation and its upstream call", async () => {
        const client = await test.connect({ userId: "ann" });
        const [connection] = (await inspector.state()).connections;
        assert.deepEqual([connection?.user, connection?.transport, connection?.protocol], ["ann", "websocket", "json"]);
        const arrived = new Promise((resolve) => client.on("news", (...values: unknown[]) => resolve(values)));
        const sent = await inspector.act({
            do: "send",
            service: "chat",
            hub: "chat",
            to: { user: "ann" },
            event: "news",
            data: [1, "two"],
        });
        assert.deepEqual(sent.body, { ok: true, result: { count: 1 } });
        assert.deepEqual(await arrived, [1, "two"]);
        await client.send("hello", "there");
        const event = await inspector.event(
            ({ kind, name, duration }) => kind === "clientEvent" && name === "hello" && duration !== undefined,
            "the event",
        );
        const kinds = (await inspector.events()).filter(({ trace }) => trace === event.trace).map(({ kind }) => kind);
        assert.deepEqual(kinds, ["clientEvent", "upstream", "answer"]);
    });

    it("opens a test client with chosen claims", async () => {
        const { body } = await inspector.act({
            do: "connect",
            service: "chat",
            hub: "chat",
            user: "tester",
            protocol: "signalr-json",
        });
        const { url, accessToken } = body.result as { url: string; accessToken: string };
        const socket = new WebSocket(`${url}&access_token=${accessToken}`);
        await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
        socket.send('{"protocol":"json","version":1}\u001e');
        await inspector.event(
            ({ kind, name, user }) => kind === "connection" && name === "opened" && user === "tester",
            "the client",
        );
        socket.terminate();
    });

    it("says that no template takes an event, and that nobody is in a group", async () => {
        test.service.update({
            upstream: { templates: [{ urlTemplate: "http://localhost:1/x", eventPattern: "other" }] },
        });
        const client = await test.connect();
        await client.invoke("hello").catch(() => undefined);
        assert.match((await whyOf(inspector, "noHandler")).fix ?? "", /eventPattern in upstream.templates/);
        await test.rest("POST", "/api/hubs/chat/groups/nowhere/:send?api-version=2022-06-01", {
            body: { Target: "x", Arguments: [] },
        });
        assert.match((await whyOf(inspector, "noGroupMember")).message ?? "", /'nowhere'/);
    });
});
