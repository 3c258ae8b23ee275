import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { type Clock, systemClock } from "../../emulator/core/clock";
import type { LogEntry } from "../../emulator/core/log";
import { signingKey, signToken } from "../../emulator/core/service/tokens";
import type { CoreServices } from "../../emulator/core/services";
import { type Identity, openIdentity } from "../../emulator/identity";
import {
    type HubProperties,
    openSocketIOService,
    type RealtimeService,
    type RealtimeServiceOptions,
} from "../../emulator/socketio";
import type { SecretReferences } from "../../emulator/vault";
import { type EventHandlerServer, startEventHandler } from "./eventHandlerServer";

export const serviceId =
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/test/providers/Microsoft.SignalRService/webPubSub/chat";

export interface TestService {
    service: RealtimeService;
    identity: Identity;
    handler: EventHandlerServer;
    log: LogEntry[];
    /** Log messages of every level except info. */
    warnings(): string[];
    /** Makes a token as an app with the access key does. */
    token(options?: { hub?: string; userId?: string; key?: string; claims?: Record<string, unknown> }): string;
    /** A client of the default hub. Closing the service closes the client. */
    client(
        options?: Partial<ManagerOptions & SocketOptions> & {
            namespace?: string;
            userId?: string;
            token?: string | null;
        },
    ): Promise<Socket>;
    /** Makes a data-plane call that is signed with the access key. */
    rest(method: string, path: string, options?: RestOptions): Promise<RestResult>;
    /** The bearer token for a data-plane call to this path. */
    bearer(path: string): string;
    /** Sends a packet to the hub, or to `groups/{g}/`, `users/{u}/` or `connections/{c}/`. */
    send(target: { to?: string; filter?: string }, packet: string): Promise<RestResult>;
    /** Adds a socket of the root namespace to a room, or removes it. */
    changeRoom(
        operation: "addToGroups" | "removeFromGroups",
        member: { socketId: string | undefined; room: string },
    ): Promise<RestResult>;
    connectionIdOf(socket: Socket): string;
    /** Resolves when these clients have received everything that was sent before. */
    settle(...sockets: Socket[]): Promise<void>;
    close(): Promise<void>;
}

export interface RestOptions {
    body?: string;
    contentType?: string;
    /** Defaults to a token for exactly this URL. Null sends no token. */
    token?: string | null;
}

export interface RestResult {
    status: number;
    headers: Headers;
    text: string;
}

export interface TestServiceOptions extends Partial<RealtimeServiceOptions> {
    clock?: Clock;
    references?: SecretReferences;
    /** Recorder and probes of an inspector. */
    inspection?: Pick<CoreServices, "recorder" | "probes">;
    hub?: HubProperties;
}

const everyEvent = ["connect", "connected", "disconnected"];

/** Starts a service with hub `hub`, which sends all events to one handler. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
    const { clock = systemClock, references = { resolve: ({ text }) => text }, hub, inspection, ...settings } = options;
    const log: LogEntry[] = [];
    const identity = await openIdentity({ clock });
    const handler = await startEventHandler();
    const core = { clock, identity, references, log: (entry: LogEntry) => void log.push(entry), ...inspection };
    const service = await openSocketIOService({ id: serviceId, name: "chat", ...settings }, core);
    service.setHub("hub", {
        eventHandlers: [
            {
                urlTemplate: `${handler.url}/runtime/webhooks/socketio`,
                systemEvents: everyEvent,
                userEventPattern: "*",
            },
        ],
        ...hub,
    });
    const sockets: Socket[] = [];

    const sign = (audience: string, claims: Record<string, unknown> = {}, key = service.keys.primaryKey): string =>
        signToken({
            key: signingKey(key),
            claims: { ...claims, aud: audience },
            now: clock.now(),
            lifetimeSeconds: 3600,
        });

    const test: TestService = {
        service,
        identity,
        handler,
        log,
        warnings: () => log.filter(({ level }) => level !== "info").map(({ message }) => message),
        token: ({ hub: name = "hub", userId, key, claims } = {}) =>
            sign(
                `${service.endpoint}/clients/socketio/hubs/${name}`,
                { ...claims, ...(userId === undefined ? {} : { sub: userId }) },
                key,
            ),
        async client({ namespace = "/", userId, token, query, ...rest } = {}) {
            const accessToken = token === null ? undefined : (token ?? (await test.token({ userId })));
            const socket = io(`${service.endpoint}${namespace}`, {
                path: "/clients/socketio/hubs/hub",
                query: { ...query, ...(accessToken === undefined ? {} : { access_token: accessToken }) },
                reconnection: false,
                forceNew: true,
                ...rest,
            });
            sockets.push(socket);
            return socket;
        },
        async rest(method, path, { body, contentType, token } = {}) {
            const url = `${service.endpoint}${path}`;
            const bearer = token === null ? undefined : (token ?? (await sign(url)));
            const headers: Record<string, string> = {};
            if (bearer !== undefined) {
                headers.Authorization = `Bearer ${bearer}`;
            }
            if (contentType !== undefined) {
                headers["Content-Type"] = contentType;
            }
            const response = await fetch(url, {
                method,
                headers,
                body: body === undefined ? undefined : Buffer.from(body, "utf8"),
            });
            return { status: response.status, headers: response.headers, text: await response.text() };
        },
        bearer: (path) => sign(`${service.endpoint}${path}`),
        send({ to = "", filter }, packet) {
            const query = filter === undefined ? "" : `&filter=${encodeURIComponent(filter)}`;
            return test.rest("POST", `/api/hubs/hub/${to}:send?api-version=2024-12-01${query}`, {
                body: packet,
                contentType: "text/plain",
            });
        },
        changeRoom(operation, { socketId, room }) {
            const body = JSON.stringify({ groups: [group("/", room)], filter: `'${group("/", socketId)}' in groups` });
            return test.rest("POST", `/api/hubs/hub/:${operation}`, { body, contentType: "application/json" });
        },
        connectionIdOf(socket) {
            const event = handler.events().find(({ headers }) => headers["ce-socketid"] === socket.id);
            return String(event?.headers["ce-connectionid"]);
        },
        async settle(...clients) {
            const arrived = clients.map((socket) => next(socket, "settled"));
            await test.send({}, '42["settled"]');
            await Promise.all(arrived);
        },
        async close() {
            for (const socket of sockets) {
                socket.disconnect();
            }
            await service.close();
            await handler.close();
            await identity.close();
        },
    };
    return test;
}

/** Resolves with the arguments of the next event. Rejects when the socket is refused or closed first. */
export function next(socket: Socket, event: string): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
        socket.once(event, (...values: unknown[]) => resolve(values));
        if (event !== "connect_error" && event !== "disconnect") {
            socket.once("connect_error", reject);
            socket.once("disconnect", (reason) => reject(new Error(`disconnected: ${reason}`)));
        }
    });
}

export async function connected(socket: Socket): Promise<Socket> {
    if (!socket.connected) {
        await next(socket, "connect");
    }
    return socket;
}

/** The group of a namespace, or of a room in it. */
export function group(namespace: string, room = ""): string {
    const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64url");
    return `0~${encode(namespace)}~${encode(room)}`;
}
