import { messageOf } from "../emulator/core/errors";
import { removeStack } from "./down";
import type { Listener } from "./engine/events";
import { InterruptedError, type RunningStack, type RunOptions, runStack, UpdateError, type UpdateResult } from "./run";
import { outputLines } from "./ui/outputs";
import { paint } from "./ui/paint";
import { plainListener } from "./ui/plain";
import { seconds, summary } from "./ui/words";
import { watchProject } from "./watch";

interface Place {
    projectDir: string;
    stack: string;
    folder: string;
}

const interruptedExitCode = 130;
const print = (line: string) => void process.stdout.write(`${line}\n`);

interface Display {
    on: Listener;
    done(): void;
}

function createDisplay(): Display {
    if (!process.stdout.isTTY) {
        return { on: plainListener({ print }), done() {} };
    }
    // Loaded only for a terminal, because pipelines and tests do not need it.
    const { createTree } = require("./ui/tree") as typeof import("./ui/tree");
    return createTree({ stream: process.stdout, now: Date.now });
}

/** The first Ctrl-C aborts the signal, for an orderly end. The second one ends the process at once. */
function onInterrupt(): { signal: AbortSignal; interrupted: Promise<void> } {
    const controller = new AbortController();
    const interrupted = new Promise<void>((resolve) => {
        const handle = () => {
            if (controller.signal.aborted) {
                process.exit(interruptedExitCode);
            }
            print(paint.dim("\nStopping. Press Ctrl-C again to stop at once."));
            controller.abort();
            resolve();
        };
        for (const name of ["SIGINT", "SIGTERM"] as const) {
            process.on(name, handle);
        }
    });
    return { signal: controller.signal, interrupted };
}

/** Drops the emulator's messages below a level. Messages of programs and resources always pass. */
function skipBelow(level: "warning" | "error", listener: Listener): Listener {
    const heard = level === "error" ? ["error"] : ["warning", "error"];
    return (event) => {
        if (event.kind !== "message" || event.from !== "emulator" || heard.includes(event.level)) {
            listener(event);
        }
    };
}

function printResult({ result, began, preview }: { result: UpdateResult; began: number; preview: boolean }): void {
    print("");
    for (const line of outputLines(result)) {
        print(line);
    }
    print("");
    const time = seconds((Date.now() - began) / 1000);
    print(preview ? `An update would report: ${summary(result.steps)}` : `${summary(result.steps)} in ${time}`);
}

/** Runs the first update and displays it. Returns the exit code if it was interrupted or failed, which it has already printed. */
async function runShown(options: RunOptions & { signal: AbortSignal }): Promise<RunningStack | number> {
    const display = createDisplay();
    // Until the update ends, warnings mislead: an app may still wait for its code or its roles.
    let current = skipBelow("error", display.on);
    const began = Date.now();
    try {
        const stack = await runStack({ ...options, on: (event) => current(event) });
        display.done();
        current = skipBelow("warning", plainListener({ print, onlyChanges: true }));
        printResult({ result: stack, began, preview: options.preview ?? false });
        return stack;
    } catch (error) {
        display.done();
        if (error instanceof InterruptedError || options.signal.aborted) {
            return interruptedExitCode;
        }
        if (!(error instanceof UpdateError)) {
            throw error;
        }
        print("");
        print(`${paint.red("failed")}  ${error.message}`);
        if (!options.preview && error.steps.length > 0) {
            print(paint.dim("Resources that were already created stay. The next start continues from there."));
        }
        return 1;
    }
}

export async function runPreview(place: Place): Promise<number> {
    const { signal } = onInterrupt();
    const stack = await runShown({ ...place, preview: true, signal });
    if (typeof stack === "number") {
        return stack;
    }
    print(paint.dim("This was a preview: nothing was created."));
    return 0;
}

export async function runDown(options: { stack: string; folder: string }): Promise<number> {
    removeStack({ ...options, on: plainListener({ print }) });
    print(`Stack "${options.stack}" is gone, with its data in ${options.folder}.`);
    return 0;
}

async function updateAfter(files: string[], stack: RunningStack): Promise<void> {
    const shown = files.length > 2 ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more` : files.join(", ");
    print(paint.dim(`\n${shown} changed`));
    const began = Date.now();
    try {
        const result = await stack.update();
        print(`${summary(result.steps)} in ${seconds((Date.now() - began) / 1000)}`);
    } catch (error) {
        print(`${paint.red("failed")}  ${messageOf(error)}`);
        print(paint.dim("The stack keeps running. Save a file to try again."));
    }
}

/** Times that Azure takes: reports name one to two minutes for a role, Azure's own pages 30 minutes for a secret. */
const azureTiming = { roleDelayMilliseconds: 60_000, secretRefreshMilliseconds: 30 * 60_000 };

export interface StartOptions extends Place {
    check: boolean;
    watch: boolean;
    /** Whether roles, secrets and deleted names take as long as on Azure. */
    likeAzure: boolean;
}

export async function runStart(options: StartOptions): Promise<number> {
    const { signal, interrupted } = onInterrupt();
    const stack = await runShown({
        projectDir: options.projectDir,
        stack: options.stack,
        folder: options.folder,
        ...(options.likeAzure && { azureTiming }),
        signal,
    });
    if (typeof stack === "number") {
        return stack;
    }
    try {
        if (options.check) {
            const { runCheck } = require("./check") as typeof import("./check");
            const passed = await Promise.race([
                runCheck({ outputs: stack.outputs, print }),
                interrupted.then(() => undefined),
            ]);
            return passed === undefined ? interruptedExitCode : passed ? 0 : 1;
        }
        const page = stack.outputs.pageUrl;
        if (typeof page === "string") {
            print(`\n${paint.bold(paint.green("Open"))} ${paint.underline(page)}`);
        }
        print(paint.dim("Serving until Ctrl-C."));
        const watching = options.watch
            ? watchProject({ ...options, onChange: (files) => updateAfter(files, stack) })
            : undefined;
        await interrupted;
        await watching?.close();
        return interruptedExitCode;
    } finally {
        await stack.close();
    }
}
