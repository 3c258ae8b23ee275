import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** A body longer than the reader allows. */
export class BodyTooLargeError extends Error {
    override readonly name = "BodyTooLargeError";
}

/** The whole body as bytes. Rejects with `BodyTooLargeError` beyond `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > limit) {
            throw new BodyTooLargeError(`The body is longer than the ${limit} bytes allowed.`);
        }
        chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
}

export interface JsonAnswer {
    status: number;
    body: unknown;
    headers?: OutgoingHttpHeaders;
}

export function sendJson(response: ServerResponse, answer: JsonAnswer): void {
    const text = JSON.stringify(answer.body);
    response.writeHead(answer.status, {
        ...answer.headers,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": Buffer.byteLength(text),
    });
    response.end(text);
}

/** The token of an `Authorization: Bearer` header, or undefined when there is none. */
export function bearerToken(request: IncomingMessage): string | undefined {
    return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
