import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return error instanceof Error && "code" in error && error.code === "EPERM";
    }
}

/** Creates the lock with its content in one step: a reader that saw it empty would take it for that of an ended process. */
function tryCreate(file: string): boolean {
    const own = `${file}.${process.pid}`;
    writeFileSync(own, String(process.pid), { mode: 0o600 });
    try {
        linkSync(own, file);
        return true;
    } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "EEXIST") {
            return false;
        }
        throw error;
    } finally {
        rmSync(own, { force: true });
    }
}

function readPid(file: string): number | undefined {
    try {
        return Number(readFileSync(file, "utf8"));
    } catch {
        return undefined;
    }
}

export interface Lock {
    /** Id of a process that ended without releasing the lock. */
    takenOverFrom?: number;
    /** Whether this process still has the lock: nobody deleted its file. */
    isHeld(): boolean;
    release(): void;
}

/** Locks a stack, so that only one process runs it. Takes over the lock of a process that no longer runs. */
export function acquireLock(folder: string, stack: string): Lock {
    const file = join(folder, "lock");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const isHeld = () => readPid(file) === process.pid;
    const release = () => {
        // When the folder was deleted, another process may have made it again and locked it.
        if (isHeld()) {
            rmSync(file, { force: true });
        }
    };
    if (tryCreate(file)) {
        return { isHeld, release };
    }
    const pid = Number(readFileSync(file, "utf8"));
    if (pid > 0 && isRunning(pid)) {
        throw new Error(`Stack "${stack}" is already running in process ${pid}. Stop it there with Ctrl-C first.`);
    }
    writeFileSync(file, String(process.pid), { mode: 0o600 });
    return { isHeld, release, takenOverFrom: pid };
}
