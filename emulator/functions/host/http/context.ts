import type { IncomingMessage, ServerResponse } from "node:http";
import type { Host } from "../host";

/** A request to the host. */
export interface HttpContext {
    host: Host;
    request: IncomingMessage;
    response: ServerResponse;
    url: URL;
}

/** A part of a path without percent-encoding. A part that is encoded wrongly stays as it came, as Kestrel leaves it. */
export function decodePart(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

export function sendText(options: {
    response: ServerResponse;
    status: number;
    text?: string;
    headers?: Record<string, string>;
}): void {
    const { response, status, text, headers = {} } = options;
    if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
    }
    const body = Buffer.from(text ?? "");
    response.writeHead(status, {
        ...headers,
        "content-length": body.length,
        ...(text === undefined ? {} : { "content-type": "text/plain; charset=utf-8" }),
    });
    response.end(body);
}

export function sendJson(options: { response: ServerResponse; status: number; value: unknown }): void {
    const body = Buffer.from(JSON.stringify(options.value));
    options.response.writeHead(options.status, {
        "content-type": "application/json; charset=utf-8",
        "content-length": body.length,
    });
    options.response.end(body);
}
