import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return error instanceof Error && "code" in error && error.code === "EPERM";
    }
}

function tryCreate(file: string): boolean {
    try {
        writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
        return true;
    } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "EEXIST") {
            return false;
        }
        throw error;
    }
}

export interface Lock {
    /** Id of a process that ended without releasing the lock. */
    takenOverFrom?: number;
    release(): void;
}

/** Locks a stack, so that only one process runs it. Takes over the lock of a process that no longer runs. */
export function acquireLock(folder: string, stack: string): Lock {
    const file = join(folder, "lock");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const release = () => rmSync(file, { force: true });
    if (tryCreate(file)) {
        return { release };
    }
    const pid = Number(readFileSync(file, "utf8"));
    if (pid > 0 && isRunning(pid)) {
        throw new Error(`Stack "${stack}" is already running in process ${pid}. Stop it there with Ctrl-C first.`);
    }
    writeFileSync(file, String(process.pid), { mode: 0o600 });
    return { release, takenOverFrom: pid };
}
