import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../emulator/core/errors";
import { readTextIfAny } from "../emulator/core/persistence";
import { lockHolder } from "./engine/lock";

/** A local stack that somebody started on this machine. */
export interface RunningEntry {
    pid: number;
    project: string;
    stack: string;
    projectDir: string;
    folder: string;
    /** Address of the app's page, where the program exports one. */
    page?: string;
}

/** Folder of the user with one file for each running stack. */
export const registryFolder = (env: NodeJS.ProcessEnv = process.env): string =>
    join(env.AZURE_REALTIME_HOME ?? join(homedir(), ".azure-realtime"), "running");

const fileOf = (registry: string, folder: string) =>
    join(registry, `${createHash("sha256").update(folder).digest("hex").slice(0, 32)}.json`);

/** Tells `azure-realtime list` of a stack, until the returned function is called. */
export function announce(entry: RunningEntry, registry = registryFolder()): () => void {
    const file = fileOf(registry, entry.folder);
    try {
        mkdirSync(registry, { recursive: true, mode: 0o700 });
        writeFileSync(file, JSON.stringify(entry), { mode: 0o600 });
    } catch (error) {
        throw new Error(
            `The stacks that run are noted in ${registry}, which cannot be written: ${messageOf(error)}. ` +
                "Make it a folder that you may write, or name another one with AZURE_REALTIME_HOME.",
        );
    }
    return () => rmSync(file, { force: true });
}

function readEntry(file: string): RunningEntry | undefined {
    const text = readTextIfAny(file) ?? "";
    try {
        return JSON.parse(text) as RunningEntry;
    } catch {
        return undefined;
    }
}

/** Every stack that runs now. Entries of processes that were killed are removed. */
export function listRunning(registry = registryFolder()): RunningEntry[] {
    let names: string[];
    try {
        names = readdirSync(registry);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return [];
        }
        throw error;
    }
    return names.flatMap((name) => {
        const file = join(registry, name);
        const entry = readEntry(file);
        if (entry !== undefined && lockHolder(entry.folder) === entry.pid) {
            return [entry];
        }
        rmSync(file, { force: true });
        return [];
    });
}

const pollMilliseconds = 50;

/** Ends a running stack as Ctrl-C does, and waits until its process has released the stack. */
export async function endRunning({ pid, folder, project, stack }: RunningEntry, seconds = 20): Promise<void> {
    process.kill(pid, "SIGTERM");
    const until = performance.now() + seconds * 1000;
    while (lockHolder(folder) === pid) {
        if (performance.now() > until) {
            throw new Error(
                `Stack "${stack}" of project ${project} has not ended after ${seconds} s. Its process is ${pid}.`,
            );
        }
        await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
}
