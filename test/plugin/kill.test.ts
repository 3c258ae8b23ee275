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
(hasCli ? describe : describe.skip)("a first pulumi up that is killed (needs pulumi on PATH)", function () {
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

    for (let index = 0; index < kills; index += 1) {
        it(`goes on after cancel and recover, and doubles nothing (KILL_SEED=${seed}, ${index + 1})`, async () => {
            // The first resources are random values, which live in the state alone.
            const moment = { begun: 10 + whole(28), milliseconds: whole(120) };
            const killed = await cli.killedUp(moment);
            await cli.call("cancel", "--yes");
            const exported = await cli.call("stack", "export");
            const story = [
                `KILL_SEED=${seed}, killed at ${JSON.stringify(moment)}`,
                killed,
                `pending ${pendingOf(exported)}`,
            ];
            const file = join(cli.folder, "export.json");
            writeFileSync(file, exported);
            const recovered = spawnSync(
                process.execPath,
                [
                    join(root, "dist/cli/azure-realtime.js"),
                    "recover",
                    file,
                    "--run",
                    "--cwd",
                    "local/plugin",
                    "--subscription",
                    subscriptionId,
                ],
                { cwd: root, env: cli.env, encoding: "utf8" },
            );
            story.push(recovered.stdout, recovered.stderr);
            assert.equal(recovered.status, 0, story.join("\n"));
            await cli.call("up", "--yes", "--skip-preview").catch((error: { stdout?: string }) => {
                assert.fail([...story, error.stdout].join("\n"));
            });
            await cli.call("up", "--yes", "--skip-preview", "--expect-no-changes");

            const after = await cli.call("stack", "export");
            assert.equal(pendingOf(after), 0, story.join("\n"));
            const known = idsOf(after);
            for (const id of idsOf(exported)) {
                assert.ok(known.includes(id), `${id}\n${story.join("\n")}`);
            }
            const existing = [...openState(cli.folder).state.resources.values()].map(({ id }) => id.toLowerCase());
            assert.deepEqual(existing.sort(), known.sort(), story.join("\n"));

            const server = serverOf(cli.folder)!;
            await cli.call("destroy", "--yes", "--skip-preview");
            await gone(server);
            assert.deepEqual(idsOf(await cli.call("stack", "export")), []);
        });
    }
});
