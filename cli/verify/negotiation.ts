import { createDecoder } from "fast-jwt";
import { type ServiceName, services } from "../services";
import { isObject, messageOf, textAt } from "../words";
import { type CheckContext, CheckError } from "./check";

const decode = createDecoder();

/** What a client needs to connect. */
export interface Negotiated {
    service: ServiceName;
    /** Address to connect to; with the token in it, for Web PubSub. */
    url: string;
    /** Engine.IO path, for Socket.IO. */
    path?: string;
    token: string;
}

export interface NegotiationOptions {
    context: CheckContext;
    /** Now, in seconds since 1970. */
    now: number;
}

/** Asks the app for a token as a client would, and looks at what it answers. */
export async function negotiate({ context, now }: NegotiationOptions): Promise<Negotiated> {
    const response = await ask(context);
    const body = await response.text();
    if (!response.ok) {
        throw new CheckError(explainStatus({ context, status: response.status }));
    }
    const negotiated = readNegotiation(body);
    if (negotiated === undefined) {
        throw new CheckError(
            "The negotiate function answers 200, but not with what a client needs: `endpoint`, `path` and `token` for Socket.IO, `url` and `accessToken` for the others. Return the negotiation binding's value as JSON.",
        );
    }
    checkToken({ negotiated, endpoint: context.deployed.endpoint, now });
    return negotiated;
}

async function ask({ deployed, fetch, milliseconds }: CheckContext): Promise<Response> {
    const url = new URL(deployed.negotiateUrl);
    url.searchParams.set("userId", "azure-realtime-verify");
    try {
        const signal = () => AbortSignal.timeout(milliseconds);
        const response = await fetch(url, { signal: signal() });
        // SignalR's clients negotiate by POST, and an app may know no other way.
        const other = response.status === 404 || response.status === 405;
        return other ? await fetch(url, { method: "POST", signal: signal() }) : response;
    } catch (error) {
        throw new CheckError(
            `${url.host} does not answer: ${messageOf(error)}. Is the Function App there and started, and may this machine reach it?`,
        );
    }
}

function explainStatus({ context, status }: { context: CheckContext; status: number }): string {
    const where = `${new URL(context.deployed.negotiateUrl).pathname} answers ${status}`;
    if (status === 401 || status === 403) {
        return `${where}: it is not open to clients without a key. Give the negotiate function authLevel anonymous, or take away what stands before it.`;
    }
    if (status === 404 || status === 405) {
        return `${where}: no function is there. Either the code is not deployed, or did not load (a wrong extension bundle unloads every function), or it has another route.`;
    }
    if (status === 503) {
        return `${where}: the host is starting, or cannot start. Look into the app's log for a setting or a key vault reference it cannot read.`;
    }
    const role = services[context.deployed.service ?? "socketio"].role.name;
    return `${where}: the function failed. Most often the app's identity has no role "${role}" on the service (after the first deployment it takes some minutes to act), or the connection's setting has another name than the binding looks for.`;
}

/** Understands the three shapes in which the bindings answer. */
export function readNegotiation(text: string): Negotiated | undefined {
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch {
        return undefined;
    }
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
            `The app sends clients to ${to}, but the stack's service is ${from}. The app's connection setting points to another service.`,
        );
    }
    let expires: number | undefined;
    try {
        expires = (decode(negotiated.token) as { exp?: number }).exp;
    } catch {
        throw new CheckError("What the negotiate function gives as a token is not one (no JWT).");
    }
    if (expires !== undefined && expires <= now) {
        throw new CheckError("The token that the app gives has expired. Does something keep old answers in a cache?");
    }
}
