import type { Clock } from "./clock";

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
    /** Without it, a server may take as long as `init.signal` and Node's fetch let it. */
    patience?: Patience;
}

/** The answer has to begin in this time, and each MiB of it has to come in the same time again: a slow line may take long, but no server for ever. */
export interface Patience {
    clock: Clock;
    milliseconds: number;
}

const rewarded = 1024 * 1024;

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
    patience,
}: FetchOnceOptions): Promise<ReadAnswer> {
    const { host, pathname } = new URL(url);
    const place = `${host}${pathname}`;
    const wait = patience && startWaiting(patience, place);
    try {
        const timed = wait ? { ...init, signal: wait.signal } : init;
        return await readOnce({ fetch, url, place, init: timed, limit, followsRedirects, onBytes: wait?.onBytes });
    } finally {
        wait?.end();
    }
}

async function readOnce(
    options: FetchOnceOptions & { place: string; limit: number; onBytes: ((count: number) => void) | undefined },
): Promise<ReadAnswer> {
    const { fetch, url, place, init, limit, followsRedirects, onBytes } = options;
    const response = await fetch(url, { ...init, redirect: followsRedirects ? "follow" : "manual" });
    onBytes?.(rewarded);
    const location = response.headers.get("location");
    if (!followsRedirects && response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        const target = URL.canParse(location, url) ? new URL(location, url).origin : "an address that is not valid";
        throw new Error(
            `${place} answers ${response.status} and sends the caller to ${target}. The redirect is not followed, because its target would get the credential`,
        );
    }
    const bytes = await readBytes({ response, limit, place, ...(onBytes && { onBytes }) });
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
export async function readBytes(options: {
    response: Response;
    limit: number;
    place: string;
    onBytes?: (count: number) => void;
}): Promise<Buffer> {
    const { response, limit, place, onBytes } = options;
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
        onBytes?.(part.value.length);
    }
    return Buffer.concat(parts);
}

function startWaiting({ clock, milliseconds }: Patience, place: string) {
    const controller = new AbortController();
    const giveUp = () => {
        const seconds = milliseconds / 1000;
        const rule = `it has to begin its answer in ${seconds} s, and to send each MiB of it in ${seconds} s`;
        controller.abort(new Error(`${place} is too slow: ${rule}`));
    };
    let cancel = clock.after(milliseconds, giveUp);
    let count = 0;
    return {
        signal: controller.signal,
        onBytes(more: number): void {
            count += more;
            if (count >= rewarded) {
                count %= rewarded;
                cancel();
                cancel = clock.after(milliseconds, giveUp);
            }
        },
        end: () => cancel(),
    };
}
