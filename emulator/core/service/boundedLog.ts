import type { Clock } from "../clock";
import type { Log, LogEntry } from "../log";

const longest = 2000;
const mostInWindow = 20;
const window = 10_000;

/** Cuts long lines: clients choose the names in them, and a name may be as long as a message. */
export function cutLines(log: Log): Log {
    return (entry) => {
        const { message } = entry;
        const cut = message.length - longest;
        log(cut <= 0 ? entry : { ...entry, message: `${message.slice(0, longest)}… (${cut} more characters)` });
    };
}

/**
 * A log for refusals. Anybody can cause them, as often as he likes, so only the first 20 in 10 seconds get a line each; a line at the end of the
 * 10 seconds counts the others.
 */
export function createRefusalLog(options: { clock: Clock; log: Log; source: string }): (entry: LogEntry) => void {
    const { clock, log, source } = options;
    let windowEnds = Number.NEGATIVE_INFINITY;
    let lines = 0;
    let unsaid = 0;

    function sayRest(): void {
        const more = unsaid === 1 ? "1 more client or call was" : `${unsaid} more clients and calls were`;
        log({ level: "warning", source, message: `${more} refused within ${window / 1000} s.` });
        unsaid = 0;
    }

    return (entry) => {
        const now = clock.elapsed();
        if (now >= windowEnds) {
            windowEnds = now + window;
            lines = 0;
        }
        lines++;
        if (lines <= mostInWindow) {
            log(entry);
            return;
        }
        if (unsaid === 0) {
            clock.after(windowEnds - now, sayRest);
        }
        unsaid++;
    };
}
