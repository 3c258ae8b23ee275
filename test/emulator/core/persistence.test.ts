import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJsonFile, writePrivateJsonFile } from "../../../emulator/core/persistence";

describe("persistence", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "persistence-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("reads what it wrote, in a folder that it makes", () => {
        const path = join(folder, "a", "b.json");
        writePrivateJsonFile(path, { one: 1 });
        assert.deepEqual(readJsonFile(path), { one: 1 });
    });

    it("lets only this user read, also when a crash left a readable file behind", () => {
        const path = join(folder, "b.json");
        writeFileSync(`${path}.next`, "half", { mode: 0o644 });
        writePrivateJsonFile(path, {});
        assert.equal(statSync(path).mode & 0o777, 0o600);
        assert.deepEqual(readdirSync(folder), ["b.json"]);
    });

    it("answers undefined for a file that is not there, and names one that is broken", () => {
        assert.equal(readJsonFile(join(folder, "none.json")), undefined);
        const path = join(folder, "broken.json");
        writeFileSync(path, "{");
        assert.throws(() => readJsonFile(path), /broken.json is not JSON/);
    });
});
