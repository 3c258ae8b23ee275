import { JsonDepthError, parseJson, rawMembers } from "../core/json";
import { isValidGroup } from "../core/rest/names";
import {
    type LongNumber,
    type MessageData,
    type Metadata,
    maxTtlSeconds,
    metadataFault,
    toLongNumber,
} from "./message";

/** A client's message breaks the protocol. */
export class ProtocolError extends Error {
    override readonly name = "ProtocolError";
}

/** A request of a client with one of the service's own subprotocols. */
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
    | { type: "groupState"; ackId: LongNumber | undefined }
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

/** A number with a sign, a point or an exponent; also such characters in a text, which then costs a second look. */
const oddNumber = /\d[.eE]|-\d/;
const eventName = /^[a-z][a-z0-9_.-]{0,127}$/i;

/** A message whose members are read. */
interface Message {
    fields: Fields;
    /** The members as the client spelled them. */
    raw(): Map<string, string>;
    /** Whether every number of the text is digits alone, so that no spelling needs a look. */
    isPlain(): boolean;
    ackId: LongNumber | undefined;
}

const readers = new Map<string, (message: Message) => ClientRequest>(
    Object.entries<(message: Message) => ClientRequest>({
        ping: () => ({ type: "ping" }),
        sequenceack: (message) => ({ type: "sequenceAck", sequenceId: readSequenceId(message) }),
        joingroup: ({ fields, ackId }) => ({ type: "joinGroup", group: readGroup(fields), ackId }),
        leavegroup: ({ fields, ackId }) => ({ type: "leaveGroup", group: readGroup(fields), ackId }),
        sendtogroup: (message) => {
            const { fields, ackId } = message;
            return fields.stream === undefined
                ? {
                      type: "sendToGroup",
                      group: readGroup(fields),
                      data: readData(message),
                      noEcho: readFlag(fields, "noEcho"),
                      ttlSeconds: readTtl(message),
                      ackId,
                  }
                : readStream((fields.stream ?? {}) as Fields);
        },
        event: (message) => ({
            type: "event",
            event: readEventName(message.fields),
            data: readData(message),
            ackId: message.ackId,
        }),
        invoke: ({ fields }) => ({ type: "invoke", invocationId: required(fields, "invocationId", readText) }),
        cancelinvocation: () => ({ type: "cancelInvocation" }),
        setgroupstate: readGroupState,
        subscribegroupstate: readGroupState,
        unsubscribegroupstate: readGroupState,
        streamdata: ({ fields }) => readStream(fields),
        streamend: ({ fields }) => readStream(fields),
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
    let members: Map<string, string> | undefined;
    const message: Message = {
        fields: fields as Fields,
        raw: () => {
            members ??= rawMembers(text);
            return members;
        },
        isPlain: () => !oddNumber.test(text),
        ackId: undefined,
    };
    // The service reads the number of every message, also of one that it never acknowledges.
    message.ackId = readInteger(message, "ackId");
    const read = readers.get(type.toLowerCase());
    if (read === undefined) {
        throw new ProtocolError(`its type '${type}' is not known`);
    }
    return read(message);
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

/**
 * Reads an integer of 64 bits without a sign. It is digits alone: `1.0`, `1e3` and `-0` are no such integers. Source: TryGetUInt64 in
 * WebPubSubJsonV1Protocol.cs of the vendor's own emulator, which reads the text of the number.
 */
function readInteger({ fields, raw, isPlain }: Message, name: FieldName): LongNumber | undefined {
    const value = fields[name] ?? undefined;
    if (value === undefined) {
        return undefined;
    }
    if (Number.isSafeInteger(value) && isPlain()) {
        return value as number;
    }
    const digits = typeof value === "number" ? (raw().get(name) ?? "") : "";
    const long = /^\d{1,20}$/.test(digits) ? BigInt(digits) : maxLong + 1n;
    if (long > maxLong) {
        throw new ProtocolError(`'${name}' is not an integer from 0 to ${maxLong}`);
    }
    return toLongNumber(long);
}

function readGroupState({ ackId }: Message): ClientRequest {
    return { type: "groupState", ackId };
}

function readSequenceId(message: Message): LongNumber {
    const id = readInteger(message, "sequenceId");
    if (id === undefined) {
        throw new ProtocolError("'sequenceId' is missing");
    }
    return id;
}

function readFlag(fields: Fields, name: FieldName): boolean {
    const { [name]: value = false } = fields;
    if (typeof value !== "boolean") {
        throw new ProtocolError(`'${name}' is not a boolean`);
    }
    return value;
}

function readGroup(fields: Fields): string {
    return checkGroup(required(fields, "group", readText));
}

/** Throws `ProtocolError` when a group's name is not valid. */
export function checkGroup(group: string): string {
    if (!isValidGroup(group)) {
        throw new ProtocolError("'group' is not 1 to 1024 characters, or only blanks");
    }
    return group;
}

function readEventName(fields: Fields): string {
    return checkEventName(required(fields, "event", readText));
}

/** Throws `ProtocolError` when an event's name is not valid. */
export function checkEventName(event: string): string {
    if (!eventName.test(event)) {
        throw new ProtocolError("'event' is not a letter and up to 127 letters, digits or any of _.-");
    }
    return event;
}

function readTtl(message: Message): number {
    return checkTtl(readInteger(message, "ttlSeconds") ?? 0);
}

/** Throws `ProtocolError` when a time to live is not valid. */
export function checkTtl(ttl: LongNumber): number {
    if (ttl > maxTtlSeconds) {
        throw new ProtocolError(`'ttlSeconds' is not from 0 to ${maxTtlSeconds}`);
    }
    return Number(ttl);
}

function readStream(fields: Fields): ClientRequest {
    return { type: "stream", streamId: required(fields, "streamId", readText) };
}

function readData({ fields, raw }: Message): MessageData {
    const metadata = readMetadata(fields, raw);
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
        return { type, text: raw().get("data") as string, ...extra };
    }
    if (typeof data !== "string" || (type === "binary" && !isBase64(data))) {
        throw new ProtocolError(`'data' is not ${type === "text" ? "a string" : "base64"}, as dataType ${type} needs`);
    }
    return type === "text" ? { type, text: data, ...extra } : { type, bytes: Buffer.from(data, "base64"), ...extra };
}

function isBase64(text: string): boolean {
    return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function readMetadata({ metadata }: Fields, raw: Message["raw"]): Metadata | undefined {
    if (metadata === undefined || metadata === null) {
        return undefined;
    }
    const isMap = typeof metadata === "object" && !Array.isArray(metadata);
    if (!isMap || !Object.values(metadata).every((value) => typeof value === "string")) {
        throw new ProtocolError("'metadata' is not an object of strings");
    }
    rawMembers(raw().get("metadata") as string, (key) => {
        throw new ProtocolError(`'metadata' has the key '${key}' twice`);
    });
    const fault = metadataFault(metadata as Metadata);
    if (fault !== undefined) {
        throw new ProtocolError(fault);
    }
    return metadata as Metadata;
}
