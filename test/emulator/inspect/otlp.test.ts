import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LogEntry } from "../../../emulator/core/log";
import { createInspection, type Inspection, type Inspector } from "../../../emulator/inspect";
import { FakeClock } from "../../support/clock";

type Part = Record<string, unknown>;

interface Sent {
    url: string;
    init: RequestInit;
    body: Part;
}

describe("the inspector's export to OpenTelemetry", () => {
    let clock: FakeClock;
    let sent: Sent[];
    let log: LogEntry[];
    let respond: () => Promise<Response>;
    let inspection: Inspection;
    let inspector: Inspector;

    beforeEach(async () => {
        clock = new FakeClock();
        sent = [];
        log = [];
        respond = async () => new Response("{}");
        const fake = (async (url: string, init: RequestInit) => {
            sent.push({ url, init, body: JSON.parse(String(init.body)) as Part });
            return respond();
        }) as typeof fetch;
        inspection = createInspection({ otlp: "http://localhost:4318/", fetch: fake });
        inspector = await inspection.open({ clock, log: (entry) => void log.push(entry), servers: {} });
    });
    afterEach(() => inspector.close());

    const bodies = (signal: string): Part[] =>
        sent.filter(({ url }) => url === `http://localhost:4318/v1/${signal}`).map(({ body }) => body);
    const spansOf = (body: Part): Part[] =>
        (body.resourceSpans as { scopeSpans: { spans: Part[] }[] }[]).flatMap(({ scopeSpans }) =>
            scopeSpans.flatMap(({ spans }) => spans),
        );
    const attributesOf = (span: Part): Map<string, unknown> =>
        new Map(
            (span.attributes as { key: string; value: Part }[]).map(({ key, value }) => [key, Object.values(value)[0]]),
        );

    it("sends a client's event and what it caused as spans of one trace, each from its service", async () => {
        const event = inspection.recorder.begin("clientEvent", {
            name: "hello",
            service: "chat",
            product: "webpubsub",
            hub: "room",
            connection: "c1",
        });
        const upstream = event.begin("upstream", { name: "POST http://localhost/x", url: "http://localhost/x" });
        const run = inspection.recorder.begin("function", { name: "message", app: "app" }, upstream);
        run.end();
        upstream.end({ status: 200 });
        event.note("broadcast", { name: "all", count: 3 });
        event.end();
        await clock.advance(1000);
        const [body] = bodies("traces");
        assert.ok(body);
        const spans = new Map(spansOf(body).map((span) => [span.name, span]));
        const [first, call, fn, send] = ["process room", "POST", "app/message", "send room"].map(
            (name) => spans.get(name) ?? {},
        );
        assert.equal(new Set([...spans.values()].map(({ traceId }) => traceId)).size, 1);
        assert.match(String(first?.traceId), /^[\da-f]{32}$/);
        assert.equal(call?.parentSpanId, first?.spanId);
        assert.equal(fn?.parentSpanId, call?.spanId);
        assert.deepEqual([first?.kind, call?.kind, fn?.kind, send?.kind], [5, 3, 2, 4]);
        assert.equal(attributesOf(first ?? {}).get("messaging.system"), "webpubsub");
        assert.equal(attributesOf(first ?? {}).get("messaging.destination.name"), "room");
        assert.deepEqual(
            [attributesOf(call ?? {}).get("url.full"), attributesOf(call ?? {}).get("http.response.status_code")],
            ["http://localhost/x", "200"],
        );
        assert.equal(attributesOf(fn ?? {}).get("faas.name"), "app/message");
        assert.equal(attributesOf(first ?? {}).get("azure_realtime.name"), "hello");
        assert.equal(attributesOf(send ?? {}).get("azure_realtime.receivers"), "3");
        const names = (body.resourceSpans as { resource: Part }[]).map(({ resource }) =>
            attributesOf(resource).get("service.name"),
        );
        assert.deepEqual(names, ["app", "chat"]);
        assert.match(String(first?.startTimeUnixNano), /^\d{19}$/);
        assert.ok(BigInt(String(first?.endTimeUnixNano)) >= BigInt(String(first?.startTimeUnixNano)));
    });

    it("sends log lines and causes as log records, with the trace that they belong to", async () => {
        const run = inspection.recorder.begin("function", { name: "message", app: "app" });
        run.note("log", { name: "x", message: "a line", level: "warn" });
        run.note("why", { name: "x", code: "noHandler", outcome: "failed", message: "nobody listens", fix: "add it" });
        run.end({ outcome: "failed", message: "boom" });
        await clock.advance(1000);
        const records = (bodies("logs")[0]!.resourceLogs as { scopeLogs: { logRecords: Part[] }[] }[]).flatMap(
            ({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords),
        );
        assert.deepEqual(
            records.map(({ body }) => (body as Part).stringValue),
            ["a line", "nobody listens"],
        );
        assert.deepEqual(
            records.map(({ severityNumber }) => severityNumber),
            [13, 17],
        );
        assert.ok(records.every(({ traceId, spanId }) => traceId === run.trace && spanId === run.span));
        assert.deepEqual(spansOf(bodies("traces")[0] ?? {})[0]?.status, { code: 2, message: "boom" });
    });

    it("sends sums and durations with the names of the semantic conventions", async () => {
        for (const outcome of ["ok", "failed"] as const) {
            inspection.recorder.begin("function", { name: "message", app: "app" }).end({ outcome });
        }
        inspection.recorder.begin("rest", { name: "POST /api/hubs/a/:send", service: "chat" }).end({ status: 202 });
        await clock.advance(10_000);
        const metrics = (bodies("metrics")[0]!.resourceMetrics as { scopeMetrics: { metrics: Part[] }[] }[]).flatMap(
            ({ scopeMetrics }) => scopeMetrics.flatMap((own) => own.metrics),
        );
        const point = (name: string, kind: string): Part =>
            (metrics.find((metric) => metric.name === name)![kind] as { dataPoints: Part[] }).dataPoints[0] ?? {};
        assert.equal(point("faas.invocations", "sum").asInt, "1");
        assert.equal(point("faas.errors", "sum").asInt, "1");
        assert.equal(point("faas.invoke_duration", "histogram").count, "2");
        assert.equal(point("http.server.request.duration", "histogram").count, "1");
    });

    it("tells a failure once, keeps what waits, and sends it when the receiver is back", async () => {
        respond = async () => new Response("no", { status: 503 });
        inspection.recorder.note("log", { name: "x", message: "first" });
        await clock.advance(1000);
        await clock.advance(1000);
        assert.equal(log.filter(({ level }) => level === "warning").length, 1);
        assert.match(log[0]?.message ?? "", /4318 takes no data: it answered 503 to logs/);
        respond = async () => new Response("{}");
        const before = bodies("logs").length;
        await clock.advance(2000);
        assert.equal(bodies("logs").length, before + 1);
        assert.match(log.at(-1)?.message ?? "", /takes data again/);
    });

    // OTLP 1.7: answers but 429, 502, 503 and 504 "MUST NOT be retried".
    for (const status of [400, 401, 404, 413, 500]) {
        it(`drops what the receiver refuses with ${status}, tells that once, and sends what comes after it`, async () => {
            respond = async () => new Response("no", { status });
            for (const message of ["first", "second"]) {
                inspection.recorder.note("log", { name: "x", message });
                await clock.advance(1000);
            }
            assert.deepEqual(bodies("logs").flatMap(messagesOf), ["first", "second"]);
            const warnings = log.filter(({ level }) => level === "warning");
            assert.equal(warnings.length, 1);
            const told = `does not take all logs: it answered ${status} to logs.*this is told once\\.$`;
            assert.match(warnings[0]?.message ?? "", new RegExp(told));
        });
    }

    const messagesOf = ({ resourceLogs }: Part): string[] =>
        (resourceLogs as { scopeLogs: { logRecords: { body: { stringValue: string } }[] }[] }[]).flatMap(
            ({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body.stringValue)),
        );

    it("keeps at most 32 MiB for a receiver that does not answer, and sends them in small parts", async () => {
        const message = "m".repeat(16_000);
        for (let index = 0; index < 4000; index += 1) {
            inspection.recorder.note("log", { name: "x", message: `${index} ${message}` });
        }
        await clock.advance(1000);
        await clock.waitFor(
            () =>
                bodies("logs")
                    .flatMap(messagesOf)
                    .some((text) => text.startsWith("3999 ")),
            "the last",
        );
        const texts = bodies("logs").flatMap(messagesOf);
        assert.ok(texts.length > 300 && texts.length * 2 * 16_000 <= 32 * 1024 * 1024, `${texts.length} were sent`);
        const longest = Math.max(...sent.map(({ init }) => String(init.body).length));
        assert.ok(longest < 2 * 1024 * 1024, `${longest} characters at once`);
    }).timeout(10_000);

    it("keeps at most 10,000 events for a receiver that does not answer", async () => {
        let free: (response: Response) => void = () => undefined;
        respond = () =>
            new Promise((resolve) => {
                free = resolve;
            });
        for (let index = 0; index < 25_000; index++) {
            inspection.recorder.note("log", { name: "x", message: "line" });
        }
        await clock.advance(1000);
        const body = bodies("logs")[0] ?? {};
        const records =
            (body.resourceLogs as { scopeLogs: { logRecords: Part[] }[] }[])[0]?.scopeLogs[0]?.logRecords ?? [];
        assert.equal(records.length, 2000);
        respond = async () => new Response("{}");
        free(new Response("{}"));
        await clock.waitFor(() => bodies("logs").length > 4, "the rest");
        const total = bodies("logs").flatMap(({ resourceLogs }) =>
            (resourceLogs as { scopeLogs: { logRecords: Part[] }[] }[]).flatMap(({ scopeLogs }) =>
                scopeLogs.flatMap((own) => own.logRecords),
            ),
        );
        assert.ok(total.length <= 12_000, `${total.length} were sent`);
    }).timeout(10_000);

    it("follows no redirect", async () => {
        let reached = 0;
        const other = createServer((_, response) => {
            reached += 1;
            response.end("{}");
        }).listen(0, "127.0.0.1");
        const receiver = createServer((_, response) => {
            response.writeHead(307, { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` }).end();
        }).listen(0, "127.0.0.1");
        await new Promise((resolve) => receiver.once("listening", resolve));
        const real = createInspection({ otlp: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` });
        const opened = await real.open({ clock, log: (entry) => void log.push(entry), servers: {} });
        try {
            real.recorder.note("log", { name: "x", message: "line" });
            await opened.close();
            assert.equal(reached, 0);
            assert.match(log.at(-1)?.message ?? "", /takes no data/);
        } finally {
            receiver.close();
            other.close();
        }
    });
});
