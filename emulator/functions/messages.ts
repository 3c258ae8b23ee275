import type { Plan } from "../../rules/plan";
import type { InspectEvent } from "../core/inspect";
import type { LogLevel } from "../core/log";
import type { KeyPair } from "../core/tls/certificates";
import type { AuthAnswer, AuthQuestion, EasyAuthSettings } from "./easyAuth";
import type { CorsSettings, FunctionAddress } from "./options";

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
    /** Whether the code is tried before it replaces what serves. Then the host does not start without the app's entry point. */
    isNewCode?: boolean;
    /** Whether the process before ended by a crash or a time limit. Azure then starts the worker again, and its host goes on. */
    isSameHost?: boolean;
    plan: Plan;
    /** Certificate and key of this machine's servers. Without them the host has no https. */
    leaf?: KeyPair;
    /** Values of the Host header that are accepted besides this machine's own. */
    allowedHosts?: readonly string[];
    /** Triggers whose listeners start. Undefined when all do. */
    listeners?: readonly string[];
    /** Pages of other origins that may call the app. Undefined when the platform leaves that to the app. */
    cors?: CorsSettings;
    /** Who may call the app at all. Undefined when the platform asks nobody. */
    easyAuth?: EasyAuthSettings;
    /** Path of `func`, which runs the app. Undefined when this host runs the app. */
    coreTools?: string;
    /** Port of the debugger. Undefined without one. */
    inspectPort?: number;
}

/** Supervisor to host. A `socket` message carries the connection as its handle. */
export type ToHost =
    | { type: "start"; config: HostConfig }
    | { type: "socket" }
    | { type: "drain" }
    | { type: "record"; on: boolean }
    | { type: "ping"; id: number }
    | { type: "authenticated"; id: number; answer: AuthAnswer }
    | { type: "call"; id: number; method: HostMethod; argument: unknown };

/** Host to supervisor. */
export type FromHost =
    | { type: "ready"; functions: FunctionAddress[] }
    | { type: "failed"; reason: string }
    | { type: "log"; level: LogLevel; message: string; category?: string }
    | { type: "inspect"; events: InspectEvent[] }
    | { type: "crash"; reason: string }
    | { type: "inspecting"; url?: string }
    | { type: "pong"; id: number }
    | { type: "authenticate"; id: number; question: AuthQuestion }
    | { type: "recycle"; reason: string }
    | { type: "result"; id: number; value?: unknown; error?: string };

/** The part of the host runtime API that Azure Resource Manager proxies to. */
export type HostMethod = "hostKeys" | "setHostKey" | "deleteHostKey" | "functionKeys";
