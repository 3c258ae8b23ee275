import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { WebSocket } from "ws";
import { FakeClock } from "../../support/clock";
import { connected, next, startTestService, type TestService } from "../../support/socketIOService";
import { until } from "../../support/until";

/** A WebSocket client that sends exactly the frames that a test gives it. */
async function rawClient(test: TestService, options: { token?: string; hub?: string } = {}) {
    const token = options.token ?? (await test.token());
    const url = `${test.service.endpoint.replace("http", "ws")}/clients/socketio/hubs/${options.hub ?? "hub"}/?EIO=4&transport=websocket&access_token=${token}`;
    const socket = new WebSocket(url);
    const received: string[] = [];
    socket.on("message", (data) => void received.push(String(data)));
    socket.on("error", () => {});
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    await until(() => received.length > 0, "the open packet");
    return { socket, received, closed };
}

describe("Socket.IO clients that break the rules", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    it("pings at the hub's keep-alive interval", async () => {
        test.service.setHub("hub", { webSocketKeepAliveIntervalInSeconds: 7 });
        const { received, socket } = await rawClient(test);
        assert.equal(JSON.parse((received[0] ?? "").slice(1)).pingInterval, 7000);
        socket.close();
    });

    const broken: [what: string, packets: (string | Buffer)[]][] = [
        ["text that is no packet", ["4hello"]],
        ["an unknown Engine.IO type", ["9"]],
        ["JSON that ends early", ["40", '42["a']],
        ["an EVENT without a name", ["40", "42"]],
        ["an EVENT for a namespace that is not connected", ["40", '42/other,["a"]']],
        ["CONNECT twice", ["40", "40"]],
        ["CONNECT_ERROR", ["40", '44{"message":"x"}']],
        ["binary data that nobody announced", ["40", Buffer.from([1])]],
    ];
    for (const [what, packets] of broken) {
        it(`closes a connection that sends ${what}, and no other`, async () => {
            const other = await connected(await test.client());
            const { socket, received, closed } = await rawClient(test);
            for (const packet of packets) {
                socket.send(packet);
                if (packet === "40") {
                    await until(() => received.some((text) => text.startsWith("40")), "the socket");
                }
            }
            await closed;
            other.emit("still here");
            await until(
                () => test.handler.events().some(({ headers }) => headers["ce-eventname"] === "still here"),
                "the other client's event",
            );
            assert.equal(test.service.connections(), 1);
        });
    }

    it("drops a late packet for a namespace the client was removed from", async () => {
        const { socket, received } = await rawClient(test);
        socket.send("40");
        await until(() => received.some((text) => text.startsWith("40")), "the socket");
        socket.send("41");
        socket.send('42["late"]');
        socket.send("40/other,");
        await until(() => received.some((text) => text.startsWith("40/other,")), "the other namespace");
        assert.deepEqual(test.warnings(), []);
        socket.close();
    });

    it("sends disconnected to a handler that accepted a client which had left by then", async () => {
        let release = (): void => {};
        const gate = new Promise<void>((resolve) => {
            release = resolve;
        });
        test.handler.respond = async ({ headers }) => {
            if (headers["ce-eventname"] === "connect") {
                await gate;
            }
            return { headers: { "WebHook-Allowed-Origin": "*" } };
        };
        const { socket, closed } = await rawClient(test);
        socket.send("40");
        await until(() => test.handler.events().length === 1, "the connect event");
        socket.close();
        await closed;
        release();
        await until(() => test.handler.events().length === 2, "the disconnected event");
        assert.equal(test.handler.events()[1]?.headers["ce-eventname"], "disconnected");
    });

    it("closes a connection that joins no namespace within 45 s", async () => {
        const clock = new FakeClock(Date.now());
        const timed = await startTestService({ clock });
        try {
            const { closed } = await rawClient(timed);
            await clock.advance(45_000);
            await closed;
            assert.match(timed.warnings()[0] ?? "", /joined no namespace within 45 s/);
        } finally {
            await timed.close();
        }
    });

    it("closes a WebSocket that sends more than 1 MB at once, and says so", async () => {
        const other = await connected(await test.client());
        const { socket, closed } = await rawClient(test);
        socket.send(`42["big","${"x".repeat(1_000_001)}"]`);
        await closed;
        await until(() => test.warnings().length > 0, "the warning");
        assert.match(test.warnings()[0] ?? "", /sent more than 1000000 bytes at once/);
        assert.equal(other.connected, true);
    });

    it("closes a polling client that sends more than 1 MB at once, and says so", async () => {
        const socket = await connected(await test.client({ transports: ["polling"] }));
        const gone = next(socket, "disconnect");
        socket.emit("big", "x".repeat(1_000_001));
        await gone;
        await until(() => test.service.connections() === 0, "the connection to go");
        assert.match(test.warnings()[0] ?? "", /bytes at once; 1000000 is the most/);
    });

    it("survives clients that cut their connection in the middle of anything", async () => {
        const token = await test.token();
        for (let count = 0; count < 10; count++) {
            const request = httpRequest(
                `${test.service.endpoint}/clients/socketio/hubs/hub/?EIO=4&transport=websocket&access_token=${token}`,
                {
                    headers: {
                        Connection: "Upgrade",
                        Upgrade: "websocket",
                        "Sec-WebSocket-Version": "13",
                        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
                    },
                },
            );
            request.on("error", () => {});
            request.end();
            request.once("socket", (socket) => socket.once("connect", () => setImmediate(() => socket.destroy())));
            await new Promise((resolve) => request.once("close", resolve));
        }
        await connected(await test.client());
    });
});
