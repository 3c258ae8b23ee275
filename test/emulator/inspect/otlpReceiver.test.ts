import assert from "node:assert/strict";
import type { LogEntry } from "../../../emulator/core/log";
import { createInspection, type Inspection, type Inspector } from "../../../emulator/inspect";
import { readOtlpTarget } from "../../../emulator/inspect/otlp/target";
import { FakeClock } from "../../support/clock";
import { groupsOf, type Signal } from "../../support/otlp";

// Source of all: open-telemetry/opentelemetry-proto, docs/specification.md, "OTLP/HTTP Response".
describe("the export to a receiver of OpenTelemetry that does not take everything", () => {
    let clock: FakeClock;
    let sent: { signal: Signal; body: unknown }[];
    let log: LogEntry[];
    let respond: (signal: Signal) => Response;
    let chance: number;
    let inspection: Inspection;
    let inspector: Inspector;

    beforeEach(async () => {
        clock = new FakeClock();
        sent = [];
        log = [];
        respond = () => new Response("{}");
        const fake = (async (address: string, init: RequestInit) => {
            const signal = address.split("/").at(-1) as Signal;
            sent.push({ signal, body: JSON.parse(String(init.body)) });
            return respond(signal);
        }) as typeof fetch;
        chance = 0.5;
        inspection = createInspection({ otlp: "http://localhost:4318", fetch: fake, random: () => chance });
        inspector = await inspection.open({ clock, log: (entry) => void log.push(entry), servers: {} });
    });
    afterEach(() => inspector.close());

    function happen(name: string): void {
        inspection.recorder.begin("clientEvent", { name, hub: "room" }).end();
        inspection.recorder.note("log", { name: "x", message: name });
    }
    const count = (signal: Signal) => sent.filter((one) => one.signal === signal).length;

    for (const status of [400, 401, 404, 405, 413, 500, 501]) {
        it(`sends on what else there is when logs are answered ${status}, and no log twice`, async () => {
            respond = (signal) =>
                signal === "logs" ? new Response('{"message":"no such thing"}', { status }) : new Response("{}");
            happen("first");
            await clock.advance(3000);
            assert.deepEqual([count("traces"), count("logs")], [1, 1]);
            happen("second");
            await clock.advance(3000);
            assert.deepEqual([count("traces"), count("logs")], [2, 2]);
            const warnings = log.filter(({ level }) => level === "warning");
            assert.equal(warnings.length, 1);
            assert.match(
                warnings[0]?.message ?? "",
                new RegExp(`does not take all logs: it answered ${status} to logs and says 'no such thing'`),
            );
        });
    }

    for (const status of [429, 502, 503, 504]) {
        it(`sends again what was answered ${status}, and no more than that`, async () => {
            respond = (signal) => (signal === "logs" ? new Response("", { status }) : new Response("{}"));
            happen("first");
            await clock.advance(2000);
            assert.deepEqual([count("traces"), count("logs")], [1, 2]);
            respond = () => new Response("{}");
            await clock.advance(2000);
            assert.deepEqual([count("traces"), count("logs")], [1, 3]);
            assert.match(log.at(-1)?.message ?? "", /takes data again/);
        });
    }

    for (const [random, seconds] of [
        [0, [1, 2, 3, 5, 9, 17, 32, 47]],
        [0.999, [1, 2, 4, 8, 16, 32, 62, 92]],
    ] as const) {
        it(`waits longer and longer, by chance of ${random}, for a receiver that answers nothing`, async () => {
            chance = random;
            respond = () => {
                throw new TypeError("fetch failed");
            };
            happen("first");
            const times: number[] = [];
            for (let second = 1; second <= 92; second += 1) {
                const before = count("traces");
                await clock.advance(1000);
                if (count("traces") > before) {
                    times.push(second);
                }
            }
            assert.deepEqual(times.slice(0, seconds.length), seconds);
            assert.equal(log.length, 1);
            respond = () => new Response("{}");
            await clock.advance(31_000);
            assert.match(log.at(-1)?.message ?? "", /takes data again/);
            assert.equal(count("logs"), 1);
            assert.equal(count("metrics") > 0, true);
            // The next failure is the first of its row.
            happen("second");
            respond = () => new Response("", { status: 503 });
            const before = count("traces");
            await clock.advance(2000);
            assert.equal(count("traces"), before + 2);
        });
    }

    it("sends each signal to its place, with its headers, and one without a place nowhere", async () => {
        const seen = new Map<string, Headers>();
        const fake = (async (address: string, init: RequestInit) => {
            seen.set(address, new Headers(init.headers));
            return new Response("{}");
        }) as typeof fetch;
        const otlp = readOtlpTarget(undefined, {
            OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example/own/path",
            OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://localhost:9/m",
            OTEL_EXPORTER_OTLP_HEADERS: "x-otlp-api-key=c0nf%20idential%3D,Other = a;b",
            OTEL_EXPORTER_OTLP_METRICS_HEADERS: "x-otlp-api-key=own",
        });
        const own = createInspection({ otlp, fetch: fake });
        const opened = await own.open({ clock, log: (entry) => void log.push(entry), servers: {} });
        own.recorder.begin("clientEvent", { name: "first", hub: "room" }).end();
        own.recorder.note("log", { name: "x", message: "line" });
        await opened.close();
        assert.deepEqual([...seen.keys()].sort(), ["http://localhost:9/m", "https://traces.example/own/path"]);
        const traces = seen.get("https://traces.example/own/path");
        assert.deepEqual(
            ["x-otlp-api-key", "other", "content-type"].map((name) => traces?.get(name)),
            ["c0nf idential=", "a;b", "application/json"],
        );
        assert.equal(seen.get("http://localhost:9/m")?.get("x-otlp-api-key"), "own");
        assert.deepEqual(log, []);
    });

    for (const [header, seconds] of [
        ["5", 5],
        [new Date(Date.UTC(2026, 0, 1, 0, 0, 8)).toUTCString(), 7],
        ["100000", 60],
        ["soon", 0],
        ["-3", 0],
    ] as const) {
        it(`waits as long as the receiver asks with Retry-After: ${header}`, async () => {
            respond = () => new Response("", { status: 503, headers: { "retry-after": header } });
            happen("first");
            await clock.advance(1000);
            const before = count("traces");
            assert.equal(before, 1);
            await clock.advance(Math.max(0, seconds - 1) * 1000);
            assert.equal(count("traces"), 1);
            await clock.advance(1000);
            assert.equal(count("traces"), 2);
        });
    }

    it("tells what a receiver has not taken of what it took, and sends none of it again", async () => {
        const partialSuccess = { rejectedSpans: "1", errorMessage: "too old" };
        respond = () => new Response(JSON.stringify({ partialSuccess }));
        happen("first");
        await clock.advance(3000);
        assert.deepEqual([count("traces"), count("logs")], [1, 1]);
        assert.match(log[0]?.message ?? "", /does not take all traces: rejected 1: too old/);
        const names = sent.flatMap(({ signal, body }) => groupsOf(signal, body).flatMap(({ items }) => items));
        assert.equal(names.length, 2);
    });

    it("takes an odd message of a receiver that has not taken all, and sends none of it again", async () => {
        respond = () => new Response('{"partialSuccess":{"rejectedSpans":3,"errorMessage":{"toString":1}}}');
        happen("first");
        await clock.advance(3000);
        assert.deepEqual([count("traces"), count("logs")], [1, 1]);
        assert.match(log[0]?.message ?? "", /does not take all traces: rejected 3: \. What/);
    });

    for (const [what, body] of [
        ["no JSON", "<html>"],
        ["a list", "[]"],
        ["nothing", ""],
        ["null", "null"],
        ["a partial success that is a text", '{"partialSuccess":"toString"}'],
        ["an object where a number belongs", '{"partialSuccess":{"rejectedSpans":{"valueOf":1,"toString":1}}}'],
        ["an object where a text belongs", '{"partialSuccess":{"errorMessage":{"toString":1}}}'],
        ["a list where a number belongs", '{"partialSuccess":{"rejectedLogRecords":[{"toString":1}]}}'],
        ["a member named __proto__", '{"__proto__":{"partialSuccess":{"errorMessage":"no"}}}'],
    ] as const) {
        it(`takes ${what} in an answer of 200 as success`, async () => {
            respond = () => new Response(body);
            happen("first");
            await clock.advance(3000);
            assert.deepEqual([count("traces"), count("logs"), log.length], [1, 1, 0]);
        });
    }
});
