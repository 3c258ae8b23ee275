import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export function hmac(text: string, key: string): string {
    return createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
}

/** Headers whose values are signed by position. Source: "Authorize with Shared Key" in the Storage REST reference. */
const signedHeaders = [
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
] as const;

export interface SignedRequest {
    method: string;
    /** Path and query as sent, percent-encoded. */
    url: string;
    headers: IncomingHttpHeaders;
    account: string;
    key: string;
}

/** Value of an `Authorization` header that signs the request with the account key. */
export function sharedKeyAuthorization(request: SignedRequest): string {
    const text = [
        request.method.toUpperCase(),
        ...signedHeaders.map((name) => positionalValue(request.headers, name)),
        ...canonicalHeaders(request.headers),
        canonicalResource(request),
    ].join("\n");
    return `SharedKey ${request.account}:${hmac(text, request.key)}`;
}

function positionalValue(headers: IncomingHttpHeaders, name: (typeof signedHeaders)[number]): string {
    const value = headerText(headers[name]);
    return name === "content-length" && value === "0" ? "" : value;
}

function canonicalHeaders(headers: IncomingHttpHeaders): string[] {
    return Object.keys(headers)
        .filter((name) => name.startsWith("x-ms-"))
        .sort((a, b) => a.localeCompare(b))
        .map((name) => `${name}:${headerText(headers[name]).trimStart()}`);
}

function canonicalResource({ url, account }: SignedRequest): string {
    const queryAt = url.indexOf("?");
    const path = queryAt === -1 ? url : url.slice(0, queryAt);
    const parameters = new Map<string, string>();
    for (const pair of queryAt === -1 ? [] : url.slice(queryAt + 1).split("&")) {
        const [name = "", value, ...rest] = pair.split("=");
        // Azurite skips a pair without exactly one equals sign, and the signatures must agree.
        if (name !== "" && value !== undefined && rest.length === 0) {
            parameters.set(name.toLowerCase(), decodeURIComponent(value.replaceAll("+", "%20")));
        }
    }
    const lines = [...parameters.keys()].sort().map((name) => `\n${name}:${parameters.get(name)}`);
    return `/${account}${path}${lines.join("")}`;
}

function headerText(value: string | string[] | undefined): string {
    return Array.isArray(value) ? value.join(",") : (value ?? "");
}
