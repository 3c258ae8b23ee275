import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Clock } from "../core/clock";
import type { LogLevel } from "../core/log";
import type { FromHost, HostConfig, HostMethod, ToHost } from "./messages";
import type { ConnectionHandler } from "./options";
import { killTree } from "./processTree";

export interface HostProcessOptions {
    /** Script to run. */
    entry: string;
    environment: Record<string, string>;
    config: HostConfig;
    clock: Clock;
    log: (level: LogLevel, message: string) => void;
    /** Called with the reason when the host asks to be replaced. */
    onRecycle: (reason: string) => void;
}

/** The process of one app. */
export interface HostProcess {
    /** Resolves with the names of the loaded functions. Rejects with the reason when the host does not start. */
    started: Promise<string[]>;
    /** Resolves with a description of the exit when the process has ended. */
    exited: Promise<string>;
    /** Hands a connection to the process. Calls `returned` when the connection does not arrive. */
    send(options: { socket: Socket; returned: ConnectionHandler }): void;
    call(options: { method: HostMethod; argument?: unknown }): Promise<unknown>;
    /** Resolves with whether the process answers within that time. */
    isResponsive(milliseconds: number): Promise<boolean>;
    /** Lets the process finish its requests. Kills it when that takes longer. */
    drain(milliseconds: number): void;
    /** Kills the process and its children. */
    kill(): Promise<void>;
}

const startLimit = 60_000;
const rememberedLines = 40;

export function startHostProcess(options: HostProcessOptions): HostProcess {
    const { clock, log } = options;
    const child = fork(options.entry, [], {
        env: options.environment,
        cwd: options.config.codeFolder,
        execArgv: ["--enable-source-maps"],
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        serialization: "advanced",
        // Starts a process group: the app's children end with it, and Ctrl-C in the terminal does not reach it.
        // Windows has no groups, and would open a console window for a detached process.
        detached: process.platform !== "win32",
    });
    const lastErrors: string[] = [];
    forwardLines({ child, log, lastErrors });

    const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
    const pings = new Map<number, () => void>();
    let nextId = 0;

    const started = new Promise<string[]>((resolve, reject) => {
        const cancel = clock.after(startLimit, () =>
            reject(new Error(`The host did not start in ${startLimit / 1000} s.`)),
        );
        child.on("message", (message: FromHost) => {
            switch (message.type) {
                case "ready":
                    cancel();
                    resolve(message.functions);
                    break;
                case "failed":
                    cancel();
                    reject(new Error(message.reason));
                    break;
                case "log":
                    log(message.level, message.message);
                    break;
                case "recycle":
                    options.onRecycle(message.reason);
                    break;
                case "pong":
                    pings.get(message.id)?.();
                    break;
                case "result":
                    settle(message);
                    break;
            }
        });
        child.once("error", reject);
        void exitOf(child).then((how) => {
            cancel();
            reject(new Error(`The app's process ended while it started: ${describeExit({ how, lastErrors })}`));
        });
    });
    started.catch(() => undefined);

    // A blocked process takes no connections. Those that it has not taken when it ends go to the next process.
    const unsent = new Map<Socket, ConnectionHandler>();
    let hasExited = false;
    const exited = exitOf(child).then((how) => {
        hasExited = true;
        setImmediate(() => {
            for (const [socket, returned] of unsent) {
                if (!socket.destroyed) {
                    returned(socket);
                }
            }
        });
        for (const call of calls.values()) {
            call.reject(new Error("The host ended before it answered."));
        }
        return describeExit({ how, lastErrors });
    });

    function settle(message: FromHost & { type: "result" }): void {
        const call = calls.get(message.id);
        calls.delete(message.id);
        if (message.error === undefined) {
            call?.resolve(message.value);
        } else {
            call?.reject(new Error(message.error));
        }
    }

    function tell(message: ToHost): void {
        if (child.connected) {
            child.send(message, () => undefined);
        }
    }

    tell({ type: "start", config: options.config });

    return {
        started,
        exited,
        send({ socket, returned }) {
            if (hasExited) {
                returned(socket);
                return;
            }
            unsent.set(socket, returned);
            if (child.connected) {
                child.send({ type: "socket" } satisfies ToHost, socket, {}, (error) => {
                    if (error === null) {
                        unsent.delete(socket);
                    }
                });
            }
        },
        call({ method, argument }) {
            return new Promise((resolve, reject) => {
                if (!child.connected) {
                    reject(new Error("The host is not running."));
                    return;
                }
                nextId += 1;
                calls.set(nextId, { resolve, reject });
                tell({ type: "call", id: nextId, method, argument });
            });
        },
        isResponsive(milliseconds) {
            nextId += 1;
            const id = nextId;
            return new Promise((resolve) => {
                const end = (answer: boolean) => {
                    pings.delete(id);
                    cancel();
                    resolve(answer);
                };
                const cancel = clock.after(milliseconds, () => end(false));
                pings.set(id, () => end(true));
                tell({ type: "ping", id });
            });
        },
        drain(milliseconds) {
            tell({ type: "drain" });
            const cancel = clock.after(milliseconds, () => killGroup(child));
            void exited.then(cancel);
        },
        async kill() {
            killGroup(child);
            await exited;
        },
    };
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (child.exitCode !== null || child.signalCode !== null) {
        return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
    }
    // "close" comes after the last line of output, which tells the reason. A process that could not start has only "error".
    return Promise.race([
        once(child, "close").then(([code, signal]) => ({
            code: code as number | null,
            signal: signal as NodeJS.Signals | null,
        })),
        once(child, "error").then(() => ({ code: -1, signal: null })),
    ]).catch(() => ({ code: -1, signal: null }));
}

function killGroup(child: ChildProcess): void {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
        return;
    }
    try {
        killTree(child.pid);
    } catch {
        child.kill("SIGKILL");
    }
}

function forwardLines(options: { child: ChildProcess; log: HostProcessOptions["log"]; lastErrors: string[] }): void {
    const { child, log, lastErrors } = options;
    createInterface({ input: child.stdout! }).on("line", (line) => log("info", line));
    createInterface({ input: child.stderr! }).on("line", (line) => {
        lastErrors.push(line);
        lastErrors.splice(0, lastErrors.length - rememberedLines);
        log("warning", line);
    });
}

function describeExit(options: {
    how: { code: number | null; signal: NodeJS.Signals | null };
    lastErrors: readonly string[];
}): string {
    const { how, lastErrors } = options;
    const end = how.signal === null ? `exit code ${how.code}` : `signal ${how.signal}`;
    const spoken = lastErrors.filter((line) => line.trim() !== "" && !/^Node\.js v\d/.test(line));
    const reason =
        [...spoken].reverse().find((line) => /^(Uncaught )?\w*(Error|Exception)\b/.test(line)) ?? spoken.at(-1);
    return reason === undefined ? end : `${end}, ${reason.trim()}`;
}
