import { type ServerResponse, validateHeaderName } from "node:http";
import { encodePart } from "../../../core/encodePart";
import { formatNumber } from "../bindings/dotnet";
import { type HttpCookie, type HttpData, isNull, parseWorkerJson, type TypedData } from "../rpc";
import { checkHeader } from "./headers";
import { textType } from "./textType";

/** Headers that only the server sets. Those that a function gives are dropped. */
const connectionHeaders = new Set(["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"]);

/** What the caller prefers. */
export interface Preferences {
    accept?: string | undefined;
    acceptCharset?: string | undefined;
}

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
    preferences?: Preferences;
}): void {
    const { response, answer, preferences = {} } = options;
    const http = answer?.http;
    if (http === undefined || http === null) {
        response.writeHead(204).end();
        return;
    }
    const { status, headers, body } = buildAnswer(http, preferences);
    const hasBody = status >= 200 && status !== 204 && status !== 304;
    checkLength({ http, body });
    for (const { name, value } of headers.values()) {
        response.setHeader(name, value);
    }
    response.writeHead(status, hasBody ? { "content-length": body.length } : {});
    response.end(hasBody && response.req.method !== "HEAD" ? body : undefined);
}

function buildAnswer(http: HttpData, preferences: Preferences): Answer {
    const status = readStatus(http.statusCode);
    const headers = readHeaders(http);
    if (http.enableContentNegotiation === true) {
        return negotiate({ http, accept: preferences.accept ?? "", status, headers });
    }
    addCookies(headers, http.cookies ?? []);
    const bytes = http.body?.bytes ?? http.body?.stream;
    // The host gives bytes no media type.
    const body =
        bytes === undefined || bytes === null
            ? encodeText({ text: textOf(http.body), headers, ...preferences })
            : Buffer.from(bytes);
    return { status, headers, body };
}

/** Encodes a text, and says so in its media type. */
function encodeText({ text, headers, ...options }: Preferences & { text: string; headers: Headers }): Buffer {
    const { name = "Content-Type", value } = headers.get("content-type") ?? {};
    const { type, encoding } = textType({ ...options, declared: value?.toString() });
    headers.set("content-type", { name, value: type });
    return Buffer.from(text, encoding);
}

/** Throws where a function declares another length than its body has: the host's server does not send such an answer. */
function checkLength({ http, body }: { http: HttpData; body: Buffer }): void {
    const [, declared] =
        Object.entries(http.headers ?? {}).find(([name]) => name.toLowerCase() === "content-length") ?? [];
    if (declared !== undefined && Number(declared) !== body.length) {
        throw new Error(
            `Response Content-Length mismatch: the header says '${declared}', and the body has ${body.length} bytes. Leave the header out.`,
        );
    }
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
    // After a status below 200 every client waits for another one.
    if (code < 200 || code > 999) {
        throw new Error(`The HTTP response's status is '${status}'. It must be a number from 200 to 999.`);
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

/** The host reads JSON and writes it again with line breaks, as a text. Source: RawScriptResult.cs of azure-functions-host. */
function textOf(body: TypedData | null | undefined): string {
    const value = bodyValue(body);
    return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : scalarText(value);
}

function scalarText(value: unknown): string {
    if (typeof value === "boolean") {
        return value ? "True" : "False";
    }
    if (typeof value === "number" && !Number.isInteger(value)) {
        return formatNumber(value);
    }
    return value === undefined || value === null ? "" : String(value);
}

/** The value of a body that is not bytes; null when there is none. */
function bodyValue(body: TypedData | null | undefined): unknown {
    if (body === undefined || body === null || isNull(body)) {
        return null;
    }
    return (
        body.string ?? (typeof body.json === "string" ? parseWorkerJson(body.json) : (body.int ?? body.double ?? null))
    );
}

/** The answer by the request's `Accept` header: a text, or JSON. The host sends no cookies with it: ScriptObjectResult.cs. */
function negotiate(options: { http: HttpData; accept: string; status: number; headers: Headers }): Answer {
    const { http, accept, status, headers } = options;
    const bytes = http.body?.bytes ?? http.body?.stream;
    const isBytes = bytes !== undefined && bytes !== null;
    const value = isBytes ? Buffer.from(bytes).toString("base64") : bodyValue(http.body);
    if (value === null) {
        return { status: status === 200 ? 204 : status, headers, body: Buffer.alloc(0) };
    }
    const kind = kindOf({
        declared: headers.get("content-type")?.value.toString(),
        accept,
        isText: typeof value === "string" && !isBytes,
    });
    if (kind === undefined) {
        return { status: 406, headers, body: Buffer.alloc(0) };
    }
    if (!headers.has("content-type")) {
        headers.set("content-type", { name: "Content-Type", value: kind });
    }
    return {
        status,
        headers,
        body: encodeText({ text: kind === "text/plain" ? String(value) : JSON.stringify(value), headers }),
    };
}

/** The form of a negotiated answer; undefined when the host writes none of the declared type. It writes no XML here. */
function kindOf(options: { declared: string | undefined; accept: string; isText: boolean }) {
    const { declared, accept, isText } = options;
    if (declared === undefined) {
        return isText && !/\bjson\b/i.test(accept) ? "text/plain" : "application/json";
    }
    const type = declared.split(";")[0]!.trim().toLowerCase();
    return /^(?:application\/(?:[^/]+\+)?|text\/)json$/.test(type)
        ? "application/json"
        : isText && type === "text/plain"
          ? type
          : undefined;
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
    return encodePart(text).replace(/[!'()*]/g, hex);
}
