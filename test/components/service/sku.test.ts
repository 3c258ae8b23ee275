import assert from "node:assert/strict";
import { ServiceSku } from "../../../components";
import { capacityRule, clientCertificatesRule, defaultCapacity, skuTier } from "../../../components/service/sku";

const table: [ServiceSku, number[], number[]][] = [
    ["Free_F1", [1], [0, 2, 10, 1.5, Number.NaN]],
    ["Standard_S1", [1, 2, 9, 10, 20, 90, 100], [0, 11, 15, 101, 110, 200, -1]],
    ["Premium_P1", [1, 10, 20, 100], [0, 11, 200]],
    ["Premium_P2", [100, 200, 900, 1000], [1, 10, 50, 150, 1100]],
];

describe("price tiers", () => {
    for (const [sku, allowed, refused] of table) {
        for (const units of allowed) {
            it(`${sku} takes ${units} units`, () => assert.equal(capacityRule(sku, units), undefined));
        }
        for (const units of refused) {
            it(`${sku} refuses ${units} units`, () => assert.match(capacityRule(sku, units) ?? "", /does not fit/));
        }
        it(`${sku} takes its own default`, () => assert.equal(capacityRule(sku, defaultCapacity(sku)), undefined));
    }

    it("say which units fit", () => {
        assert.equal(capacityRule("Premium_P2", 5), "5 does not fit Premium_P2. Allowed: 100, 200 … 1000.");
    });

    it("belong to Azure's tiers", () => {
        assert.deepEqual(Object.values(ServiceSku).map(skuTier), ["Free", "Standard", "Premium", "Premium"]);
    });

    it("refuse client certificates on Free only", () => {
        assert.equal(
            clientCertificatesRule("Free_F1", true),
            "client certificates are not available on Free_F1. Use Standard_S1 or higher, or leave clientCertEnabled out.",
        );
        assert.equal(clientCertificatesRule("Free_F1", false), undefined);
        assert.equal(clientCertificatesRule("Standard_S1", true), undefined);
    });
});
