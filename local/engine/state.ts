import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Properties } from "./values";

/** One resource as the last run left it. */
export interface ResourceState {
    urn: string;
    type: string;
    name: string;
    custom: boolean;
    parent?: string;
    id: string;
    inputs: Properties;
    outputs: Properties;
    /** Top-level outputs that are secret. */
    secrets: string[];
    dependencies: string[];
    propertyDependencies: Record<string, string[]>;
    protect: boolean;
    retainOnDelete: boolean;
    /** What the local Azure needs to open the same thing again (ports, keys); never shown to a program. */
    keep: Properties;
}

export interface StackState {
    resources: Map<string, ResourceState>;
    /** Replaced resources whose old half is still to be deleted. */
    condemned: ResourceState[];
    outputs: Properties;
    secretOutputs: string[];
    /** Answers of functions in the last update, for previews, in which nothing runs that could answer. */
    answers: Record<string, Properties>;
}

export interface StateFile {
    state: StackState;
    /** Writes the whole state in one step: a reader sees the old file or the new one. */
    save(): void;
    /** Forgets the stack. */
    remove(): void;
}

const stateVersion = 1;

interface Stored extends Omit<StackState, "resources"> {
    version: number;
    resources: ResourceState[];
}

function read(file: string): Stored | undefined {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
    try {
        const stored = JSON.parse(text) as Stored;
        if (stored.version !== stateVersion) {
            throw new Error(`it has version ${stored.version}, not ${stateVersion}`);
        }
        return stored;
    } catch (error) {
        throw new Error(
            `The state file ${file} cannot be used: ${error instanceof Error ? error.message : error}. ` +
                "Run `npm run down`, or delete the file, and start again.",
        );
    }
}

export function emptyState(): StackState {
    return { resources: new Map(), condemned: [], outputs: {}, secretOutputs: [], answers: {} };
}

export function openState(folder: string): StateFile {
    const file = join(folder, "state.json");
    const stored = read(file);
    const state: StackState = stored
        ? { ...stored, resources: new Map(stored.resources.map((resource) => [resource.urn, resource])) }
        : emptyState();
    return {
        state,
        save() {
            const content: Stored = { ...state, version: stateVersion, resources: [...state.resources.values()] };
            mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
            writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
            renameSync(`${file}.new`, file);
        },
        remove() {
            rmSync(file, { force: true });
        },
    };
}
