import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { WebSocket } from "ws";
import { startEmulator } from "../../../emulator";
import {
    called,
    closed,
    LongPolling,
    ServerSentEvents,
    signalRId,
    startSignalR,
    type TestSignalR,
} from "../../support/signalRService";
import { until } from "../../support/until";

describe("SignalR service", () => {
    let test: TestSignalR;
    beforeEach(async () => {
        test = await startSignalR({ accessKeys: { primaryKey: "first", secondaryKey: "second" } });
    });
    afterEach(() => test.close());

    it("gives out its address and keys in the shape of Azure", () => {
        const { port, hostName, endpoint, keys } = test.service;
        assert.equal(hostName, `localhost:${port}`);
        assert.equal(endpoint, `http://localhost:${port}`);
        assert.equal(keys.secondaryConnectionString, `Endpoint=http://localhost:${port};AccessKey=second;Version=1.0;`);
    });

    it("signs with new keys after a rotation, and keeps its clients", async () => {
        const client = await test.connect();
        test.service.update({ accessKeys: { primaryKey: "third", secondaryKey: "second" } });
        const news = called(client, "news");
        await test.send({ target: "news" });
        await news;
        await client.invoke("a");
        const [before, after] = ["connected", "a"].map((name) => test.events(name)[0]?.headers["x-asrs-signature"]);
        assert.notEqual(before, after);
        assert.equal(String(before).split(",")[1], String(after).split(",")[1]);
    });

    it("answers 404 and says where clients connect when nothing is there", async () => {
        const response = await fetch(`${test.service.endpoint}/chatHub/negotiate`, { method: "POST" });
        assert.equal(response.status, 404);
        assert.match(await response.text(), /Clients connect to \/client\/\?hub=\{hub\}/);
    });

    it("refuses MessagePack over server-sent events", async () => {
        const headers = { Authorization: `Bearer ${await test.token()}` };
        const url = `${test.service.endpoint}/client`;
        const negotiated = await fetch(`${url}/negotiate?hub=chat&negotiateVersion=1`, { method: "POST", headers });
        const { connectionToken } = (await negotiated.json()) as { connectionToken: string };
        const connection = `${url}/?hub=chat&id=${connectionToken}`;
        const stream = await fetch(connection, { headers: { ...headers, Accept: "text/event-stream" } });
        const again = await fetch(connection, { headers: { ...headers, Accept: "text/event-stream" } });
        assert.equal(again.status, 409);
        await fetch(connection, { method: "POST", headers, body: '{"protocol":"messagepack","version":1}\u001e' });
        assert.match(await stream.text(), /data: \{"error":"Cannot use the 'messagepack' protocol/);
    });

    // Source: HttpConnectionDispatcherTests.cs of dotnet/aspnetcore.
    describe("requests of a connection that has another transport", () => {
        let headers: Record<string, string>;
        beforeEach(async () => {
            headers = { Authorization: `Bearer ${await test.token()}` };
        });

        async function negotiated(): Promise<string> {
            const url = `${test.service.endpoint}/client/negotiate?hub=chat&negotiateVersion=1`;
            const answer = await (await fetch(url, { method: "POST", headers })).json();
            const { connectionToken } = answer as { connectionToken: string };
            return `${test.service.endpoint}/client/?hub=chat&id=${connectionToken}`;
        }
        const eventStream = (connection: string) =>
            fetch(connection, { headers: { ...headers, Accept: "text/event-stream" } });
        const poll = (connection: string) => fetch(connection, { headers });
        const told = async (answer: Response) => [answer.status, await answer.text()];

        it("cannot send by POST, or change the transport, on a WebSocket", async () => {
            const connection = await negotiated();
            const socket = new WebSocket(connection.replace("http:", "ws:"), { headers });
            await once(socket, "open");
            const posted = await fetch(connection, { method: "POST", headers, body: '{"type":6}\u001e' });
            assert.deepEqual(await told(posted), [405, "POST requests are not allowed for WebSocket connections."]);
            assert.deepEqual(await told(await poll(connection)), [400, "Cannot change transports mid-connection"]);
            assert.deepEqual(await told(await fetch(connection, { method: "DELETE", headers })), [
                400,
                "Cannot terminate this connection using the DELETE endpoint.",
            ]);
            assert.equal(socket.readyState, WebSocket.OPEN);
            socket.terminate();
        });

        it("cannot poll or end a stream of events", async () => {
            const connection = await negotiated();
            const stream = await eventStream(connection);
            assert.deepEqual(await told(await poll(connection)), [400, "Cannot change transports mid-connection"]);
            assert.equal((await fetch(connection, { method: "DELETE", headers })).status, 400);
            await stream.body?.cancel();
        });

        it("cannot open a stream or a WebSocket where they poll, and no cache keeps a poll", async () => {
            const connection = await negotiated();
            const first = await poll(connection);
            assert.equal(first.status, 200);
            assert.equal(first.headers.get("cache-control"), "no-cache, no-store");
            assert.deepEqual(await told(await eventStream(connection)), [
                400,
                "Cannot change transports mid-connection",
            ]);
            const socket = new WebSocket(connection.replace("http:", "ws:"), { headers });
            const [, answer] = await once(socket, "unexpected-response");
            assert.equal((answer as { statusCode: number }).statusCode, 400);
            socket.on("error", () => undefined).terminate();
            assert.equal((await fetch(connection, { method: "DELETE", headers })).status, 202);
        });

        for (const [version, error] of [
            ["one", "The client requested a non-integer protocol version."],
            ["", "The client requested a non-integer protocol version."],
            ["-1", "The client requested version '-1', but the server does not support this version."],
        ] as const) {
            it(`are not negotiated in version '${version}'`, async () => {
                const url = `${test.service.endpoint}/client/negotiate?hub=chat&negotiateVersion=${version}`;
                const answer = await fetch(url, { method: "POST", headers });
                assert.deepEqual([answer.status, await answer.json()], [200, { error }]);
            });
        }
    });

    it("hears that clients of each transport were cut off or left", async () => {
        for (const transport of [ServerSentEvents, LongPolling]) {
            const client = await test.connect({ transport });
            assert.equal(test.service.connections(), 1);
            await client.stop();
            await until(() => test.service.connections() === 0, "the connection to go");
        }
    });

    it("closes a client that sends what cannot be read", async () => {
        const client = await test.connect();
        const end = closed(client);
        (client as unknown as { connection: { send(text: string): Promise<void> } }).connection.send("rubbish\u001e");
        assert.match(String(await end), /not JSON/);
        assert.match(test.warnings().join("\n"), /cannot be read/);
    });

    it("opens through the emulator's front door, where one resource is open once", async () => {
        const folder = await mkdtemp(join(tmpdir(), "signalr-test-"));
        const emulator = await startEmulator({ folder });
        try {
            const service = await emulator.openSignalRService({
                id: signalRId,
                name: "chat",
                serviceMode: "Serverless",
            });
            assert.equal((await fetch(`${service.endpoint}/api/health`)).status, 200);
            await assert.rejects(emulator.openSignalRService({ id: signalRId, name: "chat" }), /is open already/);
        } finally {
            await emulator.close();
            await rm(folder, { recursive: true, force: true });
        }
    });

    it("reconnects a client whose connection the service closes, when the client is made for it", async () => {
        const client = new HubConnectionBuilder()
            .withUrl(`${test.service.endpoint}/client/?hub=chat`, { accessTokenFactory: () => test.token() })
            .withHubProtocol(new MessagePackHubProtocol())
            .withAutomaticReconnect([0])
            .configureLogging(LogLevel.None)
            .build();
        await client.start();
        const back = new Promise((resolve) => client.onreconnected(resolve));
        await test.rest("POST", "/api/hubs/chat/:closeConnections?reason=move");
        await back;
        assert.equal(test.service.connections(), 1);
        await client.stop();
    });
});
