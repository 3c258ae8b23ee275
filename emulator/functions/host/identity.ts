import { isValid, type Validity } from "../../core/clock";
import { fetchOnce } from "../../core/fetchOnce";
import type { Settings } from "./settings";

export type TokenSource = (request: { resource: string; clientId?: string }) => Promise<string>;

/** Tokens are renewed so many milliseconds before they expire. */
const margin = 5 * 60_000;

/** Gets tokens of the app's managed identity from the platform's endpoint, and caches them. */
export function createTokenSource(options: {
    settings: Settings;
    fetch: typeof fetch;
    now: () => number;
}): TokenSource {
    const cache = new Map<string, Validity & { token: string }>();
    return async ({ resource, clientId }) => {
        const key = `${resource} ${clientId ?? ""}`;
        const known = cache.get(key);
        const from = options.now();
        if (known !== undefined && isValid(known, from)) {
            return known.token;
        }
        const { token, expiresOn } = await requestToken({ ...options, resource, ...(clientId ? { clientId } : {}) });
        cache.set(key, { token, from, until: expiresOn - margin });
        return token;
    };
}

async function requestToken(options: {
    settings: Settings;
    fetch: typeof fetch;
    resource: string;
    clientId?: string;
}): Promise<{ token: string; expiresOn: number }> {
    const endpoint = options.settings.get("IDENTITY_ENDPOINT");
    const header = options.settings.get("IDENTITY_HEADER");
    if (!endpoint || !header) {
        throw new Error(
            `No token for ${options.resource}: the app has no managed identity. Assign one, or use an access key.`,
        );
    }
    const url = new URL(endpoint);
    url.searchParams.set("api-version", "2019-08-01");
    url.searchParams.set("resource", options.resource);
    if (options.clientId !== undefined) {
        url.searchParams.set("client_id", options.clientId);
    }
    const init = { headers: { "x-identity-header": header } };
    const { ok, status, text } = await fetchOnce({ fetch: options.fetch, url, init });
    if (!ok) {
        const named = options.clientId === undefined ? "" : ` for the identity with client id ${options.clientId}`;
        throw new Error(`No token for ${options.resource}${named}: the identity endpoint answered ${status}: ${text}`);
    }
    const answer = JSON.parse(text) as { access_token: string; expires_on: string | number };
    return { token: answer.access_token, expiresOn: Number(answer.expires_on) * 1000 };
}
