import { existsSync } from "node:fs";
import { removeStack } from "./down";
import { removeDynamic } from "./downDynamic";
import { askForKeys } from "./keyDesk";
import type { Place } from "./place";
import { endRunning, listRunning, type RunningEntry } from "./running";
import { keyLines } from "./ui/keys";
import { plainListener } from "./ui/plain";
import { writeLine } from "./ui/print";

const print = (line: string) => writeLine(line);

/** Prints the keys of the running apps. */
export async function runKeys({ stack, folder }: Place): Promise<number> {
    for (const line of keyLines(await askForKeys({ stack, folder }))) {
        print(line);
    }
    return 0;
}

export async function runDown({ stack, folder, projectDir }: Place): Promise<number> {
    if (!existsSync(folder)) {
        print(`Stack "${stack}" has no data in ${projectDir}.`);
        return 0;
    }
    const on = plainListener({ print });
    await removeDynamic({ stack, folder, projectDir, on });
    removeStack({ stack, folder, on });
    print(`Stack "${stack}" is gone, with its data in ${folder}.`);
    return 0;
}

/** Prints a line for each stack that runs on this machine, or that none does. */
function printEach(running: readonly RunningEntry[], lineOf: (entry: RunningEntry) => string): number {
    for (const entry of running) {
        print(lineOf(entry));
    }
    if (running.length === 0) {
        print("No stack runs on this machine.");
    }
    return 0;
}

/** Prints the stacks that run on this machine. */
export function printRunning(): number {
    return printEach(
        listRunning(),
        ({ project, stack, pid, page, projectDir }) =>
            `${project}/${stack}  process ${pid}  ${page ?? "no page"}  ${projectDir}`,
    );
}

/** Ends every stack that runs on this machine. */
export async function endAll(): Promise<number> {
    const running = listRunning();
    await Promise.all(running.map((entry) => endRunning(entry)));
    return printEach(
        running,
        ({ project, stack, folder }) => `${project}/${stack} has ended. Its data stay in ${folder}.`,
    );
}
