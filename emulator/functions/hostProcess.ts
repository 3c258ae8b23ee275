import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import type { Clock } from "../core/clock";
import { endWithUs } from "../core/endWithUs";
import { messageOf } from "../core/errors";
import { guarded } from "../core/guard";
import { readLines } from "../core/lines";
import { consoleCategory, type LogLevel, startupCategory } from "../core/log";
import type { AuthAnswer, AuthQuestion } from "./easyAuth";
import { createErrorReader, createRuns, describeExit, exitOf } from "./exit";
import { isResultOf, parseFromHost } from "./fromHost";
import { guardChannel, refuseHandle } from "./guardChannel";
import { shortener } from "./host/stack";
import { hostCategory, type LogFilter, levelOfErrorLine } from "./logs/filter";
import type { FromHost, HostConfig, HostMethod, ToHost } from "./messages";
import type { ConnectionHandler, FunctionAddress } from "./options";
import { takePendingConnection } from "./pendingConnection";
import { killTree } from "./processTree";
import { workerArguments } from "./workerArguments";

/** Takes a message of an app's process. */
export type AppLog = (level: LogLevel, message: string, more?: { category?: string; asked?: boolean }) => void;

export interface HostProcessOptions {
    /** Script to run. */
    entry: string;
    environment: Record<string, string>;
    config: HostConfig;
    clock: Clock;
    /** Decides which messages of the process are logged. */
    filter: LogFilter;
    log: AppLog;
    /** Called with the reason when the host asks to be replaced. */
    onRecycle: (reason: string) => void;
    /** Called with the address of the debugger, each time that it listens, or without one while another program has its port. */
    onInspect?: (url: string | undefined) => void;
    /** Judges a caller's token. */
    authenticate: (question: AuthQuestion) => AuthAnswer;
    /** Takes what the host records. The app may have written it, so nothing in it is checked. */
    onEvents?: (events: unknown) => void;
    /** Whether it records from the start. Defaults to false. */
    isRecording?: boolean;
}

/** The process of one app. */
export interface HostProcess {
    /** Resolves with the loaded functions. Rejects with the reason when the host does not start. */
    started: Promise<FunctionAddress[]>;
    /** Resolves with a description of the exit when the process has ended. */
    exited: Promise<string>;
    /** Hands a connection to the process. Calls `returned` when the connection does not arrive. */
    send(options: { socket: Socket; returned: ConnectionHandler }): void;
    /** Names of the functions that run, oldest first. */
    running(): string[];
    /** Tells whether to record. */
    record(on: boolean): void;
    call(options: { method: HostMethod; argument?: unknown }): Promise<unknown>;
    /** Resolves with whether the process answers within that time. */
    isResponsive(milliseconds: number): Promise<boolean>;
    /** Lets the process finish its requests. Kills it when that takes longer. */
    drain(milliseconds: number): void;
    /** Kills the process and its children. */
    kill(): Promise<void>;
}

const mostUnreadAnswers = 10_000;
const startLimit = 60_000;
/** Core Tools fetch the extension bundle before their first start, and .NET and Java take their time. */
const coreToolsStartLimit = 300_000;

export function startHostProcess(options: HostProcessOptions): HostProcess {
    const { clock } = options;
    const isCoreTools = options.config.coreTools !== undefined;
    const nodeArguments = isCoreTools ? { kept: [], left: [] } : workerArguments(options.environment);
    const child = fork(options.entry, [], {
        env: options.environment,
        cwd: options.config.codeFolder,
        execArgv: ["--enable-source-maps", ...nodeArguments.kept],
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        serialization: "advanced",
        // Starts a process group: the app's children end with it, and Ctrl-C in the terminal does not reach it.
        // Windows has no groups, and would open a console window for a detached process.
        detached: process.platform !== "win32",
    });
    endWithUs(child, { group: true });
    const log = (level: LogLevel, message: string, category?: string) => {
        if (message === "") {
            // As ColoredConsoleLogger.cs of Azure/azure-functions-core-tools.
            return;
        }
        const verdict = options.filter(category ?? hostCategory, level);
        if (verdict !== "no") {
            options.log(level, message, {
                ...(category !== undefined && { category }),
                ...((verdict === "asked" || category === startupCategory) && { asked: true }),
            });
        }
    };
    const errors = createErrorReader({ entry: options.entry });
    const runs = createRuns();
    // What Node prints as the process ends has not gone through the host.
    const shorten = shortener(options.config.codeFolder);
    let crash: string | undefined;
    const onBrokenChannel = (error: unknown) => {
        const [reason = ""] = messageOf(error).split("\n");
        crash ??= `it wrote to the channel of its host: ${reason.replace(/\.$/, "")}`;
        killGroup(child);
    };
    guardChannel(child, onBrokenChannel);
    readLines(child.stdout!, (line) => log("info", line, consoleCategory));
    readLines(child.stderr!, (line) => {
        const short = shorten(line);
        if (errors.add(line, short)) {
            log(levelOfErrorLine(line), short, consoleCategory);
        }
    });

    const calls = new Map<number, { method: HostMethod; resolve(value: unknown): void; reject(error: Error): void }>();
    const pings = new Map<number, () => void>();
    let nextId = 0;
    let isRecycled = false;

    if (nodeArguments.left.length > 0) {
        log("warning", debuggerRefused(nodeArguments.left));
    }
    const limit = isCoreTools ? coreToolsStartLimit : startLimit;
    const started = new Promise<FunctionAddress[]>((resolve, reject) => {
        // A debugger may hold the process for as long as somebody thinks.
        const cancel =
            options.config.inspectPort === undefined
                ? clock.after(limit, () => reject(new Error(neverStarted(limit))))
                : () => undefined;
        const onMessage = (value: unknown, handle?: unknown) => {
            refuseHandle(handle);
            const message = parseFromHost(value);
            switch (message?.type) {
                case "ready":
                    cancel();
                    resolve(message.functions);
                    break;
                case "failed":
                    cancel();
                    reject(new Error(message.reason));
                    break;
                case "log":
                    runs.note(message.category, message.message);
                    log(message.level, message.message, message.category);
                    break;
                case "inspect":
                    options.onEvents?.(message.events);
                    break;
                case "crash":
                    crash = message.reason;
                    break;
                case "inspecting":
                    options.onInspect?.(message.url);
                    break;
                case "authenticate":
                    answer(message);
                    break;
                case "recycle":
                    if (!isRecycled) {
                        isRecycled = true;
                        options.onRecycle(message.reason);
                    }
                    break;
                case "pong":
                    pings.get(message.id)?.();
                    break;
                case "result":
                    settle(message);
                    break;
            }
        };
        child.on("message", guarded(onBrokenChannel, onMessage));
        child.on("error", reject);
        void exitOf(child).then((how) => {
            cancel();
            reject(
                new Error(
                    `The app's process ended while it started: ${describeExit({ how, crash, errors: errors.lines })}`,
                ),
            );
        });
    });
    started.catch(() => undefined);

    // A blocked process takes no connections. Those that it has not taken when it ends go to the next process.
    const unsent = new Map<Socket, ConnectionHandler>();
    let lastReturned: ConnectionHandler = (socket) => socket.destroy();
    let hasExited = false;
    const exited = exitOf(child).then((how) => {
        hasExited = true;
        const pending = takePendingConnection(child);
        if (pending !== undefined) {
            unsent.set(pending, lastReturned);
        }
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
        return describeExit({ how, crash, errors: errors.lines, running: runs.names() });
    });

    function settle(message: FromHost & { type: "result" }): void {
        const call = calls.get(message.id);
        calls.delete(message.id);
        if (message.error !== undefined) {
            call?.reject(new Error(message.error));
        } else if (call !== undefined && !isResultOf(call.method, message.value)) {
            call.reject(new Error("The app's process answered with something else than keys."));
        } else {
            call?.resolve(message.value);
        }
    }

    function tell(message: ToHost, onSent: () => void = () => undefined): void {
        if (child.connected) {
            child.send(message, onSent);
        }
    }

    let unreadAnswers = 0;

    /** The app can ask for ever and read nothing, so only so many answers wait for it. */
    function answer({ id, question }: FromHost & { type: "authenticate" }): void {
        unreadAnswers += 1;
        if (unreadAnswers > mostUnreadAnswers) {
            throw new Error(`more than ${mostUnreadAnswers} questions without reading their answers`);
        }
        tell({ type: "authenticated", id, answer: options.authenticate(question) }, () => {
            unreadAnswers -= 1;
        });
    }

    if (options.isRecording === true) {
        tell({ type: "record", on: true });
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
            lastReturned = returned;
            if (child.connected) {
                child.send({ type: "socket" } satisfies ToHost, socket, {}, (error) => {
                    if (error === null) {
                        unsent.delete(socket);
                    }
                });
            }
        },
        running: runs.names,
        record: (on) => tell({ type: "record", on }),
        call({ method, argument }) {
            return new Promise((resolve, reject) => {
                if (!child.connected) {
                    reject(new Error("The host is not running."));
                    return;
                }
                nextId += 1;
                calls.set(nextId, { method, resolve, reject });
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

const debuggerRefused = (given: string[]) =>
    `${given.join(" ")} of app setting languageWorkers__node__arguments has no effect here. Open the debugger with azure-realtime start --inspect.`;

const neverStarted = (limit: number) =>
    `The host did not start in ${limit / 1000} s. The code has not finished to load: look for a top-level await, an appStart hook or a loop.`;

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
