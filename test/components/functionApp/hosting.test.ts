import assert from "node:assert/strict";
import { FunctionRuntime, HostingPlan, PlanSku } from "../../../components";
import {
    defaultRuntimeVersion,
    deliveryOf,
    planFacts,
    planSkuRule,
    runtimeVersionAdvice,
    runtimeVersions,
    zoneRedundantSkuRule,
} from "../../../components/functionApp/hosting";

describe("the table of language versions", () => {
    for (const runtime of Object.values(FunctionRuntime)) {
        it(`of ${runtime} names each version once, with a day or a reason where one is known, the default first and supported`, () => {
            const list = runtimeVersions[runtime];
            const names = list.map(({ version }) => version);
            assert.deepEqual(names, [...new Set(names)]);
            for (const { version, ends, warning } of list) {
                assert.match(version, /^\d+(\.\d+)?$/);
                assert.ok(ends === undefined || /^\d{4}-\d{2}-\d{2}$/.test(ends), ends);
                assert.ok(ends === undefined || !Number.isNaN(Date.parse(ends)), ends);
                assert.ok(warning === undefined || warning.length > 10);
            }
            assert.equal(list[0]?.version, defaultRuntimeVersion(runtime));
            assert.equal(
                runtimeVersionAdvice(runtime, new Date("2026-11-25"))(defaultRuntimeVersion(runtime)),
                undefined,
            );
        });
    }

    it("warns of an ended version by its day, of a preview, and of a version that it does not know", () => {
        const advice = (runtime: FunctionRuntime, version: string) =>
            runtimeVersionAdvice(runtime, new Date("2026-11-25"))(version);
        assert.equal(advice("node", "20"), "node 20 is out of support since 2026-04-30. Use 22.");
        assert.equal(
            advice("dotnet-isolated", "8.0"),
            "dotnet-isolated 8.0 is out of support since 2026-11-10. Use 10.0.",
        );
        assert.equal(advice("python", "3.14"), "python 3.14: Azure offers it as a preview.");
        assert.match(
            advice("node", "18") ?? "",
            /^"18" is not a known version of node, so Azure may refuse it\. Known: 22, 24\.$/,
        );
        assert.equal(advice("node", "24"), undefined);
    });
});

describe("a plan", () => {
    it("takes its own sizes", () => {
        for (const sku of Object.values(PlanSku)) {
            const elastic = sku.startsWith("EP");
            assert.equal(planSkuRule(HostingPlan.ElasticPremium)(sku) === undefined, elastic, sku);
            assert.equal(planSkuRule(HostingPlan.Dedicated)(sku) === undefined, !elastic, sku);
            assert.match(planSkuRule(HostingPlan.Consumption)(sku) ?? "", /has one size/);
        }
    });

    // Dedicated: https://learn.microsoft.com/azure/reliability/reliability-app-service, Premium v2 and up.
    it("is spread over zones from Premium v2 on", () => {
        assert.match(zoneRedundantSkuRule("S1") ?? "", /^S1 cannot be spread over zones/);
        assert.equal(zoneRedundantSkuRule("P0v3"), undefined);
    });

    it("runs on Linux, but for Consumption", () => {
        const windows = Object.values(HostingPlan).filter((plan) => !planFacts(plan).linux);
        assert.deepEqual(windows, ["Consumption"]);
    });

    it("gets its code by One Deploy or from a URL", () => {
        const deliveries = Object.values(HostingPlan).map((plan) => `${plan} ${deliveryOf({ plan })}`);
        assert.deepEqual(deliveries, [
            "FlexConsumption OneDeploy",
            "Consumption Url",
            "ElasticPremium Url",
            "Dedicated OneDeploy",
        ]);
        assert.equal(deliveryOf({ plan: "Dedicated", packageDelivery: "Mounted" }), "OneDeploy");
        assert.equal(deliveryOf({ plan: "Dedicated", packageDelivery: "Url" }), "Url");
    });
});
