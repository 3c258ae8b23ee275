import { type ServerResponse, validateHeaderName } from "node:http";
import { type HttpCookie, type HttpData, isNull, type TypedData } from "../rpc";
import { checkHeader } from "./headers";

/** Headers that only the server sets. Those that a function gives are dropped. */
const connectionHeaders = new Set(["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"]);

type Headers = Map<string, { name: string; value: string | string[] }>;

interface Answer {
    status: number;
    headers: Headers;
    body: Buffer;
}

/**
 * Writes the HTTP response that a function returned. Without one the answer is a 204. Throws before anything is written
 * when the response cannot be sent, so that a failed answer leaves nothing of itself.
 */
export function writeHttpResponse(options: {
    response: ServerResponse;
    answer: TypedData | undefined;
    /** The request's `Accept` header, for answers with content negotiation. */
    accept?: string | undefined;
}): void {
    const { response, answer, accept } = options;
    const http = answer?.http;
    if (http === undefined || http === null) {
        response.writeHead(204).end();
        return;
    }
    const { status, headers, body } = buildAnswer(http, accept ?? "");
    const hasBody = status >= 200 && status !== 204 && status !== 304;
    for (const { name, value } of headers.values()) {
        response.setHeader(name, value);
    }
    response.writeHead(status, hasBody ? { "content-length": body.length } : {});
    response.end(hasBody && response.req.method !== "HEAD" ? body : undefined);
}

function buildAnswer(http: HttpData, accept: string): Answer {
    const status = readStatus(http.statusCode);
    const headers = readHeaders(http);
    if (http.enableContentNegotiation === true) {
        return negotiate({ http, accept, status, headers });
    }
    addCookies(headers, http.cookies ?? []);
    const body = readBody(http.body);
    // The host gives bytes no media type.
    setDefaultType(headers, body.isText ? "text/plain; charset=utf-8" : undefined);
    return { status, headers, body: body.bytes };
}

/**
 * Reads a status. A text that is no number means 200, as on Azure (`HttpBinding.TryParseStatusCode`). Throws for a number that
 * cannot be sent.
 */
function readStatus(status: string | null | undefined): number {
    const text = (status ?? "").trim();
    if (!/^[+-]?\d+$/.test(text)) {
        return 200;
    }
    const code = Number(text);
    if (code < 100 || code > 999) {
        throw new Error(`The HTTP response's status is '${status}'. It must be a number from 100 to 999.`);
    }
    return code;
}

/** The headers of a response. When two names differ in case only, the first counts; of `content-type`, the last. */
function readHeaders({ headers: given }: HttpData): Headers {
    const headers: Headers = new Map();
    for (const [name, value] of Object.entries(given ?? {})) {
        const lower = name.toLowerCase();
        if (connectionHeaders.has(lower) || (headers.has(lower) && lower !== "content-type")) {
            continue;
        }
        validateHeaderName(name);
        checkHeader({ name, value });
        headers.set(lower, { name, value });
    }
    return headers;
}

function addCookies(headers: Headers, cookies: readonly HttpCookie[]): void {
    if (cookies.length > 0) {
        const { name = "Set-Cookie", value = [] } = headers.get("set-cookie") ?? {};
        const texts = cookies.map(serializeCookie);
        for (const text of texts) {
            checkHeader({ name, value: text });
        }
        headers.set("set-cookie", { name, value: [...[value].flat(), ...texts] });
    }
}

function setDefaultType(headers: Headers, type: string | undefined): void {
    if (type !== undefined && !headers.has("content-type")) {
        headers.set("content-type", { name: "Content-Type", value: type });
    }
}

/** The host reads JSON and writes it again with line breaks, as a text. Source: RawScriptResult.cs of azure-functions-host. */
function readBody(body: TypedData | null | undefined): { bytes: Buffer; isText: boolean } {
    const bytes = body?.bytes ?? body?.stream;
    if (bytes !== undefined && bytes !== null) {
        return { bytes: Buffer.from(bytes), isText: false };
    }
    const value = bodyValue(body);
    const text = typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : scalarText(value);
    return { bytes: Buffer.from(text), isText: true };
}

function scalarText(value: unknown): string {
    if (typeof value === "boolean") {
        return value ? "True" : "False";
    }
    return value === undefined || value === null ? "" : String(value);
}

/** The value of a body that is not bytes; null when there is none. */
function bodyValue(body: TypedData | null | undefined): unknown {
    if (body === undefined || body === null || isNull(body)) {
        return null;
    }
    return body.string ?? (typeof body.json === "string" ? JSON.parse(body.json) : (body.int ?? body.double ?? null));
}

/** The answer by the request's `Accept` header: a text, or JSON. The host sends no cookies with it: ScriptObjectResult.cs. */
function negotiate(options: { http: HttpData; accept: string; status: number; headers: Headers }): Answer {
    const { http, accept, status, headers } = options;
    const bytes = http.body?.bytes ?? http.body?.stream;
    const value = bytes === undefined || bytes === null ? bodyValue(http.body) : Buffer.from(bytes).toString("base64");
    if (value === null) {
        return { status: status === 200 ? 204 : status, headers, body: Buffer.alloc(0) };
    }
    const asText = typeof value === "string" && bytes === undefined && !/\bjson\b/i.test(accept);
    setDefaultType(headers, asText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");
    return { status, headers, body: Buffer.from(asText ? value : JSON.stringify(value)) };
}

/** A `Set-Cookie` value in ASP.NET's form. Throws for what ASP.NET refuses. Source: ResponseCookies.cs of dotnet/aspnetcore. */
export function serializeCookie(cookie: HttpCookie): string {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(cookie.name)) {
        throw new Error(
            `Invalid cookie name: ${JSON.stringify(cookie.name)}. It takes letters, digits and !#$%&'*+-.^_\`|~.`,
        );
    }
    const maxAge = Math.trunc(cookie.maxAge?.value ?? 0);
    if (maxAge < 0) {
        throw new Error(
            `The maxAge of cookie '${cookie.name}' is ${maxAge}. It must not be negative; 0 removes the cookie.`,
        );
    }
    const sameSite = { lax: "lax", strict: "strict", explicitNone: "none", none: undefined }[cookie.sameSite ?? "none"];
    const seconds = cookie.expires?.value?.seconds;
    const parts = [
        `${cookie.name}=${escapeDataString(cookie.value)}`,
        seconds === undefined ? undefined : `expires=${new Date(seconds * 1000).toUTCString()}`,
        cookie.maxAge?.value === undefined ? undefined : `max-age=${maxAge}`,
        cookie.domain?.value === undefined ? undefined : `domain=${cookie.domain.value}`,
        `path=${cookie.path?.value ?? "/"}`,
        cookie.secure?.value === true ? "secure" : undefined,
        sameSite === undefined ? undefined : `samesite=${sameSite}`,
        cookie.httpOnly?.value === true ? "httponly" : undefined,
    ];
    return parts.filter((part) => part !== undefined).join("; ");
}

/** .NET's Uri.EscapeDataString, which leaves fewer characters than JavaScript does. */
function escapeDataString(text: string): string {
    const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    // Half a surrogate pair becomes U+FFFD.
    return encodeURIComponent(Buffer.from(text).toString()).replace(/[!'()*]/g, hex);
}
