import { JsonDepthError, parseJson, rawMembers } from "../core/json";
import { isValidGroup } from "../core/rest/names";
import { type LongNumber, type MessageData, type Metadata, maxTtlSeconds, metadataFault } from "./message";

/** A client's message breaks the protocol. */
export class ProtocolError extends Error {
    override readonly name = "ProtocolError";
}

/** A request of a client with a JSON subprotocol. */
export type ClientRequest =
    | { type: "ping" }
    | { type: "sequenceAck"; sequenceId: LongNumber }
    | { type: "joinGroup" | "leaveGroup"; group: string; ackId: LongNumber | undefined }
    | {
          type: "sendToGroup";
          group: string;
          data: MessageData;
          noEcho: boolean;
          ttlSeconds: number;
          ackId: LongNumber | undefined;
      }
    | { type: "event"; event: string; data: MessageData; ackId: LongNumber | undefined }
    | { type: "invoke"; invocationId: string }
    | { type: "stream"; streamId: string }
    | { type: "cancelInvocation" };

type FieldName =
    | "type"
    | "group"
    | "event"
    | "data"
    | "dataType"
    | "metadata"
    | "noEcho"
    | "ttlSeconds"
    | "ackId"
    | "sequenceId"
    | "stream"
    | "streamId"
    | "invocationId";

type Fields = Partial<Record<FieldName, unknown>>;

const eventName = /^[a-z][a-z0-9_.-]{0,127}$/i;

/** Reads a request from its members, and from its text what is handed on as it is. */
type RequestReader = (fields: Fields, text: string) => ClientRequest;

const readers = new Map<string, RequestReader>(
    Object.entries<RequestReader>({
        ping: () => ({ type: "ping" }),
        sequenceack: (fields, text) => ({
            type: "sequenceAck",
            sequenceId: required(fields, "sequenceId", (_, name) => readInteger(fields, name, text)),
        }),
        joingroup: (fields, text) => ({ type: "joinGroup", group: readGroup(fields), ackId: readAckId(fields, text) }),
        leavegroup: (fields, text) => ({
            type: "leaveGroup",
            group: readGroup(fields),
            ackId: readAckId(fields, text),
        }),
        sendtogroup: (fields, text) =>
            fields.stream === undefined
                ? {
                      type: "sendToGroup",
                      group: readGroup(fields),
                      data: readData(fields, text),
                      noEcho: readFlag(fields, "noEcho"),
                      ttlSeconds: readTtl(fields, text),
                      ackId: readAckId(fields, text),
                  }
                : readStream((fields.stream ?? {}) as Fields),
        event: (fields, text) => ({
            type: "event",
            event: readEventName(fields),
            data: readData(fields, text),
            ackId: readAckId(fields, text),
        }),
        invoke: (fields) => ({ type: "invoke", invocationId: required(fields, "invocationId", readText) }),
        cancelinvocation: () => ({ type: "cancelInvocation" }),
        streamdata: readStream,
        streamend: readStream,
    }),
);

/** Reads a client's message. Throws `ProtocolError`. */
export function parseRequest(text: string): ClientRequest {
    let fields: unknown;
    try {
        fields = parseJson(text);
    } catch (error) {
        throw new ProtocolError(error instanceof JsonDepthError ? error.message : "it is not JSON");
    }
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
        throw new ProtocolError("it is not a JSON object");
    }
    const type = required(fields as Fields, "type", readText);
    const read = readers.get(type.toLowerCase());
    if (read === undefined) {
        throw new ProtocolError(`its type '${type}' is not known`);
    }
    return read(fields as Fields, text);
}

function required<T>(fields: Fields, name: FieldName, read: (fields: Fields, name: FieldName) => T | undefined): T {
    const value = read(fields, name);
    if (value === undefined) {
        throw new ProtocolError(`'${name}' is missing`);
    }
    return value;
}

function readText(fields: Fields, name: FieldName): string | undefined {
    const value = fields[name];
    if (value !== undefined && typeof value !== "string") {
        throw new ProtocolError(`'${name}' is not a string`);
    }
    return value;
}

const maxLong = 2n ** 64n - 1n;

/** Reads an integer of 64 bits without a sign. Source: TryGetUInt64 in WebPubSubJsonV1Protocol.cs of the vendor's own emulator. */
function readInteger(fields: Fields, name: FieldName, request: string): LongNumber | undefined {
    const value = fields[name] ?? undefined;
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)) {
        return value as number | undefined;
    }
    const digits = typeof value === "number" ? (rawMembers(request).get(name) ?? "") : "";
    const long = /^\d{16,20}$/.test(digits) ? BigInt(digits) : undefined;
    if (long === undefined || long > maxLong) {
        throw new ProtocolError(`'${name}' is not an integer from 0 to ${maxLong}`);
    }
    return long;
}

function readAckId(fields: Fields, request: string): LongNumber | undefined {
    return readInteger(fields, "ackId", request);
}

function readFlag(fields: Fields, name: FieldName): boolean {
    const value = fields[name] ?? false;
    if (typeof value !== "boolean") {
        throw new ProtocolError(`'${name}' is not a boolean`);
    }
    return value;
}

function readGroup(fields: Fields): string {
    const group = required(fields, "group", readText);
    if (!isValidGroup(group)) {
        throw new ProtocolError("'group' is not 1 to 1024 characters, or only blanks");
    }
    return group;
}

function readEventName(fields: Fields): string {
    const event = required(fields, "event", readText);
    if (!eventName.test(event)) {
        throw new ProtocolError("'event' is not a letter and up to 127 letters, digits or any of _.-");
    }
    return event;
}

function readTtl(fields: Fields, request: string): number {
    const ttl = readInteger(fields, "ttlSeconds", request) ?? 0;
    if (ttl > maxTtlSeconds) {
        throw new ProtocolError(`'ttlSeconds' is not from 0 to ${maxTtlSeconds}`);
    }
    return Number(ttl);
}

function readStream(fields: Fields): ClientRequest {
    return { type: "stream", streamId: required(fields, "streamId", readText) };
}

function readData(fields: Fields, request: string): MessageData {
    const metadata = readMetadata(fields);
    const extra = metadata === undefined ? {} : { metadata };
    const { data } = fields;
    if (data === undefined && metadata !== undefined) {
        return { type: "text", text: "", ...extra };
    }
    const type = (readText(fields, "dataType") ?? "json").toLowerCase();
    if (type !== "json" && type !== "text" && type !== "binary") {
        throw new ProtocolError(`'dataType' is '${type}'; known are json, text, binary`);
    }
    if (data === undefined || data === null) {
        throw new ProtocolError("'data' is missing or null");
    }
    if (type === "json") {
        // Source: WebPubSubJsonV1Protocol.cs of the vendor's own emulator, which hands on GetRawText().
        return { type, text: rawMembers(request).get("data") as string, ...extra };
    }
    if (typeof data !== "string" || (type === "binary" && !isBase64(data))) {
        throw new ProtocolError(`'data' is not ${type === "text" ? "a string" : "base64"}, as dataType ${type} needs`);
    }
    return type === "text" ? { type, text: data, ...extra } : { type, bytes: Buffer.from(data, "base64"), ...extra };
}

function isBase64(text: string): boolean {
    return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function readMetadata({ metadata }: Fields): Metadata | undefined {
    if (metadata === undefined || metadata === null) {
        return undefined;
    }
    const isMap = typeof metadata === "object" && !Array.isArray(metadata);
    if (!isMap || !Object.values(metadata).every((value) => typeof value === "string")) {
        throw new ProtocolError("'metadata' is not an object of strings");
    }
    const fault = metadataFault(metadata as Metadata);
    if (fault !== undefined) {
        throw new ProtocolError(fault);
    }
    return metadata as Metadata;
}
