import { readFileSync } from "node:fs";
import { messageOf } from "../emulator/core/errors";
import { JsonDepthError, maxFileDepth, parseJson } from "../emulator/core/json";
import { createMask, type Mask } from "./mask";
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
export function readStackJson(path: string, mask?: Mask): StackJson {
    return parseStackJson(readText(path), mask);
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

/** Parses the JSON of a stack. The error does not quote it. */
export function parseExport(text: string): unknown {
    try {
        return parseJson(text.replace(/^\uFEFF/, ""), maxFileDepth);
    } catch (error) {
        const fault = error instanceof JsonDepthError ? `invalid: ${error.message}` : "invalid";
        throw new UsageError(`The stack's JSON is ${text.trim() === "" ? "empty" : fault}. ${howToGive}`);
    }
}

/** Parses a stack's outputs, its export, or the state of `npm start`. Throws a `UsageError` for any other text. */
export function parseStackJson(text: string, mask: Mask = createMask()): StackJson {
    const json = parseExport(text);
    if (!isObject(json)) {
        throw new UsageError(`The stack's JSON must be an object. ${howToGive}`);
    }
    addSecrets(json, mask);
    const exported = at(json, "deployment", "resources");
    if (Array.isArray(exported)) {
        const resources = exported.filter(isObject).map(readResource);
        const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
        return { outputs: stack?.outputs ?? {}, resources };
    }
    if (Array.isArray(json.resources) && isObject(json.outputs)) {
        return stackOf({ outputs: json.outputs, resources: json.resources });
    }
    return { outputs: json };
}

/** The stack of the local Azure's state. */
export function stackOf({ outputs, resources }: { outputs: Record<string, unknown>; resources: unknown[] }): StackJson {
    return { outputs, resources: resources.filter(isObject).map(readResource) };
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

/** Remembers every secret of the stack, so that no message shows one: marked values, results of random passwords, keys inside texts. */
function addSecrets(value: unknown, mask: Mask): void {
    if (typeof value === "string") {
        mask.addFrom(value);
        return;
    }
    if (typeof value !== "object" || value === null) {
        return;
    }
    const { plaintext, type, outputs } = value as Record<string, unknown>;
    if (isSecretMark(value) && typeof plaintext === "string") {
        const secret = parsePlaintext(plaintext);
        mask.add(typeof secret === "string" ? secret : undefined);
        addSecrets(secret, mask);
    }
    if (typeof type === "string" && type.endsWith(":RandomPassword")) {
        const result = at(outputs, "result");
        mask.add(typeof result === "string" ? result : undefined);
    }
    for (const part of Object.values(value)) {
        addSecrets(part, mask);
    }
}

const isSecretMark = (value: object): boolean => Object.hasOwn(value, "4dabf18193072939515e22adb298388d");

/** Unwraps the secrets of an export that was made with --show-secrets. */
function reveal(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(reveal);
    }
    if (!isObject(value)) {
        return value;
    }
    if (isSecretMark(value)) {
        return typeof value.plaintext === "string" ? parsePlaintext(value.plaintext) : undefined;
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reveal(part)]));
}

/** A secret is JSON in an export. The error does not quote it. */
function parsePlaintext(text: string): unknown {
    try {
        return parseJson(text, maxFileDepth);
    } catch {
        throw new UsageError(`A secret in the stack's JSON is not JSON itself, so the export is damaged. ${howToGive}`);
    }
}
