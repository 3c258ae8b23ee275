import { ExtData } from "@msgpack/msgpack";
import { mapValues, parseJson } from "../../../../core/json";
import { decodeMessagePack } from "../../../../core/messagePack";
import { jsonProtocol } from "../../../../signalr/protocol/json";
import { messagePackProtocol } from "../../../../signalr/protocol/messagePack";
import type { HubProtocol } from "../../../../signalr/protocol/types";
import { asNewtonsoftWrites } from "../../bindings/newtonsoft";

/** Body of an invocation that the service sends upstream. */
export interface InvocationBody {
    /** Undefined when the client does not wait for a result. */
    invocationId: string | undefined;
    target: string;
    /** An argument of MessagePack can be bytes. */
    arguments: unknown[];
}

/** The protocol of a body, by its content type; undefined for another content type. */
export function protocolOf(contentType: string | undefined): HubProtocol | undefined {
    const mediaType = contentType?.split(";")[0]?.trim();
    return [jsonProtocol, messagePackProtocol].find((protocol) => protocol.mediaType === mediaType);
}

/** Parses an invocation. Throws when the body is none. */
export function readInvocation({ protocol, body }: { protocol: HubProtocol; body: Buffer }): InvocationBody {
    const { type, invocationId, target, list } = protocol.binary
        ? fromArray(decodeMessagePack(body, { useBigInt64: true, mapKeyConverter: nameOf }))
        : fromObject(body);
    if (type !== 1 || typeof target !== "string" || !Array.isArray(list)) {
        throw new Error("Parsing message failed: the body is no invocation message.");
    }
    return {
        invocationId: typeof invocationId === "string" && invocationId !== "" ? invocationId : undefined,
        target,
        arguments: list,
    };
}

/** The `error` of a disconnected event. Its body is always JSON. */
export function readError(body: Buffer): string | undefined {
    const { error } = parseJson(body.toString("utf8")) as { error?: unknown };
    return typeof error === "string" ? error : undefined;
}

interface Parts {
    type?: unknown;
    invocationId?: unknown;
    target?: unknown;
    list?: unknown;
}

function fromArray(message: unknown): Parts {
    const [type, , invocationId, target, list] = Array.isArray(message) ? message : [];
    return { type, invocationId, target, list: Array.isArray(list) ? mapValues(list, createReader()) : undefined };
}

const largest = 2n ** 63n - 1n;

/** The name of a member, which the extension reads as a text whatever it is. */
function nameOf(key: unknown): string {
    if (typeof key !== "string") {
        throw new Error("Parsing message failed: the name of an object's member is no text.");
    }
    return key;
}

/**
 * Reads values as the extension reads MessagePack: whole numbers have 64 bits with a sign, bytes stay bytes, and at a date or another
 * extension type its reader stays where it is, so each value from there on is null, and an object with more members cannot be read.
 * Source: ReadObject of MessagePackHelper.cs.
 */
function createReader(): (value: unknown) => unknown {
    let isStuck = false;
    return function read(value: unknown): unknown {
        isStuck ||= value instanceof Date || value instanceof ExtData;
        if (isStuck || value instanceof Uint8Array) {
            return isStuck ? null : value;
        }
        if (typeof value === "bigint") {
            if (value > largest) {
                throw new Error(`Parsing message failed: ${value} is larger than a number of .NET, ${largest}.`);
            }
            return Number(value);
        }
        if (typeof value === "number" && !Number.isFinite(value)) {
            return String(value);
        }
        return mapValues(value, (inner) => {
            if (isStuck && !Array.isArray(value)) {
                throw new Error("Parsing message failed: an object of MessagePack goes on after a date.");
            }
            return writtenValue(read(inner));
        });
    };
}

/** A value in JSON, where .NET writes bytes as base64. */
export function writtenValue(value: unknown): unknown {
    return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

function fromObject(body: Buffer): Parts {
    const message = parseJson(body.toString("utf8")) as Record<string, unknown> | null;
    return {
        type: message?.type,
        invocationId: message?.invocationId,
        target: message?.target,
        // Source: JsonServerlessProtocol.cs of azure-sdk-for-net, which reads the message with JObject.Load.
        list: asNewtonsoftWrites(message?.arguments),
    };
}
