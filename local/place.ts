import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf } from "../emulator/core/errors";
import { readTextIfAny } from "../emulator/core/persistence";
import { lockHolder } from "./engine/lock";

/** Folder below the project's that holds everything of its local stacks. */
export const dataFolder = ".azure-realtime";

/** Where a local stack lives. */
export interface Place {
    projectDir: string;
    stack: string;
    /** Folder for the stack's state and data. */
    folder: string;
}

/** The place of a stack. Throws where the stack's name is not one that Pulumi allows, because the name becomes a folder's. */
export function placeOf({ cwd, stack }: { cwd: string; stack: string }): Place {
    if (!/^[\w.-]{1,100}$/.test(stack) || !/\w/.test(stack)) {
        throw new Error(
            `--stack is "${stack}": a stack's name has 1-100 letters, digits, hyphens, underscores and periods.`,
        );
    }
    const projectDir = resolve(cwd);
    return { projectDir, stack, folder: join(projectDir, dataFolder, stack) };
}

/** Makes the folder of all local stacks of a project, which git ignores: keys of the local services lie in it. */
export function makeDataFolder(projectDir: string): void {
    const folder = join(projectDir, dataFolder);
    const file = join(folder, ".gitignore");
    try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (readTextIfAny(file) === undefined) {
            writeFileSync(file, "*\n");
        }
    } catch (error) {
        throw new Error(
            `The local Azure keeps its data in ${folder}, which cannot be written: ${messageOf(error)}. ` +
                "Make it a folder that you may write.",
        );
    }
}

/** Removes an empty folder, and returns whether it is gone. One that holds something or may not be changed stays. */
function removeIfEmpty(folder: string): boolean {
    try {
        rmdirSync(folder);
        return true;
    } catch {
        return false;
    }
}

/**
 * Removes the folders of a start that has kept nothing: the stack's where it is new and has no state, and then the project's where no
 * stack has one.
 */
export function removeUnusedFolders({ projectDir, folder, isNew }: Place & { isNew: boolean }): void {
    if (isNew && readTextIfAny(join(folder, "state.json")) === undefined && lockHolder(folder) === undefined) {
        rmSync(folder, { recursive: true, force: true });
    }
    const all = join(projectDir, dataFolder);
    let names: string[];
    try {
        names = readdirSync(all);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return;
        }
        throw error;
    }
    if (names.every((name) => name === ".gitignore")) {
        rmSync(join(all, ".gitignore"), { force: true });
        if (!removeIfEmpty(all)) {
            // Another stack starts now, and its keys must not go to git.
            makeDataFolder(projectDir);
        }
    }
}
