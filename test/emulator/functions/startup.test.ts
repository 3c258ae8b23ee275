import assert from "node:assert/strict";
import { answer, fn, http, script, withApp } from "../../support/functionFiles";

// Source: HostListenerFactory.cs of azure-webjobs-sdk. Since version 2 function.json's own `disabled` is read no more:
// Azure/azure-functions-host#2767.
describe("functions: disabled", () => {
    const files = (disabled: unknown) => ({
        "one/function.json": JSON.stringify({ disabled, bindings: [http, answer] }),
        "one/index.js": script["index.js"],
    });
    const cases: [
        what: string,
        disabled: unknown,
        settings: Record<string, string>,
        status: number,
        isLinux?: boolean,
    ][] = [
        ["by its setting", undefined, { "AzureWebJobs.one.Disabled": "true" }, 404],
        ["by its setting, on Windows", undefined, { "AzureWebJobs.one.Disabled": "1" }, 404, false],
        ["by its setting in Linux's spelling", undefined, { AzureWebJobs_one_Disabled: "TRUE" }, 404],
        ["by its setting in another case", undefined, { "azurewebjobs.ONE.disabled": "True" }, 404],
        ["not by another value", undefined, { "AzureWebJobs.one.Disabled": "yes" }, 200],
        ["not by false", undefined, { "AzureWebJobs.one.Disabled": "false" }, 200],
        ["not by another function's setting", undefined, { "AzureWebJobs.two.Disabled": "true" }, 200],
        ["not by true in function.json", true, {}, 200],
        ["not by a setting's name in function.json", "ONE_OFF", { ONE_OFF: "true" }, 200],
    ];
    for (const [what, disabled, settings, status, isLinux = true] of cases) {
        it(what, () =>
            withApp(files(disabled), { settings, isLinux }, async (test) => {
                assert.equal((await fetch(test.url("/api/one"))).status, status);
                const warned = test.entries.filter(({ message }) =>
                    /'disabled' in function\.json has no effect/.test(message),
                );
                assert.equal(warned.length, disabled === undefined ? 0 : 1);
            }),
        );
    }
});

// Sources: ScriptJobHostExtensions.cs and WebScriptHostHttpRoutesManager.cs of azure-functions-host; learn,
// azure-functions/functions-bindings-warmup.
describe("functions: warmup", () => {
    const warm = (name: string) => ({
        [`${name}/function.json`]: JSON.stringify({
            bindings: [{ type: "warmupTrigger", direction: "in", name: "warmup" }],
        }),
        [`${name}/index.js`]: `module.exports = async (context, given) => context.log.warn("warm " + JSON.stringify(given));`,
    });

    it("runs when the host starts, whatever the case of its name", () =>
        withApp(warm("WarmUp"), {}, async (test) => void (await test.logged(/^warm \{\}$/))));

    it("runs on ElasticPremium", () =>
        withApp(warm("warmup"), { sku: "ElasticPremium" }, async (test) => void (await test.logged(/^warm \{\}$/))));

    for (const [what, name, options, reason] of [
        [
            "has another name",
            "prepare",
            {},
            /'Functions\.prepare' has a warmupTrigger that never runs: Azure calls the function named 'warmup' only/,
        ],
        ["is on Consumption", "warmup", { sku: "Dynamic" }, /never runs: plan Dynamic has no warmup/],
        [
            "is on Flex Consumption",
            "warmup",
            { sku: "FlexConsumption" },
            /never runs: plan FlexConsumption has no warmup/,
        ],
    ] as const) {
        it(`never runs where it ${what}, and that is said`, () =>
            withApp(warm(name), options, async (test) => {
                await test.logged(reason);
                assert.deepEqual(test.app.functions(), [name]);
                assert.ok(!test.entries.some(({ message }) => message.startsWith("warm ")));
            }));
    }

    it("beside it a manual trigger loads", () =>
        withApp(fn("byHand", { type: "manualTrigger", direction: "in", name: "input" }), {}, async (test) => {
            assert.deepEqual(test.app.functions(), ["byHand"]);
        }));
});
