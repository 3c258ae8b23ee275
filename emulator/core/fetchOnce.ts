/** Longest answer of a service, a vault or an identity endpoint. */
export const longestAnswer = 16 * 1024 * 1024;

/** An answer that was read to its end. */
export interface ReadAnswer {
    status: number;
    ok: boolean;
    headers: Headers;
    bytes: Buffer;
    text: string;
}

export interface FetchOnceOptions {
    fetch: typeof fetch;
    url: string | URL;
    init?: RequestInit;
    /** Most bytes of the answer. Defaults to 16 MiB. */
    limit?: number;
    /** Follows a redirect, which is right only for a request without a key or token. Defaults to false. */
    followsRedirects?: boolean;
}

/**
 * Sends one request that may carry a key or a token, and reads the whole answer. Throws an error for a redirect, because its target
 * would get the key, and for an answer beyond the limit. The errors name the host and path, never the query.
 */
export async function fetchOnce({
    fetch,
    url,
    init,
    limit = longestAnswer,
    followsRedirects = false,
}: FetchOnceOptions): Promise<ReadAnswer> {
    const { host, pathname } = new URL(url);
    const response = await fetch(url, { ...init, redirect: followsRedirects ? "follow" : "manual" });
    const location = response.headers.get("location");
    if (!followsRedirects && response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        const target = URL.canParse(location, url) ? new URL(location, url).origin : "an address that is not valid";
        throw new Error(
            `${host}${pathname} answers ${response.status} and sends the caller to ${target}. The redirect is not followed, because its target would get the credential`,
        );
    }
    const bytes = await readBytes({ response, limit, place: `${host}${pathname}` });
    const { status, ok, headers } = response;
    return {
        status,
        ok,
        headers,
        bytes,
        get text() {
            return bytes.toString("utf8");
        },
    };
}

/** Reads the body of an answer. Throws an error that names the place for one beyond the limit. */
export async function readBytes(options: { response: Response; limit: number; place: string }): Promise<Buffer> {
    const { response, limit, place } = options;
    const parts: Uint8Array[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
        length += part.value.length;
        if (length > limit) {
            await reader?.cancel();
            throw new Error(`${place} answers with more than ${limit} bytes`);
        }
        parts.push(part.value);
    }
    return Buffer.concat(parts);
}
