import { readFileSync } from "node:fs";
import { messageOf } from "../emulator/core/errors";
import { at, isObject, UsageError } from "./words";

export interface StackResource {
    urn?: string;
    parent?: string;
    type: string;
    /** The resource's name in the program. */
    name: string;
    id: string;
    outputs: Record<string, unknown>;
}

/** Outputs and resources of a stack. */
export interface StackJson {
    outputs: Record<string, unknown>;
    /** Undefined when the JSON has only the outputs. */
    resources?: StackResource[];
}

export const howToGive =
    "Pass the output of `pulumi stack output --json --show-secrets` or `pulumi stack export --show-secrets`, as a file or through a pipe.";

/** Reads a stack from a file, or from standard input for `-`. */
export function readStackJson(path: string): StackJson {
    return parseStackJson(readText(path));
}

/** Reads a file, or standard input for `-`. */
export function readText(path: string): string {
    try {
        return readFileSync(path === "-" ? 0 : path, "utf8");
    } catch (error) {
        throw new UsageError(
            `${path === "-" ? "Standard input" : path} cannot be read: ${messageOf(error)}. ${howToGive}`,
        );
    }
}

/** Parses a stack's outputs, its export, or the state of `npm start`. Throws a `UsageError` for any other text. */
export function parseStackJson(text: string): StackJson {
    let json: unknown;
    try {
        json = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch {
        throw new UsageError(`The stack's JSON is ${text.trim() === "" ? "empty" : "invalid"}. ${howToGive}`);
    }
    if (!isObject(json)) {
        throw new UsageError(`The stack's JSON must be an object. ${howToGive}`);
    }
    const exported = at(json, "deployment", "resources");
    if (Array.isArray(exported)) {
        const resources = exported.filter(isObject).map(readResource);
        const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
        return { outputs: stack?.outputs ?? {}, resources };
    }
    if (Array.isArray(json.resources) && isObject(json.outputs)) {
        return { outputs: json.outputs, resources: json.resources.filter(isObject).map(readResource) };
    }
    return { outputs: json };
}

function readResource(json: Record<string, unknown>): StackResource {
    const urn = String(json.urn);
    return {
        urn,
        ...(typeof json.parent === "string" && { parent: json.parent }),
        type: String(json.type),
        name: urn.slice(urn.lastIndexOf("::") + 2),
        id: typeof json.id === "string" ? json.id : "",
        outputs: isObject(json.outputs) ? (reveal(json.outputs) as Record<string, unknown>) : {},
    };
}

/** Unwraps the secrets of an export that was made with --show-secrets. */
function reveal(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(reveal);
    }
    if (!isObject(value)) {
        return value;
    }
    if (value["4dabf18193072939515e22adb298388d"] !== undefined) {
        return typeof value.plaintext === "string" ? JSON.parse(value.plaintext) : undefined;
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reveal(part)]));
}
