import assert from "node:assert/strict";
import { otlpOption, otlpTarget } from "../../cli/otlp";
import { UsageError } from "../../cli/words";

describe("the export that a command asks for", () => {
    const names = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS"] as const;
    const before = names.map((name) => process.env[name]);
    afterEach(() => {
        for (const [index, name] of names.entries()) {
            const value = before[index];
            if (value === undefined) {
                delete process.env[name];
            } else {
                process.env[name] = value;
            }
        }
    });

    it("is none without the flag, whatever the environment says", () => {
        process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "https://otlp.example";
        assert.equal(otlpTarget(undefined), undefined);
    });

    it("needs an address, of the flag or of the environment", () => {
        delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
        assert.throws(
            () => otlpTarget(true),
            /^UsageError: --otlp has no address: .*localhost:4318, or set OTEL_EXPORTER_OTLP_ENDPOINT/,
        );
    });

    it("goes where the environment says, with its headers", () => {
        process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "https://otlp.example";
        process.env.OTEL_EXPORTER_OTLP_HEADERS = "x-otlp-api-key=a%2Cb";
        const expected = { url: "https://otlp.example/v1/logs", headers: { "x-otlp-api-key": "a,b" } };
        assert.deepEqual(otlpTarget(true)?.to.logs, expected);
        assert.equal(otlpTarget("http://localhost:4318")?.to.logs?.url, "http://localhost:4318/v1/logs");
        assert.deepEqual(otlpTarget("http://localhost:4318")?.to.logs?.headers, expected.headers);
    });

    it("is wrong usage, told without the key, when the environment is wrong", () => {
        process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "https://otlp.example";
        process.env.OTEL_EXPORTER_OTLP_HEADERS = "c0nf";
        assert.throws(
            () => otlpTarget(true),
            (error: Error) =>
                error instanceof UsageError && /name=value/.test(error.message) && !/c0nf/.test(error.message),
        );
    });

    it("takes an address only, and keeps it", () => {
        const parse = otlpOption().parseArg as unknown as (text: string) => string;
        assert.equal(parse("http://localhost:4318"), "http://localhost:4318");
        for (const text of ["localhost:4318", "ftp://h", "http://h?x", "http://u:p@h", ""]) {
            assert.throws(() => parse(text), /^(CommanderError|InvalidArgumentError|Error): It must/);
        }
    });
});
