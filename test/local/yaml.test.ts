import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProject, readStackConfig } from "../../local/engine/project";
import { readStandIns } from "../../local/engine/standIns";

const secret = "S3cret-in-the-file";
const repeated = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
for (let level = 0; level < 6; level++) {
    const [one, other] = ["abcdefg"[level], "abcdefg"[level + 1]];
    repeated.push(`${other}: &${other} [${Array(10).fill(`*${one}`).join(",")}]`);
}

/** What may stand in a YAML file, and what is said of it. */
const faults: [what: string, text: string, message: RegExp][] = [
    ["lists that are nested too deep", `key: ${"[".repeat(20_000)}${"]".repeat(20_000)}`, /is nested too deep$/],
    ["maps that are nested too deep", `key: ${"{a: ".repeat(20_000)}1${"}".repeat(20_000)}`, /is nested too deep$/],
    ["parts that are repeated without end", repeated.join("\n"), /repeats its parts \(\*\) too often$/],
    ["a text that begins with *", "key: *x", /begins with \* must be in quotes$/],
    ["a line that is no YAML", `key: "${secret}\n  : :`, /is not YAML: .* at line \d+, column \d+$/],
    ["a list", `- ${secret}`, /must be a map/],
];

describe("a YAML file of a project", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "yaml-"));
        writeFileSync(join(folder, "index.js"), "");
        writeFileSync(join(folder, "Pulumi.yaml"), "name: a\nruntime: nodejs\nmain: index.js");
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const readers: Record<string, () => unknown> = {
        "Pulumi.yaml": () => readProject(folder),
        "Pulumi.dev.yaml": () => readStackConfig({ project: readProject(folder), stack: "dev" }),
        "azure-realtime.local.yaml": () => readStandIns(folder),
    };
    for (const [file, read] of Object.entries(readers)) {
        for (const [what, text, message] of faults) {
            it(`${file} with ${what} is named, and nothing of it is told`, () => {
                writeFileSync(join(folder, file), text);
                assert.throws(read, (error: Error) => {
                    assert.match(error.message, message);
                    assert.ok(error.message.includes(file) && !error.message.includes(secret), error.message);
                    assert.ok(error.message.length < 300, error.message);
                    return true;
                });
            });
        }
    }

    it("has its config in a map", () => {
        for (const value of ["[1]", "5", "text"]) {
            writeFileSync(join(folder, "Pulumi.dev.yaml"), `config: ${value}`);
            assert.throws(readers["Pulumi.dev.yaml"]!, /config in .*Pulumi\.dev\.yaml must be a map$/);
        }
    });
});
