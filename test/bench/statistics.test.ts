import assert from "node:assert/strict";
import { alternate, describePairs, isMet, median, quantile } from "../../bench/runner/statistics";

describe("the bench's statistics", () => {
    for (const { values, expected } of [
        { values: [3], expected: 3 },
        { values: [9, 1, 5], expected: 5 },
        { values: [4, 1, 3, 2], expected: 2.5 },
    ]) {
        it(`takes ${expected} as the median of ${values.join(", ")}`, () => {
            assert.equal(median(values), expected);
        });
    }

    it("finds the 99th percentile", () => {
        const values = Array.from({ length: 101 }, (_, index) => index);
        assert.equal(quantile(values, 0.99), 99);
    });

    it("refuses a median of no values", () => {
        assert.throws(() => median([]), /nothing to take a quantile of/);
    });

    it("compares the two runs of each pair, not the medians", () => {
        const result = describePairs({ what: "x", unit: "s", ours: [1, 20, 3], reference: [1, 10, 1] });
        assert.deepEqual([result.ratio, result.spread], [2, [1, 3]]);
        assert.deepEqual([result.ours, result.reference], [3, 1]);
    });

    for (const { ratio, aim, met } of [
        { ratio: 1.15, aim: { atMost: 1.15 }, met: true },
        { ratio: 1.16, aim: { atMost: 1.15 }, met: false },
        { ratio: 0.8, aim: { atLeast: 0.8 }, met: true },
        { ratio: 0.79, aim: { atLeast: 0.8 }, met: false },
        { ratio: 7, aim: undefined, met: undefined },
    ]) {
        it(`says ${met} of ${ratio} with aim ${JSON.stringify(aim)}`, () => {
            assert.equal(isMet({ ratio, aim }), met);
        });
    }

    it("runs both in turn, neither always first", async () => {
        const order: string[] = [];
        const side = (name: string) => async () => order.push(name);
        await alternate({ runs: 3, ours: side("a"), reference: side("b") });
        assert.equal(order.join(""), "abbaab");
    });
});
