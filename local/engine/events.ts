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

export type StackEvent =
    | { kind: "started"; urn: string; type: string; name: string; parent?: string; custom: boolean }
    | { kind: "finished"; step: Step }
    | { kind: "message"; level: "info" | "warning" | "error"; source?: string; text: string; from?: "emulator" }
    | { kind: "outputs"; outputs: Properties; secretOutputs: string[] };

export type Listener = (event: StackEvent) => void;
