import assert from "node:assert/strict";
import { toReport } from "../../bench/runner/report";
import { renderTable, shortNumber } from "../../bench/runner/table";
import type { Result } from "../../bench/runner/types";

const result: Result = {
    what: "1 client",
    unit: "per second",
    ours: 900,
    reference: 1000,
    ratio: 0.9,
    spread: [0.851, 0.949],
    aim: { atLeast: 0.8 },
    detail: "p50 1 : 2 ms",
};
const row = { name: "events", title: "Events", reference: "a plain server" };

describe("the bench's table", () => {
    it("has a heading for each row, a line for each result, and aligned columns", () => {
        const slower = { ...result, what: "100 clients", ours: 123_456, ratio: 0.5, detail: undefined };
        assert.deepEqual(renderTable([{ ...row, results: [result, slower] }]), [
            "               unit        ours  reference  ratio     spread     aim",
            "Events / a plain server",
            "  1 client     per second   900       1000   0.90  0.85-0.95  >= 0.8  ok      p50 1 : 2 ms",
            "  100 clients  per second  123k       1000   0.50  0.85-0.95  >= 0.8  MISSED",
        ]);
    });

    it("gives no verdict on a line without an aim", () => {
        const [, , line] = renderTable([{ ...row, results: [{ ...result, aim: undefined, detail: undefined }] }]);
        assert.equal(line, "  1 client  per second   900       1000   0.90  0.85-0.95");
    });

    for (const [value, text] of [
        [0.1234, "0.12"],
        [3, "3"],
        [12.34, "12.3"],
        [1234.5, "1235"],
        [1_234_567, "1235k"],
    ] as const) {
        it(`writes ${value} as ${text}`, () => assert.equal(shortNumber(value), text));
    }

    it("is stored with ratios, spread, date and Node version, and without the machine", () => {
        const report = toReport({
            measured: [{ ...row, results: [result] }],
            date: new Date("2030-02-03T04:05:06Z"),
            node: "v20.0.0",
        });
        assert.deepEqual(report, {
            date: "2030-02-03",
            node: "v20.0.0",
            rows: [{ ...row, results: [{ ...result, spread: [0.851, 0.949], met: true }] }],
        });
    });
});
