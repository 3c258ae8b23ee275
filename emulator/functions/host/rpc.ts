import { JsonDepthError, parseJson } from "../../core/json";

/** A value between host and worker, in the form that `@azure/functions` reads and writes. */
export interface TypedData {
    string?: string | null;
    json?: string | null;
    bytes?: Uint8Array | null;
    stream?: Uint8Array | null;
    http?: HttpData | null;
    int?: number | null;
    double?: number | null;
}

export interface HttpCookie {
    name: string;
    value: string;
    domain?: { value?: string };
    path?: { value?: string };
    expires?: { value?: { seconds?: number } };
    secure?: { value?: boolean };
    httpOnly?: { value?: boolean };
    sameSite?: "none" | "lax" | "strict" | "explicitNone";
    maxAge?: { value?: number };
}

export interface HttpData {
    method?: string;
    url?: string;
    headers?: Record<string, string>;
    query?: Record<string, string>;
    params?: Record<string, string>;
    nullableHeaders?: Record<string, { value?: string }>;
    nullableQuery?: Record<string, { value?: string }>;
    nullableParams?: Record<string, { value?: string }>;
    body?: TypedData | null;
    statusCode?: string | null;
    cookies?: HttpCookie[];
    enableContentNegotiation?: boolean;
}

/** A value for the worker. A number travels as JSON, as the Azure host sends it: model 3.5 reads no other numbers. */
export function toTypedData(value: unknown): TypedData | undefined {
    if (value === undefined || value === null) {
        return undefined;
    }
    if (typeof value === "string") {
        return { string: value };
    }
    if (ArrayBuffer.isView(value)) {
        return { bytes: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) };
    }
    if (value instanceof ArrayBuffer) {
        return { bytes: new Uint8Array(value) };
    }
    return { json: JSON.stringify(value) };
}

/** The JavaScript value of typed data. A text that is JSON is parsed, as Functions workers do. */
export function fromTypedData(data: TypedData | null | undefined): unknown {
    if (data === undefined || data === null) {
        return undefined;
    }
    if (typeof data.string === "string") {
        return parseIfJson(data.string);
    }
    if (typeof data.json === "string") {
        return parseWorkerJson(data.json);
    }
    const bytes = data.bytes ?? data.stream;
    if (bytes !== undefined && bytes !== null) {
        return Buffer.from(bytes);
    }
    return data.int ?? data.double ?? undefined;
}

/**
 * The value of JSON that the worker sends. Throws where the host's reader does. Source: ToObject of GrpcMessageConversionExtensions.cs of
 * azure-functions-host, whose Newtonsoft.Json reads 64 levels.
 */
export function parseWorkerJson(text: string): unknown {
    try {
        return parseJson(text);
    } catch (error) {
        throw error instanceof JsonDepthError
            ? new Error("The reader's MaxDepth of 64 has been exceeded: a value of the function is nested deeper.")
            : error;
    }
}

/** Whether the worker sent JSON's `null` or nothing at all. Azure's host treats both as no value. */
export function isNull({ json, ...others }: TypedData): boolean {
    return (json ?? "null") === "null" && Object.values(others).every((value) => value === undefined || value === null);
}

/** Parses the text if it is JSON, else returns it unchanged. */
export function parseIfJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
