import { statSync } from "node:fs";
import { messageOf } from "../emulator/core/errors";
import { printable, printableLines } from "../emulator/core/printable";
import type { OtlpTarget } from "../emulator/inspect/otlp/target";
import { handlers as allHandlers } from "./azure";
import type { Listener } from "./engine/events";
import { createHandlers, recordedTypes } from "./engine/handlers";
import { readProject, readStackConfig } from "./engine/project";
import type { ResourceState } from "./engine/state";
import { recordedLine } from "./engine/unknownType";
import { openKeyDesk } from "./keyDesk";
import { unreadSettings } from "./localSettings";
import { makeDataFolder, type Place, removeUnusedFolders } from "./place";
import { InterruptedError, type RunningStack, type RunOptions, runStack, UpdateError, type UpdateResult } from "./run";
import { announce } from "./running";
import { functionLines, pageAnswers } from "./ui/functions";
import { outputLines } from "./ui/outputs";
import { paint } from "./ui/paint";
import { plainListener } from "./ui/plain";
import { writeLine } from "./ui/print";
import { seconds, summary } from "./ui/words";
import { codeFoldersOf, watchProject } from "./watch";

const interruptedExitCode = 130;
const print = (line: string) => writeLine(line);

function printAll(lines: readonly string[]): void {
    for (const line of lines) {
        print(line);
    }
}

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
    return createTree({ stream: process.stdout, now: () => performance.now() });
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
        // A closed terminal sends SIGHUP.
        for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
            process.on(name, handle);
        }
    });
    return { signal: controller.signal, interrupted };
}

/** How much is shown of what runs: with `quiet` only warnings and errors, with `verbose` also what the emulator and the hosts tell. */
export type Verbosity = "quiet" | "normal" | "verbose";

const severe = ["warning", "error", "critical"];

/** Drops the emulator's messages below a level, and with `quiet` those of functions. Messages of programs and resources always pass. */
function skipBelow(level: "warning" | "error", verbosity: Verbosity, listener: Listener): Listener {
    const heard = level === "error" ? ["error"] : ["warning", "error"];
    return (event) => {
        if (event.kind === "log" && verbosity === "quiet" && !severe.includes(event.level)) {
            return;
        }
        const isDropped = event.kind === "message" && event.from === "emulator" && !heard.includes(event.level);
        if (!isDropped || verbosity === "verbose" || (event.kind === "message" && event.asked === true)) {
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
    const time = seconds((performance.now() - began) / 1000);
    print(preview ? `An update would report: ${summary(result.steps)}` : `${summary(result.steps)} in ${time}`);
}

function printFailure(error: unknown): void {
    const [first = "", ...more] = printableLines(messageOf(error));
    // Further lines are indented, so that no text of a resource looks like a line of this command.
    print([`${paint.red("failed")}  ${first}`, ...more.map((line) => `        ${line}`)].join("\n"));
}

/** Runs the first update and displays it. Returns the exit code if it was interrupted or failed, which it has already printed. */
async function runShown(
    given: RunOptions & { signal: AbortSignal; verbosity?: Verbosity },
): Promise<RunningStack | number> {
    const { verbosity = "normal", ...options } = given;
    const display = createDisplay();
    // Until the update ends, warnings mislead: an app may still wait for its code or its roles.
    let current = skipBelow("error", verbosity, display.on);
    const began = performance.now();
    try {
        const stack = await runStack({ ...options, on: (event) => current(event) });
        display.done();
        current = skipBelow("warning", verbosity, plainListener({ print, onlyChanges: true }));
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
        printFailure(error);
        if (!options.preview && error.steps.length > 0) {
            print(paint.dim("Resources that were already created stay. The next start continues from there."));
        }
        return 1;
    }
}

/** A start that fails before it has kept anything leaves no folder behind. */
async function runOrTidy<T>(place: Place, start: () => Promise<T | number>): Promise<T | number> {
    const isNew = statSync(place.folder, { throwIfNoEntry: false }) === undefined;
    let started: T | number | undefined;
    try {
        started = await start();
        return started;
    } finally {
        if (started === undefined || typeof started === "number") {
            removeUnusedFolders({ ...place, isNew });
        }
    }
}

/** Names what the program has and the local Azure does not do. */
function printRecorded(resources: ResourceState[]): void {
    const recorded = recordedTypes(resources, createHandlers(allHandlers));
    if (recorded.length > 0) {
        print(paint.dim(`recorded, not emulated: ${recordedLine(recorded)}`));
    }
}

export async function runPreview(options: Place & { strict: boolean }): Promise<number> {
    const { signal } = onInterrupt();
    const stack = await runShown({ ...options, preview: true, signal });
    if (typeof stack === "number") {
        return stack;
    }
    print(paint.dim("This was a preview: nothing was created."));
    return 0;
}

async function updateAfter(files: string[], stack: RunningStack): Promise<void> {
    const names = files.map(printable);
    const shown = files.length > 2 ? `${names.slice(0, 2).join(", ")} and ${files.length - 2} more` : names.join(", ");
    print(paint.dim(`\n${shown} changed`));
    const began = performance.now();
    try {
        const result = await stack.update();
        print(`${summary(result.steps)} in ${seconds((performance.now() - began) / 1000)}`);
    } catch (error) {
        printFailure(error);
        print(paint.dim("The stack keeps running. Save a file to try again."));
    }
}

/** Times that Azure takes: reports name one to two minutes for a role, Azure's own pages 30 minutes for a secret. */
const azureTiming = { roleDelayMilliseconds: 60_000, secretRefreshMilliseconds: 30 * 60_000 };

export interface StartOptions extends Place {
    /** Tests the stack, which then ends. Returns whether every test passed. */
    check?(stack: RunningStack, print: (line: string) => void): Promise<boolean>;
    /** What is wrong with a stack that runs, although every resource of it was made. */
    faultsOf?(stack: RunningStack): Promise<string[]>;
    watch: boolean;
    /** Whether resource types that the local Azure does not emulate are refused. */
    strict: boolean;
    /** Whether roles, secrets and deleted names take as long as on Azure. */
    likeAzure: boolean;
    verbosity: Verbosity;
    /** Port of the debugger of the first function app. Undefined without a debugger. */
    inspectPort?: number;
    /** Host of the function apps: `auto` leaves only other runtimes than node to `func`. */
    functionsHost: NonNullable<RunOptions["functionsHost"]>;
    /** Records from the start, and not only while the inspector is open. */
    record: boolean;
    /** Receiver of OTLP over HTTP. Undefined without one. */
    otlp?: OtlpTarget;
    /** Values of the Host header that servers accept besides this machine's own names. */
    allowedHosts: string[];
}

export async function runStart(options: StartOptions): Promise<number> {
    const {
        projectDir,
        stack: name,
        folder,
        check,
        faultsOf = async () => [],
        watch,
        strict,
        likeAzure,
        verbosity,
        inspectPort,
        functionsHost,
        record,
        otlp,
        allowedHosts,
    } = options;
    const place = { projectDir, stack: name, folder };
    const { signal, interrupted } = onInterrupt();
    // A project that cannot run gets no data folder.
    readStackConfig({ project: readProject(projectDir), stack: name });
    makeDataFolder(projectDir);
    const stack = await runOrTidy(place, () =>
        runShown({
            ...place,
            strict,
            ...(likeAzure && { azureTiming }),
            ...(inspectPort !== undefined && { inspectPort }),
            functionsHost,
            // A check ends before anybody opens the inspector, which then only sends to a receiver.
            ...((check === undefined || otlp !== undefined) && {
                inspector: { folder, record, ...(otlp !== undefined && { otlp }) },
            }),
            verbosity,
            allowedHosts,
            signal,
        }),
    );
    if (typeof stack === "number") {
        return stack;
    }
    try {
        printRecorded(stack.resources);
        for (const fault of [...unreadSettings(stack.resources, projectDir), ...(await faultsOf(stack))]) {
            print(`${paint.yellow("warning")} ${printable(fault)}`);
        }
        if (check !== undefined) {
            const passed = await Promise.race([check(stack, print), interrupted.then(() => undefined)]);
            return passed === undefined ? interruptedExitCode : passed ? 0 : 1;
        }
        return await serve({ stack, place, watch, verbosity, interrupted });
    } finally {
        await stack.close();
    }
}

async function serve({
    stack,
    place,
    watch,
    verbosity,
    interrupted,
}: {
    stack: RunningStack;
    place: Place;
    watch: boolean;
    verbosity: Verbosity;
    interrupted: Promise<void>;
}): Promise<number> {
    const { pageUrl } = stack.outputs;
    const page = typeof pageUrl === "string" && pageAnswers(stack.apps(), pageUrl) ? { page: pageUrl } : {};
    const conceal = announce({ ...place, project: stack.project, pid: process.pid, ...page });
    const log = (level: string, message: string) => print(`${level}  ${printable(message)}`);
    const desk = await openKeyDesk({ folder: place.folder, apps: stack.apps, log });
    try {
        if (verbosity !== "quiet") {
            printAll(functionLines(stack.apps()));
        }
        if (page.page !== undefined) {
            print(`\n${paint.bold(paint.green("Open"))} ${paint.underline(printable(page.page))}`);
        }
        const inspector = stack.emulator?.inspector?.url;
        if (inspector !== undefined) {
            print(`${paint.bold("inspector")} ${paint.underline(inspector)}`);
        }
        print(paint.dim("Serving until Ctrl-C."));
        const watching = watch
            ? watchProject({
                  ...place,
                  codeFolders: () => codeFoldersOf(stack.resources, place.projectDir),
                  onChange: (files) => updateAfter(files, stack),
              })
            : undefined;
        await interrupted;
        await watching?.close();
        return interruptedExitCode;
    } finally {
        conceal();
        await desk.close();
    }
}
