import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf } from "../emulator/core/errors";
import { readTextIfAny } from "../emulator/core/persistence";

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
