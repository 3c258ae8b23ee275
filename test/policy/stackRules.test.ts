import assert from "node:assert/strict";
import type { Recorded } from "../../local/engine/recorder";
import { stackRules } from "../../policy/stackRules";
import { type RunningPolicyPack, startPolicyPack } from "../support/policyPack";
import { recordStackHere } from "../support/recordedStacks";
import { type StackVariant, stackVariants } from "../support/recorder";

const prod = stackVariants.find(({ label }) => label === "prod") as StackVariant;
const prodOn = (backend: string): StackVariant => ({
    ...prod,
    label: `prod with ${backend}`,
    overrides: { "azure-realtime:backend": backend },
});

describe("the policy pack, about a stack as a whole,", function () {
    this.timeout(60_000);
    let pack: RunningPolicyPack;
    before(async () => {
        pack = await startPolicyPack();
    });
    after(() => pack?.close());

    for (const variant of [...stackVariants, prodOn("webpubsub"), prodOn("signalr")]) {
        it(`accepts ${variant.label}`, async () => {
            assert.deepEqual(await pack.analyzeStack(await recordStackHere(variant)), []);
        });
    }

    for (const { policy, type, says } of [
        { policy: "production-is-logged", type: "DiagnosticSetting", says: /diagnostics: \{\}/ },
        { policy: "production-has-alerts", type: "MetricAlert", says: /alerts: \{\}/ },
    ]) {
        for (const variant of [prod, prodOn("signalr")]) {
            it(`reports ${policy} of ${variant.label} without a ${type}, with the fix`, async () => {
                const resources = await recordStackHere(variant);
                const found = await pack.analyzeStack(resources.filter((one) => !one.type.endsWith(`:${type}`)));
                assert.deepEqual(
                    found.map((one) => one.policy),
                    [policy],
                );
                assert.match(found[0]?.message ?? "", says);
            });
        }

        it(`reports ${policy} when what there is watches something else`, async () => {
            const resources = await recordStackHere(prod);
            const service = resources.find((one) => one.type.endsWith(":WebPubSub"))?.urn;
            const elsewhere = (one: Recorded) =>
                one.type.endsWith(`:${type}`)
                    ? { ...one, dependencies: one.dependencies.filter((urn) => urn !== service) }
                    : one;
            const found = await pack.analyzeStack(resources.map(elsewhere));
            assert.deepEqual(
                found.map((one) => one.policy),
                [policy],
            );
        });
    }

    it("asks nothing of a service below Premium", async () => {
        const resources = await recordStackHere(stackVariants.find(({ label }) => label === "staging") as StackVariant);
        assert.ok(!resources.some(({ type }) => type.endsWith(":DiagnosticSetting")));
        assert.deepEqual(await pack.analyzeStack(resources), []);
    });

    it("has a test of each of its rules", () => {
        assert.deepEqual(
            stackRules.map(({ name }) => name),
            ["production-is-logged", "production-has-alerts"],
        );
    });
});
