import assert from "node:assert/strict";
import type { Recorded } from "../../local/engine/recorder";
import { unknownValue } from "../../local/engine/values";
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
        { policy: "production-is-kept", type: "ManagementLockByScope", says: /lockData: true or protectData: true/ },
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

    it("is content with a service that Pulumi protects, and only advises otherwise", async () => {
        const resources = (await recordStackHere(prod)).filter(({ type }) => !type.endsWith(":ManagementLockByScope"));
        assert.deepEqual(await pack.analyzeStack(resources, { protect: true }), []);
        assert.deepEqual(
            stackRules.filter(({ isAdvice }) => isAdvice).map(({ name }) => name),
            ["production-is-kept"],
        );
    });

    for (const [kind, silent] of [
        ["WebPubSubReplica", "webpubsub:WebPubSub"],
        ["SignalRReplica", "signalrservice:SignalR"],
    ] as const) {
        it(`asks for logs and alerts of a ${kind} as well`, async () => {
            const [service] = (await recordStackHere(kind === "SignalRReplica" ? prodOn("signalr") : prod)).filter(
                ({ type }) => type === `azure-native:${silent}`,
            );
            assert.ok(service);
            const type = `azure-native:${silent.split(":")[0]}:${kind}`;
            const found = await pack.analyzeStack([{ ...service, type, urn: `${service.urn}-us`, dependencies: [] }]);
            assert.deepEqual(
                found.map((one) => one.policy),
                ["production-is-logged", "production-has-alerts"],
            );
        });
    }

    it("reports slot-behind-login for a slot that is open beside a guarded app", async () => {
        const [base] = await recordStackHere(prod);
        assert.ok(base);
        const part = (type: string, inputs: Record<string, string>) => ({
            ...base,
            type: `azure-native:web:${type}`,
            urn: `urn:${type}`,
            name: type,
            inputs,
            dependencies: [],
        });
        const [slot, auth, slotAuth] = [
            part("WebAppSlot", { name: "chat", slot: "staging" }),
            part("WebAppAuthSettingsV2", { name: "Chat" }),
            part("WebAppAuthSettingsV2Slot", { name: "chat", slot: "staging" }),
        ];
        assert.deepEqual(await pack.analyzeStack([slot, auth, slotAuth]), []);
        assert.deepEqual(await pack.analyzeStack([slot]), []);
        const other = { ...slotAuth, inputs: { name: "chat", slot: "other" } };
        for (const resources of [
            [slot, auth],
            [slot, auth, other],
        ]) {
            const [found] = await pack.analyzeStack(resources);
            assert.equal(found?.policy, "slot-behind-login");
            assert.match(found?.message ?? "", /Add a WebAppAuthSettingsV2Slot/);
        }
        const unknown = { ...auth, inputs: { name: unknownValue } };
        assert.deepEqual(await pack.analyzeStack([slot, unknown]), []);
    });

    it("has a test of each of its rules", () => {
        assert.deepEqual(
            stackRules.map(({ name }) => name),
            ["production-is-logged", "production-has-alerts", "production-is-kept", "slot-behind-login"],
        );
    });
});
