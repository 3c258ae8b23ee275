import assert from "node:assert/strict";
import { FakeClock } from "../../support/clock";
import { until } from "../../support/until";
import { json, reliable, startWebPubSub, type TestClient, type WebPubSubTest } from "../../support/webPubSubService";

describe("Web PubSub recovery of reliable clients", () => {
    let test: WebPubSubTest;
    let clock: FakeClock;
    beforeEach(async () => {
        clock = new FakeClock();
        test = await startWebPubSub({ clock, hub: { webSocketKeepAliveIntervalInSeconds: 120, eventHandlers: [] } });
    });
    afterEach(() => test.close());

    const send = (text: string, query = "") =>
        test.rest("POST", `/api/hubs/chat/:send?${query}`, { body: text, contentType: "text/plain" });

    /** Cuts a client's connection. Resolves when the service waits for the client to reconnect. */
    async function cut(client: TestClient): Promise<void> {
        const before = clock.pending().length;
        client.socket.terminate();
        await clock.waitFor(() => clock.pending().length > before, "the recovery window");
    }

    function back({ connectionId, reconnectionToken }: TestClient, token = reconnectionToken): Promise<TestClient> {
        const query = { awps_connection_id: connectionId, awps_reconnection_token: token };
        return test.client({ token: null, protocols: [reliable], query });
    }

    it("replays the messages that the client did not acknowledge, and continues their numbers", async () => {
        const client = await test.client({ protocols: [reliable], groups: ["g"] });
        for (const text of ["one", "two"]) {
            await send(text);
            assert.equal((await client.next()).data, text);
        }
        client.send({ type: "sequenceAck", sequenceId: 1 });
        client.send({ type: "ping" });
        await client.next();
        await cut(client);
        await send("three");
        assert.equal((await test.rest("HEAD", `/api/hubs/chat/connections/${client.connectionId}`)).status, 200);
        const again = await back(client);
        assert.deepEqual(await again.next(), {
            type: "message",
            from: "server",
            dataType: "text",
            data: "two",
            sequenceId: 2,
        });
        assert.equal((await again.next()).sequenceId, 3);
        await send("four");
        assert.equal((await again.next()).sequenceId, 4);
        assert.equal((await test.rest("HEAD", "/api/hubs/chat/groups/g")).status, 200);
    });

    it("drops messages whose time to live has passed, and keeps those without one", async () => {
        const client = await test.client({ protocols: [reliable] });
        await cut(client);
        await send("short", "messageTtlSeconds=5");
        await send("long");
        await clock.advance(6000);
        const again = await back(client);
        assert.equal((await again.next()).data, "long");
        assert.equal(again.received.length, 0);
    });

    it("keeps an ended connection for 30 s and refuses it with 1008 after that", async () => {
        const client = await test.client({ protocols: [reliable] });
        await cut(client);
        await clock.advance(29_999);
        assert.equal(test.service.connections(), 1);
        await clock.advance(1);
        assert.equal(test.service.connections(), 0);
        const again = await back(client);
        assert.deepEqual(await again.closed, { code: 1008, reason: "The connection could not be recovered." });
    });

    it("refuses another connection's token with 1008, and a client that is not reliable", async () => {
        const client = await test.client({ protocols: [reliable] });
        const other = await test.client({ protocols: [reliable] });
        await cut(client);
        assert.equal((await (await back(client, other.reconnectionToken)).closed).code, 1008);
        const plain = await test.client({ protocols: [json] });
        assert.equal((await (await back(plain)).closed).code, 1008);
        assert.equal((await back(client)).socket.readyState, 1);
    });

    it("lets a client back in whose old socket has not closed yet, and cuts that one", async () => {
        const client = await test.client({ protocols: [reliable] });
        const again = await back(client);
        assert.equal((await client.closed).code, 1006);
        await send("x");
        assert.equal((await again.next()).data, "x");
        assert.equal(test.service.connections(), 1);
    });

    // 1001: test_recovery.py in Azure/azure-sdk-for-python, azure-messaging-webpubsubclient. Any code but 1000, also none, which is
    // what the JavaScript SDK stops with: ClientConnectionHandler.cs of the vendor's own emulator.
    for (const code of [undefined, 1001, 1002, 1011, 3000, 4001]) {
        it(`gives a client its connection back that closed with ${code ?? "no code"}`, async () => {
            const client = await test.client({ protocols: [reliable], groups: ["g"] });
            const before = clock.pending().length;
            client.socket.close(code);
            await client.closed;
            await clock.waitFor(() => clock.pending().length > before, "the recovery window");
            await send("missed");
            const again = await back(client);
            assert.deepEqual((await again.next()).data, "missed");
            assert.equal((await test.rest("HEAD", "/api/hubs/chat/groups/g")).status, 200);
        });
    }

    it("ends the session of a client that closed with 1000", async () => {
        const client = await test.client({ protocols: [reliable] });
        client.socket.close(1000);
        await client.closed;
        assert.equal((await test.rest("HEAD", `/api/hubs/chat/connections/${client.connectionId}`)).status, 404);
        const again = await back(client);
        assert.deepEqual(await again.closed, { code: 1008, reason: "The connection could not be recovered." });
    });

    it("ends the session of a client that closed with 1001 when it does not come back within 30 seconds", async () => {
        const client = await test.client({ protocols: [reliable] });
        const before = clock.pending().length;
        client.socket.close(1001);
        await clock.waitFor(() => clock.pending().length > before, "the recovery window");
        await clock.advance(30_000);
        assert.equal((await test.rest("HEAD", `/api/hubs/chat/connections/${client.connectionId}`)).status, 404);
    });

    it("closes a client with 1008 that has 1000 messages unacknowledged, and does not recover it", async () => {
        const client = await test.client({ protocols: [reliable], groups: ["g"], roles: ["webpubsub.sendToGroup.g"] });
        for (let count = 0; count <= 1000; count++) {
            client.send({ type: "sendToGroup", group: "g", data: count });
        }
        assert.deepEqual(await client.closed, { code: 1008, reason: "The reliable message buffer is full." });
        assert.equal(client.received.length, 1000);
        assert.equal((await (await back(client)).closed).code, 1008);
    });

    it("does not keep a client that closed its connection normally", async () => {
        const client = await test.client({ protocols: [reliable] });
        client.socket.close(1000);
        await until(() => test.service.connections() === 0, "the end of the connection");
    });
});
