import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openState, type ResourceState } from "../../local/engine/state";
import { buildPackage } from "../support/build";
import { seededRandom } from "../support/seededRandom";

const root = resolve(__dirname, "../..");
const kills = Number(process.env.KILLS ?? 2);
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const { whole } = seededRandom(seed);

/** When a start is killed: some milliseconds after so many resources were created. */
interface Moment {
    created: number;
    milliseconds: number;
}

interface Ended {
    code: number | null;
    output: string;
}

const created = /^created {4}/gm;

/** A project in a temporary folder, with the chat as its program. */
function createProject() {
    mkdirSync(join(root, ".local/tests"), { recursive: true });
    const projectDir = mkdtempSync(join(root, ".local/tests/kill-"));
    const folder = join(projectDir, ".local/local");
    const yaml = ["name: azure-realtime", "runtime: nodejs", "main: ../../../stacks/index.ts"];
    writeFileSync(join(projectDir, "Pulumi.yaml"), yaml.join("\n"));
    const config = ["config:", '    azure-realtime:heartbeatSchedule: "*/1 * * * * *"'];
    writeFileSync(join(projectDir, "Pulumi.local.yaml"), config.join("\n"));
    return {
        /** Runs `azure-realtime start` with the check of the chat, to its end or to the moment at which it is killed. */
        start(killed?: Moment): Promise<Ended> {
            const flags = ["start", "--check", "--no-watch", "-C", projectDir];
            const child = spawn(process.execPath, [join(root, "dist/cli/azure-realtime.js"), ...flags], {
                cwd: root,
                stdio: ["ignore", "pipe", "pipe"],
            });
            let output = "";
            let killer: NodeJS.Timeout | undefined;
            const onData = (chunk: Buffer | string) => {
                output += chunk;
                if (killed && !killer && (output.match(created) ?? []).length >= killed.created) {
                    killer = setTimeout(() => child.kill("SIGKILL"), killed.milliseconds);
                }
            };
            child.stdout.on("data", onData);
            child.stderr.on("data", onData);
            onData("");
            return new Promise((done) =>
                child.once("exit", (code) => {
                    clearTimeout(killer);
                    done({ code, output });
                }),
            );
        },
        resources: (): ResourceState[] => [...openState(folder).state.resources.values()],
        condemned: (): ResourceState[] => openState(folder).state.condemned,
        kept: (kind: string): string[] => readdirSync(join(folder, kind)),
        remove: () => rmSync(projectDir, { recursive: true, force: true }),
    };
}

const urns = (resources: ResourceState[]) => resources.map(({ urn }) => urn).sort();

describe("a first start that is killed", function () {
    this.timeout(60_000);
    let project: ReturnType<typeof createProject>;
    let expected: string[];
    let count: number;

    before(async () => {
        buildPackage();
        project = createProject();
        const { code, output } = await project.start();
        assert.equal(code, 0, output);
        expected = urns(project.resources());
        count = (output.match(created) ?? []).length;
        assert.ok(count > 30, output);
        project.remove();
    });
    beforeEach(() => {
        project = createProject();
    });
    afterEach(() => project.remove());

    for (let index = 0; index < kills; index += 1) {
        it(`is continued by the next start, which doubles nothing (${index + 1})`, async () => {
            // A start spends a second or two before its first resource.
            const after = whole(count);
            const moment = { created: after, milliseconds: whole(after === 0 ? 3_000 : 150) };
            const killed = await project.start(moment);
            const before = project.resources();
            const next = await project.start();
            const story = `KILL_SEED=${seed}, killed at ${JSON.stringify(moment)}\n${killed.output}\n--- next start\n${next.output}`;
            assert.equal(killed.code, null, story);
            assert.equal(next.code, 0, story);
            const resources = project.resources();
            assert.deepEqual(urns(resources), expected, story);
            const ids = new Map(resources.map(({ urn, id }) => [urn, id]));
            for (const { urn, id } of before) {
                assert.equal(ids.get(urn), id, story);
            }
            assert.doesNotMatch(next.output, /^(replaced|deleted|failed) |port was taken|recreated/m, story);
            assert.deepEqual(project.condemned(), [], story);
            assert.deepEqual([project.kept("apps").length, project.kept("vaults").length], [1, 1], story);
        });
    }
});
