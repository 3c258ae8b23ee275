import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../emulator/core/errors";
import { writePrivateFile } from "../../emulator/core/persistence";
import type { Properties, Value } from "./values";

/** One resource of the last run. */
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
    /** URN of a resource whose deletion deletes this one too. */
    deletedWith?: string;
    replacementTrigger?: Value;
    replaceOnChanges?: string[];
    /** Values with which the local Azure reopens the resource, such as ports and keys. No program sees them. */
    keep: Properties;
}

export interface StackState {
    resources: Map<string, ResourceState>;
    /** Replaced resources that are still to be deleted. */
    condemned: ResourceState[];
    outputs: Properties;
    secretOutputs: string[];
    /** Answers of functions in the last update. A preview reuses them, because it runs no emulator. */
    answers: Record<string, Properties>;
}

export interface StateFile {
    state: StackState;
    /** Replaces the file in one step, so that a reader finds either the old state or the new one. */
    save(): void;
    /** Deletes the file. */
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
            throw new Error(`its version is ${stored.version}, and this release reads version ${stateVersion}`);
        }
        return stored;
    } catch (error) {
        throw new Error(
            `The state file ${file} cannot be used: ${messageOf(error)}. ` +
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
            writePrivateFile(file, JSON.stringify(content));
        },
        remove() {
            rmSync(file, { force: true });
        },
    };
}
