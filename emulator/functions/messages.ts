import type { LogLevel } from "../core/log";

/** Configuration of a host process, in its first message. The rest is in its environment. */
export interface HostConfig {
    /** Folder with `host.json`. */
    codeFolder: string;
    /** Folder for the host's files: keys and timer status. */
    stateFolder: string;
    hostName: string;
    port: number;
    unansweredMilliseconds: number;
    /** Whether the code folder is a mounted package. */
    isReadOnly: boolean;
    /** Triggers whose listeners start. Undefined when all do. */
    listeners?: readonly string[];
}

/** Supervisor to host. A `socket` message carries the connection as its handle. */
export type ToHost =
    | { type: "start"; config: HostConfig }
    | { type: "socket" }
    | { type: "drain" }
    | { type: "ping"; id: number }
    | { type: "call"; id: number; method: HostMethod; argument: unknown };

/** Host to supervisor. */
export type FromHost =
    | { type: "ready"; functions: string[] }
    | { type: "failed"; reason: string }
    | { type: "log"; level: LogLevel; message: string }
    | { type: "pong"; id: number }
    | { type: "recycle"; reason: string }
    | { type: "result"; id: number; value?: unknown; error?: string };

/** The part of the host runtime API that Azure Resource Manager proxies to. */
export type HostMethod = "hostKeys" | "setHostKey" | "deleteHostKey";
