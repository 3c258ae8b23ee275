import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readStoredSchema } from "../support/packageSchema";
import { repositoryRoot } from "../support/registeredFunctions";

const run = promisify(execFile);

/** The schema from Pulumi's analyzer. Runs in a separate process, because azure-native's types take half a gigabyte. */
async function analyze(...args: string[]): Promise<string> {
    const { stdout } = await run(
        process.execPath,
        ["-r", "./test/support/typescript.js", "docs/generate/schema/analyze.ts", ...args],
        {
            cwd: repositoryRoot,
            maxBuffer: 10_000_000,
        },
    );
    return stdout;
}

describe("the package's schema", () => {
    it("is the stored one that every language gets; UPDATE_SNAPSHOTS=1 stores a new one", async () => {
        if (process.env.UPDATE_SNAPSHOTS === "1") {
            await analyze("plugin/schema.json");
        }
        assert.deepEqual(JSON.parse(await analyze()), readStoredSchema());
    }).timeout(60_000);
});
