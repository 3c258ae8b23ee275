import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groupOf } from "../../prove/resourceGroup";
import type { ProofState } from "../../prove/state";
import { repositoryRoot } from "../support/registeredFunctions";

const hasPulumi = spawnSync("pulumi", ["version"]).status === 0;

describe("the command npm run prove", function () {
    this.timeout(900_000);
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "prove-cli-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    function prove(...args: string[]) {
        return spawnSync(process.execPath, ["-r", "./test/support/typescript.js", "prove/cli.ts", ...args], {
            cwd: repositoryRoot,
            encoding: "utf8",
            env: { ...process.env, PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "proof" },
        });
    }

    it("names the cost, and starts nothing without --yes", () => {
        const { status, stdout } = prove("--subscription", "10ca1000-0000-4000-8000-0000000000ff");
        assert.equal(status, 0);
        assert.match(
            stdout,
            /^webpubsub-fc1-keyvault-identity .* USD if it takes an hour, 30 minutes of it without traffic$/m,
        );
        assert.match(stdout, /entries, one resource group each, about \d+\.\d\d USD on 10ca1000/);
        assert.match(stdout, /Nothing was run\. Add --yes to start\.\n$/);
    });

    for (const { args, message } of [
        { args: [], message: /either a subscription with --subscription, or the local Azure with --local/ },
        { args: ["--local", "--subscription", "x"], message: /either a subscription/ },
        { args: ["--local", "--idle", "soon"], message: /--idle soon: Allowed: whole minutes from 0 to 1440/ },
        { args: ["--local", "--only", "nothing"], message: /--only nothing: the entries are / },
    ]) {
        it(`refuses ${args.join(" ") || "no arguments"}`, () => {
            const { status, stderr } = prove(...args);
            assert.equal(status, 1);
            assert.match(stderr, message);
        });
    }

    it("finds the resource group of a stack, and of one whose creation did not end", () => {
        const group = { type: "azure-native:resources:ResourceGroup", inputs: { resourceGroupName: "rg" } };
        assert.equal(groupOf({ resources: [{ type: "x" }, group] }), "rg");
        assert.equal(groupOf({ resources: [], pending_operations: [{ type: "creating", resource: group }] }), "rg");
        assert.equal(groupOf(undefined), undefined);
    });

    (hasPulumi ? it : it.skip)("proves an entry against the local Azure (needs pulumi on PATH)", () => {
        const name = "webpubsub-fc1-keyvault-identity";
        const file = join(folder, "state.json");
        const { status, stdout, stderr } = prove("--local", "--yes", "--only", name, "--state", file);
        assert.equal(status, 0, stdout + stderr);
        const { entries } = JSON.parse(readFileSync(file, "utf8")) as ProofState;
        assert.deepEqual([entries[name]?.status, entries[name]?.steps.length], ["passed", 8]);
    });
});
