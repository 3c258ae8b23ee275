import { rmSync } from "node:fs";
import { join } from "node:path";
import { isRecord, readKeptJson, writePrivateFile } from "../../emulator/core/persistence";
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
    /** Whether the resource exists, and its initialisation failed. */
    initFailed?: true;
    /** Values with which the local Azure reopens the resource, such as ports and keys. No program sees them. */
    keep: Properties;
}

/** A resource of `azure-realtime.local.yaml`, which exists before the program runs. */
export type AdoptedState = Pick<ResourceState, "type" | "id" | "inputs" | "outputs" | "keep">;

export interface StackState {
    resources: Map<string, ResourceState>;
    /** Replaced resources that are still to be deleted. */
    condemned: ResourceState[];
    /** Resources that exist before the program runs. */
    adopted: AdoptedState[];
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
    const wayOut = "Run `azure-realtime down`, which removes the stack from this machine, and start again.";
    return readKeptJson<Stored>({ path: file, faultOf, wayOut });
}

function faultOf(stored: unknown): string | undefined {
    if (!isRecord(stored)) {
        return "it is not an object";
    }
    if (stored.version !== stateVersion) {
        const age =
            Number(stored.version) > stateVersion ? "a newer release of azure-realtime wrote it: update, or " : "";
        return `its version is ${String(stored.version)}, and this release reads version ${stateVersion}${age && `; ${age}start over`}`;
    }
    for (const name of ["resources", "condemned", "secretOutputs"]) {
        if (!Array.isArray(stored[name])) {
            return `"${name}" is no list`;
        }
    }
    for (const name of ["outputs", "answers"]) {
        if (!isRecord(stored[name])) {
            return `"${name}" is no object`;
        }
    }
    if (!isTexts(stored.secretOutputs)) {
        return '"secretOutputs" is no list of texts';
    }
    const wrongAnswer = Object.entries(stored.answers as object).find(([, answer]) => !isRecord(answer));
    if (wrongAnswer !== undefined) {
        return `the answer "${wrongAnswer[0]}" is no object`;
    }
    const adopted = stored.adopted ?? [];
    if (!Array.isArray(adopted) || !adopted.every(isAdopted)) {
        return '"adopted" is no list of resources';
    }
    const all = [stored.resources, stored.condemned].flat();
    const wrong = all.findIndex((resource) => !isResource(resource));
    return wrong < 0 ? undefined : `resource ${wrong + 1} lacks a member, or has one of another type`;
}

const isText = (value: unknown) => typeof value === "string";
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isAbsentOr = (check: (value: unknown) => boolean) => (value: unknown) => value === undefined || check(value);

function isAdopted(value: unknown): boolean {
    return (
        isRecord(value) &&
        [value.type, value.id].every(isText) &&
        [value.inputs, value.outputs, value.keep].every(isRecord)
    );
}

function isResource(value: unknown): boolean {
    return (
        isAdopted(value) &&
        isRecord(value) &&
        [value.urn, value.name].every(isText) &&
        [value.secrets, value.dependencies].every(isTexts) &&
        [value.custom, value.protect, value.retainOnDelete].every((item) => typeof item === "boolean") &&
        [value.parent, value.deletedWith].every(isAbsentOr(isText)) &&
        isAbsentOr(isTexts)(value.replaceOnChanges) &&
        [true, undefined].includes(value.initFailed as true | undefined) &&
        isRecord(value.propertyDependencies) &&
        Object.values(value.propertyDependencies).every(isTexts)
    );
}

export function emptyState(): StackState {
    return { resources: new Map(), condemned: [], adopted: [], outputs: {}, secretOutputs: [], answers: {} };
}

export function openState(folder: string): StateFile {
    const file = join(folder, "state.json");
    const stored = read(file);
    const state: StackState = stored
        ? {
              ...stored,
              adopted: stored.adopted ?? [],
              resources: new Map(stored.resources.map((resource) => [resource.urn, resource])),
          }
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
