import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { HostingPlan } from "../../../components";
import { checkPackage } from "../../../components/functionCode/package";
import { functionCases } from "../../support/functionCases";
import { functionFolder } from "../../support/functionFolder";

const script = { "index.js": "module.exports = async () => {};" };

describe("the functions of a code folder", () => {
    const all: Record<string, string> = { "host.json": '{"version":"2.0"}' };
    for (const { name, text, files = script } of functionCases) {
        all[`${name}/function.json`] = text;
        for (const [file, content] of Object.entries(files)) {
            all[`${name}/${file}`] = content;
        }
    }
    const { faults } = checkPackage({ codePath: functionFolder(all), runtime: "node" });

    for (const { name, message } of functionCases) {
        it(`${message === undefined ? "may be" : "may not be"} ${name.slice(0, 40)}`, () => {
            const own = faults.filter((fault) => fault.startsWith(`The '${name}' function is in error: `));
            assert.equal(own.length, message === undefined ? 0 : 1, own.join("\n"));
            if (message !== undefined) {
                assert.match(own[0] ?? "", message);
                assert.ok(own[0]?.includes(`(${name}/function.json in `));
            }
        });
    }

    const one = (binding: object, more: Record<string, string> = {}) =>
        functionFolder({
            "host.json": '{"version":"2.0"}',
            "fn/index.js": "",
            "fn/function.json": JSON.stringify({ bindings: [{ name: "x", ...binding }] }),
            ...more,
        });
    const faultsOf = (codePath: string, plan: HostingPlan = HostingPlan.FlexConsumption) =>
        checkPackage({ codePath, runtime: "node", plan }).faults.join("\n");
    const timer = (schedule: string) => one({ type: "timerTrigger", schedule });

    // What each plan allows: test/rules/schedule.test.ts names the sources.
    it("are held to what the plan allows", () => {
        assert.match(
            faultsOf(timer("00:05:00")),
            /is a time span, which runs on a Dedicated plan only, and the plan is FlexConsumption/,
        );
        assert.match(faultsOf(timer("00:05:00"), HostingPlan.ElasticPremium), /the plan is ElasticPremium/);
        assert.match(faultsOf(timer("*/5 * * * *"), HostingPlan.Consumption), /is not a valid CRON expression/);
        assert.equal(faultsOf(timer("00:05:00"), HostingPlan.Dedicated), "");
    });

    it("count only when host.json lists them", () => {
        const bad = { "bad.name/function.json": "{", "other/function.json": JSON.stringify({ bindings: [] }) };
        const listing = (functions: unknown) =>
            faultsOf(
                one(
                    { type: "httpTrigger" },
                    { ...bad, "host.json": JSON.stringify({ version: "2.0", Functions: functions }) },
                ),
            );
        assert.equal(listing(["FN"]), "");
        assert.equal(listing(["gone"]), "");
        assert.match(listing(["fn", "Bad.Name"]), /'bad\.name' is not a valid function name/);
        assert.match(listing([]), /'other' function is in error/);
    });

    it("may name folders with a backslash on Windows only", () => {
        const code = functionFolder({
            "host.json": '{"version":"2.0"}',
            "lib/main.js": "",
            "fn/function.json": JSON.stringify({
                scriptFile: "..\\lib\\main.js",
                bindings: [{ type: "httpTrigger", name: "x" }],
            }),
        });
        assert.match(faultsOf(code), /a file that does not exist.*On Linux, write \/ between folders/);
        assert.equal(faultsOf(code, HostingPlan.Consumption), "");
    });

    it("must close the settings in every binding, beside an HTTP trigger too", () => {
        const code = functionFolder({
            "host.json": '{"version":"2.0"}',
            "bin/extensions.json": "{'extensions':[]}",
            "fn/index.js": "",
            "fn/function.json": JSON.stringify({
                bindings: [
                    { type: "httpTrigger", name: "x", route: "100%" },
                    { type: "signalR", name: "out", direction: "out", hubName: "%Hub" },
                ],
            }),
        });
        assert.match(faultsOf(code), /The '%' at position 0 does not have a closing '%'/);
    });

    it("may take what is not known yet from settings", () => {
        assert.equal(faultsOf(timer("%Schedule%")), "");
    });

    it("may not have a malformed route, with which the host does not start", () => {
        const malformed = faultsOf(one({ type: "httpTrigger", route: "/hello" }));
        assert.match(malformed, /creating the route with name 'fn' and template 'api\/\/hello'/);
        const withoutPrefix = { "host.json": '{"version":"2.0","extensions":{"http":{"routePrefix":""}}}' };
        assert.equal(faultsOf(one({ type: "httpTrigger", route: "/hello" }, withoutPrefix)), "");
    });

    // Which bundle holds which extension: tags of Azure/azure-functions-extension-bundles.
    const bundle = (id: string, version: string) => ({
        "host.json": JSON.stringify({ version: "2.0", extensionBundle: { id, version } }),
    });
    const general = "Microsoft.Azure.Functions.ExtensionBundle";
    const types: [type: string, id: string, version: string, message?: RegExp][] = [
        ["webPubSubTrigger", general, "[4.*, 5.0.0)"],
        ["webPubSubTrigger", general, "[3.5.0, 4.0.0)"],
        [
            "webPubSubTrigger",
            general,
            "[2.*, 3.0.0)",
            /'webPubSubTrigger' were not found in the configured extension bundle.*it is in Microsoft\.Azure\.Functions\.ExtensionBundle from 3\.5\.0 on/,
        ],
        ["webPubSubTrigger", `${general}.Preview`, "[4.*, 5.0.0)", /were not found in the configured extension bundle/],
        [
            "socketIOTrigger",
            general,
            "[4.*, 5.0.0)",
            /were not found.*it is in Microsoft\.Azure\.Functions\.ExtensionBundle\.Preview/,
        ],
        ["socketIOTrigger", `${general}.Preview`, "[4.*, 5.0.0)"],
        ["signalRTrigger", general, "[2.*, 3.0.0)"],
        ["signalRTrigger", general, "[5.*, 6.0.0)", /Bundle version matching the \[5\.\*, 6\.0\.0\) was not found/],
        ["signalRTrigger", `${general}.Preview`, "[5.*, 6.0.0)", /were not found in the configured extension bundle/],
        ["timerTrigger", `${general}.Preview`, "[5.*, 6.0.0)"],
        ["timerTrigger", "My.Own.Bundle", "[1.*, 2.0.0)"],
        ["signalRTrigger", "My.Own.Bundle", "[1.*, 2.0.0)", /were not found in the configured extension bundle/],
        ["queueTrigger", general, "[4.*, 5.0.0)"],
        ["nosuchTrigger", general, "[4.*, 5.0.0)", /no bundle has it/],
        ["timerTrigger", general, "[1.*, 2.0.0)", /does not meet the required minimum version of 2\.6\.1/],
        [
            "timerTrigger",
            general,
            "latest",
            /The value of version property in extensionBundle section of host\.json file is invalid or missing/,
        ],
        ["timerTrigger", "", "[4.*, 5.0.0)", /The value of id property/],
    ];
    // What each of the triggers needs besides.
    const complete = { schedule: "0 * * * * *", hub: "h", eventType: "user", eventName: "e" };
    const signalR = { hubName: "h", category: "messages", event: "e" };
    for (const [type, id, version, message] of types) {
        it(`${message === undefined ? "may" : "may not"} have a ${type} with ${id} ${version}`, () => {
            assert.match(faultsOf(one({ ...complete, type, ...signalR }, bundle(id, version))), message ?? /^$/);
        });
    }

    it("name func extensions sync where the extensions' project was not built", () => {
        const found = faultsOf(one({ type: "socketIOTrigger" }, { "extensions.csproj": "<Project/>" }));
        assert.match(found, /'socketIOTrigger' are not registered.*run `func extensions sync`/);
        const synced = { "extensions.csproj": "<Project/>", "bin/extensions.json": "{'extensions':[]}" };
        assert.equal(faultsOf(one({ ...complete, type: "socketIOTrigger" }, synced)), "");
    });

    for (const text of [
        "{ nope",
        "[]",
        '{"version":"1.0"}',
        '{"version":"2.0","extensionBundle":{"id":"x","version":"y"}}',
    ]) {
        it(`get one fault, that of host.json, when it is ${text}`, () => {
            const found = faultsOf(one({ ...complete, type: "webPubSubTrigger" }, { "host.json": text }));
            assert.match(found, /host\.json/);
            assert.doesNotMatch(found, /not registered|names no extension bundle/);
        });
    }

    // Sources: test/emulator/functions/listeners.test.ts, which holds the local host to the same.
    const faulty: [trigger: object, message: RegExp][] = [
        [{ type: "socketIOTrigger", eventName: "e" }, /'fn' function is in error: .* The trigger has no hub\./],
        [{ type: "SOCKETIOTRIGGER", hub: "h" }, /The trigger has no eventName\./],
        [{ type: "webPubSubTrigger", hub: "h", eventName: "e" }, /The trigger has no eventType\./],
        [{ ...complete, type: "webPubSubTrigger", EventType: "x", eventType: undefined }, /It must be system, user\./],
        [{ ...complete, type: "webPubSubTrigger", connections: "A" }, /It must be a list of texts/],
        [{ type: "signalRTrigger", hubName: "h", event: "e" }, /The trigger has no category\./],
        [{ ...signalR, type: "signalRTrigger", HUBNAME: "", hubName: undefined }, /The trigger has no hubName\./],
        [
            { ...signalR, type: "signalRTrigger", ParameterNames: ["a", "A"] },
            /ParameterNames should be ignore case unique/,
        ],
        [{ ...signalR, type: "signalRTrigger", category: "news" }, /Category news is not supported/],
        [{ ...signalR, type: "signalRTrigger", category: "connections" }, /Event e is not supported in connections/],
    ];
    const extensions = { "bin/extensions.json": "{'extensions':[]}" };
    for (const [trigger, message] of faulty) {
        it(`may not have the trigger ${JSON.stringify(trigger)}`, () => {
            assert.match(faultsOf(one(trigger, extensions)), message);
        });
    }

    it("may have a trigger that settings complete", () => {
        const trigger = { type: "signalRTrigger", hubName: "%H%", category: "%C%", event: "%E%" };
        assert.equal(faultsOf(one(trigger, extensions)), "");
        assert.equal(faultsOf(one({ ...complete, type: "webPubSubTrigger", hub: "%H%" }, extensions)), "");
    });

    // Source: FunctionIndex.cs of azure-webjobs-sdk. Linux keeps two folders whose names differ in case.
    it("may not have names that differ by case only", function () {
        const timers = (...names: string[]) =>
            functionFolder({
                "host.json": '{"version":"2.0"}',
                ...Object.fromEntries(
                    names.flatMap((name) => [
                        [`${name}/index.js`, ""],
                        [
                            `${name}/function.json`,
                            JSON.stringify({
                                bindings: [{ name: "x", type: "timerTrigger", schedule: "0 * * * * *" }],
                            }),
                        ],
                    ]),
                ),
            });
        const code = timers("Tick", "tick");
        if (readdirSync(code).length < 3) {
            this.skip();
        }
        assert.match(
            faultsOf(code),
            /^The 'tick' function is in error: Method overloads are not supported\..*'Host\.Functions\.tick'.*see 'Tick'/,
        );
        assert.equal(faultsOf(timers("Tick", "Tock")), "");
    });

    it("may not listen twice to one event", () => {
        const other = (binding: object) => ({
            ...extensions,
            "other/index.js": "",
            "other/function.json": JSON.stringify({ bindings: [{ name: "x", type: "webPubSubTrigger", ...binding }] }),
        });
        const trigger = { ...complete, type: "webPubSubTrigger" };
        assert.match(
            faultsOf(one(trigger, other({ hub: "H", eventType: "User", eventName: "E" }))),
            /'other' function is in error: The functions 'fn' and 'other' listen to one event: hub 'h', .*eventName 'e'/,
        );
        assert.equal(faultsOf(one(trigger, other({ hub: "h", eventType: "system", eventName: "connect" }))), "");
    });
});

describe("the host.json of a code folder", () => {
    const entry = { "package.json": '{"main":"index.js"}', "index.js": "" };
    const faultsOf = (text: string, plan: HostingPlan = HostingPlan.FlexConsumption) =>
        checkPackage({ codePath: functionFolder({ ...entry, "host.json": text }), runtime: "node", plan }).faults.join(
            "\n",
        );

    it("may hold what Newtonsoft.Json reads", () => {
        for (const text of ['{"version":"2.0" // why\n}', "{/**/'version':'2.0',}", '\uFEFF{version:"2.0"}']) {
            assert.equal(faultsOf(text), "");
        }
    });

    it("must hold values that the host can convert", () => {
        assert.match(faultsOf('{"version":"2.0","FileWatchingEnabled":"yes"}'), /to type 'System\.Boolean'/);
        assert.match(faultsOf('{"version":"2.0","retry":{"maxRetryCount":-5}}'), /retry\.maxRetryCount is "-5"/);
        assert.match(
            faultsOf('{"version":"2.0","extensions":{"http":{"maxConcurrentRequests":0}}}'),
            /maxConcurrentRequests is 0\. It must be 1 or more/,
        );
        assert.match(faultsOf('{"version":"2.0","extensionBundle":null}'), /The value of version property/);
        assert.equal(faultsOf('{"version":"2.0","extensionBundle":[],"retry":null}'), "");
    });

    it("must have a version that the host takes, and a timeout that the plan allows", () => {
        assert.match(faultsOf('{"logging":{}}'), /missing the required 'version' property/);
        assert.match(faultsOf('{"version":"3.0"}'), /'3\.0' is an invalid value for host\.json 'version' property/);
        const slow = '{"version":"2.0","functionTimeout":"00:30:00"}';
        assert.match(
            faultsOf(slow, HostingPlan.Consumption),
            /FunctionTimeout must be greater than 00:00:01 and less than 00:10:00/,
        );
        assert.equal(faultsOf(slow), "");
    });
});
