import assert from "node:assert/strict";
import { join } from "node:path";
import type { InspectEvent, WhyCode } from "../../../emulator/core/inspect";
import { FakeClock } from "../../support/clock";
import { startEventHandler } from "../../support/eventHandlerServer";
import { fixtures, openTestApp } from "../../support/functionApp";
import { openTestInspector, type TestInspector } from "../../support/inspector";
import { startSignalR } from "../../support/signalRService";
import { connected, startTestService } from "../../support/socketIOService";
import { until } from "../../support/until";
import { json, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

const whyOf = (inspector: TestInspector, code: WhyCode): Promise<InspectEvent> =>
    inspector.event((event) => event.kind === "why" && event.code === code, code);

/** Lets the waits between attempts pass until something has happened. */
async function inTime<T>(clock: FakeClock, happens: Promise<T>): Promise<T> {
    let isOver = false;
    const over = happens.finally(() => {
        isOver = true;
    });
    await clock.passWaits(() => isOver);
    return over;
}

describe("what the inspector says of a failure that is silent otherwise", () => {
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

    it("says why a message reached nobody", async () => {
        await test.rest("POST", "/api/hubs/chat/groups/nowhere/:send?api-version=2024-12-01", {
            body: "x",
            contentType: "text/plain",
        });
        assert.match(
            (await whyOf(inspector, "noGroupMember")).message ?? "",
            /Nobody is in group 'nowhere' of hub 'chat'/,
        );
        await test.rest("POST", "/api/hubs/chat/users/bob/:send?api-version=2024-12-01", {
            body: "x",
            contentType: "text/plain",
        });
        assert.match((await whyOf(inspector, "noUser")).message ?? "", /User 'bob'/);
    });

    it("says why an event has no handler, in the line of the hub", async () => {
        test.service.setHub("chat", {
            eventHandlers: [{ urlTemplate: "http://localhost:1/x", userEventPattern: "other", systemEvents: [] }],
        });
        const client = await test.client({ protocols: [json] });
        client.send({ type: "event", event: "hello", ackId: 1, dataType: "text", data: "hi" });
        await client.next();
        const why = await inspector.event((event) => event.code === "noHandler" && event.name === "hello", "the cause");
        assert.match(why.message ?? "", /selects user event 'hello'/);
        assert.match(why.fix ?? "", /userEventPattern .* 'other'/);
        const connect = await inspector.event(
            (event) => event.code === "noHandler" && event.name === "connect",
            "the cause",
        );
        assert.match(connect.fix ?? "", /Add "connect" to systemEvents/);
    });

    it("says that the hub of a client has no handler, because any hub's name is let in", async () => {
        const client = await test.client({ hub: "chatt", protocols: [json] });
        client.send({ type: "event", event: "hello", ackId: 1, dataType: "text", data: "hi" });
        await client.next();
        const why = await inspector.event((event) => event.code === "noHandler" && event.name === "hello", "the cause");
        assert.match(why.message ?? "", /Hub 'chatt' has no event handler, so its events go nowhere/);
        assert.match(why.fix ?? "", /hubs: \[\{ name: "chatt", eventHandlers/);
    });

    it("finds no fault when a filter or an exclusion leaves nobody", async () => {
        const client = await test.client({
            protocols: [json],
            roles: ["webpubsub.sendToGroup", "webpubsub.joinLeaveGroup"],
        });
        client.send({ type: "joinGroup", group: "room", ackId: 1 });
        await client.next();
        const plain = { body: "x", contentType: "text/plain" };
        const excluded = `excluded=${client.connectionId}&api-version=2024-12-01`;
        await test.rest("POST", `/api/hubs/chat/groups/room/:send?${excluded}`, plain);
        await test.rest("POST", `/api/hubs/chat/:send?${excluded}`, plain);
        await test.rest("POST", "/api/hubs/chat/:send?filter=userId%20eq%20'nobody'&api-version=2024-12-01", plain);
        client.send({ type: "sendToGroup", group: "room", noEcho: true, ackId: 2, dataType: "text", data: "hi" });
        await client.next();
        const events = await inspector.events();
        const counts = events.filter(({ kind }) => kind === "broadcast").map(({ count }) => count);
        assert.deepEqual(counts, [0, 0, 0, 0]);
        assert.deepEqual(
            events.filter(({ kind, code }) => kind === "why" && code !== "noHandler").map(({ message }) => message),
            [],
        );
        await test.rest("POST", `/api/hubs/chat/groups/empty/:send?${excluded}`, plain);
        await whyOf(inspector, "noGroupMember");
    });

    it("names the event and the trigger that the app lacks", async () => {
        test.handler.respond = ({ method }) => (method === "OPTIONS" ? {} : { status: 404 });
        await test.refused();
        const why = await whyOf(inspector, "noHandler");
        assert.equal(why.name, "connect");
        assert.match(why.message ?? "", /No function takes the event 'connect' of hub 'chat': .* answered 404/);
        assert.match(why.fix ?? "", /webPubSubTrigger \(hub 'chat', eventType 'system', eventName 'connect'\)/);
        assert.match(why.fix ?? "", /systemEvents/);
    });

    const answers: [code: WhyCode, answer: () => Parameters<typeof startEventHandler>[0], fix: RegExp][] = [
        [
            "functionFailed",
            () =>
                ({ method }) =>
                    method === "OPTIONS" ? {} : { status: 500 },
            /Open the function's row/,
        ],
        ["keyRefused", () => () => ({ status: 401 }), /system key/],
        ["handshakeFailed", () => () => ({ status: 400 }), /No trigger of the app takes events of this service/],
        ["handshakeFailed", () => () => ({ status: 404 }), /Correct the path of urlTemplate/],
        ["handshakeFailed", () => () => ({ status: 200, headers: {} }), /must answer OPTIONS with 200/],
    ];
    for (const [code, answer, fix] of answers) {
        it(`explains ${code} with the line to change: ${fix.source}`, async () => {
            test.handler.respond = answer() as typeof test.handler.respond;
            await inTime(clock, test.refused());
            const why = await inspector.event((event) => event.code === code && event.name === "connect", code);
            assert.match(why.fix ?? "", fix);
        });
    }

    it("explains that nothing answers at the handler's address", async () => {
        // Nobody listens there.
        const urlTemplate = "http://localhost:1/events?code=abcdefgh12345678";
        test.service.setHub("chat", { eventHandlers: [{ urlTemplate, systemEvents: ["connect"] }] });
        await inTime(clock, test.refused());
        const why = await inspector.event(({ kind, name }) => kind === "why" && name === "connect", "the cause");
        assert.ok(why.code === "notConnected" || why.code === "handshakeFailed", why.code);
        assert.match(why.fix ?? "", /http:\/\/localhost:1\/events/);
        assert.doesNotMatch(JSON.stringify(await inspector.events()), /abcdefgh12345678/);
    });
});

describe("what the inspector says of a function that never answers", () => {
    it("explains that the time was over", async () => {
        const clock = new FakeClock();
        const inspector = await openTestInspector();
        const test = await startWebPubSub({ inspection: inspector.inspection, clock });
        const client = await test.client({ protocols: [json] });
        test.handler.respond = () => "hang";
        const before = test.handler.events().length;
        client.send({ type: "event", event: "slow", ackId: 1, dataType: "text", data: "hi" });
        await until(() => test.handler.events().length > before, "the event");
        await clock.advance(100_000);
        const why = await inspector.event(({ code, name }) => code === "ackTimeout" && name === "slow", "the cause");
        assert.match(why.fix ?? "", /The function must return/);
        await test.close();
        await inspector.close();
    });
});

describe("what the inspector says of an event that no function takes", () => {
    it("names the trigger of Socket.IO with its namespace", async () => {
        const inspector = await openTestInspector();
        const test = await startTestService({ inspection: inspector.inspection });
        const socket = await connected(await test.client({ userId: "ann", namespace: "/ns" }));
        test.handler.respond = ({ method }) => (method === "OPTIONS" ? {} : { status: 404 });
        socket.emit("no such event", 1);
        const why = await whyOf(inspector, "noHandler");
        assert.equal(why.name, "no such event");
        assert.match(why.message ?? "", /'no such event' of namespace '\/ns' of hub 'hub'/);
        assert.match(why.fix ?? "", /socketioTrigger \(hub 'hub', eventName 'no such event', namespace '\/ns'\)/);
        await test.close();
        await inspector.close();
    });

    it("finds no fault when the only one in a namespace is the one that the message leaves out", async () => {
        const inspector = await openTestInspector();
        const test = await startTestService({ inspection: inspector.inspection });
        const socket = await connected(await test.client({ userId: "ann" }));
        const group = (room: string) => `0~Lw~${room === "" ? "" : Buffer.from(room).toString("base64url")}`;
        const filter = `not ('${group(String(socket.id))}' in groups)`;
        assert.equal((await test.send({ to: `groups/${group("")}/`, filter }, '42["joined"]')).status, 202);
        await inspector.event(({ kind, count }) => kind === "broadcast" && count === 0, "the broadcast");
        assert.deepEqual(
            (await inspector.events()).filter(({ code }) => code === "noGroupMember"),
            [],
        );
        await test.close();
        await inspector.close();
    });

    it("names the trigger of SignalR with its category", async () => {
        const inspector = await openTestInspector();
        const handler = await startEventHandler(() => ({ status: 404 }));
        const test = await startSignalR({ inspection: inspector.inspection });
        test.service.update({
            upstream: { templates: [{ urlTemplate: handler.url, categoryPattern: "messages", hubPattern: "chat" }] },
        });
        const other = await test.connect({ hub: "chatt" });
        await other.invoke("lost").catch(() => undefined);
        const lost = await inspector.event(({ code, name }) => code === "noHandler" && name === "lost", "the cause");
        assert.match(lost.message ?? "", /No upstream template selects hub 'chatt'/);
        assert.match(lost.fix ?? "", /hubPattern/);
        const client = await test.connect();
        await client.invoke("hello").catch(() => undefined);
        const why = await inspector.event(({ code, name }) => code === "noHandler" && name === "hello", "the cause");
        assert.match(why.fix ?? "", /signalRTrigger \(hubName 'chat', category 'messages', event 'hello'\)/);
        await test.close();
        await handler.close();
        await inspector.close();
    });
});

describe("what the inspector says of a trigger that the plan does not start", () => {
    it("names the function and the plans that start it", async () => {
        const inspector = await openTestInspector();
        const connection =
            "Endpoint=http://localhost;Port=8080;AccessKey=7aab239577fd4f24bc919802fb629f5f;Version=1.0;";
        const test = await openTestApp({
            codeFolder: join(fixtures, "v4"),
            sku: "FlexConsumption",
            settings: { WebPubSubForSocketIOConnectionString: connection, WebPubSubConnectionString: connection },
            inspection: inspector.inspection,
        });
        await test.app.ready();
        const { systemKeys } = await test.app.hostKeys();
        const code = encodeURIComponent(String(systemKeys.socketio_extension));
        const response = await fetch(test.url(`/runtime/webhooks/socketio?code=${code}`), {
            method: "POST",
            headers: {
                "WebHook-Request-Origin": "localhost",
                "ce-hub": "testhub",
                "ce-type": "azure.webpubsub.sys.connected",
                "ce-eventName": "connected",
                "ce-connectionId": "0f9c97a2f0bf4706afe87a14e0797b11",
                "ce-namespace": "/",
                "ce-socketId": "socketId",
                "ce-signature": `sha256=${"7".repeat(64)}`,
            },
        });
        assert.equal(response.status, 404);
        const why = await whyOf(inspector, "planDoesNotStart");
        assert.match(why.message ?? "", /On Flex Consumption no listener of function '\w+' is started/);
        assert.match(why.fix ?? "", /Set plan .* "Consumption", "ElasticPremium" or "Dedicated"/);
        await test.close();
        await inspector.close();
    });
});
