/** Fetches a package. The error has the server's status and message, and never the URL's query. */
export async function fetchPackage(options: {
    url: string;
    fetch: typeof fetch;
    /** Bearer token, if the URL has no signature. */
    token?: string;
}): Promise<Uint8Array | undefined> {
    const { url, token } = options;
    const headers: Record<string, string> =
        token === undefined ? {} : { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03" };
    const response = await send({ ...options, what: "fetch the package from", init: { headers } });
    if (response.status === 404) {
        return undefined;
    }
    await check({ response, what: `The package ${nameOf(url)} could not be fetched` });
    return new Uint8Array(await response.arrayBuffer());
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
    const response = await send({ ...options, what: "store the package in", init });
    await check({
        response,
        what: `The package could not be stored as ${nameOf(options.url)} with the app's identity`,
    });
}

async function send(options: { url: string; fetch: typeof fetch; what: string; init: RequestInit }): Promise<Response> {
    try {
        return await options.fetch(options.url, options.init);
    } catch (error) {
        throw new Error(`Cannot ${options.what} ${nameOf(options.url)}`, { cause: error });
    }
}

async function check({ response, what }: { response: Response; what: string }): Promise<void> {
    if (!response.ok) {
        const text = await response.text();
        const message = /<Message>([\s\S]*?)<\/Message>/.exec(text)?.[1] ?? text;
        throw new Error(`${what}: ${response.status} ${message.trim()}`.trim());
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
