import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import otlp from "@opentelemetry/otlp-transformer/build/src/generated/root";

type Part = Record<string, unknown>;
export type Signal = "traces" | "logs" | "metrics";

interface Message {
    fromObject(object: unknown): unknown;
    toObject(message: unknown, options: { longs: unknown; enums: unknown; bytes: unknown }): unknown;
}

type Collector = Record<"trace" | "logs" | "metrics", { v1: Record<string, Message> }>;

interface Convention {
    kind?: string;
    instrument?: string;
    unit?: string;
    required: string[];
    all: string[];
}

/** Excerpt of the registry of OpenTelemetry's semantic conventions; `source` in the file tells which version. */
const conventions = JSON.parse(
    readFileSync(join(__dirname, "../fixtures/inspect/semanticConventions.json"), "utf8"),
) as {
    schema: string;
    spans: Record<string, Convention>;
    metrics: Record<string, Convention>;
    attributes: Record<string, string | { members: string[] }>;
};

/** Numbers of opentelemetry/proto/trace/v1/trace.proto, Span.SpanKind. */
const spanKinds = ["unspecified", "internal", "server", "client", "producer", "consumer"];
/** Enumerations that let other values be used. Source: the note below each in docs/messaging and docs/faas. */
const openEnumerations = ["error.type", "messaging.system"];
const schemas = {
    traces: ["trace", "ExportTraceServiceRequest"],
    logs: ["logs", "ExportLogsServiceRequest"],
    metrics: ["metrics", "ExportMetricsServiceRequest"],
} as const;

/** Fails unless a body is what the schema of OTLP and the semantic conventions say. */
export function requireConventional(signal: Signal, body: unknown): void {
    requireSchema(signal, body);
    for (const { resource, schemaUrl, items } of groupsOf(signal, body)) {
        assert.equal(schemaUrl, conventions.schema);
        const { "service.name": name } = attributesOf(resource);
        assert.ok(typeof name === "string" && name !== "");
        for (const item of items) {
            if (signal === "traces") {
                requireSpan(item);
            } else if (signal === "metrics") {
                requireMetric(item);
            } else {
                attributesOf(item);
            }
        }
    }
}

/**
 * What the classes that OpenTelemetry generates from its .proto files read is what was written: no unknown member, no other type.
 * Base64 leaves hexadecimal ids alone, so they come back as they are.
 */
function requireSchema(signal: Signal, body: unknown): void {
    const [name, type] = schemas[signal];
    const { collector } = (otlp as unknown as { opentelemetry: { proto: { collector: Collector } } }).opentelemetry
        .proto;
    const schema = collector[name].v1[type] as Message;
    const read = schema.toObject(schema.fromObject(body), { longs: String, enums: Number, bytes: String });
    assert.deepEqual(JSON.parse(JSON.stringify(read)), body);
}

/** What was sent of each service: spans, records or metrics. */
export function groupsOf(signal: Signal, body: unknown): { resource: Part; schemaUrl: unknown; items: Part[] }[] {
    const [outer, middle, inner] = {
        traces: ["resourceSpans", "scopeSpans", "spans"],
        logs: ["resourceLogs", "scopeLogs", "logRecords"],
        metrics: ["resourceMetrics", "scopeMetrics", "metrics"],
    }[signal] as [string, string, string];
    return ((body as Part)[outer] as Part[]).map((group) => ({
        resource: group.resource as Part,
        schemaUrl: group.schemaUrl,
        items: (group[middle] as Part[]).flatMap((scope) => scope[inner] as Part[]),
    }));
}

/** Attributes by name, each checked against the registry. */
export function attributesOf(item: Part): Part {
    const seen: Part = {};
    for (const { key, value } of (item.attributes ?? []) as { key: string; value: Part }[]) {
        assert.ok(!(key in seen), `${key} is there twice`);
        const [[type, content] = []] = Object.entries(value);
        seen[key] = content;
        if (key.startsWith("azure_realtime.")) {
            continue;
        }
        const known = conventions.attributes[key];
        assert.ok(known !== undefined, `the semantic conventions have no attribute ${key}`);
        assert.equal(type, known === "int" ? "intValue" : "stringValue", key);
        if (typeof known === "object" && !openEnumerations.includes(key)) {
            assert.ok(known.members.includes(String(content)), `${key} is ${content}, not one of ${known.members}`);
        }
    }
    return seen;
}

function requireSpan(span: Part): void {
    const { traceId, spanId, parentSpanId, name, kind, status } = span;
    assert.match(String(traceId), /^[\da-f]{32}$/);
    assert.match(String(spanId), /^[\da-f]{16}$/);
    assert.match(String(parentSpanId ?? "0".repeat(16)), /^[\da-f]{16}$/);
    const attributes = attributesOf(span);
    const id = conventionOf(attributes);
    if (id !== undefined) {
        const convention = conventions.spans[id] as Convention;
        assert.equal(spanKinds[Number(kind)], convention.kind, `${name}: ${id}`);
        requireNames(`${name}: ${id}`, attributes, convention);
    }
    // Source: docs/general/recording-errors.md: a span is failed exactly when it has an error.type.
    assert.deepEqual(
        (status as Part | undefined)?.code,
        attributes["error.type"] === undefined ? undefined : 2,
        `${name}`,
    );
    const answer = Number(attributes["http.response.status_code"] ?? 0);
    // Source: docs/http/http-spans.md, "Status".
    if (id === "http.server" && answer > 0) {
        assert.equal(status !== undefined, answer >= 500, `${name} answered ${answer}`);
    }
    if (id === "http.client" && answer >= 400) {
        assert.ok(status !== undefined, `${name} got ${answer}`);
    }
    assert.equal(name, nameOf(id, attributes) ?? name);
}

/** Which convention a span follows, by the attribute that the convention requires. */
function conventionOf(attributes: Part): string | undefined {
    if (attributes["faas.name"] !== undefined) {
        return "faas.server";
    }
    if (attributes["http.request.method"] !== undefined) {
        return attributes["url.full"] === undefined ? "http.server" : "http.client";
    }
    switch (attributes["messaging.operation.type"]) {
        case "process":
            return "messaging.process.consumer";
        case "send":
            return "messaging.send.producer";
        default:
            return undefined;
    }
}

/** Source: "Span name" of docs/messaging/messaging-spans.md, "Name" of docs/http/http-spans.md, "Function name" of docs/faas/faas-spans.md. */
function nameOf(id: string | undefined, attributes: Part): string | undefined {
    const join = (...names: string[]) =>
        names.flatMap((name) => (attributes[name] === undefined ? [] : String(attributes[name]))).join(" ");
    switch (id) {
        case "http.server":
            return join("http.request.method", "http.route").replace(/^_OTHER/, "HTTP");
        case "http.client":
            return join("http.request.method");
        case "faas.server":
            return join("faas.name");
        case undefined:
            return undefined;
        default:
            return join("messaging.operation.name", "messaging.destination.name");
    }
}

function requireMetric(metric: Part): void {
    const name = String(metric.name);
    const { sum, histogram } = metric as { sum?: Part; histogram?: Part };
    const kept = sum ?? histogram;
    assert.ok(kept, name);
    // Points are of the numbers of opentelemetry/proto/metrics/v1/metrics.proto: 2 is cumulative.
    assert.equal(kept.aggregationTemporality, 2, name);
    const instrument = histogram !== undefined ? "histogram" : sum?.isMonotonic === true ? "counter" : "updowncounter";
    const convention = conventions.metrics[name];
    assert.ok(convention !== undefined || name.startsWith("azure_realtime."), `there is no metric ${name}`);
    if (convention !== undefined) {
        assert.deepEqual([instrument, metric.unit], [convention.instrument, convention.unit], name);
    }
    for (const point of kept.dataPoints as Part[]) {
        const attributes = attributesOf(point);
        if (convention !== undefined) {
            requireNames(name, attributes, { ...convention, all: [...convention.all, "faas.name"] });
        }
        if (histogram !== undefined) {
            const counts = point.bucketCounts as string[];
            assert.equal(counts.length, (point.explicitBounds as number[]).length + 1, name);
            assert.equal(
                counts.reduce((total, count) => total + Number(count), 0),
                Number(point.count),
                name,
            );
        }
    }
}

function requireNames(place: string, attributes: Part, { required, all }: Convention): void {
    for (const name of required) {
        assert.ok(attributes[name] !== undefined, `${place} lacks ${name}`);
    }
    const known = [...all, "error.type", "enduser.id", "faas.name"];
    for (const name of Object.keys(attributes)) {
        assert.ok(name.startsWith("azure_realtime.") || known.includes(name), `${place} has ${name}`);
    }
}

export interface OtlpReceiver {
    url: string;
    bodies: { signal: Signal; body: unknown }[];
    close(): void;
}

/** A receiver that keeps what it gets. */
export async function openOtlpReceiver(): Promise<OtlpReceiver> {
    const bodies: OtlpReceiver["bodies"] = [];
    const server = createServer(async (request, response) => {
        const body: unknown = JSON.parse(await text(request));
        bodies.push({ signal: request.url?.replace("/v1/", "") as Signal, body });
        response.setHeader("content-type", "application/json");
        response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        bodies,
        close() {
            server.closeAllConnections();
            server.close();
        },
    };
}
