import { encode } from "@msgpack/msgpack";
import { parseJsonObject } from "../../../rules/json";
import { mapValues } from "../../core/json";
import { decodeMessagePack } from "../../core/messagePack";
import { createPrefixedCutter } from "./framing";
import { areHeaders, isInt32 } from "./json";
import { type ClientMessage, type HubProtocol, ProtocolError } from "./types";

const resultKinds = { error: 1, nothing: 2, value: 3 } as const;

/** MessagePack arrays, each after its length. */
export const messagePackProtocol: HubProtocol = {
    name: "messagepack",
    binary: true,
    mediaType: "application/x-msgpack",
    createCutter: () => createPrefixedCutter(),
    read: (payload) => read(parseArray(payload), payload),
    invocation(message) {
        const list = exactArguments(message);
        return frame([1, {}, null, message.target, list ?? message.arguments, []], { useBigInt64: list !== undefined });
    },
    completion: ({ invocationId, error, ...rest }) =>
        frame([3, {}, invocationId, ...(error === undefined ? resultOf(rest) : [resultKinds.error, error])]),
    close: ({ error, allowReconnect }) => frame([7, error ?? null, allowReconnect]),
    ping: frame([6]),
    isCompletion(data, invocationId) {
        try {
            const cut = createPrefixedCutter(data.length)(data);
            const message = cut?.rest.length === 0 ? parseArray(cut.message) : [];
            return message[0] === 3 && message[2] === invocationId;
        } catch {
            return false;
        }
    },
};

function resultOf(completion: { result?: unknown }): unknown[] {
    return "result" in completion ? [resultKinds.value, completion.result] : [resultKinds.nothing];
}

/** Arguments with whole numbers of up to 64 bits, as .NET reads them; undefined where JavaScript's numbers are exact. */
function exactArguments({ json = "" }: { json?: string }): unknown {
    return /\d{16}/.test(json) ? exact(parseJsonObject(`{"list":${json}}`, { bigIntegers: true }).list) : undefined;
}

/** A value with a `bigint` for each whole number of more than 32 bits. Any other form the library writes as a double. */
function exact(value: unknown): unknown {
    if (typeof value === "bigint") {
        return value === BigInt.asIntN(64, value) || value === BigInt.asUintN(64, value) ? value : Number(value);
    }
    if (typeof value === "number") {
        return Number.isSafeInteger(value) && (value > 0xffffffff || value < -0x80000000) ? BigInt(value) : value;
    }
    return mapValues(value, exact);
}

function frame(message: unknown[], { useBigInt64 } = { useBigInt64: false }): Buffer {
    const payload = encode(message, { useBigInt64 });
    const prefix: number[] = [];
    for (let size = payload.length; prefix.length === 0 || size > 0; size >>>= 7) {
        prefix.push((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
    }
    return Buffer.concat([Buffer.from(prefix), payload]);
}

function parseArray(payload: Buffer): unknown[] {
    let value: unknown;
    try {
        value = decodeMessagePack(payload);
    } catch {
        throw new ProtocolError("a message is not MessagePack");
    }
    if (!Array.isArray(value) || !isInt32(value[0])) {
        throw new ProtocolError("a message is not an array that begins with its type");
    }
    return value;
}

/** Types of messages that have headers and the id of an invocation. */
const aboutInvocations = [1, 2, 3, 4, 5];

/** Reads a message as the vendor's server does. Source: MessagePackHubProtocolWorker.cs of dotnet/aspnetcore. */
function read(message: unknown[], payload: Buffer): ClientMessage {
    const [type, second, invocationId, target] = message;
    if (aboutInvocations.includes(type as number)) {
        if (!areHeaders(second) || Object.values(second).includes("")) {
            throw new ProtocolError("the headers of a message are no map of texts");
        }
        // Only an invocation may be without, for which the vendor's clients write nil.
        if (type !== 1 || (invocationId !== null && invocationId !== "")) {
            requireText(invocationId, "invocation id");
        }
    }
    switch (type) {
        case 1:
            requireText(target, "target");
            requireLists(message);
            return {
                type: "invocation",
                target,
                invocationId: typeof invocationId === "string" && invocationId !== "" ? invocationId : undefined,
                isStreaming: Array.isArray(message[5]) && message[5].length > 0,
                payload,
            };
        case 3:
            checkCompletion(message);
            return { type: "other" };
        case 4:
            requireText(target, "target");
            requireLists(message);
            return { type: "streamInvocation", target, invocationId: String(invocationId) };
        case 7:
            if (typeof second !== "string" && second !== null) {
                throw new ProtocolError("the error of a close message is no text");
            }
            if (message.length > 2 && typeof message[2] !== "boolean") {
                throw new ProtocolError("a close message says of reconnecting neither true nor false");
            }
            return { type: "close", error: second ?? undefined };
        default:
            return { type: "other" };
    }
}

/** Checks arguments, and the ids of streams that old clients leave out. */
function requireLists([, , , , given, streamIds]: unknown[]): void {
    if (!Array.isArray(given)) {
        throw new ProtocolError("an invocation has no arguments");
    }
    if (streamIds === undefined) {
        return;
    }
    if (!Array.isArray(streamIds) || !streamIds.every((id) => typeof id === "string" && id !== "")) {
        throw new ProtocolError("the streams of an invocation are no list of texts");
    }
}

function checkCompletion([, , , kind, error]: unknown[]): void {
    if (!(Object.values(resultKinds) as unknown[]).includes(kind)) {
        throw new ProtocolError("a completion has no valid kind of result");
    }
    if (kind === resultKinds.error && typeof error !== "string" && error !== null) {
        throw new ProtocolError("the error of a completion is no text");
    }
}

function requireText(value: unknown, name: string): asserts value is string {
    if (typeof value !== "string" || value === "") {
        throw new ProtocolError(`a message has no ${name}`);
    }
}
