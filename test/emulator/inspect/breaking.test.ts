import assert from "node:assert/strict";
import type { FakeClock } from "../../support/clock";
import { type AnyClient, type ServiceBench, startBench } from "./threeServices";

/** Lets time pass in small steps until something has happened. Tells how much time that was. */
async function passedUntil(clock: FakeClock, happens: Promise<unknown>): Promise<number> {
    const began = clock.now();
    let ended: number | undefined;
    void happens.then(() => {
        ended = clock.now();
    });
    for (let step = 0; ended === undefined && step < 10_000; step++) {
        await clock.advance(1);
    }
    assert.ok(ended !== undefined, "nothing happened in 10 s");
    return ended - began;
}

for (const product of ["webpubsub", "socketio", "signalr"] as const) {
    describe(`breaking things on purpose on ${product}`, () => {
        let bench: ServiceBench;
        let client: AnyClient;
        beforeEach(async () => {
            bench = await startBench(product);
            client = await bench.client();
        });
        afterEach(() => bench.close());

        const act = (action: object) => bench.inspector.act(action);

        it("lets the handler answer with an error until that is cleared", async () => {
            assert.equal(await client.ask("before"), true);
            const { body } = await act({ do: "fault", kind: "handlerError", target: bench.hub, value: 503 });
            assert.equal(await client.ask("broken"), false);
            const { trace } = await bench.inspector.event(
                ({ kind, name }) => kind === "clientEvent" && name === "broken",
                "the event",
            );
            const failed = await bench.inspector.event(
                (event) => event.kind === "upstream" && event.trace === trace && event.status === 503,
                "the failed call",
            );
            assert.equal(failed.outcome, "failed");
            assert.deepEqual(
                (await bench.inspector.state()).faults.map(({ kind, target, value }) => [kind, target, value]),
                [["handlerError", bench.hub, 503]],
            );
            await act({ do: "clearFault", id: (body.result as { id: string }).id });
            assert.equal(await client.ask("after"), true);
            assert.deepEqual((await bench.inspector.state()).faults, []);
        });

        it("slows both ways down until that is cleared", async () => {
            const { body } = await act({ do: "fault", kind: "slow", target: "chat", value: 40 });
            const passed = await passedUntil(bench.clock, client.ask("slow"));
            assert.ok(passed >= 80, `an answer came after ${passed} ms`);
            await act({ do: "clearFault", id: (body.result as { id: string }).id });
            // Time stands still, so nothing is held.
            assert.equal(await client.ask("fast"), true);
        });

        it("cuts a socket without a goodbye", async () => {
            await act({ do: "fault", kind: "cut", target: client.id });
            const told = await client.closed;
            const expected = { webpubsub: /^1006$/, socketio: /^transport (close|error)$/, signalr: /1006|WebSocket/ };
            assert.match(told, expected[product]);
            await bench.inspector.event(
                ({ kind, name, connection }) => kind === "connection" && name === "closed" && connection === client.id,
                "the end",
            );
        });

        it("ends the time of a client's token: it is closed, and comes back only with a new one", async () => {
            assert.equal(await client.comesBack(), true);
            await bench.clock.advance(1000);
            await act({ do: "fault", kind: "expireToken", target: client.id });
            await client.closed;
            assert.equal(await client.comesBack(), false);
            const why = await bench.inspector.event(({ code }) => code === "tokenRefused", "the cause");
            assert.match(why.message ?? "", /expired/);
            assert.match(why.fix ?? "", /new URL or token from the negotiate function/);
            const fresh = await bench.client();
            assert.equal(await fresh.ask("again"), true);
        });

        it("closes a connection as the service does", async () => {
            const action = { do: "close", service: "chat", hub: bench.hub, connection: client.id, reason: "by hand" };
            assert.equal((await act(action)).status, 200);
            await client.closed;
            const end = await bench.inspector.event(
                ({ kind, name }) => kind === "connection" && name === "closed",
                "the end",
            );
            assert.match(end.message ?? "", /by hand/);
            assert.match(String((await act(action)).body.error), /no connection/);
        });

        if (product !== "webpubsub") {
            it("says that its clients have no roles", async () => {
                const { status, body } = await act({ do: "fault", kind: "revokeRole", target: `${client.id}|any` });
                assert.equal(status, 400);
                assert.match(String(body.error), /have no roles/);
            });
        }

        for (const to of [{ all: true }, { user: "ann" }, { connection: "own" }] as const) {
            it(`sends to ${Object.keys(to)[0]}`, async () => {
                const arrived = client.message();
                const receivers = "connection" in to ? { connection: client.id } : to;
                const message = { do: "send", service: "chat", hub: bench.hub, to: receivers, event: "news" };
                assert.deepEqual((await act({ ...message, data: "hello" })).body, { ok: true, result: { count: 1 } });
                assert.equal(await arrived, "hello");
                const nobody = Object.fromEntries(Object.keys(to).map((name) => [name, "nobody"]));
                if (!("all" in to)) {
                    const sent = await act({ ...message, to: nobody, data: "hello" });
                    assert.deepEqual(sent.body, { ok: true, result: { count: 0 } });
                }
            });
        }
    });
}
