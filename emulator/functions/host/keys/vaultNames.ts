import type { HostSecrets } from "./store";

export const hostPrefix = "host--";
const masterPrefix = "host--masterKey--";
const functionPrefix = "host--functionKey--";
const systemPrefix = "host--systemKey--";

/** Encodes a key's name for a secret's name: other characters than letters and digits become `-` and a three-digit code. */
export function normalizeKeyName(name: string): string {
    return name.replace(/[^\p{L}\p{Nd}]/gu, (character) => `-${String(character.charCodeAt(0)).padStart(3, "0")}`);
}

export function denormalizeKeyName(name: string): string {
    return name.replace(/-(\d{3})/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The secrets that the host writes, by name. */
export function toSecrets({ masterKey, functionKeys, systemKeys }: HostSecrets): Record<string, string> {
    const secrets: Record<string, string> = { [`${masterPrefix}master`]: masterKey };
    for (const [name, value] of Object.entries(functionKeys)) {
        secrets[functionPrefix + normalizeKeyName(name)] = value;
    }
    for (const [name, value] of Object.entries(systemKeys)) {
        secrets[systemPrefix + normalizeKeyName(name)] = value;
    }
    return secrets;
}

/** The host key that a secret holds; undefined when it holds none. */
export function classifySecret(
    secret: string,
): { kind: "masterKey" | "functionKeys" | "systemKeys"; name: string } | undefined {
    const kinds = [
        ["masterKey", masterPrefix],
        ["functionKeys", functionPrefix],
        ["systemKeys", systemPrefix],
    ] as const;
    for (const [kind, prefix] of kinds) {
        if (secret.toLowerCase().startsWith(prefix.toLowerCase())) {
            return { kind, name: denormalizeKeyName(secret.slice(prefix.length)) };
        }
    }
    return undefined;
}

/** Beginning of the secret names of one function's keys. */
export function functionSecretPrefix(functionName: string): string {
    return `function--${normalizeKeyName(functionName)}--`;
}
