import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage } from "../../../components/functionCode/package";
import { readHostJson } from "../../../emulator/functions/host/hostJson";
import { createSettings } from "../../../emulator/functions/host/settings";
import { functionFolder } from "../../support/functionFolder";
import { hostJsonCases } from "../../support/hostJsonCases";

/** A folder with one function, whose host.json and function.json hold these bytes. */
function folderOf(files: Record<string, string | Buffer>): string {
    const folder = functionFolder({ "package.json": '{"main":"index.js"}', "index.js": "" });
    for (const [name, content] of Object.entries(files)) {
        mkdirSync(join(folder, name, ".."), { recursive: true });
        writeFileSync(join(folder, name), content);
    }
    return folder;
}

describe("host.json, for the check before deployment and for the local host", () => {
    for (const { what, content, prefix } of hostJsonCases) {
        const folder = folderOf({ "host.json": content });

        it(`${prefix === undefined ? "is refused by both" : `has the prefix '${prefix}' for both`}: ${what}`, () => {
            const { faults, routePrefix } = checkPackage({ codePath: folder, runtime: "node" });
            const read = () => readHostJson({ folder, settings: createSettings({}), sku: "FlexConsumption" });
            if (prefix === undefined) {
                assert.equal(faults.length, 1, faults.join("\n"));
                assert.match(faults[0] ?? "", /host\.json/);
                assert.throws(read, (error: Error) => {
                    // The check adds where the file is and what to write.
                    const sentence = error.message.split(". ").at(-1) ?? "";
                    return (faults[0] ?? "").includes(sentence);
                });
            } else {
                assert.deepEqual(faults, []);
                assert.equal(routePrefix, prefix);
                assert.equal(read().routePrefix, prefix);
            }
        });
    }
});
