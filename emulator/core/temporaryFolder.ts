import { lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileLock, tryFileLock } from "./fileLock";
import { isMissing } from "./persistence";

const prefix = "azure-realtime-run-";
const lockName = "lock";
const minute = 60_000;

let own: string | undefined;
let count = 0;

/**
 * Makes a new folder for temporary files, outside of any project. All folders of this process lie in one folder, which is removed
 * when the process ends, or by the next process that asks for one when this one is killed.
 */
export function makeTemporaryFolder(name: string): string {
    own ??= openOwn(tmpdir());
    count += 1;
    const folder = join(own, `${name.replace(/[^\w-]/g, "").slice(0, 40)}-${count}`);
    mkdirSync(folder, { mode: 0o700 });
    return folder;
}

function openOwn(place: string): string {
    sweep(place);
    const folder = mkdtempSync(join(place, prefix));
    const lock = tryFileLock(join(folder, `${lockName}.new`), String(process.pid))!;
    // Named only once it is locked: who finds a lock that nobody holds takes the owner for dead.
    renameSync(join(folder, `${lockName}.new`), join(folder, lockName));
    process.once("exit", () => {
        lock.release();
        rmSync(folder, { recursive: true, force: true });
    });
    return folder;
}

/** Removes the folders of processes that were killed, as far as they belong to this user. */
export function sweep(place: string): void {
    for (const name of readdirSync(place).filter((entry) => entry.startsWith(prefix))) {
        try {
            removeIfDead(join(place, name));
        } catch {
            // Another process sweeps at the same time, or a file is not to be removed: the folder is left for a later start.
        }
    }
}

function removeIfDead(folder: string): void {
    const about = lstatSync(folder);
    if (!about.isDirectory() || (process.getuid !== undefined && about.uid !== process.getuid())) {
        return;
    }
    const lock = lockOf(folder);
    if (lock === "none" && about.mtimeMs < Date.now() - minute) {
        // Its owner was killed before it locked the folder. Only an empty one can be removed so.
        rmSync(join(folder, `${lockName}.new`), { force: true });
        rmdirSync(folder);
    } else if (typeof lock === "object") {
        rmSync(folder, { recursive: true, force: true });
        lock.release();
    }
}

function lockOf(folder: string): FileLock | "none" | "held" {
    const path = join(folder, lockName);
    try {
        lstatSync(path);
    } catch (error) {
        if (isMissing(error)) {
            return "none";
        }
        throw error;
    }
    return tryFileLock(path, String(process.pid)) ?? "held";
}
