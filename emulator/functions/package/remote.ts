import type { Clock } from "../../core/clock";
import { fetchOnce, type Patience, type ReadAnswer } from "../../core/fetchOnce";
import { storageMessage } from "../../core/storageMessage";

/** Most bytes of a package, packed or unpacked. */
export const largestPackage = 2 ** 30;

/**
 * Azure's host waits so long for an answer, HttpClient's default, and then for its body without end. Here the body has a limit too.
 * Source: `HttpClientDownload` of PackageDownloadHandler.cs in azure-functions-host, which reads with `ResponseHeadersRead`.
 */
const longestWait = 100_000;

/** Fetches a package. The error has the server's status and message, and never the URL's query. */
export async function fetchPackage(options: {
    url: string;
    fetch: typeof fetch;
    clock: Clock;
    /** Bearer token, if the URL has no signature. */
    token?: string;
}): Promise<Uint8Array | undefined> {
    const { url, token, clock } = options;
    const headers: Record<string, string> =
        token === undefined ? {} : { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03" };
    const patience = { clock, milliseconds: longestWait };
    const answer = await send({ ...options, what: "fetch the package from", init: { headers }, patience });
    if (answer.status === 404) {
        return undefined;
    }
    check({ answer, what: `The package ${nameOf(url)} could not be fetched` });
    return answer.bytes;
}

/** Writes a package as a block blob. */
export async function storePackage(options: {
    url: string;
    fetch: typeof fetch;
    token: string;
    bytes: Uint8Array;
}): Promise<void> {
    const init = {
        method: "PUT",
        headers: {
            authorization: `Bearer ${options.token}`,
            "x-ms-version": "2023-11-03",
            "x-ms-blob-type": "BlockBlob",
            "content-type": "application/zip",
        },
        body: Buffer.from(options.bytes),
    };
    const answer = await send({ ...options, what: "store the package in", init });
    check({
        answer,
        what: `The package could not be stored as ${nameOf(options.url)} with the app's identity`,
    });
}

async function send(options: {
    url: string;
    fetch: typeof fetch;
    token?: string;
    what: string;
    init: RequestInit;
    patience?: Patience;
}): Promise<ReadAnswer> {
    try {
        // A URL without a token may lead elsewhere, as the downloads of releases do.
        return await fetchOnce({ ...options, limit: largestPackage, followsRedirects: options.token === undefined });
    } catch (error) {
        throw new Error(`Cannot ${options.what} ${nameOf(options.url)}`, { cause: error });
    }
}

function check({ answer, what }: { answer: ReadAnswer; what: string }): void {
    if (!answer.ok) {
        const message = storageMessage(answer.text) ?? answer.text.slice(0, 1000);
        throw new Error(`${what}: ${answer.status} ${message.trim()}`.trim());
    }
}

/** A URL without its query, which can hold a signature. */
export function nameOf(url: string): string {
    if (!URL.canParse(url)) {
        return "(not a URL)";
    }
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname}`;
}
