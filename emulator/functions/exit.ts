import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { isHostFrame } from "./host/stack";

/** How a process ended. */
export interface Exit {
    code: number | null;
    signal: NodeJS.Signals | null;
}

/** How a process ends, once its output has been read. */
export function exitOf(child: ChildProcess): Promise<Exit> {
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

const rememberedLines = 40;

/** Reads standard error of an app's process. */
export interface ErrorReader {
    /**
     * Takes a line, and tells whether it is the app's: not about the host's own script, and not of the debugger. `short` is the line as it
     * is kept, which defaults to the line itself.
     */
    add(line: string, short?: string): boolean;
    /** The last of the app's lines, oldest first. */
    lines: readonly string[];
}

// Node prints these for every debugger that comes and goes. The address is told in words of our own.
const debuggerLine =
    /^(Debugger (listening on|ending on) ws:|For help, see: https:\/\/nodejs\.org\/|Debugger attached\.$|Waiting for the debugger to disconnect\.\.\.$|Starting inspector on )/;

export function createErrorReader({ entry }: { entry: string }): ErrorReader {
    const folder = path.dirname(entry);
    const lines: string[] = [];
    let quoted = 0;

    function isOurs(line: string): boolean {
        // Before a stack, Node prints the place, the source line of the place, and a mark below it.
        if (line.startsWith(`${entry}:`) || line.startsWith(`file://${entry}:`)) {
            quoted = 2;
            return true;
        }
        if (quoted > 0) {
            quoted -= 1;
            return true;
        }
        return debuggerLine.test(line) || isHostFrame(line, folder);
    }

    return {
        lines,
        add(line, short = line) {
            if (isOurs(line)) {
                return false;
            }
            lines.push(short);
            lines.splice(0, lines.length - rememberedLines);
            return true;
        },
    };
}

const signals = new Map<NodeJS.Signals, string>([
    ["SIGKILL", "another program ended it, or the machine has no more memory"],
    ["SIGTERM", "another program ended it"],
    ["SIGABRT", "the code called process.abort, or native code gave up"],
    ["SIGSEGV", "native code failed, of an addon or of Node"],
]);
/** Node's exit code for an argument that it does not know. Source: nodejs.org/api/process.html#exit-codes. */
const badArgument = 9;

/** Says how a process ended and why: what its uncaught error says, what Node said as it gave up, or the last error that it printed. */
export function describeExit(options: {
    how: Exit;
    crash: string | undefined;
    errors: readonly string[];
    /** Functions that ran. Defaults to none. */
    running?: readonly string[];
}): string {
    const { how, crash, errors, running = [] } = options;
    const end = how.signal === null ? `exit code ${how.code}` : `signal ${how.signal}`;
    const printed =
        errors.find((line) => line.startsWith("FATAL ERROR: ")) ??
        [...errors].reverse().find((line) => /^(Uncaught )?(\w+ )?\[?\w*(Error|Exception)\b.*\S/.test(line)) ??
        (how.code === badArgument ? errors.at(-1) : undefined);
    if (crash !== undefined) {
        return `${end}, ${crash}`;
    }
    const reason = printed?.trim() ?? (how.signal === null ? undefined : signals.get(how.signal));
    // Node prints the calls in which it was aborted, the last one first.
    const place = errors.find((line) => /^1: \S.*:\d+:\d+\)?$/.test(line))?.slice("1: ".length);
    return [end, reason, place && `at ${place}`, whileRunning(running)].filter((part) => part).join(", ");
}

/** Names the functions that ran, which may be the cause. */
export function whileRunning(names: readonly string[]): string | undefined {
    const some = [...new Set(names)];
    const shown = some.slice(0, 3).map((name) => `'${name}'`);
    const more = some.length > shown.length ? ` and ${some.length - shown.length} more` : "";
    return some.length === 0 ? undefined : `while it ran ${shown.join(", ")}${more}`;
}

const functions = "Function.";
const mostRuns = 1000;

/** Follows which functions run, by what the host logs about each call. */
export function createRuns(): { note(category: string | undefined, message: string): void; names(): string[] } {
    const runs = new Map<string, string>();
    return {
        note(category, message) {
            const isEnd = message.startsWith("Executed '");
            if (category?.startsWith(functions) !== true || !(isEnd || message.startsWith("Executing '"))) {
                return;
            }
            const [, id] = /\bId=([\w-]+)/.exec(message) ?? [];
            if (id !== undefined && isEnd) {
                runs.delete(id);
            } else if (id !== undefined && runs.size < mostRuns) {
                runs.set(id, category.slice(functions.length));
            }
        },
        names: () => [...runs.values()],
    };
}
