import type { Clock } from "../core/clock";
import type { Log } from "../core/log";
import { ClientRefusal } from "../core/service/clientGate";
import { createRegistry } from "../core/service/registry";
import type { ServedHub } from "../core/service/service";
import type { AccessKeys, HubProperties } from "../core/service/types";
import { createUnlistedNotice } from "../core/unlistedEvents";
import { prepareHandler } from "../core/upstream/eventHandlers";
import type { Upstream } from "../core/upstream/upstream";
import { type ClientInfo, chooseSubprotocol } from "./admission";
import { askHandler, createConnection } from "./admit";
import { type Connection, createVisitor, type Visitor } from "./connection";
import type { HubTarget } from "./dataPlane/hubs";
import { encodeConnected, encodeDisconnected } from "./encode";
import { causeOf, messages } from "./errors";
import { createKeepAlive } from "./keepAlive";
import { createListenerNotice } from "./listeners";
import type { Outgoing } from "./message";
import { createReceiver } from "./receive";
import { createSender, sendControl } from "./send";
import { createSockets, type Upgrade } from "./sockets";
import { createHubEvents, type HubEvents } from "./upstream";

export interface HubOptions {
    name: string;
    source: string;
    clock: Clock;
    log: Log;
    keys(): AccessKeys;
    /** A fresh way to the handlers, with nothing remembered of earlier settings. */
    createUpstream(): Upstream;
    /** Why one connection more cannot be taken; undefined when it can. */
    full(): string | undefined;
}

export interface Hub extends HubTarget<Connection, Outgoing>, Omit<ServedHub, "registry"> {
    readonly properties: HubProperties;
    /** Lets a client in when the event handler agrees. Rejects with `ClientRefusal`. */
    admit(upgrade: Upgrade, client: ClientInfo): Promise<void>;
    /** Gives a reliable client that was cut off its connection back, or closes its socket with 1008. */
    recover(upgrade: Upgrade, claim: { connectionId: string; token: string; offered: readonly string[] }): void;
}

const defaultKeepAliveSeconds = 20;
const recoveryWindow = 30_000;

export function createHub(options: HubOptions, initial: HubProperties): Hub {
    const { clock } = options;
    const registry = createRegistry<Connection>();
    const sockets = createSockets();
    let properties = initial;
    let events: HubEvents;
    let closed = false;

    function warn(message: string): void {
        options.log({ level: "warning", source: options.source, message: `Hub '${options.name}': ${message}` });
    }

    const keepAlive = createKeepAlive({
        clock,
        interval: () => (properties.webSocketKeepAliveIntervalInSeconds ?? defaultKeepAliveSeconds) * 1000,
        connections: registry.all,
    });
    const send = createSender({
        now: () => clock.now(),
        drop: (connection, reason) => drop(connection, { code: 1008, reason }),
    });
    const receive = createReceiver({
        registry,
        send,
        events: () => events,
        drop,
        warn: (connection, message) => warn(`connection ${connection.connectionId}: ${message}`),
    });

    function set(next: HubProperties): void {
        properties = next;
        events = createHubEvents({
            hub: options.name,
            handlers: (next.eventHandlers ?? []).map(prepareHandler),
            listeners: createListenerNotice({ listeners: next.eventListeners ?? [], warn }),
            upstream: options.createUpstream(),
            keys: options.keys,
            now: () => clock.now(),
            onUnlisted: createUnlistedNotice((message) =>
                options.log({ level: "info", source: options.source, message: `Hub '${options.name}': ${message}` }),
            ),
        });
    }

    /** System events that nobody waits for: what goes wrong is only logged. */
    async function notify(visitor: Visitor, name: string, deliver: () => Promise<void>): Promise<void> {
        try {
            await deliver();
        } catch (error) {
            warn(`connection ${visitor.connectionId}: ${name} was not delivered: ${causeOf(error)}`);
        }
    }

    function notifyDisconnected(visitor: Visitor, reason: string): Promise<void> {
        return notify(visitor, "disconnected", () => events.disconnected(visitor, reason));
    }

    function end(connection: Connection, reason: string): void {
        if (!connection.ended) {
            connection.ended = true;
            connection.recovery?.cancel?.();
            registry.remove(connection);
            void Promise.all([connection.connected, connection.lastEvent]).then(() =>
                notifyDisconnected(connection, reason),
            );
        }
    }

    function drop(connection: Connection, { code, reason }: { code: number; reason: string }): void {
        const { socket } = connection;
        end(connection, reason);
        socket?.close(code, reason);
    }

    function close(connection: Connection, given: string): void {
        const reason = messages.closedByServer(given);
        if (connection.kind !== "simple") {
            sendControl(connection, encodeDisconnected(reason));
        }
        const { socket } = connection;
        end(connection, reason);
        socket?.close(1000);
    }

    function attach(connection: Connection, upgrade: Upgrade): void {
        connection.alive = true;
        sockets.complete(upgrade, {
            subprotocol: connection.protocol,
            onOpen: (socket) => {
                connection.socket = socket;
            },
            onMessage: (frame) => receive(connection, frame),
            onPong: () => {
                connection.alive = true;
            },
            onBroken: (message) => {
                warn(`connection ${connection.connectionId} broke the WebSocket protocol: ${message}. It is closed.`);
                end(connection, message);
            },
            onClose(socket, { cut, reason }) {
                // A socket that was replaced by the client's next one has nothing more to say.
                if (connection.socket !== socket || connection.ended) {
                    return;
                }
                connection.socket = undefined;
                if (cut && connection.recovery !== undefined) {
                    connection.recovery.cancel = clock.after(recoveryWindow, () =>
                        end(connection, messages.recoveryTimeout),
                    );
                } else {
                    end(connection, cut ? messages.cutOff : reason);
                }
            },
        });
        keepAlive.start();
    }

    set(initial);

    return {
        name: options.name,
        registry,
        get properties() {
            return properties;
        },
        set,
        send,
        close,
        async admit(upgrade, client) {
            const visitor = createVisitor(client.userId);
            const admitted = await askHandler({ events, visitor, client });
            const connection = createConnection({ visitor, client: admitted, now: clock.now(), warn });
            const full = options.full();
            if (closed || full !== undefined || !upgrade.socket.writable) {
                // The handler let in a client that is not; it has to learn that.
                void notifyDisconnected(connection, full ?? messages.cutOff);
                throw new ClientRefusal(full === undefined ? 503 : 429, full ?? messages.cutOff);
            }
            registry.add(connection);
            attach(connection, upgrade);
            if (connection.kind !== "simple") {
                const { userId, connectionId, recovery } = connection;
                sendControl(connection, encodeConnected({ userId, connectionId, reconnectionToken: recovery?.token }));
            }
            connection.connected = notify(connection, "connected", () => events.connected(connection));
        },
        recover(upgrade, { connectionId, token, offered }) {
            const connection = registry.get(connectionId);
            const recovery = connection?.recovery;
            if (
                connection === undefined ||
                recovery === undefined ||
                recovery.token !== token ||
                recovery.tokenExpires <= clock.now()
            ) {
                warn(
                    `connection ${connectionId} is not recovered: it is gone, or the reconnection token is not its own.`,
                );
                sockets.reject(upgrade, {
                    subprotocol: chooseSubprotocol(offered),
                    code: 1008,
                    reason: messages.notRecovered,
                });
                return;
            }
            recovery.cancel?.();
            const previous = connection.socket;
            attach(connection, upgrade);
            previous?.terminate();
            for (const text of recovery.buffer.replay(clock.now())) {
                sendControl(connection, text);
            }
        },
        closeAll() {
            closed = true;
            keepAlive.stop();
            for (const connection of [...registry.all()]) {
                connection.ended = true;
                connection.recovery?.cancel?.();
                registry.remove(connection);
                connection.socket?.close(1001);
            }
        },
    };
}
