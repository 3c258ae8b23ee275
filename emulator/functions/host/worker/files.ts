import { type Stats, statSync } from "node:fs";

/** Whether a path names a file, through links too. */
export function isFile(file: string): boolean {
    return statIfAny(file)?.isFile() === true;
}

/** Whether a path names a folder, through links too. */
export function isFolder(file: string): boolean {
    return statIfAny(file)?.isDirectory() === true;
}

function statIfAny(file: string): Stats | undefined {
    try {
        return statSync(file, { throwIfNoEntry: false });
    } catch (error) {
        // A file holds no other file.
        if ((error as NodeJS.ErrnoException).code === "ENOTDIR") {
            return undefined;
        }
        throw error;
    }
}
