import type { DataType } from "./request";

/** The media type of a message. */
export const contentTypes: Record<DataType, string> = {
    text: "text/plain",
    json: "application/json",
    binary: "application/octet-stream",
};

// In the order of the vendor's enum, because its numbers are accepted too.
const dataTypes: readonly DataType[] = ["binary", "json", "text"];

/** Reads a `dataType`, which in an answer defaults to binary (UserEventResponse). Throws for an unknown value. */
export function readDataType(value: unknown): DataType {
    if (value === undefined || value === null) {
        return "binary";
    }
    const found = typeof value === "number" ? dataTypes[value] : dataTypes.find((type) => type === lower(value));
    if (found === undefined) {
        throw new Error(`'dataType' is ${JSON.stringify(value)}. It must be text, json or binary.`);
    }
    return found;
}

/** Reads the content of a message: a text, or the JSON of a Node Buffer. Throws for anything else. */
export function readData(value: unknown): string | Buffer<ArrayBuffer> {
    if (typeof value === "string") {
        return value;
    }
    if (isBuffer(value)) {
        return Buffer.from(value.data as number[]);
    }
    throw new Error("Message data should be string, please stringify object.");
}

/** Whether a value has the form that `JSON.stringify` gives a Buffer. */
export function isBuffer(value: unknown): value is { type: string; data: unknown[] } {
    const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
    return typeof type === "string" && type.toLowerCase() === "buffer" && Array.isArray(data);
}

function lower(value: unknown): unknown {
    return typeof value === "string" ? value.toLowerCase() : value;
}
