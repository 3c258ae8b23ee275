import { BinaryReader, BinaryWriter } from "google-protobuf";
import { messageOf } from "../core/errors";
import { parseJson } from "../core/json";
import type { Codec } from "./codec";
import {
    type LongNumber,
    type MessageData,
    type Metadata,
    metadataFault,
    type Outgoing,
    toLongNumber,
} from "./message";
import { type ClientRequest, checkEventName, checkGroup, checkTtl, ProtocolError } from "./protocol";

// Source of the numbers: tools/emulator/src/Microsoft.Azure.WebPubSub.Emulator/Protos/webpubsub.client.proto of Azure/azure-webpubsub,
// for streams reference-protobuf-webpubsub-subprotocol of the vendor's documents, and for group states test/client.spec.ts of its
// package @azure/web-pubsub-client-protobuf.
const requests = {
    sendToGroup: 1,
    event: 5,
    joinGroup: 6,
    leaveGroup: 7,
    sequenceAck: 8,
    ping: 9,
    streamData: 13,
    streamEnd: 14,
    setGroupState: 15,
    subscribeGroupState: 16,
    unsubscribeGroupState: 17,
};
/** The field that makes a request the start of a stream. */
const streamStarts = new Map([
    [requests.sendToGroup, 7],
    [requests.event, 5],
]);
const answers = { ack: 1, data: 2, system: 3, pong: 4, streamClosed: 8 };
const dataKinds = { text: 1, binary: 2, protobuf: 3, json: 4 };

/** The fields of a message, in its order. Of a field that is repeated the last one counts. */
type Fields = { number: number; value: Buffer | LongNumber }[];

const varint = 0;
const lengthDelimited = 2;

function readFields(message: Uint8Array): Fields {
    const fields: Fields = [];
    const reader = new BinaryReader(message);
    while (reader.nextField()) {
        const number = reader.getFieldNumber();
        const type = reader.getWireType();
        if (number === 0 || reader.isEndGroup()) {
            throw new ProtocolError("it has a field without a number");
        }
        if (type === lengthDelimited) {
            fields.push({ number, value: Buffer.from(reader.readBytes()) });
        } else if (type === varint) {
            fields.push({ number, value: toLongNumber(BigInt(reader.readUint64String())) });
        } else {
            reader.skipField();
        }
    }
    return fields;
}

function allAt(fields: Fields, number: number): Buffer[] {
    return fields.flatMap((field) => (field.number === number && Buffer.isBuffer(field.value) ? [field.value] : []));
}

function bytesAt(fields: Fields, number: number): Buffer | undefined {
    return allAt(fields, number).at(-1);
}

function textAt(fields: Fields, number: number): string {
    return bytesAt(fields, number)?.toString("utf8") ?? "";
}

function integerAt(fields: Fields, number: number): LongNumber | undefined {
    const values = fields.flatMap((field) =>
        field.number === number && !Buffer.isBuffer(field.value) ? [field.value] : [],
    );
    return values.at(-1);
}

/** The number of the field that a `oneof` holds: the last one. */
function chosenOf(fields: Fields, numbers: Record<string, number>): number | undefined {
    const known = Object.values(numbers);
    return fields.filter(({ number, value }) => known.includes(number) && Buffer.isBuffer(value)).at(-1)?.number;
}

function parse(frame: Buffer): ClientRequest {
    try {
        return readRequest(readFields(frame));
    } catch (error) {
        throw error instanceof ProtocolError ? error : new ProtocolError(`it is not protobuf: ${messageOf(error)}`);
    }
}

function readRequest(message: Fields): ClientRequest {
    const kind = chosenOf(message, requests);
    if (kind === undefined) {
        const numbers = [...new Set(message.map(({ number }) => number))].slice(0, 5);
        throw new ProtocolError(`it holds no known request; its fields are ${numbers.join(", ") || "none"}`);
    }
    const fields = readFields(bytesAt(message, kind) as Buffer);
    const stream = bytesAt(fields, streamStarts.get(kind) ?? 0);
    if (stream !== undefined) {
        return { type: "stream", streamId: textAt(readFields(stream), 1) };
    }
    switch (kind) {
        case requests.sendToGroup:
            return {
                type: "sendToGroup",
                group: checkGroup(textAt(fields, 1)),
                data: readData(bytesAt(fields, 3), allAt(fields, 6)),
                noEcho: (integerAt(fields, 4) ?? 0) !== 0,
                ttlSeconds: checkTtl(integerAt(fields, 5) ?? 0),
                ackId: integerAt(fields, 2),
            };
        case requests.event:
            return {
                type: "event",
                event: checkEventName(textAt(fields, 1)),
                data: readData(bytesAt(fields, 2), allAt(fields, 4)),
                ackId: integerAt(fields, 3),
            };
        case requests.joinGroup:
        case requests.leaveGroup:
            return {
                type: kind === requests.joinGroup ? "joinGroup" : "leaveGroup",
                group: checkGroup(textAt(fields, 1)),
                ackId: integerAt(fields, 2),
            };
        case requests.sequenceAck:
            return { type: "sequenceAck", sequenceId: integerAt(fields, 1) ?? 0 };
        case requests.ping:
            return { type: "ping" };
        case requests.streamData:
        case requests.streamEnd:
            return { type: "stream", streamId: textAt(fields, 1) };
        default:
            return { type: "groupState", ackId: integerAt(fields, 2) };
    }
}

function readData(message: Buffer | undefined, entries: Buffer[]): MessageData {
    const metadata = readMetadata(entries);
    const extra = metadata === undefined ? {} : { metadata };
    if (message === undefined && metadata !== undefined) {
        return { type: "text", text: "", ...extra };
    }
    const fields = readFields(message ?? new Uint8Array());
    const kind = chosenOf(fields, dataKinds);
    switch (kind) {
        case dataKinds.text:
            return { type: "text", text: textAt(fields, kind), ...extra };
        case dataKinds.binary:
            return { type: "binary", bytes: bytesAt(fields, kind) as Buffer, ...extra };
        case dataKinds.protobuf:
            return { type: "protobuf", bytes: bytesAt(fields, kind) as Buffer, ...extra };
        case dataKinds.json:
            parseJson(textAt(fields, kind));
            return { type: "json", text: textAt(fields, kind), ...extra };
        default:
            throw new ProtocolError("'data' is missing");
    }
}

/** Reads the entries of a map: messages with a key and a value. */
function readMetadata(entries: Buffer[]): Metadata | undefined {
    if (entries.length === 0) {
        return undefined;
    }
    const metadata = Object.fromEntries(
        entries.map(readFields).map((entry) => [textAt(entry, 1), textAt(entry, 2)] as const),
    );
    const fault = metadataFault(metadata);
    if (fault !== undefined) {
        throw new ProtocolError(fault);
    }
    return metadata;
}

/** A field's value: a number, or what has a length. An undefined one is left out. */
type Value = LongNumber | boolean | string | Buffer | undefined;

/** Writes the fields of a message, in the order of their numbers. */
function encode(fields: Record<number, Value>): Buffer {
    const writer = new BinaryWriter();
    for (const [name, value] of Object.entries(fields)) {
        const number = Number(name);
        if (typeof value === "string" || Buffer.isBuffer(value)) {
            writer.writeBytes(number, Buffer.from(value));
        } else if (value !== undefined) {
            writer.writeUint64String(number, String(typeof value === "boolean" ? Number(value) : value));
        }
    }
    return Buffer.from(writer.getResultBuffer());
}

function beginMessage({ data, group }: Outgoing): (sequenceId?: number) => Buffer {
    const content = encode({ [dataKinds[data.type]]: "bytes" in data ? data.bytes : data.text });
    const begin = encode({ 1: group === undefined ? "server" : "group", 2: group, 3: content });
    const metadata = Object.entries(data.metadata ?? {}).map(([key, value]) =>
        encode({ 5: encode({ 1: key, 2: value }) }),
    );
    return (sequenceId) => encode({ [answers.data]: Buffer.concat([begin, encode({ 4: sequenceId }), ...metadata]) });
}

/** Source: WebPubSubProtobufV1Protocol.cs of the vendor's own emulator. The sender's user has no field. */
export const protobuf: Codec = {
    name: "protobuf.webpubsub.azure.v1",
    binary: true,
    parse,
    message: beginMessage,
    connected: ({ connectionId, userId, reconnectionToken }) =>
        encode({ [answers.system]: encode({ 1: encode({ 1: connectionId, 2: userId, 3: reconnectionToken }) }) }),
    disconnected: (reason) => encode({ [answers.system]: encode({ 2: encode({ 2: reason }) }) }),
    ack: (ackId, error) =>
        encode({
            [answers.ack]: encode({
                1: ackId,
                2: error === undefined,
                3: error === undefined ? undefined : encode({ 1: error.name, 2: error.message }),
            }),
        }),
    pong: () => encode({ [answers.pong]: "" }),
    refused: ({ streamId = "" }, message) =>
        encode({
            [answers.streamClosed]: encode({ 1: streamId, 2: encode({ 1: "NotImplemented", 2: message }) }),
        }),
};
