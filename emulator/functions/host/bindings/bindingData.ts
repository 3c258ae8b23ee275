import { parseJsonObject } from "../../../../rules/json";
import { formatJsonText, formatNumber } from "./dotnet";

/**
 * Values for binding expressions, by name. Build it with `bindingData`, so that no two names differ in case only.
 * A `Map` among the values is a table whose names are case-sensitive. Any other object's names ignore case.
 */
export type BindingData = Record<string, unknown>;

/** Joins values. Names ignore case, and a later value replaces an earlier one. */
export function bindingData(...sources: readonly Iterable<readonly [string, unknown]>[]): BindingData {
    const spelled = new Map<string, string>();
    const data: BindingData = Object.create(null);
    for (const source of sources) {
        for (const [name, value] of source) {
            const lower = name.toLowerCase();
            data[spelled.get(lower) ?? name] = value;
            spelled.set(lower, spelled.get(lower) ?? name);
        }
    }
    return data;
}

/**
 * The members of a text that is a JSON object, for binding expressions. Empty for any other text. Leaves out lists and
 * nulls, and turns all values but objects into texts, as the vendor's host does (`Utility.ApplyBindingData`).
 */
export function jsonMembers(text: string): [string, unknown][] {
    const json = parseObject(text);
    const members: [string, unknown][] = [];
    for (const [name, value] of Object.entries(json ?? {})) {
        if (value !== null && value !== undefined && !Array.isArray(value)) {
            members.push([name, typeof value === "object" ? value : jsonText(value)]);
        }
    }
    return members;
}

function parseObject(text: string): Record<string, unknown> | undefined {
    const trimmed = text.trim();
    if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
        return undefined;
    }
    try {
        // Most bodies are plain JSON, for which the fast parser is exact while no number is too long for it.
        if (!longNumber.test(trimmed)) {
            return JSON.parse(trimmed) as Record<string, unknown>;
        }
    } catch {
        // The host's reader takes more than JSON.
    }
    try {
        return parseJsonObject(trimmed, { bigIntegers: true });
    } catch {
        return undefined;
    }
}

const longNumber = /\d{16}/;

/** The text of a JSON value that is neither object nor list. */
export function jsonText(value: unknown): string {
    switch (typeof value) {
        case "string":
            return formatJsonText(value);
        case "number":
            return formatNumber(value);
        case "bigint":
            return String(value);
        case "boolean":
            return value ? "True" : "False";
        default:
            return "";
    }
}

/** Finds a value by name. Undefined when there is none: values are never undefined. */
export function findMember(source: object, name: string): unknown {
    if (source instanceof Map) {
        return source.get(name) as unknown;
    }
    if (Object.hasOwn(source, name)) {
        return (source as BindingData)[name];
    }
    const lower = name.toLowerCase();
    const key = Object.keys(source).find((candidate) => candidate.toLowerCase() === lower);
    return key === undefined ? undefined : (source as BindingData)[key];
}

/** The request of an HTTP trigger under the trigger's name, with the properties of ASP.NET that are texts or numbers. */
export class HttpRequestValue {
    readonly Method: string;
    readonly Scheme = "http";
    readonly Protocol: string;
    readonly ContentType: string | null;
    readonly ContentLength: number | null;

    constructor(request: {
        method?: string;
        httpVersion: string;
        headers: Record<string, string | string[] | undefined>;
    }) {
        const { "content-type": type, "content-length": length } = request.headers;
        this.Method = request.method ?? "GET";
        this.Protocol = `HTTP/${request.httpVersion}`;
        this.ContentType = type === undefined ? null : String(type);
        this.ContentLength = length === undefined ? null : Number(length);
    }
}

/** A value of a .NET enumeration: a number in expressions, its name for the worker. */
export class EnumValue {
    constructor(
        readonly name: string,
        readonly number: number,
    ) {}

    toJSON(): string {
        return this.name;
    }
}
