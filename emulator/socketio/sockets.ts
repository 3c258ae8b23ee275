import { messageOf } from "../core/errors";
import { payload, type Recorder, type Span } from "../core/inspect";
import type { Log } from "../core/log";
import { EventQueue } from "../core/service/eventQueue";
import type { Registry } from "../core/service/registry";
import { type Connection, type NamespaceSocket, newId, removeSocket } from "./connection";
import { connectErrorMessage, messages } from "./errors";
import {
    encodeConnect,
    encodeConnectError,
    namespaceGroup,
    type Outgoing,
    PacketError,
    parseOutgoing,
    roomGroup,
} from "./protocol";
import type { Sender } from "./send";
import type { HubEvents } from "./upstream";

export interface SocketsOptions {
    hub: string;
    /** Name of the service, for the log. */
    source: string;
    log: Log;
    recorder: Recorder;
    registry: Registry<Connection>;
    /** The hub's events with its current handlers. */
    events(): HubEvents;
    sender: Sender;
    /** Ends a connection in which something went wrong. */
    fail(connection: Connection, error: unknown): void;
}

/** Opens, serves and closes the sockets of a hub. */
export interface Sockets {
    open(connection: Connection, namespace: string): void;
    /** Delivers an event of the client, after the earlier events of the same socket. Sockets do not wait for each other. */
    receive(client: { connection: Connection; socket: NamespaceSocket; event: string; packet: string }): void;
    close(client: { connection: Connection; socket: NamespaceSocket; reason: string }): void;
    /** Sends a packet of an app to clients. */
    send(connections: readonly Connection[], message: Outgoing): void;
}

/** Each one holds a connection to the handler. Clients use a few namespaces. */
const mostConnecting = 100;

export function createSockets(options: SocketsOptions): Sockets {
    const { registry, sender, fail } = options;

    function warn(client: { socket: NamespaceSocket }, what: string): void {
        const { id, namespace } = client.socket;
        options.log({
            level: "warning",
            source: options.source,
            message: `Hub '${options.hub}', socket ${id} in namespace '${namespace}': ${what}`,
        });
    }

    async function admit(connection: Connection, socket: NamespaceSocket): Promise<void> {
        const client = { connection, socket };
        try {
            await options.events().connect(client);
        } catch (error) {
            warn(client, `connect was refused: ${messageOf(error)}`);
            if (socket.state === "connecting") {
                socket.state = "closed";
                connection.sockets.delete(socket.namespace);
                sender.toOne(connection, encodeConnectError(socket.namespace, connectErrorMessage(error)));
            }
            return;
        }
        if (socket.state === "closed") {
            // The client left while its connect event was pending. The handler accepted it, so it is sent `disconnected`.
            return notify(client, "disconnected", () => options.events().disconnected({ ...client, reason: "" }));
        }
        socket.state = "connected";
        registry.join(connection, namespaceGroup(socket.namespace));
        registry.join(connection, roomGroup(socket.namespace, socket.id));
        sender.toOne(connection, encodeConnect(socket.namespace, socket.id));
        void notify(client, "connected", () => options.events().connected(client));
    }

    async function notify(
        client: { socket: NamespaceSocket },
        event: string,
        deliver: () => Promise<void>,
    ): Promise<void> {
        try {
            await deliver();
        } catch (error) {
            warn(client, `event '${event}' was not delivered: ${messageOf(error)}`);
        }
    }

    /** Records an event of a client; undefined when nobody looks. */
    function begin({ connection, event, packet }: Parameters<Sockets["receive"]>[0]): Span | undefined {
        const { recorder } = options;
        return recorder.on
            ? recorder.begin("clientEvent", {
                  name: event,
                  connection: connection.connectionId,
                  ...(connection.userId !== undefined && { user: connection.userId }),
                  ...payload(packet, "text"),
              })
            : undefined;
    }

    async function deliver(client: {
        connection: Connection;
        socket: NamespaceSocket;
        event: string;
        packet: string;
        span?: Span;
    }): Promise<void> {
        const { span } = client;
        if (client.connection.isDropped) {
            span?.end({ outcome: "failed", message: messages.dropped });
            return;
        }
        try {
            const answer = await options.events().message(client);
            if (answer !== undefined) {
                send([client.connection], parseOutgoing(answer));
                span?.note("ack", { name: client.event, outcome: "ok", ...payload(answer, "text") });
            }
            span?.end();
        } catch (error) {
            const cause = error instanceof PacketError ? messages.notPacketAnswer(error.message) : messageOf(error);
            warn(client, `event '${client.event}' failed: ${cause}`);
            span?.end({ outcome: "failed", message: cause });
        }
    }

    /** Runs after the socket's previous event, so that handlers see events in their order. */
    function afterLast(
        { connection, socket }: { connection: Connection; socket: NamespaceSocket },
        bytes: number,
        run: () => Promise<void>,
    ): void {
        socket.queue.add(run, { bytes, onFailure: (error) => fail(connection, error) });
    }

    function close(client: { connection: Connection; socket: NamespaceSocket; reason: string }): void {
        const { connection, socket, reason } = client;
        const wasConnected = socket.state === "connected";
        if (connection.isDropped) {
            socket.queue.abandon();
        }
        removeSocket({ registry, connection, socket, namespaceGroup: namespaceGroup(socket.namespace) });
        if (wasConnected) {
            afterLast(client, 0, () =>
                notify(client, "disconnected", () => options.events().disconnected({ connection, socket, reason })),
            );
        }
    }

    function send(connections: readonly Connection[], message: Outgoing): void {
        sender.toAll(connections, message);
        if (!message.disconnect) {
            return;
        }
        for (const connection of connections) {
            const socket = connection.sockets.get(message.namespace);
            if (socket?.state === "connected") {
                close({ connection, socket, reason: "" });
                if (message.close) {
                    connection.closeReason = "";
                    connection.transport.close();
                }
            }
        }
    }

    return {
        open(connection, namespace) {
            if (connection.connecting >= mostConnecting) {
                throw new PacketError(`CONNECT for a namespace while ${mostConnecting} others wait for their handler`);
            }
            const queue = new EventQueue(connection.held);
            const socket: NamespaceSocket = { id: newId(), namespace, state: "connecting", queue };
            const abandoned = connection.sockets.get(namespace);
            if (abandoned !== undefined) {
                // The client did not wait for the connect that is pending, and asks again.
                abandoned.state = "closed";
            }
            connection.sockets.set(namespace, socket);
            connection.connecting++;
            admit(connection, socket)
                .finally(() => connection.connecting--)
                .catch((error: unknown) => fail(connection, error));
        },
        receive(client) {
            const span = begin(client);
            afterLast(client, client.packet.length, () => deliver(span === undefined ? client : { ...client, span }));
        },
        close,
        send,
    };
}
