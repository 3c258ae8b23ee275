import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { runCheck } from "../../local/check";
import type { Properties } from "../../local/engine/values";
import { gone } from "../support/pluginProcess";

const root = resolve(__dirname, "../..");
const hasCli = spawnSync("pulumi", ["version"]).status === 0;
const run = promisify(execFile);

/** The real CLI with its own state, in the project of the local Azure. */
function createCli(stack: string) {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
    const env = {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const data = join(root, ".local/azure-realtime-local");
    return {
        folder: join(data, stack),
        async call(...args: string[]): Promise<string> {
            const all = ["-C", "local/plugin", "--non-interactive", ...args, "--stack", stack];
            const { stdout } = await run("pulumi", all, { cwd: root, env, maxBuffer: 100_000_000 });
            return stdout;
        },
        /** Counts of the last update, by operation. */
        async lastChanges(): Promise<Properties> {
            const [last] = JSON.parse(await this.call("stack", "history", "--json")) as [Properties];
            return last.resourceChanges as Properties;
        },
        remove() {
            for (const path of [folder, join(data, stack), join(data, `Pulumi.${stack}.yaml`)]) {
                rmSync(path, { recursive: true, force: true });
            }
        },
    };
}

// npm does not install the CLI. Where it is missing, plugin.test.ts still makes the same calls without it.
(hasCli ? describe : describe.skip)("the Pulumi CLI on the local Azure (needs pulumi on PATH)", function () {
    this.timeout(120_000);
    const cli = createCli(`test-${process.pid}`);
    let outputs: Properties;

    before(async () => {
        await cli.call("stack", "init");
        await cli.call("config", "set", "heartbeatSchedule", "*/1 * * * * *");
    });
    after(async () => {
        await cli.call("destroy", "--yes", "--skip-preview").finally(cli.remove);
    });

    it("previews every resource before anything exists", async () => {
        const { changeSummary } = JSON.parse(await cli.call("preview", "--json")) as { changeSummary: Properties };
        assert.deepEqual(Object.keys(changeSummary), ["create"]);
        assert.ok(Number(changeSummary.create) > 30);
    });

    it("creates a chat that works with every binding", async () => {
        await cli.call("up", "--yes", "--skip-preview");
        outputs = JSON.parse(await cli.call("stack", "output", "--json")) as Properties;
        const lines: string[] = [];
        const passed = await runCheck({ outputs, print: (line) => void lines.push(line) });
        assert.ok(passed, lines.join("\n"));
    });

    it("keeps secrets out of the CLI's state", async () => {
        const state = await cli.call("stack", "export");
        const shown = await cli.call("stack", "export", "--show-secrets");
        const keys = [...shown.matchAll(/"result": \{[^}]*"plaintext": "\\"([^"\\]+)\\""/g)].map(([, key]) => key!);
        assert.equal(keys.length, 3, "three host keys");
        for (const key of keys) {
            assert.ok(!state.includes(key));
        }
        assert.equal(outputs.localSettings, "[secret]");
        assert.match(state, /"ciphertext"/);
    });

    it("finds nothing to change in a second update and a refresh", async () => {
        await cli.call("up", "--yes", "--skip-preview", "--expect-no-changes");
        await cli.call("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    });

    it("changes the key, its secret and the hub in a rotation, and nothing else", async () => {
        await cli.call("config", "set", "keyRotation", "2");
        await cli.call("up", "--yes", "--skip-preview");
        const { same, ...changes } = await cli.lastChanges();
        assert.deepEqual(changes, { replace: 1, update: 2 });
        assert.ok(Number(same) > 30);
        assert.ok(await runCheck({ outputs, print() {} }), "the chat goes on");
    });

    it("reopens every resource after the server was stopped", async () => {
        const pid = Number(readFileSync(join(cli.folder, "lock"), "utf8"));
        process.kill(pid);
        await gone(pid);
        await cli.call("up", "--yes", "--skip-preview", "--expect-no-changes");
        assert.ok(await runCheck({ outputs, print() {} }), "the chat is back at the same addresses");
    });

    it("leaves no process behind when it destroys the stack", async () => {
        const pid = Number(readFileSync(join(cli.folder, "lock"), "utf8"));
        await cli.call("destroy", "--yes", "--skip-preview");
        await gone(pid);
    });
});
