import { renameSync } from "node:fs";

/** What the file system does, handed in for tests. */
export interface FileReplacer {
    platform: NodeJS.Platform;
    rename(from: string, to: string): void;
    wait(milliseconds: number): void;
}

const thisSystem: FileReplacer = {
    platform: process.platform,
    rename: renameSync,
    wait: (milliseconds) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
};

const waits = [10, 20, 50, 100, 200, 400];
const heldCodes = new Set(["EPERM", "EACCES", "EBUSY"]);

/**
 * Puts a finished file in the place of another one, in one step. Windows refuses that while another program, such as
 * a virus scanner, has the old file open, so there the rename is tried again for up to a second.
 */
export function replaceFile(from: string, to: string, system: FileReplacer = thisSystem): void {
    for (const milliseconds of system.platform === "win32" ? waits : []) {
        try {
            system.rename(from, to);
            return;
        } catch (error) {
            if (!heldCodes.has((error as NodeJS.ErrnoException).code ?? "")) {
                throw error;
            }
            system.wait(milliseconds);
        }
    }
    system.rename(from, to);
}
