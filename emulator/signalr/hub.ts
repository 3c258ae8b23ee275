import { messageOf } from "../core/errors";
import { queueFull } from "../core/service/outbound";
import { noteConnection } from "../core/service/record";
import { createRegistry } from "../core/service/registry";
import type { HubOptions, ServedHub } from "../core/service/service";
import { UpstreamError } from "../core/upstream/errors";
import { type ClientInfo, type Connection, createConnection, type Transport } from "./connection";
import { messages } from "./errors";
import { createHeartbeat, type Heartbeat } from "./heartbeat";
import { createPacket, createPackets, type Packet } from "./packet";
import { handshakeResponse, readHandshake } from "./protocol/handshake";
import { ProtocolError } from "./protocol/types";
import { createReceiver, type Receiver } from "./receive";
import { prepareTemplate } from "./templates";
import type { Message, SignalRServiceOptions } from "./types";
import { type ClientEvents, createClientEvents } from "./upstream";
import { createUserGroups, type UserGroups } from "./userGroups";

export interface SignalRHubOptions extends HubOptions {
    settings(): SignalRServiceOptions;
}

/** Source: defaults of the SignalR server and of the resource. */
const handshakeTimeout = 15_000;
const defaultTimeoutSeconds = 30;

/** A hub: its connections, and the events and messages that they send and receive. */
export class Hub implements ServedHub {
    readonly name: string;
    readonly registry = createRegistry<Connection>();
    readonly userGroups: UserGroups;
    readonly #options: SignalRHubOptions;
    /** Clients whose transport is open but whose handshake has not come yet. */
    readonly #unhandled = new Set<string>();
    readonly #opening = new Set<Connection>();
    readonly #heartbeat: Heartbeat;
    readonly #receive: Receiver;
    #events: { upstream: SignalRServiceOptions["upstream"]; client: ClientEvents } | undefined;

    constructor(options: SignalRHubOptions) {
        const { clock, name } = options;
        const pings = createPackets((protocol) => protocol.ping);
        this.name = name;
        this.#options = options;
        this.userGroups = createUserGroups({ clock, registry: this.registry });
        this.#heartbeat = createHeartbeat({
            clock,
            connections: this.registry.all,
            clientTimeout: () => this.#timeoutSeconds() * 1000,
            ping: (connection) => this.#guard(connection, () => this.#deliver(connection, pings)),
            onSilent: (connection) =>
                this.#guard(connection, () => {
                    const reason = messages.clientTimeout(this.#timeoutSeconds());
                    this.#warn(connection, reason);
                    this.#drop(connection, { reason, allowReconnect: true });
                }),
        });
        this.#receive = createReceiver({
            events: () => this.#currentEvents(),
            recorder: options.recorder,
            sendBytes: (connection, bytes) => this.#deliver(connection, (protocol) => createPacket(bytes, protocol)),
            afterLast: (connection, bytes, run) => this.#afterLast(connection, run, bytes),
            leave: (connection, error) => {
                this.#end(connection, error, true);
                connection.transport.end();
            },
            warn: (connection, message) => this.#warn(connection, message),
            refuse: (connection, message) => this.#warn(connection, message, options.logRefusal),
        });
    }

    /** Does nothing: a hub of SignalR has no settings of its own. */
    set(): void {}

    /** Takes a client whose transport has opened. It counts as connected after its handshake. */
    open(opened: { connectionId: string; client: ClientInfo; transport: Transport }): Connection {
        const { clock } = this.#options;
        const connection = createConnection({ ...opened, now: clock.now(), elapsed: clock.elapsed() });
        this.#opening.add(connection);
        connection.cancelHandshake = clock.after(handshakeTimeout, () =>
            this.#guard(connection, () => this.#refuseHandshake(connection, messages.handshakeTimeout)),
        );
        return connection;
    }

    receive(connection: Connection, data: Buffer): void {
        if (connection.ended) {
            return;
        }
        try {
            connection.lastReceived = this.#options.clock.elapsed();
            connection.traffic.in += data.length;
            if (connection.protocol === undefined) {
                this.#shakeHands(connection, data);
            } else {
                this.#receive(connection, data);
            }
        } catch (error) {
            this.fail(connection, error);
        }
    }

    /** Ends a connection in which something went wrong, whatever it is. Never throws. */
    fail(connection: Connection, error: unknown): void {
        const broken = error instanceof ProtocolError;
        const cause = messageOf(error);
        this.#warn(
            connection,
            broken ? `sent a message that cannot be read (${cause}). It is closed.` : `failed: ${cause}. It is closed.`,
            broken ? this.#options.logRefusal : undefined,
        );
        if (connection.ended) {
            return;
        }
        const reason = broken ? cause : messages.closedWithError;
        try {
            if (connection.protocol === undefined) {
                connection.transport.send(createPacket(handshakeResponse(messages.badHandshake), { binary: false }));
            } else {
                this.#deliver(connection, (protocol) =>
                    createPacket(protocol.close({ error: reason, allowReconnect: false }), protocol),
                );
            }
        } catch {
            // The client cannot even be told. Its connection ends all the same.
        }
        this.#end(connection, reason);
        connection.transport.end();
    }

    /** Ends a connection whose transport is gone; `error` is set when the client did not close it. */
    lost(connection: Connection, error?: string): void {
        // A browser that is closed also ends without a goodbye, so only a breach of the protocol is logged.
        if (error !== undefined && error !== messages.cutOff && !connection.ended) {
            this.#warn(connection, `broke the WebSocket protocol: ${error}.`, this.#options.logRefusal);
        }
        this.#end(connection, error, error === undefined);
    }

    send(members: Iterable<Connection>, message: Message): void {
        const { encoded } = message;
        const packets = createPackets((protocol) => encoded?.get(protocol.name) ?? protocol.invocation(message));
        for (const connection of members) {
            if (encoded !== undefined && !encoded.has(connection.protocol?.name ?? "")) {
                this.#warn(connection, messages.notEncoded(message.target, connection.protocol?.name));
                continue;
            }
            try {
                this.#deliver(connection, packets);
            } catch (error) {
                this.fail(connection, error);
            }
        }
    }

    close(connection: Connection, reason: string): void {
        this.#drop(connection, { reason: reason === "" ? undefined : reason, allowReconnect: true });
    }

    closeAll(): void {
        this.#heartbeat.stop();
        this.userGroups.clear();
        for (const connection of [...this.#opening, ...this.registry.all()]) {
            // The service is closing, so its clients' ends are not sent upstream.
            connection.isRefused = true;
            this.#end(connection, undefined);
            connection.transport.end();
        }
    }

    /** The events with the current templates. They are created again after the templates changed. */
    #currentEvents(): ClientEvents {
        const { upstream } = this.#options.settings();
        if (this.#events === undefined || this.#events.upstream !== upstream) {
            const { keys, recorder, createUpstream } = this.#options;
            const templates = (upstream?.templates ?? []).map(prepareTemplate);
            this.#events = {
                upstream,
                client: createClientEvents({ templates, keys, recorder, upstream: createUpstream() }),
            };
        }
        return this.#events.client;
    }

    #timeoutSeconds(): number {
        return this.#options.settings().serverless?.connectionTimeoutInSeconds ?? defaultTimeoutSeconds;
    }

    #deliver(connection: Connection, packetFor: (protocol: NonNullable<Connection["protocol"]>) => Packet): void {
        if (connection.protocol === undefined || connection.ended) {
            return;
        }
        connection.lastSent = this.#options.clock.elapsed();
        const packet = packetFor(connection.protocol);
        connection.traffic.out += packet.bytes.length;
        if (!connection.transport.send(packet)) {
            this.#warn(connection, queueFull);
            this.#end(connection, queueFull);
            connection.transport.cut();
        }
    }

    /** Sends a client a close message with the reason, and ends its connection. */
    #drop(connection: Connection, close: { reason?: string; allowReconnect: boolean }): void {
        const { reason, allowReconnect } = close;
        this.#deliver(connection, (protocol) =>
            createPacket(protocol.close({ error: reason, allowReconnect }), protocol),
        );
        this.#end(connection, reason);
        connection.transport.end();
    }

    /** Ends a connection. What waits is dropped unless the client said goodbye: HubProxyHandler.cs of the vendor's own emulator. */
    #end(connection: Connection, error: string | undefined, saidGoodbye = false): void {
        if (connection.ended) {
            return;
        }
        Object.assign(connection, { ended: true, saidGoodbye });
        connection.cancelHandshake?.();
        this.#opening.delete(connection);
        if (this.registry.get(connection.connectionId) === connection) {
            this.registry.remove(connection);
            noteConnection(this.#options.recorder, connection, { name: "closed", message: error });
            if (!saidGoodbye) {
                connection.queue.abandon();
            }
            this.#afterLast(connection, () => this.#disconnected(connection, error));
        }
    }

    /** Runs after the client's previous event, so that upstream sees events in their order. */
    #afterLast(connection: Connection, run: () => Promise<void>, bytes = 0): void {
        connection.queue.add(run, { bytes, onFailure: (error) => this.fail(connection, error) });
    }

    #guard(connection: Connection, run: () => void): void {
        try {
            run();
        } catch (error) {
            this.fail(connection, error);
        }
    }

    async #disconnected(connection: Connection, error: string | undefined): Promise<void> {
        if (!connection.isRefused) {
            try {
                await this.#currentEvents().disconnected(connection, error);
            } catch (failure) {
                this.#warnOfEvent(
                    connection,
                    "disconnected",
                    `disconnected was not delivered: ${messageOf(failure)}`,
                    failure,
                );
            }
        }
    }

    async #connected(connection: Connection): Promise<void> {
        try {
            await this.#currentEvents().connected(connection);
        } catch (error) {
            this.#warnOfEvent(connection, "connected", `connected was not taken: ${messageOf(error)}`, error);
            const status = error instanceof UpstreamError ? error.status : undefined;
            if (status === 401 || status === 403) {
                connection.isRefused = true;
                this.#drop(connection, { reason: messages.refused(status), allowReconnect: false });
            }
        }
    }

    #refuseHandshake(connection: Connection, reason: string): void {
        this.#warn(connection, `the handshake failed: ${reason}`, this.#options.logRefusal);
        connection.transport.send(createPacket(handshakeResponse(reason), { binary: false }));
        this.#end(connection, reason);
        connection.transport.end();
    }

    #shakeHands(connection: Connection, data: Buffer): void {
        const cut = connection.cut(data);
        if (cut === undefined) {
            return;
        }
        const handshake = readHandshake(cut.message, connection.transport);
        const refusal = handshake.kind === "refused" ? handshake.reason : this.#options.full();
        if (handshake.kind === "refused" || refusal !== undefined) {
            this.#refuseHandshake(connection, refusal ?? messages.badHandshake);
            return;
        }
        connection.cancelHandshake?.();
        this.#opening.delete(connection);
        connection.protocol = handshake.protocol;
        connection.cut = handshake.protocol.createCutter();
        this.registry.add(connection);
        noteConnection(this.#options.recorder, connection, { name: "opened" });
        this.userGroups.enter(connection);
        connection.transport.send(createPacket(handshakeResponse(), handshake.protocol));
        this.#afterLast(connection, () => this.#connected(connection));
        this.#heartbeat.start();
        if (cut.rest.length > 0) {
            this.#receive(connection, cut.rest);
        }
    }

    /** Most apps have no function for these events, and every client sends them: a 404 is told once. */
    #warnOfEvent(connection: Connection, event: string, message: string, error: unknown): void {
        const isUnhandled = error instanceof UpstreamError && error.status === 404;
        if (!isUnhandled) {
            this.#warn(connection, message);
        } else if (!this.#unhandled.has(event)) {
            this.#unhandled.add(event);
            this.#warn(connection, `${message} The app has no function for it, which is told once.`);
        }
    }

    #warn(connection: Connection, message: string, log = this.#options.log): void {
        const text = `Hub '${this.name}': connection ${connection.connectionId}: ${message}`;
        log({ level: "warning", source: this.#options.source, message: text });
    }
}
