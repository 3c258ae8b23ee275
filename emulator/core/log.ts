export type LogLevel = "debug" | "info" | "warning" | "error";

/** One line of what happened: which emulated resource it happened to, and what, in words that name the cause. */
export interface LogEntry {
    level: LogLevel;
    /** Name of the resource that speaks: a service, a function app, a vault. */
    source: string;
    message: string;
}

export type Log = (entry: LogEntry) => void;
