import type { IncomingMessage } from "node:http";
import { BodyTooLargeError, readBody } from "../core/http";
import { parseJson, rawMembers } from "../core/json";
import { decodeMessagePack } from "../core/messagePack";
import { maxMessageBytes } from "../core/rest/body";
import { badRequest, RestError, unsupportedMediaType } from "../core/rest/errors";
import { jsonProtocol } from "./protocol/json";
import { messagePackProtocol } from "./protocol/messagePack";
import type { HubProtocol } from "./protocol/types";
import type { Message } from "./types";

/** Reads `{"Target":"…","Arguments":[…]}`, ignoring the case of names. SDKs send it without a length. Throws `RestError`. */
export async function readCall(request: IncomingMessage): Promise<Message> {
    const type = request.headers["content-type"];
    if (type?.toLowerCase() === "application/octet-stream") {
        return readEncoded(await read(request));
    }
    if (!/^application\/json\s*(;\s*charset=("?)utf-?8\2\s*)?$/i.test(type ?? "")) {
        throw unsupportedMediaType(type);
    }
    const text = (await read(request)).toString("utf8");
    const body = parse(text);
    const properties = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    const target = properties.get("target");
    const list = properties.get("arguments") ?? [];
    if (typeof target !== "string" || target === "") {
        throw badRequest("'Target' has to be the name of the method to call on clients.");
    }
    if (!Array.isArray(list)) {
        throw badRequest("'Arguments' has to be a list.");
    }
    const json = [...rawMembers(text)].filter(([name]) => name.toLowerCase() === "arguments").at(-1)?.[1];
    return { target, arguments: list, json: list.length === 0 ? "[]" : json };
}

const protocols = new Map<unknown, HubProtocol>([jsonProtocol, messagePackProtocol].map((one) => [one.name, one]));

/**
 * Reads a call that its caller encoded for each protocol: a MessagePack map of protocol and message, as the management SDK sends
 * when hub protocols are added to it. Source: BinaryPayloadMessageContent and its test in Azure/azure-signalr.
 */
function readEncoded(body: Buffer): Message {
    const encoded = new Map<string, Buffer>();
    let call: Omit<Message, "encoded"> | undefined;
    try {
        for (const [name, bytes] of Object.entries(decodeMessagePack(body) as Record<string, Uint8Array>)) {
            const protocol = protocols.get(name);
            const data = Buffer.from(bytes);
            const cut = protocol?.createCutter()(data);
            if (protocol === undefined || cut === undefined || cut.rest.length > 0) {
                throw new Error(`no message of protocol '${name}'`);
            }
            call = invocationOf(protocol, cut.message);
            encoded.set(name, data);
        }
    } catch {
        call = undefined;
    }
    if (call === undefined) {
        throw badRequest("The request body is no MessagePack map of hub protocols, each with an invocation.");
    }
    return { ...call, encoded };
}

function invocationOf(protocol: HubProtocol, message: Buffer): Omit<Message, "encoded"> {
    const read = protocol.read(message);
    if (read.type !== "invocation") {
        throw new Error(`a message of type ${read.type}`);
    }
    const list = protocol.binary
        ? (decodeMessagePack(message) as unknown[])[4]
        : (parseJson(message.toString("utf8")) as { arguments?: unknown }).arguments;
    return { target: read.target, arguments: list as unknown[] };
}

async function read(request: IncomingMessage): Promise<Buffer> {
    try {
        return await readBody(request, maxMessageBytes);
    } catch (error) {
        throw error instanceof BodyTooLargeError
            ? new RestError(413, error.message, { code: "Error.RequestTooLarge" })
            : error;
    }
}

function parse(text: string): object {
    let value: unknown;
    try {
        value = parseJson(text);
    } catch {
        throw badRequest("The request body is not valid JSON.");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw badRequest("The request body is not a JSON object.");
    }
    return value;
}
