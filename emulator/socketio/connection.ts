import type { Socket as EngineSocket } from "engine.io";
import { createIds } from "../core/ids";
import type { EventQueue, Held } from "../core/service/eventQueue";
import type { UnreadAnswers } from "../core/service/outbound";
import { createTraffic, type Traffic } from "../core/service/probe";
import type { Member, Registry } from "../core/service/registry";
import type { AccessKeys } from "../core/service/types";
import type { UpstreamSession } from "../core/upstream/upstream";
import { ConnectionGroups } from "./groups";

/** A Socket.IO socket: the part of a connection that belongs to one namespace. */
export interface NamespaceSocket {
    id: string;
    namespace: string;
    state: "connecting" | "connected" | "closed";
    /** The socket's events. Each one waits for the one before, so that events keep their order. */
    readonly queue: EventQueue;
}

/** An Engine.IO connection with its sockets. */
export interface Connection extends Member, UpstreamSession {
    readonly transport: EngineSocket;
    readonly traffic: Traffic;
    readonly groups: ConnectionGroups;
    readonly sockets: Map<string, NamespaceSocket>;
    /** Namespaces that the connection has left. Late packets for them are dropped instead of breaking the connection. */
    left?: Set<string>;
    /** Makes the body of its connect events from its first request. A function, because most hubs never need the body. */
    readonly connectBody: () => string;
    nextEventId: number;
    signature?: { keys: AccessKeys; value: string };
    /** The reason in its `disconnected` events when the server closes it. */
    closeReason?: string;
    /** How many binary frames of a refused packet are still to come. */
    refusedAttachments: number;
    cancelConnectTimeout?: () => void;
    /** Bytes of the packets that Engine.IO has not passed on to the transport yet. */
    queuedBytes: number;
    /** What the events of all its sockets hold. */
    readonly held: Held;
    /** Namespaces whose connect event is not answered yet. */
    connecting: number;
    /** Set when the client polls. */
    unreadAnswers?: UnreadAnswers;
    /** Whether the service has given the connection up. */
    isDropped: boolean;
}

export interface ClientInfo {
    userId: string | undefined;
    connectBody: () => string;
}

export function createConnection(transport: EngineSocket, client: ClientInfo, now: number): Connection {
    return {
        connectionId: newId(),
        userId: client.userId,
        groups: new ConnectionGroups(),
        transport,
        traffic: createTraffic(now),
        sockets: new Map(),
        connectBody: client.connectBody,
        nextEventId: 0,
        refusedAttachments: 0,
        queuedBytes: 0,
        held: { bytes: 0 },
        connecting: 0,
        isDropped: false,
    };
}

/** Makes connection ids of the service's length. */
export const newId = createIds(15);

/** Removes a socket from its connection, and the connection from every group of the socket's namespace. */
export function removeSocket(options: {
    registry: Registry<Connection>;
    connection: Connection;
    socket: NamespaceSocket;
    namespaceGroup: string;
}): void {
    const { registry, connection, socket } = options;
    socket.state = "closed";
    if (connection.sockets.get(socket.namespace) !== socket) {
        return;
    }
    connection.sockets.delete(socket.namespace);
    connection.left ??= new Set();
    connection.left.add(socket.namespace);
    for (const group of connection.groups.take(options.namespaceGroup)) {
        registry.leave(connection, group);
    }
}
