import type { IncomingMessage } from "node:http";

export class BodyTooLargeError extends Error {
    constructor(readonly limit: number) {
        super(`Request body too large. The max request body size is ${limit} bytes.`);
    }
}

/** All of a request's body. Rejects with `BodyTooLargeError` as soon as it is longer than the limit. */
export async function readBody({ request, limit }: { request: IncomingMessage; limit: number }): Promise<Buffer> {
    if (Number(request.headers["content-length"] ?? 0) > limit) {
        throw new BodyTooLargeError(limit);
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > limit) {
            throw new BodyTooLargeError(limit);
        }
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
