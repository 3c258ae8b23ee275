import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openState } from "../../local/engine/state";
import type { Properties } from "../../local/engine/values";
import { buildPackage } from "../support/build";
import { gone } from "../support/pluginProcess";
import { createCli, hasCli } from "../support/pulumiCli";
import { seededRandom } from "../support/seededRandom";

const root = resolve(__dirname, "../..");
const kills = Number(process.env.KILLS ?? 2);
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const { whole } = seededRandom(seed);

/** The subscription of the local Azure: a state that lacks even the resource group does not name it. */
const subscriptionId = "10ca1000-0000-4000-8000-000000000001";

/** Resources that Azure has, by their ids, in the state of the CLI. */
function idsOf(exported: string): string[] {
    const { resources = [] } = (JSON.parse(exported) as { deployment: { resources?: Properties[] } }).deployment;
    return resources.map(({ id }) => String(id).toLowerCase()).filter((id) => id.startsWith("/subscriptions/"));
}

function pendingOf(exported: string): number {
    const { pending_operations: operations } = (JSON.parse(exported) as { deployment: Properties }).deployment;
    return Array.isArray(operations) ? operations.length : 0;
}

/** Id of the process that runs the local Azure of a stack. */
function serverOf(folder: string): number | undefined {
    const file = join(folder, "lock");
    return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
}

// npm does not install the CLI.
(hasCli ? describe : describe.skip)("a command of pulumi that is killed (needs pulumi on PATH)", function () {
    this.timeout(600_000);
    let cli: ReturnType<typeof createCli>;
    before(buildPackage);
    beforeEach(async () => {
        cli = createCli(`kill-${process.pid}`);
        await cli.call("stack", "init");
    });
    afterEach(async () => {
        // After a failure the server still runs.
        const server = serverOf(cli.folder);
        if (server !== undefined) {
            process.kill(server);
            await gone(server);
        }
        cli.remove();
    });

    /** Kills a command, and does what the docs say until the stack can be used again. Resolves with the story. */
    async function killAndRecover(command: "up" | "destroy", moment: { begun: number; milliseconds: number }) {
        const killed = await cli.killed(command, moment);
        await cli.call("cancel", "--yes");
        const exported = await cli.call("stack", "export");
        const file = join(cli.folder, "export.json");
        writeFileSync(file, exported);
        const entry = join(root, "dist/cli/azure-realtime.js");
        const recovered = spawnSync(
            process.execPath,
            [entry, "recover", file, "--run", "--cwd", "local/plugin", "--subscription", subscriptionId],
            { cwd: root, env: cli.env, encoding: "utf8" },
        );
        const story = [
            `KILL_SEED=${seed}, killed at ${JSON.stringify(moment)}`,
            killed,
            `pending ${pendingOf(exported)}`,
            recovered.stdout,
            recovered.stderr,
        ].join("\n");
        assert.equal(recovered.status, 0, story);
        return { exported, story };
    }

    /** Runs a command again, which must work; `up` then finds nothing to change, and the state and the local Azure agree. */
    async function again(command: "up" | "destroy", story: string): Promise<string> {
        const repeat = (...more: string[]) =>
            cli.call(command, "--yes", "--skip-preview", ...more).catch((error: { stdout?: string }) => {
                assert.fail(`${story}\n${error.stdout}`);
            });
        await repeat();
        if (command === "up") {
            await repeat("--expect-no-changes");
        }
        const after = await cli.call("stack", "export");
        assert.equal(pendingOf(after), 0, story);
        const existing = [...openState(cli.folder).state.resources.values()].map(({ id }) => id.toLowerCase());
        assert.deepEqual(existing.sort(), idsOf(after).sort(), story);
        return after;
    }

    async function destroy(): Promise<void> {
        const server = serverOf(cli.folder)!;
        await cli.call("destroy", "--yes", "--skip-preview");
        await gone(server);
        assert.deepEqual(idsOf(await cli.call("stack", "export")), []);
    }

    for (let index = 0; index < kills; index += 1) {
        const name = `(KILL_SEED=${seed}, ${index + 1})`;

        it(`goes on after cancel and recover, and doubles nothing ${name}`, async () => {
            // The first resources are random values, which live in the state alone.
            const { exported, story } = await killAndRecover("up", { begun: 10 + whole(28), milliseconds: whole(120) });
            const known = idsOf(await again("up", story));
            for (const id of idsOf(exported)) {
                assert.ok(known.includes(id), `${id}\n${story}`);
            }
            await destroy();
        });

        it(`goes on when it was replacing the plan and what is on it ${name}`, async () => {
            await cli.call("up", "--yes", "--skip-preview");
            await cli.call("config", "set", "plan", "EP1");
            const { story } = await killAndRecover("up", { begun: 1 + whole(6), milliseconds: whole(80) });
            await again("up", story);
            await destroy();
        });

        it(`goes on when it was destroying ${name}`, async () => {
            await cli.call("up", "--yes", "--skip-preview");
            const { story } = await killAndRecover("destroy", { begun: 1 + whole(15), milliseconds: whole(80) });
            await again("destroy", story);
        });
    }
});
