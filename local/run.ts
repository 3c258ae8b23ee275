import { resolve } from "node:path";
import type { Emulator, EmulatorOptions } from "../emulator";
import type { AzureTiming } from "../emulator/core/timing";
import { functions as allFunctions, handlers as allHandlers } from "./azure";
import type { Listener, Step } from "./engine/events";
import type { Handler, ProviderFunction } from "./engine/handler";
import { acquireLock, type Lock } from "./engine/lock";
import { startMonitor } from "./engine/monitor";
import { type RunningProgram, startProgram } from "./engine/program";
import { type Project, readProject, readStackConfig } from "./engine/project";
import { createSettings, type ProviderSettings } from "./engine/settings";
import { openState, type ResourceState, type StateFile } from "./engine/state";
import { Update } from "./engine/update";
import type { Properties } from "./engine/values";
import { type LiveWorld, openLiveWorld } from "./live";

export interface RunOptions {
    /** Folder with Pulumi.yaml. */
    projectDir: string;
    stack: string;
    /** Folder for this stack's state and data. */
    folder: string;
    /** Values that win over the stack's file, by full key. */
    config?: Record<string, string>;
    /** Reports what an update would do, and does nothing. */
    preview?: boolean;
    on?: Listener;
    /** Defaults to the emulator of this project; tests pass a small one. */
    startEmulator?(options: EmulatorOptions): Promise<Emulator>;
    /** Takes as long as Azure over roles, secrets and deleted names. Defaults to acting at once. */
    azureTiming?: AzureTiming;
    /** Defaults to every resource type that the local Azure supports. */
    handlers?: Handler[];
    functions?: ProviderFunction[];
    /** Starts the program. Defaults to a process for each run; tests run programs that do not fail in their own, which is faster. */
    startProgram?: typeof startProgram;
    /** Ends the run at any moment, with an `InterruptedError`. */
    signal?: AbortSignal;
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
    /** Runs the program again. A failed update rejects, and everything keeps running as it was. */
    update(): Promise<UpdateResult>;
    close(): Promise<void>;
}

/** A program or a resource failed. The state keeps every resource that was created before the failure. */
export class UpdateError extends Error {
    constructor(
        message: string,
        readonly steps: Step[],
    ) {
        super(message);
        this.name = "UpdateError";
    }
}

/** The user ended the run. */
export class InterruptedError extends Error {}

/** Starts a stack on this machine: runs one update, then serves the stack until it is closed. */
export async function runStack(options: RunOptions): Promise<RunningStack> {
    const run = new StackRun(options);
    try {
        return await run.start();
    } catch (error) {
        await run.close();
        throw error;
    }
}

/** One stack from its first update to its end: the lock, the emulator and the running program. */
class StackRun {
    private readonly on: Listener;
    private readonly preview: boolean;
    private readonly project: Project;
    private readonly secretKeys: string[];
    private readonly location: string | undefined;
    private readonly handlers: Map<string, Handler>;
    private readonly functions: Map<string, ProviderFunction>;
    private readonly lock: Lock | undefined;
    private live: Promise<LiveWorld> | undefined;
    private resumed: LiveWorld["resumed"] = new Map();
    private program: RunningProgram | undefined;
    private closed: Promise<void> | undefined;

    constructor(private readonly options: RunOptions) {
        this.on = options.on ?? (() => {});
        this.preview = options.preview ?? false;
        this.project = readProject(resolve(options.projectDir));
        const { values, secretKeys } = this.readConfig();
        this.secretKeys = secretKeys;
        this.location = values["azure-native:location"];
        this.handlers = new Map((options.handlers ?? allHandlers).map((handler) => [handler.token, handler]));
        this.functions = new Map((options.functions ?? allFunctions).map((item) => [item.token, item]));
        // A preview needs no lock: it only reads, so it may run while the stack is being served.
        this.lock = this.preview ? undefined : acquireLock(options.folder, options.stack);
        if (this.lock?.takenOverFrom) {
            const text = `Process ${this.lock.takenOverFrom} ended without releasing stack "${options.stack}". This run takes it over.`;
            this.on({ kind: "message", level: "info", text });
        }
    }

    async start(): Promise<RunningStack> {
        const file = openState(this.options.folder);
        const settings = createSettings({ file, ...(this.location && { location: this.location }) });
        const first = await this.update(file, settings);
        let last: Promise<unknown> = Promise.resolve();
        if (this.preview) {
            await this.close();
        }
        return {
            ...first,
            emulator: (await this.live)?.world.emulator,
            update: () => {
                const next = last.then(() => this.update(file, settings));
                last = next.catch(() => undefined);
                return next;
            },
            close: () => this.close(),
        };
    }

    close(): Promise<void> {
        this.closed ??= this.closeAll();
        return this.closed;
    }

    private async closeAll(): Promise<void> {
        this.program?.stop();
        await this.program?.finished.catch(() => undefined);
        const opened = await this.live?.catch(() => undefined);
        await opened?.world.emulator.close();
        this.lock?.release();
    }

    private readConfig() {
        const { stack, config: overrides } = this.options;
        return readStackConfig({ project: this.project, stack, ...(overrides && { overrides }) });
    }

    /** Opens the local Azure at the first call. Later calls share it. */
    private openOnce(file: StateFile, settings: ProviderSettings): Promise<LiveWorld> {
        this.live ??= openLiveWorld({
            folder: this.options.folder,
            settings,
            file,
            handlers: this.handlers,
            startEmulator: this.options.startEmulator ?? loadEmulator(),
            ...(this.options.azureTiming && { azureTiming: this.options.azureTiming }),
            log: ({ level, source, message }) => {
                if (level !== "debug") {
                    this.on({ kind: "message", level, source, text: message, from: "emulator" });
                }
            },
        }).then((opened) => {
            this.resumed = opened.resumed;
            return opened;
        });
        return this.live;
    }

    private async update(file: StateFile, settings: ProviderSettings): Promise<UpdateResult> {
        const errors: string[] = [];
        const update = new Update({
            project: this.project.name,
            stack: this.options.stack,
            preview: this.preview,
            file,
            handlers: this.handlers,
            functions: this.functions,
            settings,
            world: async () => (await this.openOnce(file, settings)).world,
            resumed: () => this.resumed,
            on: (event) => {
                if (event.kind === "message" && event.level === "error") {
                    errors.push(event.text);
                }
                this.on(event);
            },
            onFailure: () => this.program?.stop(),
            now: Date.now,
        });
        const monitor = await startMonitor(update);
        const interrupt = () => {
            update.stop();
            this.program?.stop();
        };
        this.options.signal?.addEventListener("abort", interrupt);
        try {
            this.requireNoInterrupt();
            this.program = this.startProgram(update, monitor.address);
            // The first resource that needs the emulator reports an emulator that cannot start.
            if (!this.preview) {
                this.openOnce(file, settings).catch(() => undefined);
            }
            const code = await this.program.finished;
            const reason = failure({ update, code, errors });
            await update.finish({ succeeded: reason === undefined });
            this.requireNoInterrupt();
            const late = reason ?? failure({ update, code, errors });
            if (late !== undefined) {
                throw new UpdateError(late, update.steps);
            }
            this.resumed.clear();
        } finally {
            this.options.signal?.removeEventListener("abort", interrupt);
            monitor.close();
        }
        const { values: outputs, secrets: secretOutputs } = update.outputs;
        this.on({ kind: "outputs", outputs, secretOutputs });
        return { resources: [...file.state.resources.values()], outputs, secretOutputs, steps: update.steps };
    }

    private startProgram(update: Update, address: string): RunningProgram {
        return (this.options.startProgram ?? startProgram)({
            project: this.project,
            stack: this.options.stack,
            // Read again for each update, because the user may have edited the stack's file.
            config: this.readConfig().values,
            secretKeys: this.secretKeys,
            address,
            preview: this.preview,
            onLine: (text) => {
                if (!update.stopped()) {
                    this.on({ kind: "message", level: "info", text });
                }
            },
        });
    }

    private requireNoInterrupt(): void {
        if (this.options.signal?.aborted) {
            throw new InterruptedError("Interrupted");
        }
    }
}

function loadEmulator(): (options: EmulatorOptions) => Promise<Emulator> {
    // Loaded after the program has started, so that the two load at the same time, each for about a second.
    const emulator = require("../emulator") as typeof import("../emulator");
    return emulator.startEmulator;
}

function failure({
    update,
    code,
    errors,
}: {
    update: Update;
    code: number | null;
    errors: string[];
}): string | undefined {
    const failed = update.steps.filter((step) => step.operation === "failed");
    if (failed.length > 0) {
        return failed.map((step) => `${step.type} ${step.name}: ${step.reason}`).join("\n");
    }
    if (code === 0) {
        return undefined;
    }
    return errors.length > 0 ? "The program failed." : `The program ended with exit code ${code}.`;
}
