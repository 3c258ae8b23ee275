import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { supportFile, supportPage } from "../docs/generate/support";

describe("docs/support.md", () => {
    it("matches the emulator's lists", () => {
        assert.equal(readFileSync(supportFile, "utf8"), supportPage(), "update it with npm run docs");
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
