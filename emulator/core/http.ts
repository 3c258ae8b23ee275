import { once } from "node:events";
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server as NetServer } from "node:net";

import { ByteStore } from "./byteStore";

/** Address of every server of the emulator: only this machine can reach them. */
export const loopback = "127.0.0.1";

export interface ListenOptions {
    /** Port to listen on. Defaults to a free one, which is also the fallback when the port is taken. */
    port?: number;
}

/** Makes a TCP or HTTP server listen on loopback. Resolves with its port. */
export async function listen(server: NetServer, options: ListenOptions = {}): Promise<number> {
    const wanted = options.port ?? 0;
    try {
        return await listenOn(server, wanted);
    } catch (error) {
        if (wanted === 0 || !isPortUnavailable(error)) {
            throw error;
        }
        return listenOn(server, 0);
    }
}

/** Stops an HTTP server and closes its open connections. Resolves at once when the server never listened. */
export async function closeServer(server: Server): Promise<void> {
    if (!server.listening) {
        return;
    }
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
}

/** Finds a free port. Another process may take it before the caller does. */
export async function freePort(): Promise<number> {
    const server = createServer();
    const port = await listenOn(server, 0);
    server.close();
    await once(server, "close");
    return port;
}

async function listenOn(server: NetServer, port: number): Promise<number> {
    const listening = once(server, "listening");
    server.listen(port, loopback);
    await listening;
    return (server.address() as AddressInfo).port;
}

function isPortUnavailable(error: unknown): boolean {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "EADDRINUSE" || code === "EACCES";
}

/** A request body is longer than its reader allows. */
export class BodyTooLargeError extends Error {
    override readonly name = "BodyTooLargeError";

    constructor(readonly limit: number) {
        super(`The body is longer than the ${limit} bytes allowed.`);
    }
}

/** Whether the caller is gone before its body was complete. Anybody can do that, as often as he likes, so it is no fault to log. */
export function hasHungUp(request: IncomingMessage): boolean {
    return request.destroyed && !request.complete;
}

/**
 * The whole body as bytes. Rejects with `BodyTooLargeError` beyond `limit` bytes, before reading when the length is announced.
 * Listens to events, because an async iterator costs more than reading a short body.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
    if (Number(request.headers["content-length"] ?? 0) > limit) {
        return Promise.reject(new BodyTooLargeError(limit));
    }
    return new Promise((resolve, reject) => {
        const body = new ByteStore();
        request.on("data", (chunk: Buffer) => {
            if (body.length + chunk.length > limit) {
                request.pause();
                reject(new BodyTooLargeError(limit));
            } else {
                body.append(chunk);
            }
        });
        request.on("end", () => resolve(body.take()));
        request.on("error", reject);
        request.on("close", () => {
            if (hasHungUp(request)) {
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

/** Splits the URL of a request, which has no host, into path and query. */
export function splitUrl(url: string): { path: string; search: string } {
    const mark = url.indexOf("?");
    return mark < 0 ? { path: url, search: "" } : { path: url.slice(0, mark), search: url.slice(mark + 1) };
}

/** The token of an `Authorization: Bearer` header, or undefined when there is none. */
export function bearerToken(request: IncomingMessage): string | undefined {
    return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
