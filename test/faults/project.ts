import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openState, type ResourceState } from "../../local/engine/state";

const root = resolve(__dirname, "../..");
const created = /^created {4}/gm;
/** A start that hangs is ended, so that the story of the fault is told with what it printed. On a busy machine a start takes a minute. */
export const longestStart = 240_000;

/** When a start gets a signal: some milliseconds after so many resources were created. */
export interface Moment {
    signal: NodeJS.Signals;
    created: number;
    milliseconds: number;
}

export interface Ended {
    code: number | null;
    output: string;
    /** Number of the resources that were created. */
    created: number;
    /** Milliseconds from the signal to the end; undefined without a signal. */
    afterSignal?: number;
}

export interface StartOptions {
    moment?: Moment;
    env?: Record<string, string>;
    /** Largest file that the process may write, in blocks of 512 bytes. Writing more fails as on a full disk. */
    largestFile?: number;
}

/** A project in a temporary folder, with the chat as its program. Its temporary files have a folder of their own. */
export function createProject() {
    mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
    const projectDir = mkdtempSync(join(root, ".azure-realtime/tests/fault-"));
    const folder = join(projectDir, ".azure-realtime/local");
    const tmp = join(projectDir, "tmp");
    mkdirSync(tmp);
    const yaml = ["name: azure-realtime", "runtime: nodejs", "main: ../../../stacks/index.ts"];
    writeFileSync(join(projectDir, "Pulumi.yaml"), yaml.join("\n"));
    const config = ["config:", '    azure-realtime:heartbeatSchedule: "*/1 * * * * *"'];
    writeFileSync(join(projectDir, "Pulumi.local.yaml"), config.join("\n"));

    let printed = "";

    /** Runs `azure-realtime start` with the check of the chat, to its end or to the signal. */
    function start({ moment, env = {}, largestFile }: StartOptions = {}): Promise<Ended> {
        const args = [join(root, "dist/cli/azure-realtime.js"), "start", "--check", "--no-watch", "-C", projectDir];
        // A process that ignores the signal of the limit gets an error instead, as from a full disk.
        const limit = `trap '' XFSZ; ulimit -f ${largestFile}; exec "$0" "$@"`;
        const [file, all] =
            largestFile === undefined
                ? [process.execPath, args]
                : ["/bin/sh", ["-c", limit, process.execPath, ...args]];
        const child = spawn(file, all, {
            cwd: root,
            stdio: ["ignore", "pipe", "pipe"],
            env: { ...process.env, TMPDIR: tmp, ...env },
        });
        let output = "";
        let timer: NodeJS.Timeout | undefined;
        let sent: number | undefined;
        const onData = (chunk: Buffer | string) => {
            output += chunk;
            if (moment && !timer && (output.match(created) ?? []).length >= moment.created) {
                timer = setTimeout(() => {
                    sent = performance.now();
                    child.kill(moment.signal);
                }, moment.milliseconds);
            }
        };
        child.stdout.on("data", onData);
        child.stderr.on("data", onData);
        onData("");
        const hanging = setTimeout(() => {
            onData(`The start hung for ${longestStart / 1000} s and was killed.\n`);
            child.kill("SIGKILL");
        }, longestStart);
        return new Promise((done) =>
            child.once("close", (code) => {
                clearTimeout(hanging);
                clearTimeout(timer);
                const count = (output.match(created) ?? []).length;
                const afterSignal = sent === undefined ? undefined : performance.now() - sent;
                printed += output;
                done({ code, output, created: count, ...(afterSignal !== undefined && { afterSignal }) });
            }),
        );
    }

    return {
        projectDir,
        folder,
        start,
        resources: (): ResourceState[] => [...openState(folder).state.resources.values()],
        condemned: (): ResourceState[] => openState(folder).state.condemned,
        kept: (kind: string): string[] => readdirSync(join(folder, kind)),
        /** What all starts have printed. */
        printed: () => printed,
        /** Temporary folders of runs. */
        leftovers: (): string[] => readdirSync(tmp).filter((name) => name.startsWith("azure-realtime-")),
        /** Processes that run in one of the project's folders. Only Linux tells. */
        orphans: (): number[] => (process.platform === "linux" ? processesIn(projectDir) : []),
        remove: () => rmSync(projectDir, { recursive: true, force: true }),
    };
}

export type Project = ReturnType<typeof createProject>;

function processesIn(folder: string): number[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .filter((pid) => workingFolder(pid).startsWith(`${folder}/`))
        .map(Number);
}

function workingFolder(pid: string): string {
    try {
        return readlinkSync(`/proc/${pid}/cwd`);
    } catch {
        // The process has ended, or belongs to somebody else.
        return "";
    }
}
