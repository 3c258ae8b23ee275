import type { IncomingMessage, ServerResponse } from "node:http";
import type { Host } from "../host";

/** A request to the host. */
export interface HttpContext {
    host: Host;
    request: IncomingMessage;
    response: ServerResponse;
    url: URL;
}

export function sendText(options: { response: ServerResponse; status: number; text?: string }): void {
    const { response, status, text } = options;
    if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
    }
    const body = Buffer.from(text ?? "");
    response.writeHead(status, {
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
