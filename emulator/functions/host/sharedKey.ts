import { createHmac } from "node:crypto";

/** The `Authorization` header of a storage request that is signed with the account's key. */
export function signSharedKey(options: {
    account: string;
    /** Base64. */
    key: string;
    method: string;
    url: URL;
    headers: Record<string, string>;
    /** Bytes of the body. */
    length: number;
}): string {
    const { account, method, url, headers, length } = options;
    const canonicalHeaders = Object.entries(headers)
        .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
        .filter(([name]) => name.startsWith("x-ms-"))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}:${value}\n`)
        .join("");
    const query = [...url.searchParams]
        .map(([name, value]) => `\n${name.toLowerCase()}:${value}`)
        .sort()
        .join("");
    const text = [
        method,
        "", // Content-Encoding
        "", // Content-Language
        length === 0 ? "" : String(length),
        "", // Content-MD5
        headers["content-type"] ?? "",
        "", // Date: x-ms-date is sent
        "", // If-Modified-Since
        "", // If-Match
        "", // If-None-Match
        "", // If-Unmodified-Since
        "", // Range
        `${canonicalHeaders}/${account}${url.pathname}${query}`,
    ].join("\n");
    const signature = createHmac("sha256", Buffer.from(options.key, "base64")).update(text).digest("base64");
    return `SharedKey ${account}:${signature}`;
}
