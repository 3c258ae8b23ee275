import assert from "node:assert/strict";
import { configurationOf, parseHostJson, readHostSettings } from "../../rules/hostJson";
import type { PlanSku } from "../../rules/plan";

const minute = 60_000;

// Source: HostJsonFileConfigurationSource.cs of azure-functions-host, which parses with Newtonsoft.Json.
const settingsOf = (json: Record<string, unknown>, sku?: PlanSku) =>
    readHostSettings({ configuration: configurationOf(json), ...(sku && { sku }) });

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
        [{ "extensions:http:routePrefix": "colons" }, "colons"],
        [{ extensions: { "HTTP:RoutePrefix": "half" } }, "half"],
        [{ extensions: { http: { routePrefix: "first" } }, Extensions: { HTTP: { RoutePrefix: "last" } } }, "last"],
        [{ extensions: { http: { routePrefix: "one" } }, EXTENSIONS: { http: { maxConcurrentRequests: 5 } } }, "one"],
        [{ extensions: { http: { routePrefix: "kept" }, Http: null } }, "kept"],
        [{ extensions: { http: { routePrefix: ["a"] } } }, "api"],
    ];
    for (const [json, prefix] of prefixes) {
        it(`with ${JSON.stringify(json)} has the prefix '${prefix}'`, () => {
            assert.equal(settingsOf(json).routePrefix, prefix);
        });
    }

    it("lists the functions to run, and an empty list means all", () => {
        assert.deepEqual(settingsOf({ functions: ["a"] }).functions, ["a"]);
        assert.equal(settingsOf({ functions: [] }).functions, undefined);
        assert.deepEqual(settingsOf({ functions: { 0: "a", 1: "b" } }).functions, ["a", "b"]);
    });
});

// Sources: HostJsonFileConfigurationSource.cs and ScriptJobHostOptionsSetup.cs of azure-functions-host, whose binder converts each value.
describe("what host.json makes of the host", () => {
    const refused: [json: Record<string, unknown>, message: RegExp][] = [
        [
            { fileWatchingEnabled: "yes" },
            /'AzureFunctionsJobHost:fileWatchingEnabled' to type 'System\.Boolean'.*'yes'/,
        ],
        [{ FileWatchingEnabled: 1 }, /to type 'System\.Boolean'.*'1'/],
        [{ sendCanceledInvocationsToWorker: null }, /to type 'System\.Boolean'.*''/],
        [{ isDefaultHostConfig: "" }, /to type 'System\.Boolean'/],
        [{ metadataProviderTimeout: "soon" }, /to type 'System\.TimeSpan'.*'soon'/],
        [{ extensionBundle: { ensureLatest: "always" } }, /'AzureFunctionsJobHost:extensionBundle:ensureLatest'/],
        [{ extensions: { http: { dynamicThrottlesEnabled: "on" } } }, /dynamicThrottlesEnabled/],
        [{ extensions: { http: { maxConcurrentRequests: "many" } } }, /maxConcurrentRequests is "many"/],
        [{ extensions: { http: { maxConcurrentRequests: 1.5 } } }, /maxConcurrentRequests is 1\.5/],
        [{ extensions: { http: { maxOutstandingRequests: 0 } } }, /maxOutstandingRequests is 0/],
        [{ extensions: { http: { MaxOutstandingRequests: -2 } } }, /maxOutstandingRequests is -2/],
        [
            { retry: { strategy: "fixedDelay", delayInterval: "00:00:01" } },
            /host\.json: retry\.maxRetryCount is missing/,
        ],
        [{ Retry: { strategy: "linear", maxRetryCount: 1 } }, /retry\.strategy is 'linear'/],
        [{ "retry:maxRetryCount": 1 }, /retry\.minimumInterval is missing/],
    ];
    for (const [json, message] of refused) {
        it(`may not be ${JSON.stringify(json)}`, () => assert.throws(() => settingsOf(json), message));
    }

    const taken: [json: Record<string, unknown>, settings: object][] = [
        [{ retry: null }, {}],
        [{ retry: {} }, {}],
        [{ retry: [] }, {}],
        [{ fileWatchingEnabled: "FALSE", sendCanceledInvocationsToWorker: true, metadataProviderTimeout: "0:1" }, {}],
        [{ fileWatchingEnabled: {} }, {}],
        [{ functions: "one" }, {}],
        [{ functions: { a: { b: "x" } } }, { functions: [] }],
        [
            { extensions: { http: { maxConcurrentRequests: "7", maxOutstandingRequests: -1 } } },
            { maxConcurrentRequests: 7 },
        ],
        [
            { retry: { strategy: 1, maxRetryCount: "2", DelayInterval: "00:00:03" } },
            { retry: { maxRetryCount: 2, interval: { fixed: 3000 } } },
        ],
    ];
    for (const [json, settings] of taken) {
        it(`is ${JSON.stringify(settings)} with ${JSON.stringify(json)}`, () =>
            assert.deepEqual(settingsOf(json), {
                routePrefix: "api",
                functionTimeoutMilliseconds: 30 * minute,
                ...settings,
            }));
    }
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
            const read = () => settingsOf({ functionTimeout: value }, sku).functionTimeoutMilliseconds;
            if (expected instanceof RegExp) {
                assert.throws(read, expected);
            } else {
                assert.equal(read(), expected);
            }
        });
    }
});
