import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    truncateSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { requireNoSecrets } from "../support/secrets";
import { createProject, type Ended, type Moment, type Project } from "./project";

/** Draws a whole number from 0 to below the limit. */
export type Draw = (limit: number) => number;

/** What a whole first start creates. */
export interface Expected {
    urns: string[];
    created: number;
}

export interface Trial {
    draw: Draw;
    expected: Expected;
    /** Tells what happens, for the story of a failure. */
    tell(text: string): void;
}

const urnsOf = (project: Project) =>
    project
        .resources()
        .map(({ urn }) => urn)
        .sort();

/** Runs a whole start, whose resources the trials expect. */
export async function firstStart(): Promise<Expected> {
    const project = createProject();
    try {
        const { code, output, created } = await project.start();
        assert.equal(code, 0, output);
        assert.ok(created > 30, output);
        return { urns: urnsOf(project), created };
    } finally {
        project.remove();
    }
}

function storyOf({ tell }: Trial, title: string, { code, output }: Ended): void {
    tell(`--- ${title}, exit code ${code}\n${output}`);
}

/** The start after a fault: everything works, nothing is doubled or lost, and nothing is left of the run before. */
async function requireRecovery(project: Project, trial: Trial): Promise<void> {
    const before = new Map(existsSync(project.folder) ? project.resources().map(({ urn, id }) => [urn, id]) : []);
    const next = await project.start();
    storyOf(trial, "the next start", next);
    assert.equal(next.code, 0);
    assert.deepEqual(urnsOf(project), trial.expected.urns);
    const ids = new Map(project.resources().map(({ urn, id }) => [urn, id]));
    for (const [urn, id] of before) {
        assert.equal(ids.get(urn), id);
    }
    assert.doesNotMatch(next.output, /^(replaced|deleted|failed) |port was taken|recreated/m);
    assert.deepEqual(project.condemned(), []);
    assert.deepEqual([project.kept("apps").length, project.kept("vaults").length], [1, 1]);
    assert.deepEqual([project.leftovers(), project.orphans()], [[], []]);
    requireNoSecrets({ folder: project.folder, output: project.printed() });
}

/** A moment of a first start: it spends a second or two before its first resource. */
function momentOf(signal: NodeJS.Signals, { draw, expected }: Trial): Moment {
    const created = draw(expected.created);
    return { signal, created, milliseconds: draw(created === 0 ? 3_000 : 150) };
}

async function getSignal(signal: NodeJS.Signals, trial: Trial): Promise<void> {
    const project = createProject();
    try {
        const moment = momentOf(signal, trial);
        trial.tell(JSON.stringify(moment));
        const ended = await project.start({ moment });
        storyOf(trial, signal, ended);
        if (signal === "SIGKILL") {
            assert.equal(ended.code, null);
        } else {
            // Without a number the signal came before the command could listen to it, with 0 after its last step.
            assert.ok([130, null, 0].includes(ended.code), `exit code ${ended.code}`);
            assert.deepEqual([project.leftovers(), project.orphans()], [[], []]);
            assert.ok((ended.afterSignal ?? 0) < 20_000, `ended ${ended.afterSignal} ms after the signal`);
        }
        await requireRecovery(project, trial);
    } finally {
        project.remove();
    }
}

/** Mounts a small disk, for as long as `use` runs. Undefined when this user may not mount. */
async function onSmallDisk(
    folder: string,
    kilobytes: number,
    use: (grow: () => void) => Promise<void>,
): Promise<boolean> {
    const mount = (...args: string[]) => execFileSync("mount", args, { stdio: "ignore" });
    mkdirSync(folder, { recursive: true });
    try {
        mount("-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder);
    } catch {
        return false;
    }
    try {
        await use(() => mount("-o", "remount,size=256m", folder));
    } finally {
        execFileSync("umount", ["-l", folder], { stdio: "ignore" });
    }
    return true;
}

async function fillDisk(trial: Trial): Promise<void> {
    const project = createProject();
    const refused = (ended: Ended) => {
        storyOf(trial, "a full disk", ended);
        assert.equal(ended.code, 1);
        assert.match(ended.output, /ENOSPC|EFBIG|no space|too large/);
    };
    try {
        const kilobytes = 16 + trial.draw(150);
        trial.tell(`a disk of ${kilobytes} KB`);
        const isMounted = await onSmallDisk(join(project.projectDir, ".azure-realtime"), kilobytes, async (grow) => {
            refused(await project.start());
            grow();
            await requireRecovery(project, trial);
        });
        if (!isMounted) {
            refused(await project.start({ largestFile: 8 + trial.draw(40) }));
            await requireRecovery(project, trial);
        }
    } finally {
        project.remove();
    }
}

const damages = new Map<string, (path: string) => void>([
    ["empty", (path) => writeFileSync(path, "")],
    ["cut", (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ["zeros", (path) => writeFileSync(path, Buffer.alloc(statSync(path).size))],
    ["another shape", (path) => writeFileSync(path, '{"version":1}')],
    [
        "a folder",
        (path) => {
            rmSync(path);
            mkdirSync(path);
        },
    ],
]);

/** Every resource with its outputs, in an order that does not depend on the program's. */
const contentOf = (project: Project) =>
    JSON.stringify(
        project
            .resources()
            .map(({ urn, id, outputs, keep }) => ({ urn, id, outputs, keep }))
            .sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    );

/** Damages one kept file of a whole stack. The start names the file and touches nothing; with the file back all is as before. */
async function damageFile(trial: Trial): Promise<void> {
    const project = createProject();
    try {
        storyOf(trial, "a whole start", await project.start());
        const [vault] = project.kept("vaults");
        const files = [
            "state.json",
            `vaults/${vault}`,
            "storage/blobs.json",
            "storage/extents.json",
            "storage/keys.json",
        ];
        const path = join(project.folder, files[trial.draw(files.length)]!);
        const [what, damage] = [...damages][trial.draw(damages.size)]!;
        trial.tell(`${path}: ${what}`);
        renameSync(path, `${path}.whole`);
        writeFileSync(path, readFileSync(`${path}.whole`));
        damage(path);
        const isState = path.endsWith("state.json");
        const before = isState ? "" : contentOf(project);
        const ended = await project.start();
        storyOf(trial, "the start with the damaged file", ended);
        assert.equal(ended.code, 1);
        assert.ok(ended.output.includes(path), "the file is named");
        assert.match(ended.output, /azure-realtime down|Delete the file|Move the folder away/);
        assert.ok(isState || contentOf(project) === before, "every resource is left as it was");
        rmSync(path, { recursive: true });
        renameSync(`${path}.whole`, path);
        await requireRecovery(project, trial);
    } finally {
        project.remove();
    }
}

const hour = 3_600_000;

/** Lets the clock jump while a first start runs, and differ from it in the next ones. */
async function jumpClock(trial: Trial): Promise<void> {
    const project = createProject();
    try {
        const jumps = [-48 * hour, -hour, -1000, hour, 26 * hour, 400 * 24 * hour];
        const jump = jumps[trial.draw(jumps.length)]!;
        const after = trial.draw(4_000);
        trial.tell(`the clock jumps by ${jump} ms after ${after} ms`);
        const env = {
            NODE_OPTIONS: `--require ${join(__dirname, "clock.js")}`,
            FAULT_JUMP: String(jump),
            FAULT_AFTER: String(after),
        };
        const ended = await project.start({ env });
        storyOf(trial, "the start with the jump", ended);
        // A token that the jump makes old is refused, as on Azure; the start says so and the next one is right.
        assert.ok(ended.code === 0 || ended.code === 1, `exit code ${ended.code}`);
        await requireRecovery(project, trial);
    } finally {
        project.remove();
    }
}

/** Two starts at once, from nothing or over what a killed one left: exactly one runs. */
async function startTwice(trial: Trial): Promise<void> {
    const project = createProject();
    try {
        if (trial.draw(2) === 1) {
            storyOf(trial, "a killed start", await project.start({ moment: momentOf("SIGKILL", trial) }));
        }
        const both = await Promise.all([project.start(), project.start()]);
        for (const [index, ended] of both.entries()) {
            storyOf(trial, `start ${index + 1} of two`, ended);
        }
        assert.deepEqual(both.map(({ code }) => code).sort(), [0, 1]);
        assert.match(both.find(({ code }) => code === 1)?.output ?? "", /already running in process \d+/);
        await requireRecovery(project, trial);
    } finally {
        project.remove();
    }
}

/** Every kind of fault, by name. */
export const faults = new Map<string, (trial: Trial) => Promise<void>>([
    ["SIGKILL", (trial) => getSignal("SIGKILL", trial)],
    ["SIGINT", (trial) => getSignal("SIGINT", trial)],
    ["SIGTERM", (trial) => getSignal("SIGTERM", trial)],
    ["SIGHUP", (trial) => getSignal("SIGHUP", trial)],
    ["full disk", fillDisk],
    ["damaged file", damageFile],
    ["clock jump", jumpClock],
    ["two starts", startTwice],
]);

/** Faults that this system has: Windows ends a process at every signal, and has no limit for files. */
export const faultsHere = [...faults.keys()].filter(
    (name) => process.platform !== "win32" || !/SIGINT|SIGTERM|SIGHUP|full disk/.test(name),
);
