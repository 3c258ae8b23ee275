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

/** Applies the project's declarations as the Pulumi CLI does. Throws one error that lists every fault. */
export function resolveConfig({
    project,
    declarations,
    values: stackValues,
    file,
}: {
    project: string;
    declarations: Record<string, ConfigDeclaration>;
    values: Record<string, unknown>;
    file: string;
}): StackConfig {
    const qualified = (key: string) => (key.includes(":") ? key : `${project}:${key}`);
    const given = new Map(Object.entries(stackValues).map(([key, value]) => [qualified(key), value]));
    const faults: string[] = [];
    const values: Record<string, string> = {};
    const secretKeys: string[] = [];
    for (const [key, value] of given) {
        if (typeof value === "object" && value !== null && "secure" in value) {
            faults.push(
                `${key} is encrypted, and a local stack has no key to decrypt it: set a plain value for local use`,
            );
        } else {
            values[key] = toText(value);
        }
    }
    for (const [name, raw] of Object.entries(declarations)) {
        const key = qualified(name);
        // The short form `key: value` declares a default without a type.
        const declared: ConfigDeclaration = typeof raw === "object" && raw !== null ? raw : { default: raw };
        const value = given.get(key) ?? declared.value ?? declared.default;
        if (value === undefined) {
            faults.push(`${key} is missing${declared.type ? `: it needs a value of type ${declared.type}` : ""}`);
            continue;
        }
        if (declared.type && !hasType(plainValue(value), declared.type)) {
            faults.push(`${key} is ${toText(value)}: it must be of type ${declared.type}`);
        }
        values[key] ??= toText(value);
        if (declared.secret) {
            secretKeys.push(key);
        }
    }
    if (faults.length > 0) {
        throw new Error(`The config in ${file} is invalid:\n  ${faults.join("\n  ")}`);
    }
    return { values, secretKeys };
}
