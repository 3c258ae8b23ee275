import type { IncomingMessage } from "node:http";
import { BodyTooLargeError, readBody } from "../core/http";
import { parseJson } from "../core/json";
import { maxMessageBytes } from "../core/rest/body";
import { badRequest, RestError, unsupportedMediaType } from "../core/rest/errors";
import type { Message } from "./hub";

/** Reads `{"Target":"…","Arguments":[…]}`, ignoring the case of names. SDKs send it without a length. Throws `RestError`. */
export async function readCall(request: IncomingMessage): Promise<Message> {
    const type = request.headers["content-type"];
    if (!/^application\/json\s*(;\s*charset=("?)utf-?8\2\s*)?$/i.test(type ?? "")) {
        throw unsupportedMediaType(type);
    }
    const body = parse(await read(request));
    const properties = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    const target = properties.get("target");
    const list = properties.get("arguments") ?? [];
    if (typeof target !== "string" || target === "") {
        throw badRequest("'Target' has to be the name of the method to call on clients.");
    }
    if (!Array.isArray(list)) {
        throw badRequest("'Arguments' has to be a list.");
    }
    return { target, arguments: list };
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

function parse(bytes: Buffer): object {
    let value: unknown;
    try {
        value = parseJson(bytes.toString("utf8"));
    } catch {
        throw badRequest("The request body is not valid JSON.");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw badRequest("The request body is not a JSON object.");
    }
    return value;
}
