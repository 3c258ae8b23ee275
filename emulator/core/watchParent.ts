import type { ChildProcess } from "node:child_process";
import { join } from "node:path";

/** Arguments for node in a child that must not outlive this process. */
export const watchParentArgs = ["--require", join(__dirname, "endWithParent.js")];

/** Place of the pipe in the child's `stdio`, as endWithParent.js expects it. The places before it are the caller's. */
export const parentPipe = 4;

/** Keeps the pipe of such a child from disturbing this process. Call it once, after the start. */
export function holdPipe(child: ChildProcess): void {
    const pipe = child.stdio[parentPipe];
    pipe?.on("error", () => undefined);
    // Processes that the child has left behind may hold the other end.
    child.once("exit", () => pipe?.destroy());
}
