import type { Socket } from "node:net";
import { format } from "node:util";
import { messageOf } from "../../core/errors";
import { createFineClock } from "../../core/fineClock";
import type { AuthAnswer, AuthQuestion } from "../easyAuth";
import { inMessages } from "../inspectEvents";
import type { HostConfig, ToHost } from "../messages";
import { killTree } from "../processTree";
import { callHost } from "./calls";
import { takeChannel } from "./channel";
import { startCoreToolsHost } from "./coreTools";
import { watchEnding } from "./ending";
import { addressesOf, type Host, startHost } from "./host";
import { createHostServer, type HostServer } from "./http/server";
import { endInspection, startInspection } from "./inspection";
import { listenOnLoopbackOnly, resolveLocalhostNames } from "./loopback";
import { describeError, withOwnFrames } from "./stack";
import { createTracing } from "./tracing";

// The process of one app. The supervisor controls it over IPC. Its environment holds the platform's variables and the app's settings.

let host: Host | undefined;
let server: HostServer | undefined;
let codeFolder: string | undefined;

const { tell, tellLast } = takeChannel();

const ending = watchEnding({ onEnd: (reason) => tell({ type: "crash", reason }), folder: () => codeFolder });

const questions = new Map<number, (answer: AuthAnswer) => void>();
let nextQuestion = 0;

/** Asks the platform about a caller's token. */
function ask(question: AuthQuestion): Promise<AuthAnswer> {
    nextQuestion += 1;
    const id = nextQuestion;
    return new Promise((resolve) => {
        questions.set(id, resolve);
        tell({ type: "authenticate", id, question });
    });
}

const tracing = createTracing({
    send(events) {
        for (const some of inMessages(events)) {
            tell({ type: "inspect", events: some });
        }
    },
    now: createFineClock(),
    fetch: globalThis.fetch,
});

async function start(config: HostConfig): Promise<void> {
    try {
        codeFolder = config.codeFolder;
        if (config.coreTools !== undefined) {
            host = await startCoreToolsHost({
                config,
                coreTools: config.coreTools,
                log: (level, message) => tell({ type: "log", level, message }),
                tracing,
                // Without its parent, this process ends with all that func has left. The reason is sent before.
                onExit: (reason) => tellLast({ type: "crash", reason }),
            });
            server = createHostServer(host, ask);
            tell({ type: "ready", functions: addressesOf(host) });
            return;
        }
        if (config.inspectPort !== undefined) {
            startInspection({
                port: config.inspectPort,
                onOpen: (url) => tell({ type: "inspecting", url }),
                onWait: () => tell({ type: "inspecting" }),
            });
        }
        host = await startHost({
            config,
            environment: { ...process.env },
            log: (level, message, category) => {
                tracing.log(level, message, category);
                tell({ type: "log", level, message, ...(category && { category }) });
            },
            tracing,
            onTimeout: (reason) => tell({ type: "recycle", reason }),
        });
        server = createHostServer(host, ask);
        tell({ type: "ready", functions: addressesOf(host) });
    } catch (error) {
        tell({ type: "failed", reason: messageOf(error) });
    }
}

async function drain(): Promise<void> {
    ending.expect();
    // The next host takes over the port of the debugger.
    endInspection();
    host?.pause();
    await server?.drain();
    await host?.terminate().catch((error: unknown) => {
        tell({
            type: "log",
            level: "error",
            message: `An appTerminate hook failed: ${describeError(error, codeFolder)}`,
        });
    });
    process.exit(0);
}

async function answer(message: ToHost & { type: "call" }): Promise<void> {
    const { id } = message;
    try {
        if (host === undefined) {
            throw new Error("The host is not running.");
        }
        tell({ type: "result", id, value: await callHost({ host, ...message }) });
    } catch (error) {
        tell({ type: "result", id, error: messageOf(error) });
    }
}

process.on("message", (message: ToHost, handle: unknown) => {
    switch (message.type) {
        case "start":
            void start(message.config);
            break;
        case "socket":
            // There is no handle when the client has closed the connection on the way.
            if (handle !== undefined && handle !== null) {
                server?.accept(handle as Socket);
            }
            break;
        case "record":
            tracing.record(message.on);
            break;
        case "drain":
            void drain();
            break;
        case "authenticated":
            questions.get(message.id)?.(message.answer);
            questions.delete(message.id);
            break;
        case "ping":
            tell({ type: "pong", id: message.id });
            break;
        case "call":
            void answer(message);
            break;
    }
});

/** Lets the console show the app's own part of a stack. */
function hideHostFrames(stream: NodeJS.WriteStream): void {
    const write = stream.write as (...given: unknown[]) => boolean;
    stream.write = (chunk: unknown, ...more: unknown[]) =>
        write.call(stream, typeof chunk === "string" ? withOwnFrames(chunk, codeFolder) : chunk, ...more);
}

// Without the supervisor nobody would stop this process and the processes that the app has started.
process.on("disconnect", () => {
    try {
        killTree(process.pid);
    } catch (error) {
        process.stderr.write(format("%s\n", messageOf(error)));
        process.exit(1);
    }
});
// Ctrl-C is handled by the supervisor.
process.on("SIGINT", () => undefined);

hideHostFrames(process.stdout);
hideHostFrames(process.stderr);
listenOnLoopbackOnly();
resolveLocalhostNames();
