import assert from "node:assert/strict";
import type { InspectEvent } from "../../../emulator/core/inspect";
import { openTestInspector, type TestInspector } from "../../support/inspector";
import { json, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

describe("the inspector of Web PubSub", () => {
    let inspector: TestInspector;
    let test: WebPubSubTest;
    beforeEach(async () => {
        inspector = await openTestInspector();
        test = await startWebPubSub({ inspection: inspector.inspection });
    });
    afterEach(async () => {
        await test.close();
        await inspector.close();
    });

    const kindsOf = (events: InspectEvent[], trace: string): string[] =>
        events.filter((event) => event.trace === trace).map(({ kind }) => kind);

    it("joins a client's event, the upstream call, the answer and the ack by one trace", async () => {
        const client = await test.client({ protocols: [json], userId: "ann" });
        test.handler.respond = () => ({
            status: 200,
            body: '{"a":1}',
            headers: { "content-type": "application/json" },
        });
        client.send({ type: "event", event: "hello", ackId: 1, dataType: "json", data: { text: "hi" } });
        const sent = await inspector.event(
            ({ kind, name, duration }) => kind === "clientEvent" && name === "hello" && duration !== undefined,
            "the event",
        );
        const events = await inspector.events();
        assert.deepEqual(kindsOf(events, sent.trace), ["clientEvent", "upstream", "answer", "ack"]);
        assert.equal(sent.user, "ann");
        assert.equal(sent.connection, client.connectionId);
        assert.deepEqual([sent.service, sent.product, sent.hub, sent.outcome], ["chat", "webpubsub", "chat", "ok"]);
        assert.deepEqual([sent.data, sent.dataType], ['{"text":"hi"}', "json"]);
        const upstream = events.find(({ kind, trace }) => kind === "upstream" && trace === sent.trace);
        assert.equal(upstream?.parent, sent.span);
        assert.equal(upstream?.status, 200);
        const received = await test.event("hello");
        assert.equal(received.headers.traceparent, `00-${sent.trace}-${upstream?.span}-01`);
    });

    it("shows hubs and connections, with groups and bytes", async () => {
        const client = await test.client({ protocols: [json], userId: "ann", groups: ["room"] });
        const { services, connections, more } = await inspector.state();
        assert.equal(services[0]?.product, "webpubsub");
        assert.deepEqual(services[0]?.hubs[0]?.groups, [{ name: "room", connections: 1 }]);
        assert.equal(connections[0]?.id, client.connectionId);
        assert.deepEqual([connections[0]?.user, connections[0]?.groups, more], ["ann", ["room"], 0]);
        assert.ok((connections[0]?.out ?? 0) > 0);
    });

    it("records nothing without an inspector that looks", async () => {
        const quiet = await openTestInspector({ record: false });
        const silent = await startWebPubSub({ inspection: quiet.inspection });
        try {
            const client = await silent.client({ protocols: [json] });
            client.send({ type: "event", event: "hello", dataType: "text", data: "hi" });
            const received = await silent.event("hello");
            assert.equal(received.headers.traceparent, undefined);
            assert.deepEqual(await quiet.events(), []);
        } finally {
            await silent.close();
            await quiet.close();
        }
    });
});
