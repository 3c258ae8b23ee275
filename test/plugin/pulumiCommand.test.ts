import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../support/registeredFunctions";

/** Runs the command behind `npm run pulumi` with a CLI that writes down how it was called. */
function callsOf(args: string[], { exit = 0, env = {} }: { exit?: number; env?: Record<string, string> } = {}) {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-command-"));
    try {
        const file = join(folder, "calls");
        const words = `"$PULUMI_BACKEND_URL|$PULUMI_CONFIG_PASSPHRASE|$*" >> ${file}`;
        writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho ${words}\nexit ${exit}\n`, { mode: 0o755 });
        const { status } = spawnSync(process.execPath, [join(repositoryRoot, "local/plugin/pulumi.js"), ...args], {
            env: { PATH: `${folder}${delimiter}${process.env.PATH}`, ...env },
        });
        return { status, calls: readFileSync(file, "utf8").trim().split("\n") };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

const project = join(repositoryRoot, "local/plugin");
const state = pathToFileURL(join(repositoryRoot, ".azure-realtime/pulumi")).href;

describe("npm run pulumi", () => {
    before(function () {
        if (process.platform === "win32") {
            this.skip();
        }
    });

    it("runs the CLI in the project of the local Azure, with a stack and a state of its own", () => {
        assert.deepEqual(callsOf(["up", "--yes"]), {
            status: 0,
            calls: [`${state}|local|-C ${project} stack select dev --create`, `${state}|local|-C ${project} up --yes`],
        });
    });

    it("keeps the caller's stack, state and passphrase", () => {
        const env = { PULUMI_BACKEND_URL: "file:///mine", PULUMI_CONFIG_PASSPHRASE: "mine" };
        for (const args of [
            ["up", "--stack", "other"],
            ["up", "--stack=other"],
            ["stack", "ls"],
            ["up", "-s", "other"],
        ]) {
            assert.deepEqual(callsOf(args, { env }).calls, [`file:///mine|mine|-C ${project} ${args.join(" ")}`]);
        }
    });

    it("ends with the CLI's code, and goes no further after a failure", () => {
        assert.deepEqual(callsOf(["up"], { exit: 7 }), {
            status: 7,
            calls: [`${state}|local|-C ${project} stack select dev --create`],
        });
    });
});
