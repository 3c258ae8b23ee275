import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface StepResult {
    step: string;
    seconds: number;
    /** What was seen, for people. */
    note: string;
}

/** What is known of one entry. A run that ended while `running` left resources behind. */
export interface EntryResult {
    status: "running" | "passed" | "failed" | "left";
    steps: StepResult[];
    /** Why it failed, or what was left. */
    error?: string;
    hostVersion?: string;
    date?: string;
    /** Ids of lines that the entry was to answer, and that this run could not. */
    unanswered?: string[];
}

export interface ProofState {
    /** Subscription, or `local`. A file belongs to one. */
    target: string;
    entries: Record<string, EntryResult>;
}

/** The results so far, kept in a file, so that a run that was stopped goes on where it was. */
export interface StateStore {
    read(): ProofState;
    write(state: ProofState): void;
}

/** Opens a state file. Throws for a file that belongs to another target or that cannot be read. */
export function openStateFile(path: string, target: string): StateStore {
    return {
        read() {
            let text: string;
            try {
                text = readFileSync(path, "utf8");
            } catch (error) {
                if ((error as NodeJS.ErrnoException).code === "ENOENT") {
                    return { target, entries: {} };
                }
                throw error;
            }
            let state: ProofState;
            try {
                state = JSON.parse(text) as ProofState;
            } catch {
                throw new Error(`${path} is not JSON. Delete it, and look in Azure for resource groups of this run.`);
            }
            if (state.target !== target) {
                throw new Error(
                    `${path} belongs to ${state.target}, not to ${target}. Name another file with --state.`,
                );
            }
            return state;
        },
        write(state) {
            mkdirSync(dirname(path), { recursive: true });
            // In one step, so that a run that is killed leaves either the old results or the new ones.
            writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
            renameSync(`${path}.new`, path);
        },
    };
}
