import assert from "node:assert/strict";
import { rows } from "../../bench/rows";
import { runRows } from "../../bench/run";
import { renderTable } from "../../bench/runner/table";

describe("npm run bench -- --quick", function () {
    this.timeout(60_000);

    // One row of each kind: servers under load, a child process that reports its memory, and work in this process.
    for (const name of ["socketio-events", "graph", "zip"]) {
        it(`measures the row ${name} and renders it`, async () => {
            const chosen = rows.filter((row) => row.name === name);
            const [measured] = await runRows({ rows: chosen, quick: true, note() {} });
            assert.ok(measured !== undefined && measured.results.length > 0);
            for (const { what, ratio } of measured.results) {
                assert.ok(Number.isFinite(ratio) && ratio > 0, `${name}, ${what}: ${ratio}`);
            }
            assert.equal(renderTable([measured]).length, measured.results.length + 2);
        });
    }

    it("gives every row a unique name", () => {
        assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    });
});
