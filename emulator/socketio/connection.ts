import type { Socket as EngineSocket } from "engine.io";
import { createIds } from "../core/ids";
import type { Member, Registry } from "../core/service/registry";
import type { AccessKeys } from "../core/service/types";
import type { UpstreamSession } from "../core/upstream/upstream";

/** One socket: a connection's place in one namespace. */
export interface NamespaceSocket {
    id: string;
    namespace: string;
    state: "connecting" | "connected" | "closed";
    /** The event before this one: events of a socket are delivered one after the other, in the order they came. */
    last: Promise<void>;
}

/** One Engine.IO connection with the sockets it carries. */
export interface Connection extends Member, UpstreamSession {
    readonly transport: EngineSocket;
    readonly sockets: Map<string, NamespaceSocket>;
    /** Namespaces it was in and is no longer; late packets for them are dropped, not taken for a broken client. */
    left?: Set<string>;
    /** Body of its connect events: what came with its first request. Made when it is asked for, which most hubs never do. */
    readonly connectBody: () => string;
    nextEventId: number;
    signature?: { keys: AccessKeys; value: string };
    /** Why the server closes it, for the `disconnected` events. */
    closeReason?: string;
    /** Binary frames that belong to a packet already refused. */
    refusedAttachments: number;
    cancelConnectTimeout?: () => void;
}

export interface ClientInfo {
    userId: string | undefined;
    connectBody: () => string;
}

export function createConnection(transport: EngineSocket, client: ClientInfo): Connection {
    return {
        connectionId: newId(),
        userId: client.userId,
        groups: new Set(),
        transport,
        sockets: new Map(),
        connectBody: client.connectBody,
        nextEventId: 0,
        refusedAttachments: 0,
    };
}

/** Ids of connections, as long as the service makes them. */
export const newId = createIds(15);

/** Takes a socket out of its connection, and the connection out of every group of the socket's namespace. */
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
    for (const group of [...connection.groups]) {
        if (group.startsWith(options.namespaceGroup)) {
            registry.leave(connection, group);
        }
    }
}
