import { messageOf } from "../core/errors";
import type { LogLevel } from "../core/log";
import { ClientRefusal } from "../core/service/clientGate";
import { noteConnection } from "../core/service/record";
import { createRegistry } from "../core/service/registry";
import type { HubOptions, ServedHub } from "../core/service/service";
import type { HubProperties } from "../core/service/types";
import { createUnlistedNotice, prepareHandler } from "../core/upstream/eventHandlers";
import type { ClientInfo } from "./admission";
import { askHandler, createConnection } from "./admit";
import { type Connection, createVisitor, type Visitor } from "./connection";
import type { HubTarget } from "./dataPlane/types";
import { messages } from "./errors";
import { createKeepAlive, type KeepAlive } from "./keepAlive";
import { createListenerNotice } from "./listeners";
import type { Outgoing } from "./message";
import { Receiver } from "./receive";
import { createSender, type Sender } from "./send";
import { createSockets, type Upgrade } from "./sockets";
import { createHubEvents, type HubEvents } from "./upstream";

const defaultKeepAliveSeconds = 20;
const recoveryWindow = 30_000;

/** A hub: its connections, and the events and messages that they send and receive. */
export class Hub implements HubTarget<Connection, Outgoing>, ServedHub {
    readonly name: string;
    readonly registry = createRegistry<Connection>();
    readonly #options: HubOptions;
    readonly #sockets = createSockets();
    readonly #keepAlive: KeepAlive;
    readonly #send: Sender;
    readonly #receiver: Receiver;
    #properties!: HubProperties;
    #events!: HubEvents;
    #closed = false;

    constructor(options: HubOptions, properties: HubProperties) {
        this.name = options.name;
        this.#options = options;
        this.#keepAlive = createKeepAlive({
            clock: options.clock,
            interval: () => (this.#properties.webSocketKeepAliveIntervalInSeconds ?? defaultKeepAliveSeconds) * 1000,
            connections: this.registry.all,
            fail: (connection, error) => this.fail(connection, error),
        });
        this.#send = createSender({
            elapsed: () => options.clock.elapsed(),
            drop: (connection, reason) => {
                this.#warn(`connection ${connection.connectionId}: ${reason} It is closed.`);
                this.#drop(connection, { code: 1008, reason });
            },
            cut: (connection, reason) => this.#cut(connection, reason),
            fail: (connection, error) => this.fail(connection, error),
        });
        this.#receiver = new Receiver({
            registry: this.registry,
            send: this.#send,
            events: () => this.#events,
            recorder: options.recorder,
            drop: (connection, close) => this.#drop(connection, close),
            warn: (connection, message) => this.#warn(`connection ${connection.connectionId}: ${message}`),
            refuse: (connection, message) => this.#refuse(`connection ${connection.connectionId}: ${message}`),
            fail: (connection, error) => this.fail(connection, error),
        });
        this.set(properties);
    }

    get properties(): HubProperties {
        return this.#properties;
    }

    set(next: HubProperties): void {
        const { name, clock, keys, createUpstream } = this.#options;
        this.#properties = next;
        this.#events = createHubEvents({
            // The service writes hub names in lower case in its events, whatever their settings say.
            hub: name.toLowerCase(),
            handlers: (next.eventHandlers ?? []).map(prepareHandler),
            listeners: createListenerNotice({
                listeners: next.eventListeners ?? [],
                warn: (message) => this.#warn(message),
            }),
            upstream: createUpstream(),
            keys,
            now: () => clock.now(),
            recorder: this.#options.recorder,
            onUnlisted: createUnlistedNotice((message) => this.#log("info", message)),
        });
    }

    /** Lets a client in if the event handler accepts it. Rejects with `ClientRefusal`. */
    async admit(upgrade: Upgrade, client: ClientInfo): Promise<void> {
        const visitor = createVisitor(client.userId);
        const admitted = await askHandler({ events: this.#events, visitor, client });
        const connection = createConnection({
            visitor,
            client: admitted,
            now: this.#options.clock.now(),
            warn: (message) => this.#warn(message),
        });
        const full = this.#options.full();
        if (this.#closed || full !== undefined || !upgrade.socket.writable) {
            // The handler accepted a client that cannot be let in any more, so it is sent `disconnected`.
            this.#inBackground(connection, this.#notifyDisconnected(connection, full ?? messages.cutOff));
            throw new ClientRefusal(full === undefined ? 503 : 429, full ?? messages.cutOff);
        }
        this.registry.add(connection);
        noteConnection(this.#options.recorder, connection, { name: "opened" });
        this.#attach(connection, upgrade);
        const { userId, connectionId, codec, recovery } = connection;
        if (codec !== undefined) {
            this.#send.control(
                connection,
                codec.connected({ userId, connectionId, reconnectionToken: recovery?.token }),
            );
        }
        connection.connected = this.#notify(connection, "connected", () => this.#events.connected(connection));
    }

    /** Gives a reliable client its connection back after it was cut off. False when that is not possible. */
    recover(upgrade: Upgrade, { connectionId, token }: { connectionId: string; token: string }): boolean {
        const connection = this.registry.get(connectionId);
        const recovery = connection?.recovery;
        if (
            connection === undefined ||
            recovery === undefined ||
            recovery.token !== token ||
            recovery.tokenExpires <= this.#options.clock.now()
        ) {
            return false;
        }
        recovery.cancel?.();
        const previous = connection.socket;
        this.#attach(connection, upgrade);
        previous?.terminate();
        for (const message of recovery.buffer.replay(this.#options.clock.elapsed())) {
            this.#send.control(connection, message);
        }
        return true;
    }

    send(members: readonly Connection[], message: Outgoing): void {
        this.#send.message(members, message);
    }

    close(connection: Connection, given: string): void {
        const reason = messages.closedByServer(given);
        const { codec, socket } = connection;
        if (codec !== undefined) {
            this.#send.control(connection, codec.disconnected(reason));
        }
        this.#end(connection, reason);
        socket?.close(1000);
    }

    /** Ends a connection in which something went wrong, whatever it is. Never throws. */
    fail(connection: Connection, error: unknown): void {
        this.#warn(`connection ${connection.connectionId} failed: ${messageOf(error)}. It is closed.`);
        this.#drop(connection, { code: 1011, reason: messages.internal });
    }

    closeAll(): void {
        this.#closed = true;
        this.#keepAlive.stop();
        for (const connection of [...this.registry.all()]) {
            connection.ended = true;
            connection.recovery?.cancel?.();
            this.registry.remove(connection);
            connection.socket?.close(1001);
        }
    }

    /** Delivers a system event whose result nobody waits for, so a failure is only logged. */
    async #notify(visitor: Visitor, name: string, deliver: () => Promise<void>): Promise<void> {
        try {
            await deliver();
        } catch (error) {
            this.#warn(`connection ${visitor.connectionId}: ${name} was not delivered: ${messageOf(error)}`);
        }
    }

    #notifyDisconnected(visitor: Visitor, reason: string): Promise<void> {
        return this.#notify(visitor, "disconnected", () => this.#events.disconnected(visitor, reason));
    }

    /**
     * Ends a connection. Events that wait are dropped unless the client said goodbye. Source: the receive loop of the vendor's own
     * emulator, ClientConnectionHandler.cs, which reads a close frame when all that came before it is done.
     */
    #end(connection: Connection, reason: string, saidGoodbye = false): void {
        if (!connection.ended) {
            connection.ended = true;
            connection.saidGoodbye = saidGoodbye;
            connection.recovery?.cancel?.();
            if (!saidGoodbye) {
                connection.queue.abandon();
            }
            this.registry.remove(connection);
            noteConnection(this.#options.recorder, connection, { name: "closed", message: reason });
            this.#inBackground(
                connection,
                Promise.all([connection.connected, connection.queue.settled()]).then(() =>
                    this.#notifyDisconnected(connection, reason),
                ),
            );
        }
    }

    /** Logs an error of work that nobody waits for. */
    #inBackground(visitor: Visitor, work: Promise<void>): void {
        work.catch((error: unknown) => this.#warn(`connection ${visitor.connectionId}: ${messageOf(error)}`));
    }

    /** Cuts a client off that does not read. A close frame would wait behind everything else, so none is sent. */
    #cut(connection: Connection, reason: string): void {
        const { socket } = connection;
        this.#warn(`connection ${connection.connectionId} does not read: ${reason} It is closed.`);
        this.#end(connection, reason);
        socket?.terminate();
    }

    #drop(connection: Connection, { code, reason }: { code: number; reason: string }): void {
        const { socket } = connection;
        this.#end(connection, reason);
        socket?.close(code, reason);
    }

    #attach(connection: Connection, upgrade: Upgrade): void {
        connection.alive = true;
        this.#sockets.complete(upgrade, {
            subprotocol: connection.protocol,
            onOpen: (socket) => {
                connection.socket = socket;
            },
            onMessage: (frame) => this.#receiver.receive(connection, frame),
            onPong: () => {
                connection.alive = true;
            },
            onBroken: (message) => {
                this.#refuse(
                    `connection ${connection.connectionId} broke the WebSocket protocol: ${message}. It is closed.`,
                );
                this.#end(connection, message);
            },
            onFailure: (error) => this.fail(connection, error),
            onClose: (socket, { how, reason }) => {
                // The close of a socket that the client has replaced by a new one changes nothing.
                if (connection.socket !== socket || connection.ended) {
                    return;
                }
                connection.socket = undefined;
                if (how !== "ended" && connection.recovery !== undefined) {
                    connection.recovery.cancel = this.#options.clock.after(recoveryWindow, () =>
                        this.#end(connection, messages.recoveryTimeout),
                    );
                } else {
                    this.#end(connection, how === "cut" ? messages.cutOff : reason, how !== "cut");
                }
            },
        });
        this.#keepAlive.start();
    }

    #warn(message: string): void {
        this.#log("warning", message);
    }

    #refuse(message: string): void {
        this.#log("warning", message, this.#options.logRefusal);
    }

    #log(level: LogLevel, message: string, log = this.#options.log): void {
        log({ level, source: this.#options.source, message: `Hub '${this.name}': ${message}` });
    }
}
