import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramOptions, RunningProgram } from "../../local/engine/program";
import { startProgramHere } from "./programHere";

const main = "emptyProgram.js";

/** Starts a program without resources, so that the update deletes every resource of the stack, as `pulumi destroy` does. */
export function startEmptyProgram(folder: string): (options: ProgramOptions) => RunningProgram {
    writeFileSync(join(folder, main), "");
    return (options) => startProgramHere({ ...options, project: { ...options.project, directory: folder, main } });
}
