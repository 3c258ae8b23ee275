export type LogLevel = "debug" | "info" | "warning" | "error";

/** One line of the log. */
export interface LogEntry {
    level: LogLevel;
    /** Name of the resource that logs: a service, a function app, a vault. */
    source: string;
    message: string;
}

export type Log = (entry: LogEntry) => void;
