import type { Clock } from "../core/clock";
import type { Log } from "../core/log";
import { maxMessageBytes } from "../core/rest/body";
import { createRegistry, type Registry } from "../core/service/registry";
import type { ServedHub } from "../core/service/service";
import type { AccessKeys } from "../core/service/types";
import { UpstreamError } from "../core/upstream/errors";
import type { Upstream } from "../core/upstream/upstream";
import { type ClientInfo, type Connection, createConnection, type Transport } from "./connection";
import { causeOf, messages } from "./errors";
import { createHeartbeat } from "./heartbeat";
import { createPacket, createPackets, type Packet } from "./packet";
import { handshakeResponse, readHandshake } from "./protocol/handshake";
import { createReceiver, join } from "./receive";
import { prepareTemplate } from "./templates";
import type { SignalRServiceOptions } from "./types";
import { type ClientEvents, createClientEvents } from "./upstream";
import { createUserGroups, type UserGroups } from "./userGroups";

export interface HubOptions {
    name: string;
    source: string;
    clock: Clock;
    log: Log;
    settings(): SignalRServiceOptions;
    keys(): AccessKeys;
    /** A fresh way upstream, with nothing remembered of earlier settings. */
    createUpstream(): Upstream;
    /** Why one connection more cannot be taken; undefined when it can. */
    full(): string | undefined;
}

/** A call of a method on clients. */
export interface Message {
    target: string;
    arguments: readonly unknown[];
}

export interface Hub extends ServedHub {
    readonly registry: Registry<Connection>;
    readonly userGroups: UserGroups;
    /** A client has a way to the service; it counts as connected after its handshake. */
    open(options: { connectionId: string; client: ClientInfo; transport: Transport }): Connection;
    receive(connection: Connection, data: Buffer): void;
    /** The way to the client is gone; with an error when it was not the client's wish. */
    lost(connection: Connection, error?: string): void;
    send(members: Iterable<Connection>, message: Message): void;
    close(member: Connection, reason: string): void;
}

/** Source: defaults of the SignalR server and of the resource. */
const handshakeTimeout = 15_000;
const defaultTimeoutSeconds = 30;

export function createHub(options: HubOptions): Hub {
    const { clock } = options;
    const registry = createRegistry<Connection>();
    const userGroups = createUserGroups({ clock, registry });
    const pings = createPackets((protocol) => protocol.ping);
    const opening = new Set<Connection>();
    let known: { upstream: SignalRServiceOptions["upstream"]; events: ClientEvents } | undefined;

    function warn(connection: Connection, message: string): void {
        const text = `Hub '${options.name}': connection ${connection.connectionId}: ${message}`;
        options.log({ level: "warning", source: options.source, message: text });
    }

    /** The way upstream as the service's templates are now. */
    function events(): ClientEvents {
        const { upstream } = options.settings();
        if (known === undefined || known.upstream !== upstream) {
            const templates = (upstream?.templates ?? []).map(prepareTemplate);
            const { keys } = options;
            known = { upstream, events: createClientEvents({ templates, keys, upstream: options.createUpstream() }) };
        }
        return known.events;
    }

    const timeoutSeconds = (): number =>
        options.settings().serverless?.connectionTimeoutInSeconds ?? defaultTimeoutSeconds;

    const heartbeat = createHeartbeat({
        clock,
        connections: registry.all,
        clientTimeout: () => timeoutSeconds() * 1000,
        ping: (connection) => send(connection, pings),
        onSilent(connection) {
            const reason = messages.clientTimeout(timeoutSeconds());
            warn(connection, reason);
            drop(connection, { reason, allowReconnect: true });
        },
    });

    const receive = createReceiver({
        events,
        sendBytes: (connection, bytes) => send(connection, (protocol) => createPacket(bytes, protocol)),
        drop: (connection, reason) => drop(connection, { reason, allowReconnect: false }),
        leave(connection, error) {
            end(connection, error);
            connection.transport.end();
        },
        warn,
    });

    function send(connection: Connection, packetFor: (protocol: NonNullable<Connection["protocol"]>) => Packet): void {
        if (connection.protocol === undefined || connection.ended) {
            return;
        }
        connection.lastSent = clock.now();
        if (!connection.transport.send(packetFor(connection.protocol))) {
            warn(connection, messages.queueFull);
            end(connection, messages.queueFull);
            connection.transport.end();
        }
    }

    /** Says goodbye to a client, and why. */
    function drop(connection: Connection, close: { reason?: string; allowReconnect: boolean }): void {
        const { reason, allowReconnect } = close;
        send(connection, (protocol) => createPacket(protocol.close({ error: reason, allowReconnect }), protocol));
        end(connection, reason);
        connection.transport.end();
    }

    function end(connection: Connection, error: string | undefined): void {
        if (connection.ended) {
            return;
        }
        connection.ended = true;
        connection.cancelHandshake?.();
        opening.delete(connection);
        if (registry.get(connection.connectionId) === connection) {
            registry.remove(connection);
            connection.lastEvent = connection.lastEvent.then(() => disconnected(connection, error));
        }
    }

    async function disconnected(connection: Connection, error: string | undefined): Promise<void> {
        if (!connection.isRefused) {
            try {
                await events().disconnected(connection, error);
            } catch (failure) {
                warn(connection, `disconnected was not delivered: ${causeOf(failure)}`);
            }
        }
    }

    async function connected(connection: Connection): Promise<void> {
        try {
            await events().connected(connection);
        } catch (error) {
            warn(connection, `connected was not taken: ${causeOf(error)}`);
            const status = error instanceof UpstreamError ? error.status : undefined;
            if (status === 401 || status === 403) {
                connection.isRefused = true;
                drop(connection, { reason: messages.refused(status), allowReconnect: false });
            }
        }
    }

    function refuseHandshake(connection: Connection, reason: string): void {
        warn(connection, `the handshake failed: ${reason}`);
        connection.transport.send(createPacket(handshakeResponse(reason), { binary: false }));
        end(connection, reason);
        connection.transport.end();
    }

    function shakeHands(connection: Connection, data: Buffer): void {
        const handshake = readHandshake(join(connection.unread, data), connection.transport);
        if (handshake.kind === "incomplete") {
            connection.unread = join(connection.unread, data);
            if (connection.unread.length > maxMessageBytes) {
                refuseHandshake(connection, messages.badHandshake);
            }
            return;
        }
        const refusal = handshake.kind === "refused" ? handshake.reason : options.full();
        if (handshake.kind === "refused" || refusal !== undefined) {
            refuseHandshake(connection, refusal ?? messages.badHandshake);
            return;
        }
        connection.cancelHandshake?.();
        opening.delete(connection);
        connection.unread = Buffer.alloc(0);
        connection.protocol = handshake.protocol;
        registry.add(connection);
        userGroups.enter(connection);
        connection.transport.send(createPacket(handshakeResponse(), handshake.protocol));
        connection.lastEvent = connected(connection);
        heartbeat.start();
        if (handshake.rest.length > 0) {
            receive(connection, handshake.rest);
        }
    }

    return {
        name: options.name,
        registry,
        userGroups,
        // A hub of this service has no settings of its own.
        set: () => undefined,
        open(opened) {
            const connection = createConnection({ ...opened, now: clock.now() });
            opening.add(connection);
            connection.cancelHandshake = clock.after(handshakeTimeout, () =>
                refuseHandshake(connection, messages.handshakeTimeout),
            );
            return connection;
        },
        receive(connection, data) {
            if (connection.ended) {
                return;
            }
            connection.lastReceived = clock.now();
            if (connection.protocol === undefined) {
                shakeHands(connection, data);
            } else {
                receive(connection, data);
            }
        },
        lost(connection, error) {
            // A browser that is closed says nothing either; whoever breaks the rules should hear of it.
            if (error !== undefined && error !== messages.cutOff && !connection.ended) {
                warn(connection, `broke the WebSocket protocol: ${error}.`);
            }
            end(connection, error);
        },
        send(members, message) {
            const packets = createPackets((protocol) => protocol.invocation(message));
            for (const connection of members) {
                send(connection, packets);
            }
        },
        close: (connection, reason) =>
            drop(connection, { reason: reason === "" ? undefined : reason, allowReconnect: true }),
        closeAll() {
            heartbeat.stop();
            userGroups.clear();
            for (const connection of [...opening, ...registry.all()]) {
                // Nobody is told upstream: the service is gone.
                connection.isRefused = true;
                end(connection, undefined);
                connection.transport.end();
            }
        },
    };
}
