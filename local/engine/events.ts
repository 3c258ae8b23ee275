import type { Properties } from "./values";

export type Operation = "created" | "updated" | "replaced" | "deleted" | "unchanged" | "failed";

/** One resource and what became of it, or in a preview what would. */
export interface Step {
    operation: Operation;
    urn: string;
    type: string;
    name: string;
    parent?: string;
    /** False for components, which group resources and are nothing themselves. */
    custom: boolean;
    seconds: number;
    /** Paths of the inputs that changed. */
    changed: string[];
    /** Why it failed, or why it changed although the program did not. */
    reason?: string;
}

export type StackEvent =
    | { kind: "started"; urn: string; type: string; name: string; parent?: string; custom: boolean }
    | { kind: "finished"; step: Step }
    | { kind: "message"; level: "info" | "warning" | "error"; source?: string; text: string; from?: "emulator" }
    | { kind: "outputs"; outputs: Properties; secretOutputs: string[] };

export type Listener = (event: StackEvent) => void;
