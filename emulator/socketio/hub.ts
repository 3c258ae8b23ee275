import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Server as EngineServer, type Socket as EngineSocket } from "engine.io";
import { WebSocketServer } from "ws";
import { messageOf } from "../core/errors";
import { guarded } from "../core/guard";
import { createUnreadAnswers, queueFull } from "../core/service/outbound";
import { noteConnection } from "../core/service/record";
import { createRegistry } from "../core/service/registry";
import type { HubOptions, ServedHub } from "../core/service/service";
import type { HubProperties } from "../core/service/types";
import { createUnlistedNotice, prepareHandler } from "../core/upstream/eventHandlers";
import type { HubTarget } from "../webpubsub/dataPlane/types";
import { type ClientInfo, type Connection, createConnection } from "./connection";
import type { Outgoing } from "./protocol";
import { receive } from "./receive";
import { createSender, type EngineInternals } from "./send";
import { createSockets, type Sockets } from "./sockets";
import { createHubEvents, type HubEvents } from "./upstream";

interface Arrival {
    request: IncomingMessage;
    /** Undefined for a request of a connection that is open already. */
    client: ClientInfo | undefined;
}

/** Largest Engine.IO payload in bytes: Engine.IO's own default, since the cloud's value is not published. */
export const maxPayload = 1_000_000;

/** A connection that joins no namespace within this time is closed. A Socket.IO server has the same limit. */
const connectTimeout = 45_000;
const defaultKeepAliveSeconds = 20;

/** A hub: its connections, and the events and messages that they send and receive. */
export class Hub implements HubTarget<Connection, Outgoing>, ServedHub {
    readonly name: string;
    readonly registry = createRegistry<Connection>();
    readonly #options: HubOptions;
    readonly #sessions = new Map<string, Connection>();
    readonly #clients = new WeakMap<IncomingMessage, ClientInfo>();
    readonly #engine = new EngineServer({
        maxHttpBufferSize: maxPayload,
        perMessageDeflate: false,
        pingTimeout: 20_000,
        // This version of the library also limits the pongs that wait for a client which does not read.
        wsEngine: WebSocketServer,
    });
    readonly #sockets: Sockets;
    #properties!: HubProperties;
    #events!: HubEvents;

    constructor(options: HubOptions, properties: HubProperties) {
        this.name = options.name;
        this.#options = options;
        this.#sockets = createSockets({
            hub: options.name,
            source: options.source,
            log: options.log,
            recorder: options.recorder,
            registry: this.registry,
            events: () => this.#events,
            sender: createSender((connection) => this.#drop(connection)),
            fail: (connection, error) => this.fail(connection, error),
        });
        this.#engine.on("connection", (transport: EngineSocket) => {
            const refuse = (error: unknown): void => {
                this.#log("warning", `a connection failed while it opened: ${messageOf(error)}. It is closed.`);
                transport.close(true);
            };
            guarded(refuse, () => this.#onConnection(transport))();
        });
        this.#engine.on(
            "connection_error",
            ({ message, context }: { message: string; context?: { name?: string } }) => {
                const detail = context?.name === undefined ? "" : ` (${context.name})`;
                const refusal = `Hub '${this.name}': a client's request was refused by Engine.IO: ${message}${detail}.`;
                this.#options.logRefusal({ level: "info", source: this.#options.source, message: refusal });
            },
        );
        this.set(properties);
    }

    get properties(): HubProperties {
        return this.#properties;
    }

    set(next: HubProperties): void {
        const { name, clock, keys, createUpstream } = this.#options;
        this.#properties = next;
        // Engine.IO reads the interval when a connection opens, so open connections keep the one they have.
        this.#engine.opts.pingInterval = (next.webSocketKeepAliveIntervalInSeconds ?? defaultKeepAliveSeconds) * 1000;
        this.#events = createHubEvents({
            // The service writes hub names in lower case in its events, whatever their settings say.
            hub: name.toLowerCase(),
            handlers: (next.eventHandlers ?? []).map(prepareHandler),
            upstream: createUpstream(),
            keys,
            now: () => clock.now(),
            recorder: this.#options.recorder,
            onUnlisted: createUnlistedNotice((message) => this.#log("info", message)),
        });
    }

    /** Serves a polling request. `client` is set for the first request of a client that was just let in. */
    handleRequest({
        request,
        response,
        client,
        sessionId,
    }: Arrival & { response: ServerResponse; sessionId: string }): void {
        if (client !== undefined) {
            this.#clients.set(request, client);
        }
        const connection = this.#sessions.get(sessionId);
        if (connection !== undefined && request.method === "GET") {
            connection.unreadAnswers ??= createUnreadAnswers();
            connection.unreadAnswers.add(response);
        }
        this.#engine.handleRequest(request, response);
    }

    handleUpgrade({ request, socket, head, client }: Arrival & { socket: Duplex; head: Buffer }): void {
        if (client !== undefined) {
            this.#clients.set(request, client);
        }
        this.#engine.handleUpgrade(request, socket, head);
    }

    send(members: readonly Connection[], message: Outgoing): void {
        this.#sockets.send(members, message);
    }

    close(connection: Connection, reason: string): void {
        connection.closeReason = reason;
        connection.transport.close();
    }

    /** Closes the connection of an Engine.IO session, if there is one. */
    closeSession(sessionId: string, reason: string): void {
        const connection = this.#sessions.get(sessionId);
        if (connection !== undefined) {
            this.close(connection, reason);
        }
    }

    closeAll(): void {
        // The hub is gone, so its clients' ends are not sent to its handlers.
        this.set({});
        this.#engine.close();
    }

    /** Ends a connection in which something went wrong, whatever it is. Never throws. */
    fail(connection: Connection, error: unknown): void {
        if (!connection.isDropped) {
            connection.isDropped = true;
            this.#warn(connection, `failed: ${messageOf(error)}. It is closed.`);
            connection.closeReason ??= "server error";
        }
        connection.transport.close(true);
    }

    /** Cuts a client off that does not read. A close packet would wait behind everything else, so none is sent. */
    #drop(connection: Connection): void {
        if (connection.isDropped) {
            return;
        }
        connection.isDropped = true;
        connection.closeReason = queueFull;
        this.#warn(connection, `does not read: ${queueFull} It is closed.`);
        const inner = connection.transport as unknown as EngineInternals;
        inner.writeBuffer = [];
        if (inner.transport.socket === undefined) {
            connection.transport.close(true);
        } else {
            inner.transport.socket.terminate();
        }
        connection.unreadAnswers?.cut();
    }

    #warn(connection: Connection, message: string, log = this.#options.log): void {
        this.#log("warning", `connection ${connection.connectionId} ${message}`, log);
    }

    #onConnection(transport: EngineSocket): void {
        const client = this.#clients.get(transport.request);
        if (client === undefined || this.#options.full() !== undefined) {
            transport.close(true);
            return;
        }
        const sessionId = Reflect.get(transport, "id") as string;
        // Engine.IO would keep the first request as long as the connection. Everything needed of it is in `client`.
        Reflect.set(transport, "request", null);
        const connection = createConnection(transport, client, this.#options.clock.now());
        const fail = (error: unknown): void => this.fail(connection, error);
        // A client may cause these with every message or connection, so not each one gets a line.
        const warn = (message: string): void => this.#warn(connection, message, this.#options.logRefusal);
        const receiver = { connection, sockets: this.#sockets, warn };
        this.registry.add(connection);
        noteConnection(this.#options.recorder, connection, { name: "opened" });
        this.#sessions.set(sessionId, connection);
        connection.cancelConnectTimeout = this.#options.clock.after(
            connectTimeout,
            guarded(fail, () => {
                warn(`joined no namespace within ${connectTimeout / 1000} s. It is closed.`);
                transport.close();
            }),
        );
        transport.on(
            "data",
            guarded(fail, (data: unknown) => receive(receiver, data)),
        );
        transport.once(
            "close",
            guarded(fail, (reason: string, description: unknown) => {
                connection.cancelConnectTimeout?.();
                this.#sessions.delete(sessionId);
                if (description instanceof Error && /max payload size/i.test(description.message)) {
                    warn(`sent more than ${maxPayload} bytes at once. It was closed.`);
                }
                this.#end(connection, connection.closeReason ?? closeReasons.get(reason) ?? reason);
            }),
        );
    }

    #end(connection: Connection, reason: string): void {
        for (const socket of [...connection.sockets.values()]) {
            this.#sockets.close({ connection, socket, reason });
        }
        this.registry.remove(connection);
        noteConnection(this.#options.recorder, connection, { name: "closed", message: reason });
    }

    #log(level: "info" | "warning", message: string, log = this.#options.log): void {
        log({ level, source: this.#options.source, message: `Hub '${this.name}': ${message}` });
    }
}

/** A client that leaves gives no reason. For every other cause, Engine.IO's word for it is the reason. */
const closeReasons: ReadonlyMap<string, string> = new Map([
    ["transport close", ""],
    ["forced close", ""],
]);
