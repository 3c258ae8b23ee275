import assert from "node:assert/strict";
import { Agent } from "undici";
import { UpstreamError } from "../../../../emulator/core/upstream/errors";
import { sendUpstream } from "../../../../emulator/core/upstream/http";
import { FakeClock } from "../../../support/clock";
import { type EventHandlerServer, type Respond, startEventHandler } from "../../../support/eventHandlerServer";

/**
 * Source: the vendor's own emulator (Azure/azure-webpubsub, pull request 1126): 408, 5xx and network errors are tried again after
 * 1, 3 and 5 s, with the same event; 429 is not. So a handler may get an event twice.
 */
describe("upstream request", () => {
    let clock: FakeClock;
    let dispatcher: Agent;
    let handler: EventHandlerServer;

    beforeEach(async () => {
        clock = new FakeClock();
        dispatcher = new Agent();
        handler = await startEventHandler();
    });
    afterEach(async () => {
        await dispatcher.destroy();
        await handler.close();
    });

    function send(respond: Respond, headers: Record<string, string> = {}) {
        handler.respond = respond;
        return sendUpstream(
            { url: `${handler.url}/hook?code=secret`, method: "POST", headers, body: "hello" },
            { clock, dispatcher, limit: 100_000 },
        );
    }

    async function pass(...delays: number[]): Promise<void> {
        for (const delay of delays) {
            await clock.waitFor(() => clock.pending().includes(delay), `a retry after ${delay} ms`);
            await clock.advance(delay);
        }
    }

    const statuses: [status: number, attempts: number][] = [
        [408, 2],
        [503, 2],
        [599, 2],
        [400, 1],
        [401, 1],
        [404, 1],
        [429, 1],
    ];
    for (const [status, attempts] of statuses) {
        it(`${attempts === 2 ? "tries again" : "does not try again"} after ${status}`, async () => {
            const result = send(() => ({ status: handler.requests.length === 1 ? status : 200 }));
            if (attempts === 2) {
                await pass(1000);
            }
            assert.equal((await result).status, attempts === 2 ? 200 : status);
            assert.equal(handler.requests.length, attempts);
        });
    }

    it("makes four attempts, 1, 3 and 5 s apart, with the same headers and body", async () => {
        const result = send(() => ({ status: 503, body: "busy" }), { "x-ms-client-request-id": "stable" });
        await pass(1000, 3000, 5000);
        const answer = await result;
        assert.deepEqual([answer.status, answer.body.toString()], [503, "busy"]);
        assert.deepEqual(
            handler.requests.map(({ headers, body }) => [headers["x-ms-client-request-id"], body]),
            Array.from({ length: 4 }, () => ["stable", "hello"]),
        );
    });

    it("tries again when the connection is cut", async () => {
        const result = send(() => (handler.requests.length === 1 ? "reset" : { status: 200, body: "ok" }));
        await pass(1000);
        assert.equal((await result).body.toString(), "ok");
    });

    it("gives up after 100 s and does not try again", async () => {
        const result = send(() => "hang");
        await clock.waitFor(() => handler.requests.length === 1);
        const failed = assert.rejects(
            result,
            (error) =>
                error instanceof UpstreamError &&
                /within 100 s/.test(error.message) &&
                !error.message.includes("secret"),
        );
        await clock.advance(100_000);
        await failed;
        assert.deepEqual(clock.pending(), []);
    });

    it("does not try again what could not be written", async () => {
        await assert.rejects(
            send(() => ({}), { "ce-eventname": "a\nb" }),
            /No answer from .*invalid/i,
        );
        assert.equal(handler.requests.length, 0);
    });
});
