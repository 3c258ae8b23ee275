import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { FakeClock } from "../../support/clock";
import { startSignalR, type TestSignalR } from "../../support/signalRService";

const end = "\u001e";
const hello = `{"protocol":"json","version":1}${end}`;

describe("SignalR service: time", () => {
    let test: TestSignalR;
    let clock: FakeClock;
    beforeEach(async () => {
        clock = new FakeClock(Date.now());
        test = await startSignalR({ clock });
    });
    afterEach(() => test.close());

    interface RawClient {
        socket: WebSocket;
        heard: string[];
        closed: boolean;
    }

    /** A WebSocket that sends only the frames that a test gives it. */
    async function open(handshake = hello): Promise<RawClient> {
        const url = `${test.service.endpoint}/client/?hub=chat&access_token=${await test.token()}`;
        const client: RawClient = { socket: new WebSocket(url), heard: [], closed: false };
        client.socket.on("message", (data) => client.heard.push(...String(data).split(end).filter(Boolean)));
        client.socket.on("close", () => {
            client.closed = true;
        });
        await new Promise((resolve) => client.socket.once("open", resolve));
        if (handshake !== "") {
            client.socket.send(handshake);
            await clock.waitFor(() => client.heard.length > 0, "the handshake's answer");
        }
        return client;
    }

    it("pings a client that nothing was sent to for 15 s", async () => {
        const { heard, socket } = await open();
        await clock.advance(14_000);
        await test.send({ target: "news" });
        await clock.waitFor(() => heard.length === 2, "the message");
        socket.send(`{"type":6}${end}`);
        await clock.waitFor(() => test.service.connections() === 1);
        await clock.advance(14_000);
        assert.equal(heard.length, 2);
        await clock.advance(1_000);
        await clock.waitFor(() => heard.length === 3, "the ping");
        assert.equal(heard[2], '{"type":6}');
    });

    it("closes a client that says nothing for 30 s, and tells it and upstream why", async () => {
        const client = await open();
        await clock.advance(29_000);
        assert.equal(test.service.connections(), 1);
        await clock.advance(1_000);
        await clock.waitFor(() => client.closed, "the close");
        assert.match(client.heard.at(-1) ?? "", /"type":7.*nothing, not even a ping, for 30 s.*"allowReconnect":true/);
        await clock.waitFor(() => test.events("disconnected").length === 1, "the disconnected event");
        assert.match(test.events("disconnected")[0]?.body ?? "", /for 30 s/);
    });

    it("waits for a client as long as the service's settings say", async () => {
        test.service.update({ serverless: { connectionTimeoutInSeconds: 5 } });
        const client = await open();
        await clock.advance(5_000);
        await clock.waitFor(() => client.closed, "the close");
        assert.match(client.heard.at(-1) ?? "", /for 5 s/);
    });

    it("closes a client that sends no handshake within 15 s", async () => {
        const client = await open("");
        await clock.waitFor(() => clock.pending().some((time) => time <= 15_000 && time > 1000));
        await clock.advance(15_000);
        await clock.waitFor(() => client.closed, "the close");
        assert.equal(client.heard[0], '{"error":"Handshake was canceled."}');
        assert.equal(test.upstream.calls.length, 0);
    });

    it("forgets a negotiation that nobody uses within 15 s", async () => {
        const headers = { Authorization: `Bearer ${await test.token()}` };
        const url = `${test.service.endpoint}/client`;
        const negotiated = await fetch(`${url}/negotiate?hub=chat&negotiateVersion=1`, { method: "POST", headers });
        const { connectionToken } = (await negotiated.json()) as { connectionToken: string };
        await clock.advance(15_000);
        assert.equal((await fetch(`${url}?hub=chat&id=${connectionToken}`, { headers })).status, 404);
    });

    describe("long polling", () => {
        let call: (method: string, body?: string) => Promise<Response>;
        beforeEach(async () => {
            const headers = { Authorization: `Bearer ${await test.token()}` };
            const url = `${test.service.endpoint}/client`;
            const negotiated = await fetch(`${url}/negotiate?hub=chat&negotiateVersion=1`, { method: "POST", headers });
            const { connectionToken } = (await negotiated.json()) as { connectionToken: string };
            call = (method, body) => fetch(`${url}/?hub=chat&id=${connectionToken}`, { method, headers, body });
            assert.equal(await (await call("GET")).text(), "");
            assert.equal((await call("POST", hello)).status, 200);
            assert.equal(await (await call("GET")).text(), `{}${end}`);
        });

        it("answers a poll that waits with a ping after 15 s", async () => {
            const poll = call("GET");
            await clock.advance(15_000);
            assert.equal(await (await poll).text(), `{"type":6}${end}`);
        });

        it("answers all that waited at once, and the last poll with 204", async () => {
            await test.send({ target: "a" });
            await test.send({ target: "b" });
            const text = await (await call("GET")).text();
            assert.deepEqual(
                text
                    .split(end)
                    .filter(Boolean)
                    .map((item) => (JSON.parse(item) as { target: string }).target),
                ["a", "b"],
            );
            assert.equal((await call("DELETE")).status, 202);
            assert.equal((await call("GET")).status, 204);
            assert.equal((await call("GET")).status, 404);
            assert.equal(test.service.connections(), 0);
        });

        it("ends an older poll when a newer one comes", async () => {
            const older = call("GET");
            const newer = call("GET");
            const first = await Promise.race([older, newer]);
            assert.equal(first.status, 204);
            await test.send({ target: "a" });
            const texts = await Promise.all([older, newer].map(async (poll) => (await poll).text()));
            assert.match(texts.join(""), /"target":"a"/);
        });

        it("refuses a second transport for the same connection", async () => {
            const url = `${test.service.endpoint}/client/?hub=chat`;
            assert.equal(
                (await fetch(url, { headers: { Authorization: `Bearer ${await test.token()}` } })).status,
                400,
            );
            assert.equal((await call("PUT")).status, 405);
        });
    });
});
