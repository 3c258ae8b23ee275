import type { LogLevel } from "../../emulator/core/log";
import type { Properties } from "./values";

export type Operation = "created" | "updated" | "replaced" | "deleted" | "unchanged" | "failed";

/** The result for one resource; in a preview, the result that an update would have. */
export interface Step {
    operation: Operation;
    urn: string;
    type: string;
    name: string;
    parent?: string;
    /** False for components, which only group resources. */
    custom: boolean;
    seconds: number;
    /** Paths of the inputs that changed. */
    changed: string[];
    /** Why the resource failed, or why it changed although its inputs did not. */
    reason?: string;
}

/** A message of the program, the engine or the emulator. */
export interface MessageEvent {
    kind: "message";
    level: "info" | "warning" | "error";
    source?: string;
    text: string;
    from?: "emulator";
    /** Whether somebody asked for messages of this level, so that the display leaves none out. */
    asked?: boolean;
    /** Whether line breaks belong to the text. */
    multiline?: boolean;
}

/** A message of a function, or of its code. */
export interface LogEvent {
    kind: "log";
    level: LogLevel;
    /** Name of the function app. */
    source: string;
    text: string;
    /** Milliseconds since the Unix epoch. */
    time: number;
    /** Whether several apps run, so that the source has to be shown. */
    several: boolean;
}

export type StackEvent =
    | { kind: "started"; urn: string; type: string; name: string; parent?: string; custom: boolean }
    | { kind: "finished"; step: Step }
    | MessageEvent
    | LogEvent
    | { kind: "outputs"; outputs: Properties; secretOutputs: string[] };

export type Listener = (event: StackEvent) => void;
