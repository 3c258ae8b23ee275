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
    invocation: ({ target, arguments: list, json = JSON.stringify(list) }) =>
        end(`{"type":1,"target":${JSON.stringify(target)},"arguments":${json}}`),
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
    return end(JSON.stringify(message));
}

function end(message: string): Buffer {
    return Buffer.from(`${message}${String.fromCharCode(separator)}`, "utf8");
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

/** Reads a message as the vendor's server does, which ends the connection for a value of another type. Source: JsonHubProtocol.cs of dotnet/aspnetcore. */
function read(message: Record<string, unknown>, payload: Buffer): ClientMessage {
    const { type, target, invocationId, streamIds, error, item, result } = message;
    checkTypes(message);
    switch (type) {
        case 1:
            requireText(target, "target");
            requireGiven(message.arguments, "arguments");
            return {
                type: "invocation",
                target,
                invocationId: typeof invocationId === "string" && invocationId !== "" ? invocationId : undefined,
                isStreaming: Array.isArray(streamIds) && streamIds.length > 0,
                payload,
            };
        case 4:
            requireText(invocationId, "invocationId");
            requireGiven(message.arguments, "arguments");
            requireText(target, "target");
            return { type: "streamInvocation", target, invocationId };
        case 2:
            requireText(invocationId, "invocationId");
            requireGiven(item, "item");
            return { type: "other" };
        case 3:
            requireText(invocationId, "invocationId");
            if (error !== undefined && result !== undefined) {
                throw new ProtocolError("a completion has both 'error' and 'result'");
            }
            return { type: "other" };
        case 5:
            requireText(invocationId, "invocationId");
            return { type: "other" };
        case 7:
            return { type: "close", error: typeof error === "string" ? error : undefined };
        default:
            return { type: "other" };
    }
}

/** Checks the members that the protocol knows, in messages of every type. A member may be missing, but not null. */
function checkTypes(message: Record<string, unknown>): void {
    const { type, headers, allowReconnect, streamIds, invocationId, target, error } = message;
    if (!isInt32(type)) {
        throw new ProtocolError(
            type === undefined ? "a message has no 'type'" : "the 'type' of a message is no number",
        );
    }
    for (const [name, text] of Object.entries({ invocationId, target, error })) {
        if (text !== undefined && typeof text !== "string") {
            throw new ProtocolError(`'${name}' of a message is no text`);
        }
    }
    for (const [name, list] of Object.entries({ arguments: message.arguments, streamIds })) {
        if (list !== undefined && !Array.isArray(list)) {
            throw new ProtocolError(`'${name}' of a message is no list`);
        }
    }
    if (Array.isArray(streamIds) && !streamIds.every((id) => typeof id === "string" || id === null)) {
        throw new ProtocolError("'streamIds' of a message holds something else than texts");
    }
    if (allowReconnect !== undefined && typeof allowReconnect !== "boolean") {
        throw new ProtocolError("'allowReconnect' of a message is neither true nor false");
    }
    if (headers !== undefined && !areHeaders(headers)) {
        throw new ProtocolError("'headers' of a message is no object of texts");
    }
}

/** Whether a value is an object whose members are all texts. */
export function areHeaders(value: unknown): value is Record<string, string> {
    return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((member) => typeof member === "string")
    );
}

export function isInt32(value: unknown): value is number {
    return typeof value === "number" && (value | 0) === value;
}

/** A member of JSON is never undefined. */
function requireGiven(value: unknown, name: string): void {
    if (value === undefined) {
        throw new ProtocolError(`a message has no '${name}'`);
    }
}

function requireText(value: unknown, name: string): asserts value is string {
    if (typeof value !== "string" || value === "") {
        throw new ProtocolError(`a message has no '${name}'`);
    }
}
