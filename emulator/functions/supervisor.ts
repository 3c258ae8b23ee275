import type { Socket } from "node:net";
import type { Clock } from "../core/clock";
import type { LogLevel } from "../core/log";
import { hostEntry } from "./bundle";
import { messageOf } from "./host/log";
import { type HostProcess, startHostProcess } from "./hostProcess";
import type { HostConfig, HostMethod } from "./messages";
import type { ConnectionHandler, HostStatus } from "./options";
import { answerUnavailable } from "./unavailable";

/** What a host process is started with. */
export interface Launch {
    environment: Record<string, string>;
    config: HostConfig;
    /** What was wrong before the start already, for the reason when it fails. */
    problems: string[];
}

export interface SupervisorOptions {
    clock: Clock;
    log: (level: LogLevel, message: string) => void;
    /** Called for each start, because what the environment refers to may have changed. */
    launch: () => Promise<Launch>;
    deafMilliseconds: number;
}

/** Keeps one host process serving: starts it, replaces it, restarts it when it dies, and holds connections meanwhile. */
export interface Supervisor {
    accept: ConnectionHandler;
    /** Replaces the host whatever comes of it. Resolves when the new one serves or has failed. */
    restart(): Promise<void>;
    /** Starts a host beside the one that serves, for the caller to take or leave. Rejects when it does not start. */
    prepare(launch: Launch): Promise<Candidate>;
    call(options: { method: HostMethod; argument?: unknown }): Promise<unknown>;
    functions(): string[];
    status(): HostStatus;
    ready(): Promise<void>;
    close(): Promise<void>;
}

export interface Candidate {
    /** Makes it the one that serves; the one before ends what it began. */
    take(): void;
    leave(): Promise<void>;
}

const drainLimit = 30_000;
const pingInterval = 5_000;
const longestBackOff = 60_000;
const longestQueue = 1000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
    const { clock, log } = options;
    let status: HostStatus = { state: "Stopped" };
    let current: HostProcess | undefined;
    let loaded: string[] = [];
    let failures = 0;
    let closed = false;
    let cancelRetry: () => void = () => undefined;
    let cancelPing: () => void = () => undefined;
    let order = Promise.resolve();
    const all = new Set<HostProcess>();
    const queue: Socket[] = [];
    const refused = new Set<Socket>();
    const waiters: { resolve(): void; reject(error: Error): void }[] = [];

    function accept(socket: Socket): void {
        if (current !== undefined && status.state === "Running") {
            current.send({ socket, returned: accept });
        } else if (status.state === "Starting" && queue.length < longestQueue) {
            queue.push(socket);
        } else {
            refused.add(socket);
            socket.once("close", () => refused.delete(socket));
            answerUnavailable({ socket, reason: status.reason ?? "The function app has not been started yet." });
        }
    }

    function setStatus(next: HostStatus): void {
        status = next;
        if (next.state === "Starting") {
            return;
        }
        for (const socket of queue.splice(0)) {
            accept(socket);
        }
        for (const waiter of waiters.splice(0)) {
            if (next.state === "Running") {
                waiter.resolve();
            } else {
                waiter.reject(new Error(next.reason ?? "The function app is stopped."));
            }
        }
    }

    async function spawn(launch: Launch): Promise<{ host: HostProcess; functions: string[] }> {
        const entry = await hostEntry();
        if (closed) {
            throw new Error("The function app is closed.");
        }
        const host: HostProcess = startHostProcess({
            ...launch,
            entry,
            clock,
            log,
            onRecycle: (reason) => {
                if (host === current) {
                    log("error", `The host is replaced: ${reason}`);
                    void replace();
                }
            },
        });
        all.add(host);
        void host.exited.then(() => all.delete(host));
        try {
            return { host, functions: await host.started };
        } catch (error) {
            await host.kill();
            throw new Error([messageOf(error), ...launch.problems].join(" "));
        }
    }

    function take(host: HostProcess, functions: string[]): void {
        const before = current;
        current = host;
        loaded = functions;
        void host.exited.then((how) => onExit(host, how));
        watch(host);
        setStatus({ state: "Running" });
        log("info", `Running with ${functions.length} functions: ${functions.join(", ") || "none"}.`);
        before?.drain(drainLimit);
    }

    function onExit(host: HostProcess, how: string): void {
        if (host !== current || closed) {
            return;
        }
        current = undefined;
        cancelPing();
        fail(`The app's process crashed: ${how}.`);
    }

    /** Says it once, and tries again later: at once after a first crash, then more and more seldom. */
    function fail(reason: string): void {
        if (status.reason !== reason) {
            log("error", reason);
        }
        loaded = [];
        const delay = failures === 0 ? 0 : Math.min(1000 * 2 ** (failures - 1), longestBackOff);
        failures += 1;
        cancelRetry();
        if (delay === 0) {
            setStatus({ state: "Starting", reason });
            void start();
            return;
        }
        setStatus({ state: "Failed", reason });
        cancelRetry = clock.after(delay, () => void start());
    }

    /** One start at a time, in the order in which they were asked for. */
    function inOrder(work: () => Promise<void>): Promise<void> {
        order = order.then(async () => {
            if (!closed) {
                await work();
            }
        });
        return order;
    }

    /** Starts a host where there is none; one that came meanwhile, by a deployment, stays. */
    function start(): Promise<void> {
        return inOrder(() => (current === undefined ? startOnce({ isReplacement: false }) : Promise.resolve()));
    }

    async function startOnce({ isReplacement }: { isReplacement: boolean }): Promise<void> {
        const isOvertaken = () => closed || (!isReplacement && current !== undefined);
        try {
            const { host, functions } = await spawn(await options.launch());
            if (isOvertaken()) {
                await host.kill();
            } else {
                take(host, functions);
            }
        } catch (error) {
            if (isOvertaken()) {
                return;
            }
            // A host that will not start is not tried again at once: the first wait is a second.
            failures = Math.max(failures, 1);
            const before = current;
            current = undefined;
            before?.drain(drainLimit);
            fail(messageOf(error));
        }
    }

    function replace(): Promise<void> {
        if (closed) {
            return Promise.resolve();
        }
        cancelRetry();
        failures = 0;
        status = { state: "Starting" };
        return inOrder(async () => {
            setStatus({ state: "Starting" });
            await startOnce({ isReplacement: true });
        });
    }

    function watch(host: HostProcess): void {
        cancelPing();
        cancelPing = clock.after(pingInterval, async () => {
            const isResponsive = await host.isResponsive(options.deafMilliseconds);
            if (host !== current || closed) {
                return;
            }
            if (isResponsive) {
                failures = 0;
                watch(host);
                return;
            }
            // Nothing is handed to it any more, so that no request is lost with it.
            current = undefined;
            void host.kill();
            fail(`The app's process did not answer for ${options.deafMilliseconds / 1000} s and is replaced.`);
        });
    }

    return {
        accept,
        restart: replace,
        async prepare(launch) {
            const { host, functions } = await spawn(launch);
            return {
                take: () => {
                    cancelRetry();
                    failures = 0;
                    take(host, functions);
                },
                leave: () => host.kill(),
            };
        },
        call(request) {
            return current === undefined
                ? Promise.reject(new Error(`Function host is not running. ${status.reason ?? ""}`.trim()))
                : current.call(request);
        },
        functions: () => [...loaded],
        status: () => ({ ...status }),
        ready() {
            if (status.state === "Running") {
                return Promise.resolve();
            }
            if (status.state === "Failed") {
                return Promise.reject(new Error(status.reason));
            }
            return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
        },
        async close() {
            closed = true;
            cancelRetry();
            cancelPing();
            current = undefined;
            for (const socket of [...queue.splice(0), ...refused]) {
                socket.destroy();
            }
            setStatus({ state: "Stopped", reason: "The function app is stopped." });
            await Promise.all([...all].map((host) => host.kill()));
        },
    };
}
