import { JsonDepthError, parseJson } from "../../core/json";
import { createSeparatedCutter, separator } from "./framing";
import { type ClientMessage, type HubProtocol, ProtocolError } from "./types";

/** JSON messages, each followed by a separator. */
export const jsonProtocol: HubProtocol = {
    name: "json",
    binary: false,
    mediaType: "application/json",
    createCutter: createSeparatedCutter,
    read: (payload) => read(parseObject(payload), payload),
    invocation: (message) => write({ type: 1, target: message.target, arguments: message.arguments }),
    completion: (completion) => write({ type: 3, ...completion }),
    close: ({ error, allowReconnect }) => write({ type: 7, error, allowReconnect }),
    ping: write({ type: 6 }),
    isCompletion(data, invocationId) {
        if (data.indexOf(separator) !== data.length - 1) {
            return false;
        }
        try {
            const message = parseObject(data.subarray(0, -1));
            return message.type === 3 && message.invocationId === invocationId;
        } catch {
            return false;
        }
    },
};

function write(message: object): Buffer {
    return Buffer.from(`${JSON.stringify(message)}${String.fromCharCode(separator)}`, "utf8");
}

/** Parses a JSON object. Throws `ProtocolError` for anything else. */
export function parseObject(payload: Buffer): Record<string, unknown> {
    let value: unknown;
    try {
        value = parseJson(payload.toString("utf8"));
    } catch (error) {
        throw new ProtocolError(`a message is not JSON${error instanceof JsonDepthError ? `: ${error.message}` : ""}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new ProtocolError("a message is not a JSON object");
    }
    return value as Record<string, unknown>;
}

function read(message: Record<string, unknown>, payload: Buffer): ClientMessage {
    const { type, target, invocationId, streamIds, error } = message;
    switch (type) {
        case 1:
            requireText(target, "target");
            if (!Array.isArray(message.arguments)) {
                throw new ProtocolError("an invocation has no 'arguments'");
            }
            return {
                type: "invocation",
                target,
                invocationId: typeof invocationId === "string" && invocationId !== "" ? invocationId : undefined,
                isStreaming: Array.isArray(streamIds) && streamIds.length > 0,
                payload,
            };
        case 4:
            requireText(target, "target");
            requireText(invocationId, "invocationId");
            return { type: "streamInvocation", target, invocationId };
        case 7:
            return { type: "close", error: typeof error === "string" ? error : undefined };
        default:
            if (typeof type !== "number") {
                throw new ProtocolError("a message has no 'type'");
            }
            return { type: "other" };
    }
}

function requireText(value: unknown, name: string): asserts value is string {
    if (typeof value !== "string" || value === "") {
        throw new ProtocolError(`a message has no '${name}'`);
    }
}
