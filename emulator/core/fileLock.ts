import {
    closeSync,
    fstatSync,
    ftruncateSync,
    mkdirSync,
    openSync,
    readSync,
    rmSync,
    statSync,
    writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isMissing, unreadable } from "./persistence";

/** A lock that the operating system holds for this process. It ends with the process, however that ends. */
export interface FileLock {
    /** What the last owner wrote and did not remove: it ended without releasing the lock. Empty otherwise. */
    leftBehind: string;
    /** Whether the locked file is still the one at the path: nobody deleted it. */
    isHeld(): boolean;
    /** Deletes the file and ends the lock. */
    release(): void;
}

interface Locks {
    tryLock(fd: number, offset: number, length: number): boolean;
}

// The lock is on a byte far behind the text: Windows lets nobody read bytes that are locked.
const lockedByte = 2 ** 30;
const longestNote = 256;

/**
 * Locks a file, or returns undefined when another process holds it, on this machine or in another container that shares the folder.
 * Of several that try at once exactly one gets the lock. `note` is for people, see `readNote`.
 */
export function tryFileLock(path: string, note: string): FileLock | undefined {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    for (;;) {
        const fd = open(path);
        if (!lockByte(fd, path)) {
            closeSync(fd);
            return undefined;
        }
        // An owner that released the lock in between has deleted this file: then the lock is on nothing.
        if (isAt(path, fd)) {
            const leftBehind = noteIn(fd);
            ftruncateSync(fd);
            writeSync(fd, note);
            return { leftBehind, isHeld: () => isAt(path, fd), release: releaseOnce(path, fd) };
        }
        closeSync(fd);
    }
}

const longestWait = 10_000;

/** Does a short work that only one process may do at a time. Waits while another one does it. Throws when that takes longer than 10 s. */
export async function withFileLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
    const end = performance.now() + longestWait;
    for (;;) {
        const lock = tryFileLock(path, String(process.pid));
        if (lock !== undefined) {
            try {
                return await work();
            } finally {
                lock.release();
            }
        }
        if (performance.now() > end) {
            throw new Error(`${path} is locked by process ${readNote(path)} for longer than 10 s. End that process.`);
        }
        await pause(20);
    }
}

/** Whether another process holds the lock of a file now. */
export function isLocked(path: string): boolean {
    let fd: number;
    try {
        fd = openSync(path, "r+");
    } catch (error) {
        if (isMissing(error)) {
            return false;
        }
        throw unreadable(path, error);
    }
    const isFree = lockByte(fd, path);
    closeSync(fd);
    return !isFree;
}

/** What the owner of a lock wrote into it; empty when there is no file. */
export function readNote(path: string): string {
    let fd: number;
    try {
        fd = openSync(path, "r");
    } catch (error) {
        if (isMissing(error)) {
            return "";
        }
        throw unreadable(path, error);
    }
    try {
        return noteIn(fd);
    } finally {
        closeSync(fd);
    }
}

/** Waits without the event loop, which cannot turn while a lock is asked for. */
const block = (milliseconds: number): void =>
    void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/**
 * The number of the process that holds a lock, as its note. An owner writes its note when it has the lock, so for a moment the file is empty or names
 * the owner before. Waits up to a second for a process that lives; in another container none does, and the note is given as it is.
 */
export function readOwner(path: string, wait: (milliseconds: number) => void = block): string {
    for (let tries = 0; tries < 100 && !isAlive(readNote(path)); tries++) {
        wait(10);
    }
    return readNote(path);
}

function isAlive(note: string): boolean {
    const pid = Number(note);
    if (!Number.isInteger(pid) || pid <= 0) {
        return false;
    }
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // A process of another user.
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}

function open(path: string): number {
    try {
        return openSync(path, "a+", 0o600);
    } catch (error) {
        throw unreadable(path, error);
    }
}

function lockByte(fd: number, path: string): boolean {
    try {
        return (require("fs-native-extensions") as Locks).tryLock(fd, lockedByte, 1);
    } catch (error) {
        closeSync(fd);
        throw new Error(`${path} cannot be locked, which needs a file system with locks`, { cause: error });
    }
}

function noteIn(fd: number): string {
    const bytes = Buffer.alloc(longestNote);
    return bytes.toString("utf8", 0, readSync(fd, bytes, 0, longestNote, 0)).trim();
}

function isAt(path: string, fd: number): boolean {
    const found = statSync(path, { throwIfNoEntry: false, bigint: true });
    const own = fstatSync(fd, { bigint: true });
    return found?.ino === own.ino && found.dev === own.dev;
}

function releaseOnce(path: string, fd: number): () => void {
    let isReleased = false;
    return () => {
        if (isReleased) {
            return;
        }
        isReleased = true;
        // Somebody may have deleted the folder, and another process made it again and locked the file there.
        if (isAt(path, fd)) {
            rmSync(path, { force: true });
        }
        closeSync(fd);
    };
}
