import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { supportFile, supportPage } from "../docs/generate/support";

describe("docs/support.md", () => {
    it("says what the emulator's own lists say", () => {
        assert.equal(readFileSync(supportFile, "utf8"), supportPage(), "make it anew: npm run docs");
    });

    it("names each operation of a service once", () => {
        const [, ...sections] = supportPage().split(/^## /m);
        assert.equal(sections.length, 3);
        for (const section of sections) {
            const rows = section.split("\n").filter((line) => /^\| (?!what|---)/.test(line));
            const names = rows.map((line) => line.split(" | ")[0]);
            assert.ok(names.length > 10, `only ${names.length} rows`);
            assert.equal(new Set(names).size, names.length);
        }
    });
});
