import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { createDictionary, type Dictionary } from "../dictionary";
import { bearerToken, splitUrl } from "../http";
import { userIdFault } from "../upstream/cloudEvents";
import { type Claims, TokenError, type VerifyingKey, verifyToken } from "./tokens";

/** The service refuses a client with this HTTP status. */
export class ClientRefusal extends Error {
    override readonly name = "ClientRefusal";

    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

export interface ClientPath {
    hub: string;
    path: string;
    query: URLSearchParams;
}

/** Parses a client's URL; undefined when the path does not fit the pattern, whose first group is the hub. */
export function parseClientUrl(url: string, pattern: RegExp): ClientPath | undefined {
    const { path, search } = splitUrl(url);
    const hub = pattern.exec(path)?.[1];
    if (hub === undefined) {
        return undefined;
    }
    try {
        return { hub: decodeURIComponent(hub), path, query: new URLSearchParams(search) };
    } catch {
        return undefined;
    }
}

/** Reads a query parameter, ignoring the case of its name. */
export function queryValue(query: URLSearchParams, name: string): string | undefined {
    for (const [key, value] of query) {
        if (key.toLowerCase() === name) {
            return value;
        }
    }
    return undefined;
}

export interface AdmitOptions {
    request: IncomingMessage;
    client: ClientPath;
    anonymous: boolean;
    keys: readonly VerifyingKey[];
    hosts: readonly string[];
    now: number;
}

/** The user of a client's token. Throws `ClientRefusal` for one that no event can name. */
export function userOf({ sub }: Claims): string | undefined {
    const fault = userIdFault(sub);
    if (fault !== undefined) {
        throw new ClientRefusal(400, `The token cannot be used: ${fault}.`);
    }
    return sub;
}

/** Checks a client's token; a connection is not checked again later. An anonymous client has no claims. Throws `ClientRefusal`. */
export function admitClient(options: AdmitOptions): Claims {
    const { request, client } = options;
    const token = queryValue(client.query, "access_token") ?? bearerToken(request);
    if (token === undefined || token === "") {
        if (options.anonymous) {
            return {};
        }
        throw new ClientRefusal(401, "The client has no access_token, and the hub does not let anonymous clients in.");
    }
    try {
        return verifyToken({
            token,
            keys: options.keys,
            audience: { hosts: options.hosts, path: client.path },
            now: options.now,
        });
    } catch (error) {
        throw error instanceof TokenError ? new ClientRefusal(401, error.message) : error;
    }
}

export interface ConnectBodyOptions {
    /** Names and values alternate, as in Node's `rawHeaders`. */
    rawHeaders: readonly string[];
    query: URLSearchParams;
    claims: Claims;
    subprotocols: readonly string[];
}

/** Body of a connect event: claims, query, headers and certificates. The token itself is left out. */
export function connectBody({ rawHeaders, query, claims, subprotocols }: ConnectBodyOptions): string {
    const lists = {
        claims: createDictionary<string[]>(),
        query: createDictionary<string[]>(),
        headers: createDictionary<string[]>(),
    };
    for (const [name, value] of Object.entries(claims)) {
        lists.claims[name] = claimTexts(value);
    }
    for (const [name, value] of query) {
        if (name.toLowerCase() !== "access_token") {
            add(lists.query, name, value);
        }
    }
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
        const name = rawHeaders[index] as string;
        if (!/^(authorization|x-asrs-internal-.*)$/i.test(name)) {
            add(lists.headers, name, rawHeaders[index + 1] as string);
        }
    }
    return JSON.stringify({ ...lists, subprotocols, clientCertificates: [] });
}

/** The values of a claim. A token holds a single value or a list. */
export function claimTexts(claim: unknown): string[] {
    if (claim === undefined) {
        return [];
    }
    return (Array.isArray(claim) ? claim : [claim]).map((item) =>
        typeof item === "object" ? JSON.stringify(item) : String(item),
    );
}

/** Refuses a request, or ends its connection when an answer has begun. Never throws. */
export function refuseRequest(response: ServerResponse, { status, message }: ClientRefusal): void {
    if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
    }
    // An unread body would be parsed as the next request on the connection.
    const close = response.req.complete ? {} : { Connection: "close" };
    response.writeHead(status, { ...close, "Content-Type": "text/plain; charset=utf-8" });
    response.end(message);
}

/** Refuses an upgrade request and ends its socket. */
export function refuseUpgrade(socket: Duplex, { status, message }: ClientRefusal): void {
    if (socket.writable) {
        const body = Buffer.from(message, "utf8");
        const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head, "latin1"), body]));
    } else {
        socket.destroy();
    }
}

function add(lists: Dictionary<string[]>, name: string, value: string): void {
    const list = lists[name];
    if (list === undefined) {
        lists[name] = [value];
    } else {
        list.push(value);
    }
}
