import { messageOf } from "../../emulator/core/errors";
import type { Decrypt } from "./secrets";

/** Types that Pulumi.yaml can declare (project.json of pulumi/pulumi). */
const configTypes = ["string", "integer", "boolean", "array", "object"] as const;

interface ConfigType {
    type?: (typeof configTypes)[number];
    /** Type of an array's items. */
    items?: ConfigType;
}

export interface ConfigDeclaration extends ConfigType {
    default?: unknown;
    /** Value for a key of another namespace, such as a provider's. */
    value?: unknown;
    secret?: boolean;
}

export interface StackConfig {
    values: Record<string, string>;
    secretKeys: string[];
}

/** The type in words, such as `array<integer>`. */
function typeName({ type = "string", items }: ConfigType): string {
    return items === undefined ? type : `${type}<${typeName(items)}>`;
}

/** The word of a declaration that is no type; undefined when each is one. */
function unknownType({ type, items }: ConfigType): string | undefined {
    if (type !== undefined && !configTypes.includes(type)) {
        return String(type);
    }
    return items === undefined || items === null ? undefined : unknownType(items);
}

function hasType(value: unknown, { type, items }: ConfigType): boolean {
    if (type === undefined) {
        return true;
    }
    if (type === "array") {
        return Array.isArray(value) && value.every((item) => hasType(item, items ?? {}));
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

/** One fault on the line of the title, several on a line each. */
function listed(title: string, faults: readonly string[]): string {
    return faults.length === 1 ? `${title}: ${faults[0]}.` : `${title}:\n  ${faults.join("\n  ")}`;
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
    /** Faults of Pulumi.yaml itself, which no stack's file mends. */
    const declared: string[] = [];
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
        const declaration: ConfigDeclaration = typeof raw === "object" && raw !== null ? raw : { default: raw };
        const wrong = unknownType(declaration);
        if (wrong !== undefined) {
            declared.push(`the type of ${key} is ${wrong}: it must be ${configTypes.join(", ")}`);
            continue;
        }
        if (declaration.secret) {
            secretKeys.add(key);
        }
        const own = given.get(key);
        const value = own ?? declaration.value ?? declaration.default ?? undefined;
        if (value === undefined) {
            faults.push(
                `${key} is missing${declaration.type ? `: it needs a value of type ${typeName(declaration)}` : ""}`,
            );
            continue;
        }
        if (!hasType(plainValue(value), declaration)) {
            const shown = secretKeys.has(key) ? "a secret" : toText(value);
            const isOwn = own !== undefined && own !== null;
            const list = isOwn ? faults : declared;
            list.push(
                `${isOwn ? "" : "the default of "}${key} is ${shown}: it must be of type ${typeName(declaration)}`,
            );
        }
        values[key] ??= toText(value);
    }
    if (declared.length > 0) {
        throw new Error(listed("The config that Pulumi.yaml declares is invalid", declared));
    }
    if (faults.length > 0 && noFile !== undefined) {
        throw new Error(`The program needs config, and ${noFile}. What it needs: ${faults.join("; ")}.`);
    }
    if (faults.length > 0) {
        throw new Error(listed(`The config in ${file} is invalid`, faults));
    }
    return { values, secretKeys: [...secretKeys] };
}
