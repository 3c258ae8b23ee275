import type { IncomingMessage } from "node:http";
import type { KeyMatch, Keys } from "../keys/keys";
import { parseQuery } from "./query";
import type { AuthLevel } from "./routes";

/** The key of a request. The header takes precedence over the query, even when its key is wrong. */
export function presentedKey({ request, url }: { request: IncomingMessage; url: URL }): string | undefined {
    const header = request.headers["x-functions-key"];
    if (header !== undefined) {
        return Array.isArray(header) ? header[0] : header;
    }
    return [...parseQuery({ request, url })].find(([name]) => name.toLowerCase() === "code")?.[1][0];
}

/** Identifies the request's key; undefined when it has none or an unknown one. */
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

/** Whether a key may call a function of this level. No key has level `user`. */
export function mayInvoke({ match, level }: { match: KeyMatch | undefined; level: AuthLevel }): boolean {
    return level === "anonymous" || match?.level === "admin" || match?.level === level;
}

/** Status that refuses a webhook call; undefined when the call's key is right. */
export function refuseWebhook(options: { match: KeyMatch | undefined; keyName: string; hasPrincipal: boolean }) {
    const { match, keyName, hasPrincipal } = options;
    if (match === undefined) {
        // App Service's sign-in authenticates the caller, but only the key authorizes the call.
        return hasPrincipal ? 403 : 401;
    }
    const isOwnKey = match.level === "system" && match.name.toLowerCase() === keyName.toLowerCase();
    return match.level === "admin" || isOwnKey ? undefined : 403;
}
