import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../../core/errors";
import type { LogEntry, LogLevel } from "../../core/log";
import { printable, printableLines } from "../../core/printable";

/** The log of an app on the disk. */
export interface LogFile {
    /** Path of the file. */
    path: string;
    write(entry: Pick<LogEntry, "level" | "message" | "category" | "multiline">, time: number): void;
    /** Writes what is still held. */
    flush(): void;
}

/** Bytes after which a file is put aside. One older file is kept, so an app's log takes twice as much at most. */
const largestFile = 5 * 1024 * 1024;
const names: Record<LogLevel, string> = {
    trace: "Trace",
    debug: "Debug",
    info: "Information",
    warning: "Warning",
    error: "Error",
    critical: "Critical",
};

/** Opens the log of an app, which continues an earlier one. Only its owner can read the file. `onFailure` hears once why it cannot be written. */
export function openLogFile(options: {
    file: string;
    largest?: number;
    onFailure: (message: string) => void;
}): LogFile {
    const { file, largest = largestFile } = options;
    let held: string[] = [];
    let size = sizeOf(file);
    let hasFailed = false;

    function flush(): void {
        const lines = held;
        held = [];
        if (lines.length === 0 || hasFailed) {
            return;
        }
        const text = lines.join("");
        try {
            mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
            if (size > 0 && size + Buffer.byteLength(text) > largest) {
                renameSync(file, `${file}.1`);
                size = 0;
            }
            appendFileSync(file, text, { mode: 0o600 });
            size += Buffer.byteLength(text);
        } catch (error) {
            hasFailed = true;
            options.onFailure(`The log file cannot be written any more: ${messageOf(error)}`);
        }
    }

    return {
        path: file,
        write({ level, message, category, multiline }, time) {
            const head = `[${new Date(time).toISOString()}] [${names[level]}] [${printable(category ?? "Host.General")}] `;
            const lines = multiline === true ? printableLines(message) : [printable(message)];
            if (held.length === 0) {
                // Lines of one turn of the loop are written together.
                setImmediate(flush);
            }
            held.push(...lines.map((line) => `${head}${line}\n`));
        },
        flush,
    };
}

function sizeOf(file: string): number {
    return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
