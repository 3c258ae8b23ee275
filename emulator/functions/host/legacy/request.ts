import type { HttpData } from "../rpc";
import { parseIfJson } from "../rpc";
import { type MultipartForm, parseForm } from "./form";

/** `context.req` of the `function.json` model: parsed body, plain header and query objects. */
export class LegacyRequest {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly originalUrl: string | undefined;
    readonly headers: Record<string, string>;
    readonly query: Record<string, string>;
    readonly params: Record<string, string>;
    readonly body?: unknown;
    readonly rawBody?: unknown;
    readonly bufferBody?: Buffer;

    constructor(http: HttpData) {
        this.method = http.method;
        this.url = http.url;
        this.originalUrl = http.url;
        this.headers = plain(http.nullableHeaders);
        this.query = plain(http.nullableQuery);
        this.params = plain(http.nullableParams);
        if (http.body?.bytes) {
            this.bufferBody = Buffer.from(http.body.bytes);
            const type = this.get("content-type")?.toLowerCase() ?? "";
            const isBinary = type === "application/octet-stream" || type.startsWith("multipart/");
            const text = new TextDecoder(encodingOf(this.bufferBody)).decode(this.bufferBody);
            this.body = isBinary ? this.bufferBody : parseIfJson(text);
            this.rawBody = isBinary ? this.bufferBody.toString() : text;
        }
    }

    get user(): unknown {
        const principal = this.headers["x-ms-client-principal"];
        if (principal === undefined) {
            return null;
        }
        const claims = parseIfJson(Buffer.from(principal, "base64").toString());
        return {
            type: "AppService",
            id: this.headers["x-ms-client-principal-id"],
            username: this.headers["x-ms-client-principal-name"],
            identityProvider: this.headers["x-ms-client-principal-idp"],
            claimsPrincipalData: claims,
        };
    }

    get(field: string): string | undefined {
        return this.headers[field.toLowerCase()];
    }

    parseFormBody(): MultipartForm {
        const contentType = this.get("content-type");
        if (contentType === undefined) {
            throw new Error('"content-type" header must be defined.');
        }
        return parseForm({ body: this.bufferBody ?? Buffer.alloc(0), contentType });
    }
}

function plain(values: Record<string, { value?: string }> | undefined): Record<string, string> {
    return Object.fromEntries(Object.entries(values ?? {}).map(([name, { value }]) => [name, value ?? ""]));
}

function encodingOf(bytes: Buffer): string {
    if (bytes[0] === 0xfe && bytes[1] === 0xff) {
        return "utf-16be";
    }
    return bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
}
