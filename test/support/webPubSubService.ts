import { WebSocket } from "ws";
import { type Clock, systemClock } from "../../emulator/core/clock";
import type { LogEntry } from "../../emulator/core/log";
import { signingKey, signToken } from "../../emulator/core/service/tokens";
import type { HubProperties, RealtimeService, RealtimeServiceOptions } from "../../emulator/core/service/types";
import type { CoreServices } from "../../emulator/core/services";
import { type Identity, openIdentity } from "../../emulator/identity";
import type { SecretReferences } from "../../emulator/vault";
import { openWebPubSubService } from "../../emulator/webpubsub";
import { type EventHandlerServer, type HandlerRequest, startEventHandler } from "./eventHandlerServer";
import { until } from "./until";

export const webPubSubId =
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/test/providers/Microsoft.SignalRService/webPubSub/chat";

export const json = "json.webpubsub.azure.v1";
export const reliable = "json.reliable.webpubsub.azure.v1";

export interface ClientOptions {
    hub?: string;
    userId?: string;
    roles?: string[];
    groups?: string[];
    claims?: Record<string, unknown>;
    key?: string;
    /** Null sends no token. */
    token?: string | null;
    protocols?: string[];
    query?: Record<string, string>;
    headers?: Record<string, string>;
}

/** A client that sends exactly the frames that a test gives it. */
export interface TestClient {
    socket: WebSocket;
    /** Received frames that `next` has not returned yet. JSON frames are parsed. */
    received: unknown[];
    /** Resolves with the next frame. */
    next(): Promise<Record<string, unknown>>;
    send(message: unknown): void;
    closed: Promise<{ code: number; reason: string }>;
    /** The connection id that the service sent to a JSON client. */
    connectionId: string;
    reconnectionToken: string;
}

export interface RestCallOptions {
    body?: string | Buffer;
    contentType?: string;
    headers?: Record<string, string>;
    /** Defaults to a token for exactly this URL. Null sends no token. */
    token?: string | null;
}

export interface WebPubSubTest {
    service: RealtimeService;
    identity: Identity;
    handler: EventHandlerServer;
    log: LogEntry[];
    warnings(): string;
    token(options?: ClientOptions): string;
    url(options?: ClientOptions): Promise<string>;
    /** Connects a client. A JSON client has already received its `connected` message. */
    client(options?: ClientOptions): Promise<TestClient>;
    /** The status with which the service refuses a client. */
    refused(options?: ClientOptions): Promise<number>;
    rest(
        method: string,
        path: string,
        options?: RestCallOptions,
    ): Promise<{ status: number; text: string; headers: Headers }>;
    /** Resolves with the event of that name when the handler has received it. */
    event(name: string, index?: number): Promise<HandlerRequest>;
    sign(audience: string): string;
    close(): Promise<void>;
}

export interface WebPubSubTestOptions extends Partial<RealtimeServiceOptions> {
    clock?: Clock;
    references?: SecretReferences;
    /** Recorder and probes of an inspector. */
    inspection?: Pick<CoreServices, "recorder" | "probes">;
    hub?: HubProperties;
}

/** Starts a service with hub `chat`, which sends all events to one handler. */
export async function startWebPubSub(options: WebPubSubTestOptions = {}): Promise<WebPubSubTest> {
    const { clock = systemClock, references = { resolve: ({ text }) => text }, hub, inspection, ...settings } = options;
    const log: LogEntry[] = [];
    const identity = await openIdentity({ clock });
    const handler = await startEventHandler();
    const core = { clock, identity, references, log: (entry: LogEntry) => void log.push(entry), ...inspection };
    const service = await openWebPubSubService({ id: webPubSubId, name: "chat", ...settings }, core);
    service.setHub("chat", {
        eventHandlers: [
            {
                urlTemplate: `${handler.url}/events/{hub}/{event}`,
                systemEvents: ["connect", "connected", "disconnected"],
                userEventPattern: "*",
            },
        ],
        ...hub,
    });
    const clients: WebSocket[] = [];

    const sign = (audience: string, claims: Record<string, unknown> = {}, key = service.keys.primaryKey) =>
        signToken({
            key: signingKey(key),
            claims: { ...claims, aud: audience },
            now: clock.now(),
            lifetimeSeconds: 3600,
        });

    function connect(url: string, { protocols = [], headers }: ClientOptions): WebSocket {
        const socket = new WebSocket(url, protocols, { headers });
        clients.push(socket);
        return socket;
    }

    const test: WebPubSubTest = {
        service,
        identity,
        handler,
        log,
        warnings: () => log.flatMap(({ level, message }) => (level === "info" ? [] : [message])).join("\n"),
        token: ({ hub: name = "chat", userId, roles, groups, claims, key } = {}) =>
            sign(
                `${service.endpoint}/client/hubs/${name}`,
                {
                    ...claims,
                    ...(userId === undefined ? {} : { sub: userId }),
                    ...(roles === undefined ? {} : { role: roles }),
                    ...(groups === undefined ? {} : { "webpubsub.group": groups }),
                },
                key,
            ),
        async url(client = {}) {
            const token = client.token === undefined ? await test.token(client) : client.token;
            const query = new URLSearchParams({ ...client.query, ...(token === null ? {} : { access_token: token }) });
            return `${service.endpoint.replace("http", "ws")}/client/hubs/${client.hub ?? "chat"}?${query}`;
        },
        async client(client = {}) {
            const socket = connect(await test.url(client), client);
            const watched = watch(socket);
            await new Promise<void>((resolve, reject) => {
                socket.once("open", resolve);
                socket.once("error", reject);
            });
            if (
                socket.protocol === json ||
                (socket.protocol === reliable && client.query?.awps_connection_id === undefined)
            ) {
                const connected = await watched.next();
                watched.connectionId = String(connected.connectionId);
                watched.reconnectionToken = String(connected.reconnectionToken);
            }
            return watched;
        },
        async refused(client = {}) {
            const socket = connect(await test.url(client), client);
            return new Promise((resolve, reject) => {
                socket.once("unexpected-response", (_request, response) => {
                    response.resume();
                    resolve(response.statusCode ?? 0);
                });
                socket.once("open", () => reject(new Error("The client was let in.")));
                socket.on("error", () => undefined);
            });
        },
        async rest(method, path, { body, contentType, headers, token } = {}) {
            const url = `${service.endpoint}${path}`;
            const bearer = token === null ? undefined : (token ?? (await sign(url)));
            const response = await fetch(url, {
                method,
                headers: {
                    ...headers,
                    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
                    ...(contentType === undefined ? {} : { "content-type": contentType }),
                },
                body: body === undefined ? undefined : Buffer.from(body as string),
            });
            return { status: response.status, text: await response.text(), headers: response.headers };
        },
        async event(name, index = 0) {
            const found = () => handler.events().filter(({ headers }) => headers["ce-eventname"] === name)[index];
            await until(() => found() !== undefined, `event ${name}`);
            return found() as HandlerRequest;
        },
        sign,
        async close() {
            for (const socket of clients) {
                socket.terminate();
            }
            await service.close();
            await handler.close();
            await identity.close();
        },
    };
    return test;
}

function watch(socket: WebSocket): TestClient {
    const received: unknown[] = [];
    socket.on("message", (data, binary) => void received.push(binary ? data : parse(String(data))));
    socket.on("error", () => undefined);
    return {
        socket,
        received,
        async next() {
            await until(() => received.length > 0, "a frame");
            return received.shift() as Record<string, unknown>;
        },
        send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
        closed: new Promise((resolve) =>
            socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() })),
        ),
        connectionId: "",
        reconnectionToken: "",
    };
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
