import type { IncomingMessage, ServerResponse } from "node:http";
import { createDictionary } from "../../../core/dictionary";
import { trimSlashes } from "../../../core/trimSlashes";
import type { AuthAnswer, AuthQuestion, EasyAuthSettings } from "../../easyAuth";
import type { HostLog } from "../log";
import { sendJson, sendText } from "./context";

const sessionCookie = "AppServiceAuthSession";
/** Headers that only the platform sets. */
const platformHeader = /^x-ms-(client-principal|token)(-|$)/i;

interface Exchange {
    settings: EasyAuthSettings;
    request: IncomingMessage;
    response: ServerResponse;
    url: URL;
    /** Asks the platform, which alone can read tokens. */
    ask(question: AuthQuestion): Promise<AuthAnswer>;
    log: HostLog;
}

/**
 * Asks a call for a Microsoft Entra token, as the platform does before an app gets the call. Returns whether the call goes on to the
 * app; otherwise it is answered. Headers about the caller come from the platform alone. Sources: learn,
 * app-service/configure-authentication-provider-aad, configure-authentication-user-identities and configure-authentication-file-based.
 */
export async function authenticateCaller(exchange: Exchange): Promise<boolean> {
    const { settings, request, response, url } = exchange;
    dropHeaders(request);
    const path = url.pathname.toLowerCase();
    if (path.startsWith("/.auth/")) {
        await answerPlatform(exchange, path);
        return false;
    }
    if (settings.excludedPaths.some((open) => isBelow(path, open.toLowerCase()))) {
        return true;
    }
    const token = tokenOf(request);
    if (token === undefined) {
        return settings.requireAuthentication ? refuse(exchange, settings.refusal, "it has no token") : true;
    }
    const answer = await exchange.ask({ token });
    if ("status" in answer) {
        return refuse(exchange, answer.status, answer.reason);
    }
    if ("claims" in answer) {
        addHeaders(request, answer.claims);
    }
    return !response.destroyed;
}

function isBelow(path: string, open: string): boolean {
    const plain = trimSlashes(open);
    return path === plain || path.startsWith(`${plain}/`);
}

function refuse({ request, response, url, settings, log }: Exchange, status: 401 | 403, reason: string): false {
    log("warning", `App Service authentication refuses ${request.method} ${url.pathname} with ${status}: ${reason}.`);
    const headers = { "www-authenticate": `Bearer realm="${url.host}" resource_id="${settings.clientId}"` };
    sendText({ response, status, ...(status === 401 && { headers }), text: reasons[status] });
    return false;
}

const reasons = {
    401: "You do not have permission to view this directory or page.",
    403: "You do not have permission to view this directory or page.",
} as const;

/** The token of the header, or of the session that a login began. */
function tokenOf(request: IncomingMessage): string | undefined {
    const [, bearer] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const cookies = (request.headers.cookie ?? "").split(";").map((part) => part.trim().split("="));
    return bearer ?? cookies.find(([name]) => name === sessionCookie)?.[1];
}

/** Answers what the platform serves itself: the login and its end, and what it knows of the caller. */
async function answerPlatform(exchange: Exchange, path: string): Promise<void> {
    const { request, response, url, settings, ask } = exchange;
    const back = url.searchParams.get("post_login_redirect_uri") ?? url.searchParams.get("post_logout_redirect_uri");
    const target = ownPath(back ?? "/", url);
    if (path === "/.auth/me") {
        const token = tokenOf(request);
        const answer = token === undefined ? undefined : await ask({ token });
        const known = answer !== undefined && "claims" in answer ? answer.claims : undefined;
        if (known === undefined) {
            refuse(exchange, 401, "nobody is logged in");
        } else {
            sendJson({
                response,
                status: 200,
                value: [{ provider_name: "aad", user_id: known.name, user_claims: claimsOf(known) }],
            });
        }
    } else if (path === "/.auth/logout") {
        redirect(response, target, `${sessionCookie}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`);
    } else if (path === "/.auth/login/aad" && settings.hasLogin) {
        const user = url.searchParams.get("user") ?? "";
        if (!/^[\w.@-]{1,64}$/.test(user)) {
            sendPage(response, target);
            return;
        }
        const answer = await ask({ logIn: user });
        if ("session" in answer) {
            redirect(response, target, `${sessionCookie}=${answer.session}; Path=/; HttpOnly; SameSite=Lax`);
        } else {
            refuse(exchange, 401, "status" in answer ? answer.reason : "nobody can log in");
        }
    } else {
        sendText({ response, status: 404 });
    }
}

/**
 * The path that a text names on this origin, or else `/`: another origin could be opened in the name of this one. A browser drops tabs and
 * resolves dots before it looks for the origin, so the path is what remains after that.
 */
function ownPath(text: string, { origin }: URL): string {
    if (!text.startsWith("/") || !URL.canParse(text, origin)) {
        return "/";
    }
    const target = new URL(text, origin);
    const path = `${target.pathname}${target.search}${target.hash}`;
    return target.origin === origin && !path.startsWith("//") ? path : "/";
}

function redirect(response: ServerResponse, location: string, cookie: string): void {
    response.writeHead(302, { location, "set-cookie": cookie, "content-length": 0 });
    response.end();
}

/** There is no Microsoft Entra here, so anybody can be anybody. */
function sendPage(response: ServerResponse, target: string): void {
    const shown = target.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
    const page = Buffer.from(
        `<!DOCTYPE html><title>Log in</title><form><label>User <input name="user" pattern="[\\w.@\\-]{1,64}" required autofocus></label>` +
            `<input type="hidden" name="post_login_redirect_uri" value="${shown}"><button>Log in</button></form>`,
    );
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": page.length });
    response.end(page);
}

type Claims = { oid: string; appid: string; name: string; all: Record<string, unknown> };

function claimsOf({ all }: Claims): { typ: string; val: string }[] {
    return Object.entries(all).map(([typ, val]) => ({ typ: longNames.get(typ) ?? typ, val: String(val) }));
}

/** Claims that App Service passes on under their long names. */
const longNames = new Map([
    ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"],
    ["sub", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"],
    ["name", "name"],
]);

function addHeaders(request: IncomingMessage, claims: Claims): void {
    const principal = { auth_typ: "aad", claims: claimsOf(claims), name_typ: "name", role_typ: "roles" };
    const headers: [string, string][] = [
        ["x-ms-client-principal-id", claims.oid],
        ["x-ms-client-principal-name", claims.name],
        ["x-ms-client-principal-idp", "aad"],
        ["x-ms-client-principal", Buffer.from(JSON.stringify(principal)).toString("base64")],
    ];
    request.headers = { ...request.headers, ...Object.fromEntries(headers) };
    setRaw(request, [...request.rawHeaders, ...headers.flat()]);
}

/** Takes away what a caller says in the name of the platform. */
function dropHeaders(request: IncomingMessage): void {
    const { headers, rawHeaders } = request;
    request.headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !platformHeader.test(name)));
    setRaw(
        request,
        rawHeaders.filter((_, index) => !platformHeader.test(rawHeaders[index - (index % 2)] ?? "")),
    );
}

/** Node derives the lists of values from the raw headers that it has read, so they are given anew with these. */
function setRaw(request: IncomingMessage, raw: string[]): void {
    const distinct = createDictionary<string[]>();
    for (let index = 0; index + 1 < raw.length; index += 2) {
        const name = (raw[index] ?? "").toLowerCase();
        distinct[name] ??= [];
        distinct[name].push(raw[index + 1] ?? "");
    }
    request.rawHeaders.splice(0, request.rawHeaders.length, ...raw);
    request.headersDistinct = distinct;
}
