import { resolve } from "node:path";
import type { Emulator, EmulatorOptions } from "../emulator";
import { isFunctionCategory, type LogEntry } from "../emulator/core/log";
import type { FunctionApp } from "../emulator/functions";
import { functions as allFunctions, handlers as allHandlers } from "./azure";
import { createDynamicProvider } from "./engine/dynamic";
import type { Listener, Step } from "./engine/events";
import type { ProviderFunction } from "./engine/handler";
import { createHandlers, type Handlers, recordedTypes } from "./engine/handlers";
import { acquireLock, type Lock } from "./engine/lock";
import { startMonitor } from "./engine/monitor";
import { type ProgramOptions, type RunningProgram, startProgram } from "./engine/program";
import { describeEnvironments, missingStackFile, type Project, readProject, readStackConfig } from "./engine/project";
import { createSettings, type ProviderSettings } from "./engine/settings";
import { readStandIns, type StandIns } from "./engine/standIns";
import { openState, type ResourceState, type StateFile } from "./engine/state";
import { Update } from "./engine/update";
import type { Properties } from "./engine/values";
import { failure } from "./failure";
import { showDeployment } from "./inspection";
import { type LiveWorld, openLiveWorld } from "./live";
import type { RunOptions } from "./runOptions";
import { readOtherStack } from "./stackReference";

export type { RunOptions } from "./runOptions";

export interface UpdateResult {
    resources: ResourceState[];
    outputs: Properties;
    secretOutputs: string[];
    steps: Step[];
}

export interface RunningStack extends UpdateResult {
    /** Name of the project. */
    project: string;
    /** The emulator that serves the stack; undefined after a preview. */
    emulator: Emulator | undefined;
    /** The function apps that run; none after a preview. */
    apps(): FunctionApp[];
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
    private readonly firstConfig: Record<string, string>;
    private readonly handlers: Handlers;
    private readonly functions: Map<string, ProviderFunction>;
    private readonly lock: Lock | undefined;
    private live: Promise<LiveWorld> | undefined;
    private world: LiveWorld["world"] | undefined;
    private resumed: LiveWorld["resumed"] = new Map();
    private program: RunningProgram | undefined;
    private closed: Promise<void> | undefined;
    /** Settles when no later update runs any more. */
    private updated: Promise<unknown> = Promise.resolve();
    private interrupt = () => {};

    constructor(private readonly options: RunOptions) {
        this.on = options.on ?? (() => {});
        this.preview = options.preview ?? false;
        this.project = options.project ?? readProject(resolve(options.projectDir));
        const { values, secretKeys } = this.readConfig();
        this.secretKeys = secretKeys;
        this.firstConfig = values;
        this.handlers = createHandlers(options.handlers ?? allHandlers, { strict: options.strict ?? false });
        this.functions = new Map((options.functions ?? allFunctions).map((item) => [item.token, item]));
        // A preview needs no lock: it only reads, so it may run while the stack is being served.
        this.lock = this.preview ? undefined : acquireLock(options.folder, options.stack);
        if (this.lock?.takenOverFrom) {
            const text = `Process ${this.lock.takenOverFrom} ended without releasing stack "${options.stack}". This run takes it over.`;
            this.on({ kind: "message", level: "info", text });
        }
    }

    async start(): Promise<RunningStack> {
        const environments = describeEnvironments(this.project, this.options.stack);
        if (environments !== undefined) {
            this.on({ kind: "message", level: "warning", text: `${environments}.` });
        }
        const file = openState(this.options.folder);
        const settings = createSettings({ file, config: this.firstConfig, env: process.env });
        const first = await this.update(file, settings);
        if (this.preview) {
            await this.close();
        }
        return {
            ...first,
            project: this.project.name,
            emulator: (await this.live)?.world.emulator,
            apps: () => this.world?.apps.all() ?? [],
            update: () => {
                const next = this.updated.then(() => this.update(file, settings));
                this.updated = next.catch(() => undefined);
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
        this.interrupt();
        await this.updated;
        await this.program?.finished.catch(() => undefined);
        const opened = await this.live?.catch(() => undefined);
        await opened?.world.emulator.close();
        this.lock?.release();
    }

    private readConfig() {
        const { stack, config } = this.options;
        const overrides = typeof config === "function" ? config(this.project.name) : config;
        return readStackConfig({ project: this.project, stack, ...(overrides && { overrides }) });
    }

    /** Opens the local Azure at the first call. Later calls share it. */
    private openOnce(file: StateFile, settings: ProviderSettings, { existing }: StandIns): Promise<LiveWorld> {
        this.live ??= openLiveWorld({
            folder: this.options.folder,
            settings,
            file,
            handlers: this.handlers,
            existing,
            startEmulator: this.options.startEmulator ?? loadEmulator(),
            ...(this.options.azureTiming && { azureTiming: this.options.azureTiming }),
            ...(this.options.allowedHosts && { allowedHosts: this.options.allowedHosts }),
            log: (entry) => this.report(entry),
            ...(this.options.inspectPort !== undefined && { inspectPort: this.options.inspectPort }),
            ...(this.options.inspector && { inspector: this.options.inspector }),
            ...(this.options.functionsHost !== undefined && { functionsHost: this.options.functionsHost }),
        }).then((opened) => {
            this.resumed = opened.resumed;
            this.world = opened.world;
            return opened;
        });
        return this.live;
    }

    /** Hands on what the emulator logs. Its debug messages are for tests. */
    private report({ level, source, message, category, asked, multiline }: LogEntry): void {
        if (isFunctionCategory(category)) {
            const several = (this.world?.apps.all().length ?? 1) > 1;
            this.on({ kind: "log", level, source, text: message, time: Date.now(), several });
            return;
        }
        if ((level === "debug" || level === "trace") && asked !== true) {
            return;
        }
        this.on({
            kind: "message",
            level: level === "critical" ? "error" : level === "debug" || level === "trace" ? "info" : level,
            source,
            text: message,
            from: "emulator",
            ...(asked === true && { asked }),
            ...(multiline === true && { multiline }),
        });
    }

    private async update(file: StateFile, settings: ProviderSettings): Promise<UpdateResult> {
        this.requireNoInterrupt();
        const errors: string[] = [];
        const standIns = readStandIns(this.project.directory);
        const onLine = (text: string) => {
            if (!update.stopped()) {
                this.on({ kind: "message", level: "info", text });
            }
        };
        // Read again for each update, because the user may have edited the stack's file.
        const config = this.readConfig().values;
        const { project, preview } = this;
        const dynamic = createDynamicProvider({ project, stack: this.options.stack, config, preview, onLine });
        const update = new Update({
            project: this.project.name,
            stack: this.options.stack,
            preview: this.preview,
            file,
            handlers: dynamic.over(this.handlers),
            functions: this.functions,
            standIns,
            otherStack: (name) =>
                readOtherStack({ name, project: this.project.name, folder: this.options.folder, standIns }),
            settings,
            world: async () => (await this.openOnce(file, settings, standIns)).world,
            resumed: () => this.resumed,
            on: (event) => {
                if (event.kind === "message" && event.level === "error") {
                    errors.push(event.text);
                }
                this.on(event);
            },
            onFailure: () => this.program?.stop(),
            now: () => performance.now(),
        });
        const monitor = await startMonitor(update);
        const interrupt = () => {
            update.stop();
            this.program?.stop();
        };
        this.interrupt = interrupt;
        this.options.signal?.addEventListener("abort", interrupt);
        try {
            this.requireNoInterrupt();
            this.program = this.startProgram({ config, address: monitor.address, onLine });
            // The first resource that needs the emulator reports an emulator that cannot start.
            if (!this.preview) {
                this.openOnce(file, settings, standIns).catch(() => undefined);
            }
            const code = await this.program.finished;
            const noFile = missingStackFile(this.project, this.options.stack);
            const reason = failure({
                update,
                code,
                errors,
                nodeArgs: this.project.nodeArgs,
                recorded: recordedTypes(update.steps, this.handlers),
                ...(noFile && { noFile }),
            });
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
            dynamic.close();
            this.show(update, file);
        }
        const { values: outputs, secrets: secretOutputs } = update.outputs;
        this.on({ kind: "outputs", outputs, secretOutputs });
        return { resources: [...file.state.resources.values()], outputs, secretOutputs, steps: update.steps };
    }

    /** Shows in the inspector what an update did, also when it failed. */
    private show({ steps }: Update, { state: { resources } }: StateFile): void {
        if (this.world !== undefined) {
            const { world, project, options } = this;
            const { emulator } = world;
            showDeployment({
                emulator,
                world,
                project: project.name,
                stack: options.stack,
                resources,
                steps,
                now: Date.now,
            });
        }
    }

    private startProgram(given: Pick<ProgramOptions, "config" | "address" | "onLine">): RunningProgram {
        return (this.options.startProgram ?? startProgram)({
            project: this.project,
            stack: this.options.stack,
            secretKeys: this.secretKeys,
            preview: this.preview,
            ...given,
        });
    }

    private requireNoInterrupt(): void {
        if (this.options.signal?.aborted) {
            throw new InterruptedError("Interrupted");
        }
        if (this.closed !== undefined) {
            throw new Error(`The local Azure of stack "${this.options.stack}" is closed: start it again.`);
        }
    }
}

function loadEmulator(): (options: EmulatorOptions) => Promise<Emulator> {
    // Loaded after the program has started, so that the two load at the same time, each for about a second.
    const emulator = require("../emulator") as typeof import("../emulator");
    return emulator.startEmulator;
}
