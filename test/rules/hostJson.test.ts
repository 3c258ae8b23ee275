import assert from "node:assert/strict";
import { parseHostJson, readHostSettings } from "../../rules/hostJson";
import type { PlanSku } from "../../rules/plan";

const minute = 60_000;

// Source: HostJsonFileConfigurationSource.cs of azure-functions-host, which parses with Newtonsoft.Json.
describe("host.json", () => {
    for (const text of [
        '{"version":"2.0"}',
        "{}",
        '{\n  // why\n  "version": "2.0", /* and */\n}',
        "{ 'version': '2.0' }",
        "{ version: '2.0' }",
        '{ "version": "2.0", "unknown": [1, { "a": null }] }',
    ]) {
        it(`may be ${text.replaceAll("\n", " ")}`, () => void parseHostJson(text));
    }

    const refused: [text: string, message: RegExp][] = [
        [
            '{"extensions":{}}',
            /^Error: The host\.json file is missing the required 'version' property\. See https:\/\/aka\.ms\/functions-hostjson for steps to migrate the configuration file\.$/,
        ],
        ['{"version":""}', /missing the required 'version' property/],
        ['{"version":null}', /missing the required 'version' property/],
        ['{"Version":"2.0"}', /missing the required 'version' property/],
        [
            '{"version":"2"}',
            /'2' is an invalid value for host\.json 'version' property\. We recommend you set the 'version' property to '2\.0'\. See/,
        ],
        // Source: JToken.Value<string>() of Newtonsoft.Json, which is Convert.ChangeType: the text of the double is 2.
        ['{"version":2.0}', /'2' is an invalid value/],
        ['{"version":"1.0"}', /'1\.0' is an invalid value/],
        ['{"version":"2.0.0"}', /'2\.0\.0' is an invalid value/],
        [
            '{"version":"3.0"}',
            /'3\.0' is an invalid value.*This does not correspond to the function runtime version, only to the schema version/,
        ],
        ['{"version":"4.0"}', /'4\.0' is an invalid value/],
        ['{"version":true}', /is an invalid value/],
        ["[]", /Unable to parse host configuration file 'host\.json'\..*not an object: StartArray/],
        ["", /Unable to parse host configuration file/],
        ['{ "version": }', /Unable to parse.*host\.json is not valid JSON: Unexpected character.*line 1, position 13/],
        ['{ "version": "2.0" } trailing', /Additional text encountered/],
        ['{ "version": "2.0" "a": 1 }', /After parsing a value an unexpected character/],
    ];
    for (const [text, message] of refused) {
        it(`may not be ${text}`, () => assert.throws(() => parseHostJson(text), message));
    }

    const prefixes: [json: Record<string, unknown>, prefix: string][] = [
        [{}, "api"],
        [{ extensions: { http: { routePrefix: "" } } }, ""],
        [{ extensions: { http: { routePrefix: "v1/api" } } }, "v1/api"],
        [{ Extensions: { HTTP: { RoutePrefix: "x" } } }, "x"],
        [{ extensions: { http: { routePrefix: null } } }, ""],
        [{ extensions: { http: { routePrefix: false } } }, "False"],
        [{ extensions: { http: { routePrefix: 5 } } }, "5"],
        [{ extensions: { http: { routePrefix: {} } } }, "api"],
        [{ extensions: [] }, "api"],
        [{ http: { routePrefix: "x" } }, "api"],
    ];
    for (const [json, prefix] of prefixes) {
        it(`with ${JSON.stringify(json)} has the prefix '${prefix}'`, () => {
            assert.equal(readHostSettings({ json }).routePrefix, prefix);
        });
    }

    it("lists the functions to run, and an empty list means all", () => {
        assert.deepEqual(readHostSettings({ json: { functions: ["a"] } }).functions, ["a"]);
        assert.equal(readHostSettings({ json: { functions: [] } }).functions, undefined);
        assert.deepEqual(readHostSettings({ json: { functions: { 0: "a", 1: "b" } } }).functions, ["a", "b"]);
    });
});

// Source: ScriptJobHostOptionsSetup.cs of azure-functions-host, with its tests.
describe("functionTimeout", () => {
    const cases: [sku: PlanSku, value: unknown, milliseconds: number | RegExp][] = [
        ["Dynamic", undefined, 5 * minute],
        ["FlexConsumption", undefined, 30 * minute],
        ["ElasticPremium", undefined, 30 * minute],
        ["Dedicated", undefined, 30 * minute],
        ["Dynamic", "00:10:00", 10 * minute],
        [
            "Dynamic",
            "00:10:01",
            /FunctionTimeout must be greater than 00:00:01 and less than 00:10:00\. .*'00:10:01', and the plan is Dynamic/,
        ],
        ["Dynamic", "-1", /FunctionTimeout must be greater than 00:00:01 and less than 00:10:00/],
        ["Dynamic", "01:00:00", /less than 00:10:00/],
        ["FlexConsumption", "-1", Number.POSITIVE_INFINITY],
        ["ElasticPremium", "-1", Number.POSITIVE_INFINITY],
        ["Dedicated", "-1", Number.POSITIVE_INFINITY],
        ["Dedicated", -1, Number.POSITIVE_INFINITY],
        ["Dedicated", "-1.00:00:00", Number.POSITIVE_INFINITY],
        ["FlexConsumption", "04:00:00", 240 * minute],
        ["Dedicated", "2", 2 * 24 * 60 * minute],
        ["Dedicated", "00:00:01", 1000],
        ["Dedicated", "00:00:00", /must be greater than 00:00:01/],
        ["Dedicated", "00:00:00.5", /must be greater than 00:00:01/],
        ["Dedicated", "-2", /must be greater than 00:00:01/],
        [
            "Dedicated",
            "5m",
            /Failed to convert configuration value at 'AzureFunctionsJobHost:functionTimeout' to type 'System\.TimeSpan'.*'5m'/,
        ],
        ["Dedicated", "00:99:00", /Failed to convert/],
        ["Dedicated", true, /Failed to convert/],
        ["Dedicated", "", 30 * minute],
        ["Dedicated", null, 30 * minute],
    ];
    for (const [sku, value, expected] of cases) {
        it(`${JSON.stringify(value)} on ${sku} is ${expected instanceof RegExp ? "refused" : expected}`, () => {
            const read = () => readHostSettings({ json: { functionTimeout: value }, sku }).functionTimeoutMilliseconds;
            if (expected instanceof RegExp) {
                assert.throws(read, expected);
            } else {
                assert.equal(read(), expected);
            }
        });
    }
});
