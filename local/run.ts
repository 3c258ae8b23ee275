import { resolve } from "node:path";
import type { Emulator, EmulatorOptions } from "../emulator";
import { functions as allFunctions, handlers as allHandlers } from "./azure";
import type { World } from "./azure/world";
import type { Listener, Step } from "./engine/events";
import type { Handler, ProviderFunction, ProviderSettings } from "./engine/handler";
import { acquireLock } from "./engine/lock";
import { startMonitor } from "./engine/monitor";
import { type RunningProgram, startProgram } from "./engine/program";
import { readProject, readStackConfig } from "./engine/project";
import { openState, type ResourceState, type StateFile } from "./engine/state";
import { startUpdate, type Update } from "./engine/update";
import type { Properties } from "./engine/values";
import { type LiveWorld, openLiveWorld } from "./live";
import { createSettings } from "./settings";

export interface RunOptions {
    /** Folder with Pulumi.yaml. */
    projectDir: string;
    stack: string;
    /** Where this stack's state and data are kept. */
    folder: string;
    /** Values that win over the stack's file, by full key. */
    config?: Record<string, string>;
    /** Says what would happen and makes nothing. */
    preview?: boolean;
    on?: Listener;
    /** Defaults to the emulator of this project; tests give a small one. */
    startEmulator?(options: EmulatorOptions): Promise<Emulator>;
    /** Defaults to every resource type that the local Azure knows. */
    handlers?: Handler[];
    functions?: ProviderFunction[];
}

export interface UpdateResult {
    resources: ResourceState[];
    outputs: Properties;
    secretOutputs: string[];
    steps: Step[];
}

export interface RunningStack extends UpdateResult {
    /** The emulator that serves the stack; undefined after a preview. */
    emulator: Emulator | undefined;
    /** Runs the program again. A failed update rejects and leaves everything that runs as it is. */
    update(): Promise<UpdateResult>;
    close(): Promise<void>;
}

/** A program or a resource failed; what was made before stays in the state. */
export class UpdateError extends Error {
    constructor(
        message: string,
        readonly steps: Step[],
    ) {
        super(message);
        this.name = "UpdateError";
    }
}

/** Ended by the user, at any moment. */
export class InterruptedError extends Error {}

function loadEmulator(): (options: EmulatorOptions) => Promise<Emulator> {
    // Loaded after the program is started: both take about a second, and there are two cores.
    const emulator = require("../emulator") as typeof import("../emulator");
    return emulator.startEmulator;
}

function failure(options: { update: Update; code: number | null; errors: string[] }): string | undefined {
    const failed = options.update.steps.filter((step) => step.operation === "failed");
    if (failed.length > 0) {
        return failed.map((step) => `${step.type} ${step.name}: ${step.reason}`).join("\n");
    }
    if (options.code === 0) {
        return undefined;
    }
    return options.errors.length > 0 ? "The program failed." : `The program ended with exit code ${options.code}.`;
}

/** Starts a stack on this machine: one update, and then it serves until it is closed. */
export async function runStack(options: RunOptions & { signal?: AbortSignal }): Promise<RunningStack> {
    const on = options.on ?? (() => {});
    const preview = options.preview ?? false;
    const project = readProject(resolve(options.projectDir));
    const config = readStackConfig({
        project,
        stack: options.stack,
        ...(options.config && { overrides: options.config }),
    });
    const location = config.values["azure-native:location"];
    const handlers = new Map((options.handlers ?? allHandlers).map((handler) => [handler.token, handler]));
    const functions = new Map((options.functions ?? allFunctions).map((item) => [item.token, item]));
    // A preview only reads, so it may look at a stack that is being served.
    const lock = preview ? undefined : acquireLock(options.folder, options.stack);
    if (lock?.takenOverFrom) {
        const text = `Process ${lock.takenOverFrom} left without saying goodbye; its stack is taken over.`;
        on({ kind: "message", level: "info", text });
    }
    let live: Promise<LiveWorld> | undefined;
    let resumed: LiveWorld["resumed"] = new Map();
    let program: RunningProgram | undefined;
    let closed: Promise<void> | undefined;

    function openOnce(file: StateFile, settings: ProviderSettings): Promise<LiveWorld> {
        live ??= openLiveWorld({
            folder: options.folder,
            settings,
            file,
            handlers,
            startEmulator: options.startEmulator ?? loadEmulator(),
            log: ({ level, source, message }) => {
                if (level !== "debug") {
                    on({ kind: "message", level, source, text: message, from: "emulator" });
                }
            },
        }).then((opened) => {
            resumed = opened.resumed;
            return opened;
        });
        return live;
    }

    async function closeAll(): Promise<void> {
        program?.stop();
        await program?.finished.catch(() => undefined);
        const opened = await live?.catch(() => undefined);
        await opened?.world.emulator.close();
        lock?.release();
    }
    const close = () => {
        closed ??= closeAll();
        return closed;
    };

    try {
        const file = openState(options.folder);
        const settings = createSettings({ file, ...(location && { location }) });

        const runOnce = async (): Promise<UpdateResult> => {
            const errors: string[] = [];
            const update = startUpdate({
                project: project.name,
                stack: options.stack,
                preview,
                file,
                handlers,
                functions,
                settings,
                world: async (): Promise<World> => (await openOnce(file, settings)).world,
                resumed: () => resumed,
                on: (event) => {
                    if (event.kind === "message" && event.level === "error") {
                        errors.push(event.text);
                    }
                    on(event);
                },
                onFailure: () => program?.stop(),
                now: Date.now,
            });
            const monitor = await startMonitor(update);
            const interrupt = () => {
                update.stop();
                program?.stop();
            };
            options.signal?.addEventListener("abort", interrupt);
            try {
                if (options.signal?.aborted) {
                    throw new InterruptedError("Interrupted");
                }
                program = startProgram({
                    project,
                    stack: options.stack,
                    config: readStackConfig({
                        project,
                        stack: options.stack,
                        ...(options.config && { overrides: options.config }),
                    }).values,
                    secretKeys: config.secretKeys,
                    address: monitor.address,
                    preview,
                    onLine: (text) => {
                        if (!update.stopped()) {
                            on({ kind: "message", level: "info", text });
                        }
                    },
                });
                // An emulator that cannot start is told by the first resource that needs it.
                if (!preview) {
                    openOnce(file, settings).catch(() => undefined);
                }
                const code = await program.finished;
                const reason = failure({ update, code, errors });
                await update.finish({ succeeded: reason === undefined });
                if (options.signal?.aborted) {
                    throw new InterruptedError("Interrupted");
                }
                const late = reason ?? failure({ update, code, errors });
                if (late !== undefined) {
                    throw new UpdateError(late, update.steps);
                }
                resumed.clear();
            } finally {
                options.signal?.removeEventListener("abort", interrupt);
                monitor.close();
            }
            const { values: outputs, secrets: secretOutputs } = update.outputs;
            on({ kind: "outputs", outputs, secretOutputs });
            return { resources: [...file.state.resources.values()], outputs, secretOutputs, steps: update.steps };
        };

        const first = await runOnce();
        let last: Promise<unknown> = Promise.resolve();
        if (preview) {
            await close();
        }
        return {
            ...first,
            emulator: (await live)?.world.emulator,
            update() {
                const next = last.then(runOnce);
                last = next.catch(() => undefined);
                return next;
            },
            close,
        };
    } catch (error) {
        await close();
        throw error;
    }
}
