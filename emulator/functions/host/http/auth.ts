import type { IncomingMessage } from "node:http";
import type { KeyMatch, Keys } from "../keys/keys";
import type { AuthLevel } from "./routes";

/** The key that a request presents. The header wins, even when it is wrong. */
export function presentedKey({ request, url }: { request: IncomingMessage; url: URL }): string | undefined {
    const header = request.headers["x-functions-key"];
    if (header !== undefined) {
        return Array.isArray(header) ? header[0] : header;
    }
    return url.searchParams.get("code") ?? undefined;
}

/** What the request's key is; undefined when it has none or it opens nothing. */
export async function authenticate(options: {
    request: IncomingMessage;
    url: URL;
    keys: Keys;
    functionName?: string;
}): Promise<KeyMatch | undefined> {
    const value = presentedKey(options);
    if (value === undefined || value === "") {
        return undefined;
    }
    return options.keys.match({
        value,
        ...(options.functionName === undefined ? {} : { functionName: options.functionName }),
    });
}

/** Whether a key of that level may call a function of this one. A system key may not. */
export function mayInvoke({ match, level }: { match: KeyMatch | undefined; level: AuthLevel }): boolean {
    return level === "anonymous" || match?.level === "admin" || (level === "function" && match?.level === "function");
}

/** The answer to a webhook call when its key does not open it; undefined when it does. */
export function refuseWebhook(options: { match: KeyMatch | undefined; keyName: string; hasPrincipal: boolean }) {
    const { match, keyName, hasPrincipal } = options;
    if (match === undefined) {
        // App Service's own sign-in authenticates the caller, but only the key authorises.
        return hasPrincipal ? 403 : 401;
    }
    const isOwnKey = match.level === "system" && match.name.toLowerCase() === keyName.toLowerCase();
    return match.level === "admin" || isOwnKey ? undefined : 403;
}
