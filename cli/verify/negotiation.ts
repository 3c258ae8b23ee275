import { createDecoder } from "fast-jwt";
import type { Mask } from "../mask";
import { services } from "../services";
import { isObject, textAt } from "../words";
import { type Answer, ask, parseJson } from "./ask";
import { type CheckContext, CheckError, type Negotiated } from "./check";
import { skipForToken } from "./exposure";

const decode = createDecoder();

export interface NegotiationOptions {
    context: CheckContext;
    /** Current time in seconds since 1970. */
    now: number;
    mask: Mask;
}

/** Negotiates with the app as a client does, and checks the answer. */
export async function negotiate({ context, now, mask }: NegotiationOptions): Promise<Negotiated> {
    const answer = await askForToken(context);
    const { status, text } = answer;
    skipForToken(context.deployed, answer, {
        place: new URL(context.deployed.negotiateUrl).pathname,
        unchecked: "People log in before they negotiate, so nothing of the client was checked.",
    });
    if (status < 200 || status > 299) {
        throw new CheckError(explainStatus({ context, status }));
    }
    const negotiated = readNegotiation(text);
    if (negotiated === undefined) {
        throw new CheckError(
            "The negotiate function answers 200, but the answer lacks a value that a client needs: `endpoint`, `path` and `token` for Socket.IO, `url` and `accessToken` for the other services. Return the negotiation binding's value as JSON.",
        );
    }
    mask.add(negotiated.token);
    mask.addFrom(negotiated.url);
    if (!URL.canParse(negotiated.url) || !/^(https?|wss?):$/.test(new URL(negotiated.url).protocol)) {
        const shown = negotiated.url.length > 200 ? "a long text" : JSON.stringify(negotiated.url);
        throw new CheckError(
            `The address that the negotiate function gives to clients is ${shown}, which is not a URL of a service. Correct the app's connection setting.`,
        );
    }
    checkToken({ negotiated, endpoint: context.deployed.endpoint, now });
    return negotiated;
}

async function askForToken(context: CheckContext): Promise<Answer> {
    const url = new URL(context.deployed.negotiateUrl);
    url.searchParams.set("userId", "azure-realtime-verify");
    const hint = " Check that the Function App exists and runs, and that this machine may reach it.";
    const answer = await ask(context, url, { hint });
    // SignalR's clients negotiate by POST, and an app may support nothing else.
    const other = answer.status === 404 || answer.status === 405;
    return other ? ask(context, url, { method: "POST", hint }) : answer;
}

function explainStatus({ context, status }: { context: CheckContext; status: number }): string {
    const where = `${new URL(context.deployed.negotiateUrl).pathname} answers ${status}`;
    if (status === 401 || status === 403) {
        return `${where}: the function does not admit clients without a key. Set its authLevel to anonymous, or remove the authentication in front of it.`;
    }
    if (status === 404 || status === 405) {
        return `${where}: the app has no function at this address. Either the code is not deployed, or it did not load (a wrong extension bundle unloads every function, and so does a package URL that the app reads without an identity), or the function has another route.`;
    }
    if (status === 503) {
        return `${where}: the host is starting, or cannot start. Look in the app's log for an unreadable setting or Key Vault reference, or for keys that the app's identity may not read from the vault: restart the app once its role is in force.`;
    }
    const role = services[context.deployed.service ?? "socketio"].role.name;
    return `${where}: the function failed. Most often the app's identity has no role "${role}" on the service (after the first deployment a role takes some minutes to take effect), or the connection's setting does not have the name that the binding expects.`;
}

/** Reads the answer of any of the three negotiation bindings; undefined for another answer. */
export function readNegotiation(text: string): Negotiated | undefined {
    const json = parseJson(text);
    if (!isObject(json)) {
        return undefined;
    }
    const { endpoint, path, token } = json;
    if (typeof endpoint === "string" && typeof path === "string" && typeof token === "string") {
        return { service: "socketio", url: endpoint, path, token };
    }
    const url = textAt(json, "url");
    if (url === undefined || !URL.canParse(url)) {
        return undefined;
    }
    const { pathname, searchParams } = new URL(url);
    const accessToken = textAt(json, "accessToken") ?? searchParams.get("access_token");
    if (accessToken === null) {
        return undefined;
    }
    return { service: pathname.startsWith("/client/hubs/") ? "webpubsub" : "signalr", url, token: accessToken };
}

function checkToken({ negotiated, endpoint, now }: { negotiated: Negotiated; endpoint: string; now: number }): void {
    const [to, from] = [new URL(negotiated.url).hostname, new URL(endpoint).hostname];
    if (to !== from) {
        throw new CheckError(
            `The app sends clients to ${to}, but the stack's service is ${from}. Correct the app's connection setting, which points to another service.`,
        );
    }
    let expires: number | undefined;
    try {
        expires = (decode(negotiated.token) as { exp?: number }).exp;
    } catch {
        throw new CheckError(
            "The negotiate function's token is not a JWT. Return the negotiation binding's value unchanged.",
        );
    }
    if (expires !== undefined && expires <= now) {
        throw new CheckError(
            "The app's token has expired. Check that no cache keeps old answers of the negotiate function.",
        );
    }
}
