import { encode } from "@msgpack/msgpack";
import { decodeMessagePack } from "../../core/messagePack";
import { createPrefixedCutter } from "./framing";
import { type ClientMessage, type HubProtocol, ProtocolError } from "./types";

const resultKinds = { error: 1, nothing: 2, value: 3 } as const;

/** MessagePack arrays, each after its length. */
export const messagePackProtocol: HubProtocol = {
    name: "messagepack",
    binary: true,
    mediaType: "application/x-msgpack",
    createCutter: () => createPrefixedCutter(),
    read: (payload) => read(parseArray(payload), payload),
    invocation: (message) => frame([1, {}, null, message.target, message.arguments, []]),
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

function frame(message: unknown[]): Buffer {
    const payload = encode(message);
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
    if (!Array.isArray(value) || typeof value[0] !== "number") {
        throw new ProtocolError("a message is not an array that begins with its type");
    }
    return value;
}

function read(message: unknown[], payload: Buffer): ClientMessage {
    const [type, second, invocationId, target] = message;
    switch (type) {
        case 1:
            requireText(target, "target");
            if (!Array.isArray(message[4])) {
                throw new ProtocolError("an invocation has no arguments");
            }
            return {
                type: "invocation",
                target,
                invocationId: typeof invocationId === "string" && invocationId !== "" ? invocationId : undefined,
                isStreaming: Array.isArray(message[5]) && message[5].length > 0,
                payload,
            };
        case 4:
            requireText(target, "target");
            requireText(invocationId, "invocation id");
            return { type: "streamInvocation", target, invocationId };
        case 7:
            return { type: "close", error: typeof second === "string" ? second : undefined };
        default:
            return { type: "other" };
    }
}

function requireText(value: unknown, name: string): asserts value is string {
    if (typeof value !== "string" || value === "") {
        throw new ProtocolError(`a message has no ${name}`);
    }
}
