import assert from "node:assert/strict";
import { OtlpError, readOtlpTarget } from "../../../emulator/inspect/otlp/target";

const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
const headers = "OTEL_EXPORTER_OTLP_HEADERS";
const here = "http://localhost:4318";

const urlsOf = (target: ReturnType<typeof readOtlpTarget>) =>
    Object.fromEntries(Object.entries(target?.to ?? {}).map(([signal, { url }]) => [signal, url]));
const all = (base: string) => ({
    traces: `${base}/v1/traces`,
    logs: `${base}/v1/logs`,
    metrics: `${base}/v1/metrics`,
});

// Source: open-telemetry/opentelemetry-specification, specification/protocol/exporter.md.
describe("the place where OpenTelemetry's data go", () => {
    for (const [what, given, environment, urls] of [
        ["nowhere without any", undefined, {}, {}],
        ["the option", here, {}, all(here)],
        ["the option with a slash", `${here}/`, {}, all(here)],
        ["the option with a path", `${here}/otlp/`, {}, all(`${here}/otlp`)],
        ["the variable", undefined, { [endpoint]: "https://o.example" }, all("https://o.example")],
        [
            "the option rather than the variables",
            here,
            { [endpoint]: "https://o.example", OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://l.example" },
            all(here),
        ],
        ["nowhere for an empty variable", undefined, { [endpoint]: " " }, {}],
        [
            "a signal's variable as it is",
            undefined,
            { [endpoint]: here, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://l.example/x" },
            { ...all(here), logs: "http://l.example/x" },
        ],
        [
            "one signal alone",
            undefined,
            { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t.example" },
            { traces: "http://t.example/" },
        ],
        [
            "the same place for both encodings",
            undefined,
            { [endpoint]: here, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" },
            all(here),
        ],
        ["the option, whose protocol is known", here, { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, all(here)],
    ] as [string, string | undefined, NodeJS.ProcessEnv, Record<string, string>][]) {
        it(`is ${what}`, () => assert.deepEqual(urlsOf(readOtlpTarget(given, environment)), urls));
    }

    for (const [text, expected] of [
        ["x-otlp-api-key=abc", { "x-otlp-api-key": "abc" }],
        ["a=1,b=2", { a: "1", b: "2" }],
        [" A = 1 , , b= ", { a: "1", b: "" }],
        ["authorization=Basic%20dTpw", { authorization: "Basic dTpw" }],
        ["authorization=Basic dTpw==", { authorization: "Basic dTpw==" }],
        ["a=1%2C2,b=x+y", { a: "1,2", b: "x+y" }],
        ["a=1,a=2", { a: "2" }],
        ["__proto__=1", { ["__proto__"]: "1" }],
    ] as [string, Record<string, string>][]) {
        it(`has the headers of '${text}'`, () =>
            assert.deepEqual(
                Object.entries(readOtlpTarget(here, { [headers]: text })?.to.logs?.headers ?? {}),
                Object.entries(expected),
            ));
    }

    for (const [environment, message] of [
        [{ [endpoint]: "localhost:4318" }, /^OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address/],
        [{ [endpoint]: "http://u:c0nf@h" }, /^OTEL_EXPORTER_OTLP_ENDPOINT must have no user and no password.*HEADERS/],
        [{ [endpoint]: "http://h/?key=c0nf" }, /without a query/],
        [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "c0nf" }, /^OTEL_EXPORTER_OTLP_LOGS_ENDPOINT must be/],
        [
            { [endpoint]: here, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
            /^OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'.*http\/json.*4318/,
        ],
        [
            { [endpoint]: here, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "grpc" },
            /^OTEL_EXPORTER_OTLP_METRICS_PROTOCOL is 'grpc'/,
        ],
        [{ [endpoint]: here, [headers]: "c0nf" }, /^Entry 1 of OTEL_EXPORTER_OTLP_HEADERS must be name=value/],
        [{ [endpoint]: here, [headers]: "a=1,=c0nf" }, /^Entry 2 of/],
        [{ [endpoint]: here, [headers]: "a b=c0nf" }, /^Entry 1 of/],
        [
            { [endpoint]: here, [headers]: "k=c0nf%zz" },
            /^The value of 'k' in OTEL_EXPORTER_OTLP_HEADERS is not percent-encoded.*%25/,
        ],
        [{ [endpoint]: here, [headers]: "k=c0nf%ff" }, /^The value of 'k'/],
        [{ [endpoint]: here, [headers]: "k=c0nf%0d%0Aa: b" }, /cannot hold/],
        [{ [endpoint]: here, [headers]: "k=c0nf%E2%82%AC" }, /cannot hold/],
        [{ [endpoint]: here, [headers]: "Content-Type=c0nf" }, /'content-type', which the export sets itself/],
        [{ [endpoint]: here, [headers]: "host=c0nf" }, /'host'/],
        [{ [endpoint]: here, OTEL_EXPORTER_OTLP_TRACES_HEADERS: "c0nf" }, /OTEL_EXPORTER_OTLP_TRACES_HEADERS/],
    ] as [NodeJS.ProcessEnv, RegExp][]) {
        it(`is refused in one line without a secret: ${JSON.stringify(environment)}`, () => {
            assert.throws(
                () => readOtlpTarget(undefined, environment),
                (error: Error) => {
                    assert.ok(error instanceof OtlpError);
                    assert.match(error.message, message);
                    assert.doesNotMatch(error.message, /c0nf|\n/);
                    return true;
                },
            );
        });
    }
});
