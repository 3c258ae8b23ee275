import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../core/clock";
import { BodyTooLargeError, bearerToken, readBody, sendJson, splitUrl } from "../core/http";
import { parseJson } from "../core/json";
import type { LogLevel } from "../core/log";
import { ActionError } from "../core/probes";
import { isSameSecret } from "../core/secrets";
import { openServer, type ServerSettings } from "../core/server";
import { sendExport } from "./export";
import type { Pages } from "./pages";
import type { InspectState } from "./state";
import type { EventStore } from "./store";
import { streamEvents } from "./stream";

export interface InspectServerOptions {
    clock: Clock;
    /** Defaults to a free port, which is also the fallback when the port is taken. */
    port?: number;
    /** Defaults to a random one. */
    token?: string;
    settings?: ServerSettings;
    store: EventStore;
    pages: Pages;
    state(): InspectState;
    /** Does what a body of `/api/act` asks for. Throws `ActionError`. */
    act(action: unknown): Promise<unknown>;
    /** Value of a secret setting; undefined when there is none. */
    secret(place: { resource: string; setting: string }): string | undefined;
    log(level: LogLevel, message: string): void;
}

/** The inspector's server. */
export interface InspectServer {
    /** Address of the page, with its token. */
    url: string;
    token: string;
    port: number;
    close(): Promise<void>;
}

const longestAction = 1024 * 1024;

/** Serves the inspector on loopback. Only callers with the token get data, and no page of another origin gets anything. */
export async function openInspectServer(options: InspectServerOptions): Promise<InspectServer> {
    const token = options.token ?? randomBytes(24).toString("base64url");
    const streams = new Set<() => void>();
    const server = await openServer({
        ...(options.port !== undefined && { port: options.port }),
        ...(options.settings && { settings: options.settings }),
        log: options.log,
        request: serve,
    });

    async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const { path, search } = splitUrl(request.url ?? "/");
        const query = new URLSearchParams(search);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        if (isForeign(request)) {
            refuse(response, { status: 403, message: "Only the inspector's own page may call this server." });
            return;
        }
        if (path.startsWith("/api/")) {
            if (!isSameSecret(bearerToken(request) ?? "", token)) {
                refuse(response, {
                    status: 401,
                    message: "The call needs 'Authorization: Bearer' with the token of the page's address.",
                });
                return;
            }
            await serveApi({ request, response, path, query });
            return;
        }
        if (path === "/" && !isSameSecret(query.get("token") ?? "", token)) {
            refuse(response, {
                status: 403,
                message: "Open the inspector with the address that the start printed: it holds a token.",
            });
            return;
        }
        options.pages.serve({ request, response, path });
    }

    async function serveApi(call: {
        request: IncomingMessage;
        response: ServerResponse;
        path: string;
        query: URLSearchParams;
    }): Promise<void> {
        const { request, response, path, query } = call;
        switch (`${request.method} ${path}`) {
            case "GET /api/state":
                sendJson(response, { status: 200, body: options.state() });
                return;
            case "GET /api/events": {
                const { clock, store, state } = options;
                const close = streamEvents({
                    clock,
                    store,
                    state,
                    response,
                    after: Number(query.get("after") ?? 0) || 0,
                });
                streams.add(close);
                response.once("close", () => streams.delete(close));
                return;
            }
            case "GET /api/export":
                await sendExport(response, options.store.after(0).events);
                return;
            case "GET /api/secret": {
                const value = options.secret({
                    resource: query.get("resource") ?? "",
                    setting: query.get("setting") ?? "",
                });
                const answer =
                    value === undefined
                        ? { status: 404, body: { error: "There is no such secret." } }
                        : { status: 200, body: { value } };
                sendJson(response, answer);
                return;
            }
            case "POST /api/act":
                sendJson(response, await act(request));
                return;
            default:
                sendJson(response, {
                    status: 404,
                    body: { error: `There is nothing at '${request.method} ${path}'.` },
                });
        }
    }

    async function act(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
        try {
            const result = await options.act(parseAction(await readBody(request, longestAction)));
            return { status: 200, body: { ok: true, ...(result === undefined ? {} : { result }) } };
        } catch (error) {
            if (error instanceof ActionError || error instanceof BodyTooLargeError) {
                return { status: 400, body: { error: error.message } };
            }
            throw error;
        }
    }

    return {
        url: `http://127.0.0.1:${server.port}/?token=${token}`,
        token,
        port: server.port,
        async close() {
            for (const close of streams) {
                close();
            }
            await server.close();
        },
    };
}

function parseAction(body: Buffer): unknown {
    try {
        return parseJson(body.toString("utf8"));
    } catch {
        throw new ActionError("The body is not valid JSON.");
    }
}

/** Whether a page of another origin makes the call. A call without any origin is none of a page, or a navigation. */
function isForeign({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers;
    const site = headers["sec-fetch-site"];
    const isOtherSite = site !== undefined && site !== "same-origin" && site !== "none";
    const isNavigation = headers["sec-fetch-mode"] === "navigate";
    return (
        (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) ||
        (isOtherSite && !isNavigation)
    );
}

function refuse(response: ServerResponse, { status, message }: { status: number; message: string }): void {
    response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
    response.end(`${message}\n`);
}
