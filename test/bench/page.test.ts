import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rows } from "../../bench/rows";
import { markdownTable, replaceTable } from "../../bench/runner/page";
import type { Report } from "../../bench/runner/report";
import { repositoryRoot } from "../support/registeredFunctions";

const read = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");

describe("docs/performance.md", () => {
    it("shows the numbers of bench/results.json", () => {
        const report = JSON.parse(read("bench/results.json")) as Report;
        assert.ok(read("docs/performance.md").includes(markdownTable(report)));
        assert.deepEqual(
            report.rows.map(({ name }) => name),
            rows.map(({ name }) => name),
        );
    });

    it("keeps the text around the table when the table is replaced", () => {
        const report: Report = { date: "2030-01-01", node: "v20", rows: [] };
        const page = `before\n${markdownTable({ ...report, date: "2029-01-01" })}\nafter`;
        assert.equal(replaceTable(page, report), `before\n${markdownTable(report)}\nafter`);
    });

    it("is refused when it has no place for the table", () => {
        assert.throws(() => replaceTable("nothing", { date: "", node: "", rows: [] }), /the page has no/);
    });
});
