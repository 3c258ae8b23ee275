/** Levels from the least to the most severe. */
export const logLevels = ["trace", "debug", "info", "warning", "error", "critical"] as const;
export type LogLevel = (typeof logLevels)[number];

/** One message of the log. */
export interface LogEntry {
    level: LogLevel;
    /** Name of the resource that logs: a service, a function app, a vault. */
    source: string;
    message: string;
    /** Category of a message that comes out of an app's process, in the Functions host's words: `Function.message.User`. */
    category?: string;
    /** Whether the app's host.json asks for messages of this category and level. */
    asked?: boolean;
    /** Whether line breaks belong to the message. Everywhere else they may come from strangers and are shown escaped. */
    multiline?: boolean;
}

export type Log = (entry: LogEntry) => void;

/** Category of what an app's process writes to its console. */
export const consoleCategory = "Host.Function.Console";

/**
 * Category of what the host says about the files of an app as it starts. Such a message is true as soon as it is said, while others may
 * only tell that an app waits for its code or its roles; so it is shown although an update runs.
 */
export const startupCategory = "Host.Startup";

/** Whether a function or its code wrote the message, and not the host. */
export function isFunctionCategory(category: string | undefined): boolean {
    return category !== undefined && (category === consoleCategory || /^Function\.[^\s.]+(\.User)?$/.test(category));
}
