import type { ServerResponse } from "node:http";
import { fromTypedData, type HttpCookie, isNull, type TypedData } from "../rpc";

/** Headers that only the server sets. Those that a function gives are dropped. */
const connectionHeaders = new Set(["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"]);

/** Writes the HTTP response that a function returned. Without one the answer is a 204. */
export function writeHttpResponse({
    response,
    answer,
}: {
    response: ServerResponse;
    answer: TypedData | undefined;
}): void {
    const http = answer?.http;
    if (http === undefined || http === null) {
        response.writeHead(204).end();
        return;
    }
    response.statusCode = readStatus(http.statusCode);
    for (const [name, value] of Object.entries(http.headers ?? {})) {
        if (!connectionHeaders.has(name.toLowerCase())) {
            response.setHeader(name, value);
        }
    }
    const cookies = (http.cookies ?? []).map(serializeCookie);
    if (cookies.length > 0) {
        response.setHeader("set-cookie", cookies);
    }
    const body = bodyOf(http.body);
    if (body === undefined) {
        response.end();
        return;
    }
    if (!response.hasHeader("content-type")) {
        response.setHeader("content-type", body.type);
    }
    response.setHeader("content-length", body.bytes.length);
    response.end(body.bytes);
}

function readStatus(status: string | null | undefined): number {
    if (status === undefined || status === null || status === "") {
        return 200;
    }
    const code = Number(status);
    if (!Number.isInteger(code) || code < 100 || code > 999) {
        throw new Error(`The HTTP response's status is '${status}'. It must be a number from 100 to 999.`);
    }
    return code;
}

function bodyOf(body: TypedData | null | undefined): { bytes: Buffer; type: string } | undefined {
    if (body === undefined || body === null || isNull(body)) {
        return undefined;
    }
    const bytes = body.bytes ?? body.stream;
    if (bytes !== undefined && bytes !== null) {
        return bytes.length === 0 ? undefined : { bytes: Buffer.from(bytes), type: "application/octet-stream" };
    }
    if (typeof body.string === "string") {
        return { bytes: Buffer.from(body.string), type: "text/plain; charset=utf-8" };
    }
    if (typeof body.json === "string") {
        return { bytes: Buffer.from(body.json), type: "application/json; charset=utf-8" };
    }
    return { bytes: Buffer.from(String(fromTypedData(body))), type: "text/plain; charset=utf-8" };
}

/** A `Set-Cookie` value in ASP.NET's form. */
export function serializeCookie(cookie: HttpCookie): string {
    const sameSite = { lax: "lax", strict: "strict", explicitNone: "none", none: undefined }[cookie.sameSite ?? "none"];
    const seconds = cookie.expires?.value?.seconds;
    const parts = [
        `${encodeURIComponent(cookie.name)}=${encodeURIComponent(cookie.value)}`,
        seconds === undefined ? undefined : `expires=${new Date(seconds * 1000).toUTCString()}`,
        cookie.maxAge?.value === undefined ? undefined : `max-age=${Math.trunc(cookie.maxAge.value)}`,
        cookie.domain?.value === undefined ? undefined : `domain=${cookie.domain.value}`,
        `path=${cookie.path?.value ?? "/"}`,
        cookie.secure?.value === true ? "secure" : undefined,
        sameSite === undefined ? undefined : `samesite=${sameSite}`,
        cookie.httpOnly?.value === true ? "httponly" : undefined,
    ];
    return parts.filter((part) => part !== undefined).join("; ");
}
