import type { Socket } from "node:net";
import type { Clock } from "../core/clock";
import { messageOf } from "../core/errors";
import type { LogLevel } from "../core/log";
import type { ConnectionServer, ServerSettings } from "../core/server";
import { hostEntry } from "./bundle";
import type { AuthAnswer, AuthQuestion } from "./easyAuth";
import { whileRunning } from "./exit";
import { type AppLog, type HostProcess, type HostProcessOptions, startHostProcess } from "./hostProcess";
import type { LogFilter } from "./logs/filter";
import type { HostConfig, HostMethod } from "./messages";
import type { ConnectionHandler, FunctionAddress, HostStatus } from "./options";
import { createUnavailableServer } from "./unavailable";

export interface Launch {
    environment: Record<string, string>;
    config: HostConfig;
    /** Faults found before the start. They are added to the reason when the start fails. */
    problems: string[];
    /** Decides which messages of the process are logged. */
    filter: LogFilter;
}

export interface SupervisorOptions {
    clock: Clock;
    /** Takes what an app's process says. */
    log: AppLog;
    /** Takes what the supervisor says. The text may have several lines. */
    say: (level: LogLevel, message: string) => void;
    /** Called with the address of the debugger, each time that it listens, or without one while another program has its port. */
    onInspect?: (url: string | undefined) => void;
    /** Judges a caller's token. */
    authenticate: (question: AuthQuestion) => AuthAnswer;
    /** For each process: what takes its events, and whether it records from the start. */
    recording: () => Pick<HostProcessOptions, "onEvents" | "isRecording">;
    /** Called for each start, because the secrets that the environment refers to may have changed. */
    launch: () => Promise<Launch>;
    /** Infinite to wait for a process for ever, as a debugger needs. */
    deafMilliseconds: number;
    /** Port whose connections the supervisor gets. */
    port: number;
    servers: ServerSettings | undefined;
}

export interface Candidate {
    /** Makes it the host that serves. The one before finishes its requests and ends. */
    take(): void;
    leave(): Promise<void>;
}

const drainLimit = 30_000;
const pingInterval = 5_000;
const longestBackOff = 60_000;
const longestQueue = 1000;

/** Keeps a host process serving: starts it, replaces it, restarts it after a crash, and holds connections while none serves. */
export class Supervisor {
    readonly #options: SupervisorOptions;
    #status: HostStatus = { state: "Stopped" };
    #current: HostProcess | undefined;
    #loaded: FunctionAddress[] = [];
    #failures = 0;
    #closed = false;
    #goesOn = false;
    #cancelRetry: () => void = () => undefined;
    #cancelPing: () => void = () => undefined;
    #order = Promise.resolve();
    readonly #all = new Set<HostProcess>();
    readonly #queue: Socket[] = [];
    readonly #unavailable: ConnectionServer;
    readonly #waiters: { resolve(): void; reject(error: Error): void }[] = [];

    constructor(options: SupervisorOptions) {
        this.#options = options;
        this.#unavailable = createUnavailableServer({
            port: options.port,
            settings: options.servers,
            reason: () => this.#status.reason ?? "The function app has not been started yet.",
        });
    }

    /** Bound to this supervisor, because hosts hand connections back to it. */
    readonly accept: ConnectionHandler = (socket) => {
        if (this.#current !== undefined && this.#status.state === "Running") {
            this.#current.send({ socket, returned: this.accept });
        } else if (this.#status.state === "Starting" && this.#queue.length < longestQueue) {
            this.#queue.push(socket);
        } else {
            this.#unavailable.accept(socket);
        }
    };

    /** Replaces the host, even by one that fails. Resolves when the new one serves or has failed. */
    restart({ goesOn = false } = {}): Promise<void> {
        if (this.#closed) {
            return Promise.resolve();
        }
        this.#goesOn = goesOn;
        this.#cancelRetry();
        this.#failures = 0;
        this.#status = { state: "Starting" };
        return this.#inOrder(async () => {
            this.#setStatus({ state: "Starting" });
            await this.#startOnce({ isReplacement: true });
        });
    }

    /** Starts a host beside the one that serves, for the caller to take or leave. Rejects when it does not start. */
    async prepare(launch: Launch): Promise<Candidate> {
        const { host, functions } = await this.#spawn({ ...launch, config: { ...launch.config, isNewCode: true } });
        return {
            take: () => {
                this.#cancelRetry();
                this.#failures = 0;
                this.#take(host, functions);
            },
            leave: () => host.kill(),
        };
    }

    call(request: { method: HostMethod; argument?: unknown }): Promise<unknown> {
        return this.#current === undefined
            ? Promise.reject(new Error(`Function host is not running. ${this.#status.reason ?? ""}`.trim()))
            : this.#current.call(request);
    }

    /** Tells the app's processes whether to record. */
    record(on: boolean): void {
        for (const host of this.#all) {
            host.record(on);
        }
    }

    functions(): FunctionAddress[] {
        return [...this.#loaded];
    }

    status(): HostStatus {
        return { ...this.#status };
    }

    ready(): Promise<void> {
        if (this.#status.state === "Running") {
            return Promise.resolve();
        }
        if (this.#status.state === "Failed") {
            return Promise.reject(new Error(this.#status.reason));
        }
        return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
    }

    /** As `ready`, but a host that failed is tried at once: on Azure, too, a request wakes an app that does not run. */
    wake(): Promise<void> {
        if (this.#status.state === "Failed") {
            this.#cancelRetry();
            this.#setStatus({ state: "Starting" });
            void this.#start();
        }
        return this.ready();
    }

    async close(): Promise<void> {
        this.#closed = true;
        this.#cancelRetry();
        this.#cancelPing();
        this.#current = undefined;
        for (const socket of this.#queue.splice(0)) {
            socket.destroy();
        }
        this.#setStatus({ state: "Stopped", reason: "The function app is stopped." });
        await Promise.all([this.#unavailable.close(), ...[...this.#all].map((host) => host.kill())]);
    }

    #setStatus(next: HostStatus): void {
        this.#status = next;
        if (next.state === "Starting") {
            return;
        }
        for (const socket of this.#queue.splice(0)) {
            this.accept(socket);
        }
        for (const waiter of this.#waiters.splice(0)) {
            if (next.state === "Running") {
                waiter.resolve();
            } else {
                waiter.reject(new Error(next.reason ?? "The function app is stopped."));
            }
        }
    }

    async #spawn(launch: Launch): Promise<{ host: HostProcess; functions: FunctionAddress[] }> {
        const entry = await hostEntry();
        if (this.#closed) {
            throw new Error("The function app is closed.");
        }
        const host: HostProcess = startHostProcess({
            ...launch,
            config: { ...launch.config, isSameHost: this.#goesOn && launch.config.isNewCode !== true },
            entry,
            clock: this.#options.clock,
            authenticate: this.#options.authenticate,
            log: this.#options.log,
            ...(this.#options.onInspect && { onInspect: this.#options.onInspect }),
            ...this.#options.recording(),
            onRecycle: (reason) => {
                if (host === this.#current) {
                    this.#options.say("error", `The host is replaced: ${reason}`);
                    void this.restart({ goesOn: true });
                }
            },
        });
        this.#all.add(host);
        void host.exited.then(() => this.#all.delete(host));
        try {
            return { host, functions: await host.started };
        } catch (error) {
            await host.kill();
            throw new Error([messageOf(error), ...launch.problems].join(" "));
        }
    }

    #take(host: HostProcess, functions: FunctionAddress[]): void {
        const before = this.#current;
        this.#current = host;
        this.#goesOn = true;
        this.#loaded = functions;
        void host.exited.then((how) => this.#onExit(host, how));
        this.#watch(host);
        this.#setStatus({ state: "Running" });
        const names = functions.map(({ name }) => name).join(", ") || "none";
        this.#options.say("info", `Running with ${functions.length} functions: ${names}.`);
        before?.drain(drainLimit);
    }

    #onExit(host: HostProcess, how: string): void {
        if (host !== this.#current || this.#closed) {
            return;
        }
        this.#current = undefined;
        this.#cancelPing();
        this.#fail(`The app's process crashed: ${how}${/\n|[.!?]$/.test(how) ? "" : "."}`);
    }

    /** Logs the reason, unless it is the last one again, and starts a host: at once after a first crash, then after ever longer waits. */
    #fail(reason: string): void {
        if (this.#status.reason !== reason) {
            this.#options.say("error", reason);
        }
        this.#loaded = [];
        const delay = this.#failures === 0 ? 0 : Math.min(1000 * 2 ** (this.#failures - 1), longestBackOff);
        this.#failures += 1;
        this.#cancelRetry();
        if (delay === 0) {
            this.#setStatus({ state: "Starting", reason });
            void this.#start();
            return;
        }
        this.#setStatus({ state: "Failed", reason });
        this.#cancelRetry = this.#options.clock.after(delay, () => void this.#start());
    }

    /** Starts run one at a time, in the order in which they were asked for. */
    #inOrder(work: () => Promise<void>): Promise<void> {
        this.#order = this.#order.then(() => (this.#closed ? undefined : work()));
        return this.#order;
    }

    /** Starts a host unless a deployment has brought one in the meantime. */
    #start(): Promise<void> {
        return this.#inOrder(() =>
            this.#current === undefined ? this.#startOnce({ isReplacement: false }) : Promise.resolve(),
        );
    }

    async #startOnce({ isReplacement }: { isReplacement: boolean }): Promise<void> {
        const isOvertaken = () => this.#closed || (!isReplacement && this.#current !== undefined);
        try {
            const { host, functions } = await this.#spawn(await this.#options.launch());
            if (isOvertaken()) {
                await host.kill();
            } else {
                this.#take(host, functions);
            }
        } catch (error) {
            if (isOvertaken()) {
                return;
            }
            // A host that failed to start would fail again at once, so the first wait is a second.
            this.#failures = Math.max(this.#failures, 1);
            const before = this.#current;
            this.#current = undefined;
            before?.drain(drainLimit);
            this.#fail(messageOf(error));
        }
    }

    #watch(host: HostProcess): void {
        this.#cancelPing();
        if (this.#options.deafMilliseconds === Number.POSITIVE_INFINITY) {
            return;
        }
        this.#cancelPing = this.#options.clock.after(pingInterval, async () => {
            const isResponsive = await host.isResponsive(this.#options.deafMilliseconds);
            if (host !== this.#current || this.#closed) {
                return;
            }
            if (isResponsive) {
                this.#failures = 0;
                this.#watch(host);
                return;
            }
            // It gets no more connections, so that no request is lost with it.
            this.#current = undefined;
            void host.kill();
            const during = whileRunning(host.running());
            const deaf = `The app's process did not answer for ${this.#options.deafMilliseconds / 1000} s`;
            this.#fail(`${deaf}${during === undefined ? "" : `, ${during},`} and is replaced.`);
        });
    }
}
