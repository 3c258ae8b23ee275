import { join } from "node:path";
import { isLocked, readNote, readOwner, tryFileLock } from "../../emulator/core/fileLock";

export interface Lock {
    /** Id of a process that ended without releasing the lock. */
    takenOverFrom?: number;
    /** Whether this process still has the lock: nobody deleted its file. */
    isHeld(): boolean;
    release(): void;
}

/** Another process runs the stack. */
export class LockedError extends Error {
    override readonly name = "LockedError";
}

/** The process that holds the lock of a stack; undefined when nobody does. */
export function lockHolder(folder: string): number | undefined {
    const file = join(folder, "lock");
    const pid = Number(readNote(file));
    return Number.isInteger(pid) && pid > 0 && isLocked(file) ? pid : undefined;
}

/** Locks a stack, so that only one process runs it. The lock of a process that has ended does not count. Throws a `LockedError`. */
export function acquireLock(folder: string, stack: string): Lock {
    const file = join(folder, "lock");
    const lock = tryFileLock(file, String(process.pid));
    if (lock === undefined) {
        const pid = readOwner(file);
        const where = pid === "" ? "in another process" : `in process ${pid}`;
        throw new LockedError(`Stack "${stack}" is already running ${where}. Stop it there with Ctrl-C first.`);
    }
    const { leftBehind, isHeld, release } = lock;
    const pid = Number(leftBehind);
    return { isHeld, release, ...(Number.isInteger(pid) && pid > 0 && { takenOverFrom: pid }) };
}
