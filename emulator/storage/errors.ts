import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

/** The account refuses a request, with an error of the Storage REST API. */
export class StorageError extends Error {
    override readonly name = "StorageError";
    readonly status: number;
    /** Value of `x-ms-error-code`. */
    readonly code: string;

    constructor(options: { status: number; code: string; message: string }) {
        super(options.message);
        this.status = options.status;
        this.code = options.code;
    }
}

/** Sends the error as XML, or as headers only for a HEAD request. */
export function sendStorageError(response: ServerResponse, error: StorageError): void {
    const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
    response.writeHead(error.status, {
        "Content-Type": "application/xml",
        "Content-Length": Buffer.byteLength(body),
        "x-ms-error-code": error.code,
        "x-ms-request-id": randomUUID(),
        ...(error.status === 401
            ? {
                  "WWW-Authenticate":
                      "Bearer authorization_uri=https://login.microsoftonline.com/emulator/oauth2/authorize resource_id=https://storage.azure.com",
              }
            : {}),
    });
    response.end(response.req.method === "HEAD" ? undefined : body);
}

function escapeXml(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
