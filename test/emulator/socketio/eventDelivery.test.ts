import assert from "node:assert/strict";
import { FakeClock } from "../../support/clock";
import { connected, startTestService, type TestService } from "../../support/socketIOService";
import { until } from "../../support/until";

describe("Socket.IO event delivery", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    const failures: [what: string, answer: Parameters<typeof respondWith>[0], warning: RegExp][] = [
        ["answers 400", { status: 400, body: "Bad thing" }, /answered 400: Bad thing/],
        [
            "answers JSON",
            { headers: { "Content-Type": "application/json" }, body: "{}" },
            /content type 'application\/json'/,
        ],
        ["answers rubbish", { headers: { "Content-Type": "text/plain" }, body: "rubbish" }, /not an Engine.IO packet/],
        [
            "answers half a packet",
            { headers: { "Content-Type": "text/plain" }, body: '43["a"' },
            /not an Engine.IO packet/,
        ],
    ];
    function respondWith(answer: { status?: number; headers?: Record<string, string>; body?: string }): void {
        test.handler.respond = ({ headers }) => (headers["ce-eventname"] === "e" ? answer : {});
    }
    for (const [what, answer, warning] of failures) {
        it(`keeps the connection, and says why there is no ack, when a handler ${what}`, async () => {
            respondWith(answer);
            const socket = await connected(await test.client());
            let acked = false;
            socket.emit("e", () => {
                acked = true;
            });
            await until(() => test.warnings().length > 0, "the warning");
            assert.match(test.warnings()[0] ?? "", /event 'e' failed: /);
            assert.match(test.warnings()[0] ?? "", warning);
            assert.equal(acked, false);
            assert.equal(socket.connected, true);
        });
    }

    it("delivers the events of a socket in order, while another socket's go on", async () => {
        let release = (): void => {};
        const gate = new Promise<void>((resolve) => {
            release = resolve;
        });
        test.handler.respond = async ({ body }) => {
            if (body.includes("slow")) {
                await gate;
            }
            return { headers: { "WebHook-Allowed-Origin": "*" } };
        };
        const slow = await connected(await test.client());
        const quick = await connected(await test.client());
        slow.emit("slow");
        slow.emit("after");
        quick.emit("other");
        const names = (): string[] => test.handler.events().map(({ headers }) => String(headers["ce-eventname"]));
        await until(() => names().includes("other"), "the other socket's event");
        assert.equal(names().includes("after"), false);
        release();
        await until(() => names().includes("after"), "the event behind the slow one");
    });

    it("delivers what a client said before it left, then that it left", async () => {
        const socket = await connected(await test.client({ transports: ["websocket"] }));
        await until(() => test.handler.events().length === 2, "connected");
        socket.emit("bye", 1);
        socket.emit("bye", 2);
        socket.disconnect();
        await until(() => test.handler.events().length === 5, "all events");
        assert.deepEqual(
            test.handler
                .events()
                .slice(2)
                .map(({ headers, body }) => `${headers["ce-eventname"]} ${body}`),
            ['bye 42["bye",1]', 'bye 42["bye",2]', 'disconnected {"reason":""}'],
        );
    });

    it("keeps cookies of a handler for the connection that got them", async () => {
        test.handler.respond = () => ({
            headers: { "WebHook-Allowed-Origin": "*", "Set-Cookie": ["affinity=7; Path=/"] },
        });
        const socket = await connected(await test.client());
        socket.emit("e");
        await until(() => test.handler.events().some(({ headers }) => headers["ce-eventname"] === "e"), "the event");
        const cookies = test.handler.requests.map(
            ({ method, headers }) => `${method} ${headers["ce-eventname"] ?? ""} ${headers.cookie ?? "-"}`,
        );
        assert.ok(cookies.includes("OPTIONS  -"));
        assert.ok(cookies.includes("POST connect -"));
        assert.ok(cookies.includes("POST e affinity=7"));
    });

    it("refuses a binary event by name and keeps the connection", async () => {
        const socket = await connected(await test.client({ transports: ["websocket"] }));
        socket.emit("picture", Buffer.from([1, 2, 3]));
        socket.emit("text");
        await until(
            () => test.handler.events().some(({ headers }) => headers["ce-eventname"] === "text"),
            "the next event",
        );
        assert.match(test.warnings().join("\n"), /event 'picture' with binary data/);
        assert.equal(socket.connected, true);
    });
});

describe("Socket.IO event delivery over time", () => {
    let clock: FakeClock;
    let test: TestService;
    beforeEach(async () => {
        clock = new FakeClock(Date.now());
        test = await startTestService({ clock });
    });
    afterEach(() => test.close());

    it("gives up on a hanging handler after 100 s, reports this, and continues with the next event", async () => {
        test.handler.respond = ({ headers }) => (headers["ce-eventname"] === "hang" ? "hang" : {});
        const socket = await connected(await test.client());
        socket.emit("hang");
        socket.emit("next");
        await until(() => test.handler.events().length === 3, "the event that hangs");
        await clock.advance(99_000);
        assert.deepEqual(test.warnings(), []);
        await clock.advance(1_000);
        await until(() => test.handler.events().length === 4, "the next event");
        assert.match(test.warnings()[0] ?? "", /event 'hang' failed: No answer .* within 100 s/);
        assert.equal(socket.connected, true);
    });

    it("sends an event again with the same id and body after 503, and answers the client once", async () => {
        let count = 0;
        test.handler.respond = ({ headers }) => {
            if (headers["ce-eventname"] !== "e") {
                return {};
            }
            return ++count === 1 ? { status: 503 } : { headers: { "Content-Type": "text/plain" }, body: '430["ok"]' };
        };
        const socket = await connected(await test.client());
        const answer = socket.emitWithAck("e", 1);
        await clock.waitFor(() => clock.pending().includes(1000), "the retry");
        await clock.advance(1000);
        assert.equal(await answer, "ok");
        const [first, second] = test.handler.events().filter(({ headers }) => headers["ce-eventname"] === "e");
        for (const header of ["ce-id", "x-ms-client-request-id", "ce-time"]) {
            assert.equal(first?.headers[header], second?.headers[header], header);
        }
        assert.equal(first?.body, second?.body);
    });
});
