import assert from "node:assert/strict";
import { Agent } from "undici";
import { createValidator, type Validator } from "../../../../emulator/core/upstream/handshake";
import { FakeClock } from "../../../support/clock";
import {
    allowAll,
    type EventHandlerServer,
    type HandlerAnswer,
    startEventHandler,
} from "../../../support/eventHandlerServer";

const origin = "emulator.example.test";

/**
 * Source: the vendor's own emulator (Azure/azure-webpubsub, pull request 1126): OPTIONS, and GET after a 404 only, 10 s each; a success
 * is kept 60 s, a failure 1 s and then twice as long up to 60 s; 408, 5xx and network errors are tried four times.
 */
describe("event handler validation", () => {
    let clock: FakeClock;
    let dispatcher: Agent;
    let handler: EventHandlerServer;
    let validate: Validator;
    let changes: (string | undefined)[];

    beforeEach(async () => {
        clock = new FakeClock();
        dispatcher = new Agent();
        changes = [];
        handler = await startEventHandler();
        validate = createValidator({
            clock,
            dispatcher,
            origin,
            onChange: (_url, failure) => void changes.push(failure),
        });
    });
    afterEach(async () => {
        await dispatcher.destroy();
        await handler.close();
    });

    const url = (): string => `${handler.url}/runtime/webhooks/x?code=secret`;
    const answer = (status: number, allowed?: string): HandlerAnswer => ({
        status,
        headers: allowed === undefined ? {} : { "WebHook-Allowed-Origin": allowed },
    });

    const gates: [status: number, allowed: string | undefined, methods: string[], failure: RegExp | undefined][] = [
        [200, "*", ["OPTIONS"], undefined],
        [202, "EMULATOR.EXAMPLE.TEST", ["OPTIONS"], undefined],
        [404, "*", ["OPTIONS", "GET"], undefined],
        [405, "*", ["OPTIONS"], /failed: 405/],
        [200, undefined, ["OPTIONS"], /missing allowed origins: \./],
        [200, "other.example.test", ["OPTIONS"], /missing allowed origins: other.example.test/],
        [200, "other.example.test, emulator.example.test", ["OPTIONS"], /missing allowed origins/],
        [401, undefined, ["OPTIONS"], /failed: 401\. The code in the URL template .* not the host's key/],
        [400, undefined, ["OPTIONS"], /failed: 400\. The handler takes no events from 'emulator.example.test'/],
    ];
    for (const [status, allowed, methods, failure] of gates) {
        it(`${failure === undefined ? "passes" : "fails"} on ${status} with allowed origin ${allowed ?? "(none)"}, and remembers it`, async () => {
            handler.respond = ({ method }) => answer(method === "GET" ? 200 : status, allowed);
            for (const _ of [1, 2]) {
                const result = await validate(url());
                if (failure === undefined) {
                    assert.equal(result, undefined);
                } else {
                    assert.match(result ?? "", failure);
                    assert.ok(!result?.includes("secret"), "the key is not shown");
                }
            }
            assert.deepEqual(
                handler.requests.map(({ method }) => method),
                methods,
            );
        });
    }

    it("repeats what a handler that is down says about itself", async () => {
        handler.respond = () => ({ status: 500, body: "The app failed to start: SyntaxError" });
        const result = validate(url());
        for (const delay of [1000, 3000, 5000]) {
            await clock.waitFor(() => clock.pending().includes(delay), `the retry after ${delay} ms`);
            await clock.advance(delay);
        }
        assert.match((await result) ?? "", /failed: 500: The app failed to start: SyntaxError\./);
    });

    it("says that nothing is there when both OPTIONS and GET are answered 404", async () => {
        handler.respond = () => ({ status: 404 });
        assert.match((await validate(url())) ?? "", /failed: 404\. Nothing answers there: the path/);
    });

    it("sends the origin and no signature, cookie or token", async () => {
        await validate(url());
        const { headers } = handler.requests[0] ?? assert.fail("no request");
        assert.equal(headers["webhook-request-origin"], origin);
        assert.equal(headers["ce-awpsversion"], "1.0");
        assert.deepEqual(
            [headers["ce-signature"], headers.cookie, headers.authorization],
            [undefined, undefined, undefined],
        );
    });

    it("makes eight events that come at once wait for one check", async () => {
        const results = await Promise.all(Array.from({ length: 8 }, () => validate(url())));
        assert.deepEqual(new Set(results), new Set([undefined]));
        assert.equal(handler.requests.length, 1);
    });

    it("checks each resolved URL separately", async () => {
        await validate(url());
        await validate(`${url()}&handler=other`);
        assert.equal(handler.requests.length, 2);
    });

    it("tries again after 503, and passes on the second answer", async () => {
        let count = 0;
        handler.respond = () => (++count === 1 ? { status: 503 } : allowAll);
        const result = validate(url());
        await clock.waitFor(() => clock.pending().includes(1000), "the retry");
        await clock.advance(1000);
        assert.equal(await result, undefined);
        assert.equal(count, 2);
    });

    it("gives up on a handler that hangs after 10 s, without a second try", async () => {
        handler.respond = () => "hang";
        const result = validate(url());
        await clock.waitFor(() => handler.requests.length === 1, "the request");
        await clock.advance(9_999);
        assert.deepEqual(clock.pending(), [1]);
        await clock.advance(1);
        assert.match((await result) ?? "", /within 10 s/);
        assert.equal(handler.requests.length, 1);
    });

    it("gives GET its own 10 s after a slow 404", async () => {
        let answerOptions = (): void => undefined;
        handler.respond = ({ method }) =>
            method === "GET"
                ? "hang"
                : new Promise((resolve) => {
                      answerOptions = () => resolve({ status: 404 });
                  });
        const result = validate(url());
        await clock.waitFor(() => handler.requests.length === 1, "OPTIONS");
        await clock.advance(9_000);
        answerOptions();
        await clock.waitFor(() => handler.requests.length === 2, "GET");
        await clock.advance(9_999);
        assert.deepEqual(clock.pending(), [1]);
        await clock.advance(1);
        assert.match((await result) ?? "", /within 10 s/);
    });

    it("checks again in the background 60 s after a success, and after 1, 2, 4, 8, 16, 32, 60, 60 s of failures", async () => {
        await validate(url());
        await clock.advance(59_999);
        await validate(url());
        assert.equal(handler.requests.length, 1);

        handler.respond = () => answer(401);
        await clock.advance(1);
        assert.equal(await validate(url()), undefined, "the last known result holds while the check runs");
        await clock.waitFor(() => changes.length === 1, "the failure");
        let seen = 2;
        for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
            await clock.advance(seconds * 1000 - 1);
            assert.match((await validate(url())) ?? "", /401/);
            assert.equal(handler.requests.length, seen, `no check before ${seconds} s`);
            await clock.advance(1);
            assert.match((await validate(url())) ?? "", /401/);
            await clock.waitFor(() => handler.requests.length === seen + 1, `the check after ${seconds} s`);
            // Waits until the answer has arrived before time moves, because a pending answer still has a timer.
            await clock.waitFor(() => clock.pending().length === 0, "the answer");
            seen += 1;
        }
        handler.respond = () => allowAll;
        await clock.advance(60_000);
        await validate(url());
        await clock.waitFor(() => changes.length === 2, "the success");
        assert.equal(await validate(url()), undefined);
        assert.equal(changes[1], undefined);
    });

    it("names the address when nobody listens", async () => {
        const gone = handler.url;
        await handler.close();
        const result = validate(`${gone}/x`);
        for (const delay of [1000, 3000, 5000]) {
            await clock.waitFor(() => clock.pending().includes(delay), `the retry after ${delay} ms`);
            await clock.advance(delay);
        }
        assert.match((await result) ?? "", /after 4 attempts: .*ECONNREFUSED|within 10 s/);
    });
});
