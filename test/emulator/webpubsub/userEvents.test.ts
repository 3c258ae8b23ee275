import assert from "node:assert/strict";
import { FakeClock } from "../../support/clock";
import type { HandlerAnswer } from "../../support/eventHandlerServer";
import { until } from "../../support/until";
import { json, reliable, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

describe("Web PubSub user events", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub();
    });
    afterEach(() => test.close());

    /** Sends three events of one client, and returns them as the handler got them. */
    async function sendThree() {
        const client = await test.client({ protocols: [json] });
        for (const data of [1, 2, 3]) {
            client.send({ type: "event", event: "e", data, ackId: data });
        }
        await until(() => client.received.length === 3, "three acks");
        return test.handler.events().filter(({ headers }) => headers["ce-eventname"] === "e");
    }

    function answer(reply: HandlerAnswer): void {
        test.handler.respond = ({ headers }) => (String(headers["ce-type"]).includes(".user.") ? reply : {});
    }

    for (const { sent, contentType, body } of [
        { sent: { dataType: "text", data: "héllo" }, contentType: "text/plain; charset=utf-8", body: "héllo" },
        { sent: { data: { a: [1] } }, contentType: "application/json", body: '{"a":[1]}' },
        { sent: { dataType: "binary", data: "AQI=" }, contentType: "application/octet-stream", body: "\x01\x02" },
    ]) {
        it(`sends ${sent.dataType ?? "json"} data as ${contentType}`, async () => {
            const client = await test.client({ protocols: [json], userId: "u" });
            client.send({ type: "event", event: "Hello", ...sent, metadata: { Key: "v" } });
            const event = await test.event("Hello");
            assert.equal(event.headers["content-type"], contentType);
            assert.equal(event.body, body);
            assert.equal(event.headers["ce-type"], "azure.webpubsub.user.Hello");
            assert.equal(event.headers["ce-subprotocol"], json);
            assert.equal(event.headers["ce-source"], `/hubs/chat/client/${client.connectionId}`);
            assert.equal(event.headers["x-webpubsub-metadata-key"], "v");
            assert.equal(event.url, "/events/chat/Hello");
        });
    }

    for (const { contentType, body, expected } of [
        { contentType: "text/plain; charset=utf-8", body: "hi", expected: { dataType: "text", data: "hi" } },
        { contentType: "application/json", body: '{"a":1}', expected: { dataType: "json", data: { a: 1 } } },
        { contentType: "application/octet-stream", body: "\x01", expected: { dataType: "binary", data: "AQ==" } },
        { contentType: undefined, body: "\x01", expected: { dataType: "binary", data: "AQ==" } },
    ]) {
        it(`turns an answer of type ${contentType} into a ${expected.dataType} message, before the ack`, async () => {
            answer({ status: 200, headers: contentType === undefined ? {} : { "content-type": contentType }, body });
            const client = await test.client({ protocols: [json] });
            client.send({ type: "event", event: "e", data: 1, ackId: 1 });
            assert.deepEqual(await client.next(), { type: "message", from: "server", ...expected });
            assert.deepEqual(await client.next(), { type: "ack", ackId: 1, success: true });
        });
    }

    it("turns an empty answer with metadata into a text message", async () => {
        answer({ status: 200, headers: { "x-webpubsub-metadata-kind": "note" } });
        const client = await test.client({ protocols: [json] });
        client.send({ type: "event", event: "e", data: 1 });
        const metadata = { kind: "note" };
        assert.deepEqual(await client.next(), {
            type: "message",
            from: "server",
            dataType: "text",
            data: "",
            metadata,
        });
    });

    for (const { what, reply } of [
        { what: "of an unknown type", reply: { headers: { "content-type": "application/xml" }, body: "<x/>" } },
        { what: "that is broken JSON", reply: { headers: { "content-type": "application/json" }, body: "{" } },
        { what: "with status 400", reply: { status: 400, body: "no" } },
    ]) {
        it(`fails an event whose answer is one ${what}, and keeps a JSON client`, async () => {
            const client = await test.client({ protocols: [json] });
            answer(reply);
            client.send({ type: "event", event: "e", data: 1, ackId: 1 });
            const error = { name: "InternalServerError", message: "Internal server error" };
            assert.deepEqual(await client.next(), { type: "ack", ackId: 1, success: false, error });
            client.send({ type: "ping" });
            assert.deepEqual(await client.next(), { type: "pong" });
        });
    }

    it("closes a simple client with 1011 when its event fails, and answers it in plain frames when not", async () => {
        answer({ headers: { "content-type": "application/octet-stream" }, body: "\x05" });
        const client = await test.client();
        client.send("one");
        assert.deepEqual(await client.next(), Buffer.from([5]));
        answer({ status: 404 });
        client.send("two");
        assert.deepEqual(await client.closed, { code: 1011, reason: "Internal server error" });
        assert.deepEqual(
            test.handler
                .events()
                .map(({ headers }) => headers["ce-eventname"])
                .slice(-2),
            ["message", "disconnected"],
        );
    });

    it("fails an event that no pattern takes, and sends it nowhere", async () => {
        test.service.setHub("chat", {
            eventHandlers: [{ urlTemplate: test.handler.url, userEventPattern: "join, ROOM.*" }],
        });
        const client = await test.client({ protocols: [json] });
        client.send({ type: "event", event: "room.message", data: 1, ackId: 1 });
        assert.equal((await client.next()).success, true);
        client.send({ type: "event", event: "room.message.more", data: 1, ackId: 2 });
        assert.equal((await client.next()).success, false);
        assert.match(test.warnings(), /no event handler of the hub takes it.*'join, ROOM\.\*'.*room\.message\.more/);
        assert.equal(test.handler.events().length, 1);
    });

    for (const [what, state] of [
        ["UTF-8", Buffer.from("zustand-\u00e4-\u20ac").toString("latin1")],
        ["Latin-1", "zustand-\u00e4\u00ff"],
        ["a tab", "a\tb"],
    ] as const) {
        it(`gives the handler its state back byte for byte, with ${what} in it`, async () => {
            test.handler.respond = ({ method, headers }) =>
                method === "POST" && String(headers["ce-type"]).includes("user")
                    ? { headers: { "ce-connectionState": String(headers["ce-connectionstate"] ?? state) } }
                    : {};
            const events = await sendThree();
            assert.deepEqual(
                events.map(({ headers }) => headers["ce-connectionstate"]),
                [undefined, state, state],
            );
        });
    }

    it("delivers a client's events one after the other, with the state the last answer left", async () => {
        let running = 0;
        test.handler.respond = async ({ method, headers, body }) => {
            if (method !== "POST" || !String(headers["ce-type"]).includes("user")) {
                return {};
            }
            assert.equal(++running, 1);
            await new Promise((resolve) => setImmediate(resolve));
            running--;
            return { headers: { "ce-connectionState": `after-${body}` } };
        };
        const events = await sendThree();
        assert.deepEqual(
            events.map(({ headers, body }) => [body, headers["ce-connectionstate"]]),
            [
                ["1", undefined],
                ["2", "after-1"],
                ["3", "after-2"],
            ],
        );
    });

    // Source: ClientConnectionHandler.cs of the vendor's own emulator, which reads frames one after the other.
    for (const [what, protocols, code] of [
        ["a JSON client that closes normally", [json], 1000],
        ["a JSON client that closes without a code", [json], undefined],
        ["a reliable client that closes normally", [reliable], 1000],
        ["a simple client", [], 1000],
    ] as const) {
        it(`delivers what ${what} said before it left, then that it left`, async () => {
            let release = (): void => undefined;
            const released = new Promise<void>((resolve) => (release = resolve));
            test.handler.respond = async ({ headers }) => {
                if (String(headers["ce-type"]).includes("user")) {
                    await released;
                }
                return {};
            };
            const seen = test.handler.events().length;
            const client = await test.client({ protocols: [...protocols], userId: what });
            for (const data of ["1", "2", "3"]) {
                client.send(protocols.length === 0 ? data : { type: "event", event: "message", data: Number(data) });
            }
            client.socket.close(code);
            await client.closed;
            await until(() => test.service.connections() === 0, "the end of the connection");
            release();
            const told = () =>
                test.handler
                    .events()
                    .slice(seen)
                    .filter(({ headers }) => headers["ce-userid"] === what)
                    .map(({ headers, body }) => `${headers["ce-eventname"]} ${body}`);
            await until(() => told().some((event) => event.startsWith("disconnected")), "disconnected");
            assert.deepEqual(told().slice(-4), ["message 1", "message 2", "message 3", 'disconnected {"reason":""}']);
        });
    }

    it("logs a handler that did not answer within 100 s", async () => {
        const clock = new FakeClock();
        const slow = await startWebPubSub({ clock });
        try {
            slow.handler.respond = ({ method, headers }) =>
                method === "POST" && headers["ce-eventname"] === "e" ? "hang" : {};
            const client = await slow.client({ protocols: [json] });
            client.send({ type: "event", event: "e", data: 1, ackId: 1 });
            await slow.event("e");
            // Advances in smaller steps with a ping after each, which keeps the client connected.
            for (let seconds = 0; seconds < 100; seconds += 20) {
                await clock.advance(20_000);
                client.send({ type: "ping" });
                await until(() => client.received.length > 0, "the pong");
                if (seconds < 80) {
                    client.received.length = 0;
                }
            }
            await until(() => client.received.length === 2, "the ack");
            const ack = client.received.find((frame) => (frame as { type: string }).type === "ack");
            assert.equal((ack as { error: { name: string } }).error.name, "Timeout");
        } finally {
            await slow.close();
        }
    });
});
