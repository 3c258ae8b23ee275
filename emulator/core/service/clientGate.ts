import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { bearerToken, splitUrl } from "../http";
import { type Claims, TokenError, type VerifyingKey, verifyToken } from "./tokens";

/** A client that is not let in, and the HTTP status that tells it so. */
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

/** Takes a client's URL apart; undefined when it is not one. The pattern's first group is the hub. */
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

/** A query parameter whatever the case of its name. */
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

/** Checks a client's token, once for the whole life of its connection; the claims of an anonymous one are empty. Throws `ClientRefusal`. */
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
    /** Names and values in turn, as Node.js has them. */
    rawHeaders: readonly string[];
    query: URLSearchParams;
    claims: Claims;
    subprotocols: readonly string[];
}

/** Body of a connect event: the token's claims, and query and headers without the token itself. */
export function connectBody({ rawHeaders, query, claims, subprotocols }: ConnectBodyOptions): string {
    const lists = { claims: emptyLists(), query: emptyLists(), headers: emptyLists() };
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

/** The values of a claim, which a token may write as one value or as a list. */
export function claimTexts(claim: unknown): string[] {
    if (claim === undefined) {
        return [];
    }
    return (Array.isArray(claim) ? claim : [claim]).map((item) =>
        typeof item === "object" ? JSON.stringify(item) : String(item),
    );
}

/** Answers an upgrade request that is not granted, and ends its socket. */
export function refuseUpgrade(socket: Duplex, { status, message }: ClientRefusal): void {
    if (socket.writable) {
        const body = Buffer.from(message, "utf8");
        const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head, "latin1"), body]));
    } else {
        socket.destroy();
    }
}

/** No prototype: names come from a client, and `__proto__` is one it may choose. */
function emptyLists(): Record<string, string[]> {
    return Object.create(null) as Record<string, string[]>;
}

function add(lists: Record<string, string[]>, name: string, value: string): void {
    const list = lists[name];
    if (list === undefined) {
        lists[name] = [value];
    } else {
        list.push(value);
    }
}
