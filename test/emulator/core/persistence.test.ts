import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
    mapFault,
    readKeptJson,
    readTextIfAny,
    writePrivateFile,
    writePrivateJsonFile,
} from "../../../emulator/core/persistence";

const readJsonFile = (path: string) => readKeptJson({ path, faultOf: (value) => mapFault(value, "number") });

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

    it("names a file that is empty, or whose content has another shape, and says what to do", () => {
        const path = join(folder, "damaged.json");
        for (const [text, message] of [
            ["", /damaged\.json is empty\. Delete the file/],
            ["[]", /damaged\.json is damaged: it is not an object\. Delete the file/],
            ['{"one":"1"}', /damaged\.json is damaged: "one" is no number/],
            ["null", /damaged\.json is damaged: it is not an object/],
            [
                `${'{"a":'.repeat(501)}1${"}".repeat(501)}`,
                /damaged\.json is damaged: it is nested deeper than 500 levels/,
            ],
        ] as const) {
            writeFileSync(path, text);
            assert.throws(() => readJsonFile(path), message);
        }
    });

    it("takes only a file that is not there for none", () => {
        assert.equal(readTextIfAny(join(folder, "a", "b")), undefined);
        mkdirSync(join(folder, "folder"));
        assert.throws(() => readTextIfAny(join(folder, "folder")), /folder cannot be read: it is a folder/);
        writeFileSync(join(folder, "file"), "");
        assert.throws(
            () => readTextIfAny(join(folder, "file", "b")),
            /file.b cannot be read: a part of its path is a file/,
        );
        symlinkSync("circle", join(folder, "circle"));
        assert.throws(() => readTextIfAny(join(folder, "circle")), /circle cannot be read: ELOOP/);
    });

    it("says of a file of another user that this user may not read it", function () {
        if (process.getuid === undefined || process.getuid() === 0) {
            this.skip();
        }
        const path = join(folder, "hidden");
        writeFileSync(path, "", { mode: 0 });
        assert.throws(() => readTextIfAny(path), /hidden cannot be read: this user may not read it/);
    });

    it("leaves nothing behind when a file cannot be written", () => {
        mkdirSync(join(folder, "folder"));
        assert.throws(() => writePrivateFile(join(folder, "folder"), "secret"));
        assert.deepEqual(readdirSync(folder), ["folder"]);
    });
});
