import type { WebSocket } from "ws";
import { createIds } from "../core/ids";
import type { Member } from "../core/service/registry";
import type { AccessKeys } from "../core/service/types";
import type { UpstreamSession } from "../core/upstream/upstream";
import type { AckCache } from "./ackCache";
import type { GroupRights } from "./groupRights";
import type { ReliableBuffer } from "./reliableBuffer";

export const subprotocols = {
    json: "json.webpubsub.azure.v1",
    reliable: "json.reliable.webpubsub.azure.v1",
} as const;

/** How a client speaks: frames as they are, or one of the JSON subprotocols. */
export type ClientKind = "simple" | keyof typeof subprotocols;

/** What events say about a client; it is there before the client is let in. */
export interface Visitor extends UpstreamSession {
    readonly connectionId: string;
    userId: string | undefined;
    /** Subprotocol chosen for the connection. */
    protocol: string | undefined;
    /** What handlers keep with the connection. */
    state: string | undefined;
    nextEventId: number;
    signature?: { keys: AccessKeys; value: string };
}

/** Where a simple client's messages go: to a group, or else to the event handler. */
export interface GroupMode {
    group: string;
    noEcho: boolean;
}

/** One client, for as long as it is connected or may come back. */
export interface Connection extends Member, Visitor {
    readonly connectionId: string;
    userId: string | undefined;
    protocol: string | undefined;
    readonly kind: ClientKind;
    readonly rights: { joinLeaveGroup: GroupRights; sendToGroup: GroupRights };
    readonly groupMode: GroupMode | undefined;
    /** Undefined while a client that was cut off may come back. */
    socket: WebSocket | undefined;
    /** Whether it answered the last ping. */
    alive: boolean;
    ended: boolean;
    /** Settles when the handler has heard that it is connected; `disconnected` comes after that. */
    connected: Promise<void>;
    /** The event before the next one: user events of a client are delivered one after the other. */
    lastEvent: Promise<void>;
    acks?: AckCache;
    recovery?: Recovery;
}

/** What a reliable client needs to come back. */
export interface Recovery {
    readonly buffer: ReliableBuffer;
    readonly token: string;
    /** Milliseconds since the Unix epoch. */
    readonly tokenExpires: number;
    /** Stops the time in which it may come back. */
    cancel?: () => void;
}

export function createVisitor(userId: string | undefined): Visitor {
    return { connectionId: newId(), userId, protocol: undefined, state: undefined, nextEventId: 0 };
}

/** Ids of connections, as long as the service makes them. */
export const newId = createIds(15);

export function kindOf(subprotocol: string | undefined): ClientKind {
    switch (subprotocol?.toLowerCase()) {
        case subprotocols.json:
            return "json";
        case subprotocols.reliable:
            return "reliable";
        default:
            return "simple";
    }
}
