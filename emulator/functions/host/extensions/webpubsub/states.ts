import { parseJson } from "../../../../core/json";

/** State of a connection: JSON texts by name. */
export type States = ReadonlyMap<string, string>;

const noStates: States = new Map();

/** Decodes a `ce-connectionState` header. Throws when it is not the base64 of a JSON object. */
export function decodeStates(header: string | undefined): States {
    if (header === undefined || header === "") {
        return noStates;
    }
    const value: unknown = parseJson(Buffer.from(header, "base64").toString("utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error("the connection state is not an object.");
    }
    const entries = Object.entries(value);
    // Older libraries write plain values; newer ones write each value's bytes as base64.
    const isEncoded = entries.every(([, inner]) => typeof inner === "string" && isBase64(inner));
    return new Map(
        entries.map(([name, inner]) => [
            name,
            isEncoded ? Buffer.from(inner as string, "base64").toString("utf8") : JSON.stringify(inner),
        ]),
    );
}

export function encodeStates(states: States): string {
    const values = [...states].map(([name, text]) => [name, Buffer.from(text, "utf8").toString("base64")]);
    return Buffer.from(JSON.stringify(Object.fromEntries(values)), "utf8").toString("base64");
}

/** Merges a function's `states` into the existing ones. Anything but an object changes nothing. */
export function mergeStates(states: States, changes: unknown): States {
    if (typeof changes !== "object" || changes === null || Array.isArray(changes)) {
        return states;
    }
    const merged = new Map(states);
    for (const [name, value] of Object.entries(changes)) {
        merged.set(name, JSON.stringify(value));
    }
    return merged;
}

/** The states as values, for a function. */
export function toValues(states: States): Record<string, unknown> {
    return Object.fromEntries([...states].map(([name, text]) => [name, parse(text)]));
}

function parse(text: string): unknown {
    try {
        return parseJson(text);
    } catch {
        return text;
    }
}

function isBase64(text: string): boolean {
    return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
