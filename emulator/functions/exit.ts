import path from "node:path";
import { isHostFrame } from "./host/stack";

/** How a process ended. */
export interface Exit {
    code: number | null;
    signal: NodeJS.Signals | null;
}

const rememberedLines = 40;

/** Reads standard error of an app's process. */
export interface ErrorReader {
    /** Takes a line, and tells whether it is the app's: not about the host's own script, and not of the debugger. */
    add(line: string): boolean;
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
        add(line) {
            if (isOurs(line)) {
                return false;
            }
            lines.push(line);
            lines.splice(0, lines.length - rememberedLines);
            return true;
        },
    };
}

/** Says how a process ended and why: what its uncaught error says, what Node said as it gave up, or the last error that it printed. */
export function describeExit(options: { how: Exit; crash: string | undefined; errors: readonly string[] }): string {
    const { how, crash, errors } = options;
    const end = how.signal === null ? `exit code ${how.code}` : `signal ${how.signal}`;
    const printed =
        errors.find((line) => line.startsWith("FATAL ERROR: ")) ??
        [...errors].reverse().find((line) => /^(Uncaught )?(\w+ )?\[?\w*(Error|Exception)\b.*\S/.test(line));
    const reason = crash ?? printed?.trim();
    return reason === undefined ? end : `${end}, ${reason}`;
}
