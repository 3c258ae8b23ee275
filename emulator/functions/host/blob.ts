import { fetchOnce, type ReadAnswer } from "../../core/fetchOnce";
import { storageMessage } from "../../core/storageMessage";
import { sharedKeyAuthorization } from "../../storage/sharedKey";

const apiVersion = "2023-11-03";

interface BlobAddress {
    container: string;
    name: string;
}

/** The calls that the host makes to blob storage. */
export interface BlobClient {
    endpoint: string;
    createContainer(name: string): Promise<void>;
    /** Undefined when there is no such blob. */
    read(address: BlobAddress): Promise<string | undefined>;
    write(address: BlobAddress & { text: string }): Promise<void>;
}

/** Authorizes requests: a token of the app's identity, or the account's key. */
export type BlobCredential = { token: () => Promise<string> } | { account: string; key: string };

export function createBlobClient(options: {
    /** Such as `https://account.blob.core.windows.net`. */
    endpoint: string;
    credential: BlobCredential;
    fetch: typeof fetch;
    now: () => number;
}): BlobClient {
    const { credential } = options;
    const endpoint = options.endpoint.replace(/\/$/, "");

    async function call(request: { method: string; path: string; body?: string; headers?: Record<string, string> }) {
        const url = new URL(`${endpoint}/${request.path}`);
        const headers: Record<string, string> = {
            "x-ms-version": apiVersion,
            "x-ms-date": new Date(options.now()).toUTCString(),
            ...request.headers,
        };
        const body = request.body === undefined ? undefined : Buffer.from(request.body);
        if (body !== undefined) {
            headers["content-type"] = "application/json";
        }
        headers.authorization =
            "token" in credential
                ? `Bearer ${await credential.token()}`
                : sharedKeyAuthorization({
                      ...credential,
                      method: request.method,
                      url: `${url.pathname}${url.search}`,
                      headers: { ...headers, "content-length": String(body?.length ?? 0) },
                  });
        const init = { method: request.method, headers, ...(body === undefined ? {} : { body }) };
        return fetchOnce({ fetch: options.fetch, url, init });
    }

    function fail(what: string, { status, text }: ReadAnswer): never {
        const message = storageMessage(text) ?? text;
        throw new Error(`Blob storage ${endpoint} refused to ${what} with ${status}: ${message.trim()}`);
    }

    return {
        endpoint,
        async createContainer(name) {
            const response = await call({ method: "PUT", path: `${name}?restype=container` });
            if (!response.ok && response.status !== 409) {
                fail(`create container '${name}'`, response);
            }
        },
        async read({ container, name }) {
            const response = await call({ method: "GET", path: `${container}/${name}` });
            if (response.status === 404) {
                return undefined;
            }
            return response.ok ? response.text : fail(`read '${container}/${name}'`, response);
        },
        async write({ container, name, text }) {
            const response = await call({
                method: "PUT",
                path: `${container}/${name}`,
                body: text,
                headers: { "x-ms-blob-type": "BlockBlob" },
            });
            if (!response.ok) {
                fail(`write '${container}/${name}'`, response);
            }
        },
    };
}
