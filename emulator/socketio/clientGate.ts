import type { IncomingMessage } from "node:http";
import { TokenError, type VerifyingKey, verifyToken } from "../core/tokens";
import type { ClientInfo } from "./connection";
import { messages } from "./errors";

/** A client's request that is not let through to Engine.IO. */
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

const clientPath = /^\/clients\/socketio\/hubs\/([^/]+)\/?$/;

/** Takes a client's URL apart; undefined when it is not one. */
export function parseClientUrl(url: string): ClientPath | undefined {
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const hub = clientPath.exec(path)?.[1];
    if (hub === undefined) {
        return undefined;
    }
    try {
        return { hub: decodeURIComponent(hub), path, query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)) };
    } catch {
        return undefined;
    }
}

export interface AdmitOptions {
    request: IncomingMessage;
    client: ClientPath;
    anonymous: boolean;
    keys: readonly VerifyingKey[];
    hosts: readonly string[];
    now: number;
}

/** Checks a client's token, once for the whole life of its connection. Throws `ClientRefusal`. */
export async function admitClient(options: AdmitOptions): Promise<ClientInfo> {
    const { request, client } = options;
    const token =
        client.query.get("access_token") ?? /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined || token === "") {
        if (options.anonymous) {
            return { userId: undefined, connectBody: connectBody({ request, query: client.query, claims: {} }) };
        }
        throw new ClientRefusal(401, messages.noToken);
    }
    try {
        const claims = await verifyToken({
            token,
            keys: options.keys,
            audience: { hosts: options.hosts, path: client.path },
            now: options.now,
        });
        return { userId: claims.sub, connectBody: connectBody({ request, query: client.query, claims }) };
    } catch (error) {
        throw error instanceof TokenError ? new ClientRefusal(401, error.message) : error;
    }
}

/** What the handler learns about a client: the token's claims, and query and headers without the token itself. */
function connectBody({
    request,
    query,
    claims,
}: {
    request: IncomingMessage;
    query: URLSearchParams;
    claims: object;
}): string {
    const lists = { claims: emptyLists(), query: emptyLists(), headers: emptyLists() };
    for (const [name, value] of Object.entries(claims)) {
        lists.claims[name] = (Array.isArray(value) ? value : [value]).map((item) =>
            typeof item === "object" ? JSON.stringify(item) : String(item),
        );
    }
    for (const [name, value] of query) {
        if (name !== "access_token") {
            add(lists.query, name, value);
        }
    }
    for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
        const name = request.rawHeaders[index] as string;
        if (!/^(authorization|x-asrs-internal-.*)$/i.test(name)) {
            add(lists.headers, name, request.rawHeaders[index + 1] as string);
        }
    }
    return JSON.stringify({ ...lists, subprotocols: [], clientCertificates: [] });
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
