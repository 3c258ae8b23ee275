import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** A body longer than the reader allows. */
export class BodyTooLargeError extends Error {
    override readonly name = "BodyTooLargeError";
}

/** The whole body as bytes. Rejects with `BodyTooLargeError` beyond `limit` bytes. Events, since an iterator costs more than a short body. */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let length = 0;
        request.on("data", (chunk: Buffer) => {
            length += chunk.length;
            if (length > limit) {
                request.pause();
                reject(new BodyTooLargeError(`The body is longer than the ${limit} bytes allowed.`));
            }
            chunks.push(chunk);
        });
        request.on("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)));
        request.on("error", reject);
        request.on("close", () => {
            if (!request.complete) {
                reject(new Error("The caller hung up before its body was complete."));
            }
        });
    });
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

/** A request's URL, which has no host, in path and query. */
export function splitUrl(url: string): { path: string; search: string } {
    const mark = url.indexOf("?");
    return mark < 0 ? { path: url, search: "" } : { path: url.slice(0, mark), search: url.slice(mark + 1) };
}

/** The token of an `Authorization: Bearer` header, or undefined when there is none. */
export function bearerToken(request: IncomingMessage): string | undefined {
    return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
