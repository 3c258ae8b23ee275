import type { IncomingMessage } from "node:http";
import { readBody } from "../http";
import { parseJson } from "../json";
import { badRequest, unsupportedMediaType } from "./errors";

/** The service accepts messages up to this size. */
export const maxMessageBytes = 1024 * 1024;

export interface RestBody {
    kind: "text" | "json" | "binary";
    /** Text is converted to UTF-8 from the charset of the request. */
    data: Buffer;
}

const kinds = new Map<string, RestBody["kind"]>([
    ["text/plain", "text"],
    ["application/json", "json"],
    ["application/octet-stream", "binary"],
]);

/** Reads a message. Checks the length, then the type, before it reads the body. Throws `RestError`. */
export async function readMessage(request: IncomingMessage): Promise<RestBody> {
    const length = requireLength(request);
    const type = request.headers["content-type"];
    const media = parseContentType(type);
    const kind = media === undefined ? "binary" : kinds.get(media.type);
    if (kind === undefined) {
        throw unsupportedMediaType(type);
    }
    const decoder = kind === "binary" ? undefined : decoderFor(media?.charset, type);
    const bytes = await readBody(request, length);
    return { kind, data: decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes), "utf8") };
}

/** Reads a JSON document. Throws `RestError`: 415 for another content type, 400 for invalid JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
    const length = requireLength(request);
    const type = request.headers["content-type"];
    const media = parseContentType(type);
    if (media?.type !== "application/json") {
        throw unsupportedMediaType(type);
    }
    const decoder = decoderFor(media.charset, type) ?? new TextDecoder();
    const bytes = await readBody(request, length);
    try {
        return parseJson(decoder.decode(bytes));
    } catch {
        throw badRequest("The request body is not a valid JSON.");
    }
}

function requireLength(request: IncomingMessage): number {
    const header = request.headers["content-length"];
    const length = header === undefined ? Number.NaN : Number(header);
    if (!Number.isInteger(length) || length < 0 || length > maxMessageBytes) {
        throw badRequest("Invalid Content-Length header.");
    }
    return length;
}

function parseContentType(header: string | undefined): { type: string; charset: string | undefined } | undefined {
    if (header === undefined) {
        return undefined;
    }
    const [type, ...parameters] = header.split(";");
    const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => /^charset=/i.test(parameter));
    return {
        type: (type ?? "").trim().toLowerCase(),
        charset: charset?.slice("charset=".length).replace(/^"(.*)"$/, "$1"),
    };
}

/** Returns undefined for UTF-8, because such a body is used as it is. */
function decoderFor(charset: string | undefined, contentType: string | undefined): TextDecoder | undefined {
    if (charset === undefined || /^utf-?8$/i.test(charset)) {
        return undefined;
    }
    try {
        return new TextDecoder(charset);
    } catch {
        throw unsupportedMediaType(contentType);
    }
}
