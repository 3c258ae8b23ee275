import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPackageSchema } from "../support/plugin";

const snapshot = join(__dirname, "schema.snapshot.json");

describe("the package's schema", () => {
    it("is the one that every language was given last; UPDATE_SNAPSHOTS=1 writes it anew", async () => {
        // What package.json says of the release changes without the components.
        const { version, description, ...schema } = await readPackageSchema();
        assert.equal(typeof version, "string");
        assert.equal(typeof description, "string");
        if (process.env.UPDATE_SNAPSHOTS === "1") {
            writeFileSync(snapshot, `${JSON.stringify(schema, undefined, 2)}\n`);
        }
        assert.deepEqual(schema, JSON.parse(readFileSync(snapshot, "utf8")));
    }).timeout(60_000);
});
