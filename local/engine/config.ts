import { messageOf } from "../../emulator/core/errors";
import type { Decrypt } from "./secrets";

export interface ConfigDeclaration {
    type?: "string" | "integer" | "boolean" | "array" | "object";
    default?: unknown;
    /** Value for a key of another namespace, such as a provider's. */
    value?: unknown;
    secret?: boolean;
}

export interface StackConfig {
    values: Record<string, string>;
    secretKeys: string[];
}

function hasType(value: unknown, type: string): boolean {
    if (type === "array") {
        return Array.isArray(value);
    }
    if (type === "object") {
        return typeof value === "object" && value !== null && !Array.isArray(value);
    }
    // Pulumi stores every simple value as text, so "5" is an integer too.
    if (type === "integer") {
        return /^-?\d+$/.test(String(value));
    }
    if (type === "boolean") {
        return /^(true|false)$/.test(String(value));
    }
    return typeof value !== "object";
}

function toText(value: unknown): string {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function plainValue(value: unknown): unknown {
    if (typeof value !== "string" || !/^[[{]/.test(value)) {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}

/** The value with every `{ secure: … }` in it decrypted, and whether it had one. */
function reveal(value: unknown, decrypt: Decrypt): { value: unknown; secret: boolean } {
    if (typeof value !== "object" || value === null) {
        return { value, secret: false };
    }
    if (Array.isArray(value)) {
        const items = value.map((item) => reveal(item, decrypt));
        return { value: items.map((item) => item.value), secret: items.some(({ secret }) => secret) };
    }
    if ("secure" in value && Object.keys(value).length === 1) {
        return { value: decrypt(value.secure), secret: true };
    }
    const entries = Object.entries(value).map(([key, item]) => [key, reveal(item, decrypt)] as const);
    return {
        value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
        secret: entries.some(([, { secret }]) => secret),
    };
}

/** Applies the project's declarations as the Pulumi CLI does. Throws one error that lists every fault. */
export function resolveConfig({
    project,
    declarations,
    values: stackValues,
    file,
    noFile,
    decrypt,
}: {
    project: string;
    declarations: Record<string, ConfigDeclaration>;
    values: Record<string, unknown>;
    file: string;
    /** Says that the file does not exist, and what to do. */
    noFile?: string;
    decrypt: Decrypt;
}): StackConfig {
    const qualified = (key: string) => (key.includes(":") ? key : `${project}:${key}`);
    const given = new Map(Object.entries(stackValues).map(([key, value]) => [qualified(key), value]));
    const faults: string[] = [];
    const values: Record<string, string> = {};
    const secretKeys = new Set<string>();
    const sealed = new Set<string>();
    for (const [key, value] of given) {
        try {
            const revealed = reveal(value, decrypt);
            values[key] = toText(revealed.value);
            given.set(key, revealed.value);
            if (revealed.secret) {
                secretKeys.add(key);
            }
        } catch (error) {
            faults.push(`${key} is encrypted and cannot be decrypted: ${messageOf(error)}`);
            sealed.add(key);
        }
    }
    for (const [name, raw] of Object.entries(declarations)) {
        const key = qualified(name);
        if (sealed.has(key)) {
            continue;
        }
        // The short form `key: value` declares a default without a type.
        const declared: ConfigDeclaration = typeof raw === "object" && raw !== null ? raw : { default: raw };
        if (declared.secret) {
            secretKeys.add(key);
        }
        const value = given.get(key) ?? declared.value ?? declared.default;
        if (value === undefined) {
            faults.push(`${key} is missing${declared.type ? `: it needs a value of type ${declared.type}` : ""}`);
            continue;
        }
        if (declared.type && !hasType(plainValue(value), declared.type)) {
            const shown = secretKeys.has(key) ? "a secret" : toText(value);
            faults.push(`${key} is ${shown}: it must be of type ${declared.type}`);
        }
        values[key] ??= toText(value);
    }
    if (faults.length > 0 && noFile !== undefined) {
        throw new Error(`The program needs config, and ${noFile}. What it needs: ${faults.join("; ")}.`);
    }
    if (faults.length > 0) {
        throw new Error(`The config in ${file} is invalid:\n  ${faults.join("\n  ")}`);
    }
    return { values, secretKeys: [...secretKeys] };
}
