import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Server as EngineServer, type Socket as EngineSocket } from "engine.io";
import type { Clock } from "../core/clock";
import type { Log } from "../core/log";
import { createRegistry } from "../core/service/registry";
import type { AccessKeys, HubProperties } from "../core/service/types";
import { createUnlistedNotice } from "../core/unlistedEvents";
import { prepareHandler } from "../core/upstream/eventHandlers";
import type { Upstream } from "../core/upstream/upstream";
import type { HubTarget } from "../webpubsub/dataPlane/hubs";
import { type ClientInfo, type Connection, createConnection } from "./connection";
import type { Outgoing } from "./protocol";
import { receive } from "./receive";
import { createSockets } from "./sockets";
import { createHubEvents, type HubEvents } from "./upstream";

export interface HubOptions {
    name: string;
    source: string;
    clock: Clock;
    log: Log;
    keys(): AccessKeys;
    /** A fresh way to the handlers, with nothing remembered of earlier settings. */
    createUpstream(): Upstream;
    /** Whether one connection more is too many. */
    isFull(): boolean;
}

export interface Hub extends HubTarget<Connection, Outgoing> {
    readonly name: string;
    readonly properties: HubProperties;
    set(properties: HubProperties): void;
    /** A request of a client that is already let in, or was just now. */
    handleRequest(options: {
        request: IncomingMessage;
        response: ServerResponse;
        client: ClientInfo | undefined;
    }): void;
    handleUpgrade(options: {
        request: IncomingMessage;
        socket: Duplex;
        head: Buffer;
        client: ClientInfo | undefined;
    }): void;
    /** Closes the connection that an Engine.IO session is, if there is one. */
    closeSession(sessionId: string, reason: string): void;
    close(member: Connection, reason: string): void;
    closeAll(): void;
}

/** Largest Engine.IO payload, in bytes; Engine.IO's own default. The cloud's value is not published. */
export const maxPayload = 1_000_000;

/** A connection that joins no namespace within this time is closed, as by a Socket.IO server. */
const connectTimeout = 45_000;
const defaultKeepAliveSeconds = 20;

export function createHub(options: HubOptions, initial: HubProperties): Hub {
    const registry = createRegistry<Connection>();
    const sessions = new Map<string, Connection>();
    const clients = new WeakMap<IncomingMessage, ClientInfo>();
    let properties = initial;
    let events: HubEvents;

    const engine = new EngineServer({ maxHttpBufferSize: maxPayload, perMessageDeflate: false, pingTimeout: 20_000 });
    const sockets = createSockets({
        hub: options.name,
        source: options.source,
        log: options.log,
        registry,
        events: () => events,
    });

    function log(level: "info" | "warning", message: string): void {
        options.log({ level, source: options.source, message: `Hub '${options.name}': ${message}` });
    }

    function set(next: HubProperties): void {
        properties = next;
        // Read by Engine.IO when a connection opens; those that are open keep theirs.
        engine.opts.pingInterval = (next.webSocketKeepAliveIntervalInSeconds ?? defaultKeepAliveSeconds) * 1000;
        events = createHubEvents({
            hub: options.name,
            handlers: (next.eventHandlers ?? []).map(prepareHandler),
            upstream: options.createUpstream(),
            keys: options.keys,
            now: () => options.clock.now(),
            onUnlisted: createUnlistedNotice((message) => log("info", message)),
        });
    }

    function onConnection(transport: EngineSocket): void {
        const client = clients.get(transport.request);
        if (client === undefined || options.isFull()) {
            transport.close(true);
            return;
        }
        const sessionId = Reflect.get(transport, "id") as string;
        // Engine.IO keeps the first request for as long as the connection lives; all that is needed of it is in `client`.
        Reflect.set(transport, "request", null);
        const connection = createConnection(transport, client);
        const warn = (message: string): void => log("warning", `connection ${connection.connectionId} ${message}`);
        const receiver = { connection, sockets, warn };
        registry.add(connection);
        sessions.set(sessionId, connection);
        connection.cancelConnectTimeout = options.clock.after(connectTimeout, () => {
            warn(`joined no namespace within ${connectTimeout / 1000} s. It is closed.`);
            transport.close();
        });
        transport.on("data", (data: unknown) => receive(receiver, data));
        transport.once("close", (reason: string, description: unknown) => {
            connection.cancelConnectTimeout?.();
            sessions.delete(sessionId);
            if (description instanceof Error && /max payload size/i.test(description.message)) {
                warn(`sent more than ${maxPayload} bytes at once. It was closed.`);
            }
            end(connection, connection.closeReason ?? closeReasons[reason] ?? reason);
        });
    }

    function end(connection: Connection, reason: string): void {
        for (const socket of [...connection.sockets.values()]) {
            sockets.close({ connection, socket, reason });
        }
        registry.remove(connection);
    }

    function close(connection: Connection, reason: string): void {
        connection.closeReason = reason;
        connection.transport.close();
    }

    engine.on("connection", onConnection);
    engine.on("connection_error", ({ message, context }: { message: string; context?: { name?: string } }) => {
        log(
            "info",
            `a client's request was refused by Engine.IO: ${message}${context?.name === undefined ? "" : ` (${context.name})`}.`,
        );
    });
    set(initial);

    return {
        name: options.name,
        get properties() {
            return properties;
        },
        registry,
        set,
        send: sockets.send,
        close,
        handleRequest({ request, response, client }) {
            if (client !== undefined) {
                clients.set(request, client);
            }
            engine.handleRequest(request, response);
        },
        handleUpgrade({ request, socket, head, client }) {
            if (client !== undefined) {
                clients.set(request, client);
            }
            engine.handleUpgrade(request, socket, head);
        },
        closeSession(sessionId, reason) {
            const connection = sessions.get(sessionId);
            if (connection !== undefined) {
                close(connection, reason);
            }
        },
        closeAll() {
            // A hub that is gone has no handlers, so nobody is told.
            set({});
            engine.close();
        },
    };
}

/** A client that leaves has no reason to give; everything else has. */
const closeReasons: Record<string, string> = { "transport close": "", "forced close": "" };
