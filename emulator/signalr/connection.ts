import { createIds } from "../core/ids";
import type { Member } from "../core/service/registry";
import type { AccessKeys } from "../core/service/types";
import type { Packet } from "./packet";
import type { HubProtocol } from "./protocol/types";

/** The way of one connection to its client. */
export interface Transport {
    /** Whether it carries bytes that are no text. */
    readonly binary: boolean;
    /** False when so much waits for the client that no more is taken. */
    send(packet: Packet): boolean;
    /** Ends it, after what was sent. */
    end(): void;
}

/** What a client's token and request say about it, as upstream requests repeat it. */
export interface ClientInfo {
    hub: string;
    userId: string | undefined;
    /** `type: value` of each claim. */
    claims: readonly string[];
    /** With its question mark, and without the token; empty when there is none. */
    query: string;
}

/** One client, for as long as it is connected. */
export interface Connection extends Member {
    readonly client: ClientInfo;
    readonly transport: Transport;
    /** Undefined until the handshake. */
    protocol: HubProtocol | undefined;
    /** The beginning of a message whose end has not come. */
    unread: Buffer;
    /** Milliseconds since the Unix epoch. */
    lastReceived: number;
    lastSent: number;
    ended: boolean;
    /** Whether it ends without a word upstream, because upstream did not take it. */
    isRefused: boolean;
    /** The event before the next one: events of a client are delivered one after the other. */
    lastEvent: Promise<void>;
    cancelHandshake?: () => void;
    signature?: { keys: AccessKeys; value: string };
}

export function createConnection(options: {
    connectionId: string;
    client: ClientInfo;
    transport: Transport;
    now: number;
}): Connection {
    const { connectionId, client, transport, now } = options;
    return {
        connectionId,
        client,
        userId: client.userId,
        groups: new Set(),
        transport,
        protocol: undefined,
        unread: Buffer.alloc(0),
        lastReceived: now,
        lastSent: now,
        ended: false,
        isRefused: false,
        lastEvent: Promise.resolve(),
    };
}

/** Ids of connections, as long as the service makes them. */
export const newId = createIds(16);
