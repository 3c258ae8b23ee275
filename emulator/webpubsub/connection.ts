import type { WebSocket } from "ws";
import { createIds } from "../core/ids";
import type { EventQueue } from "../core/service/eventQueue";
import type { Traffic } from "../core/service/probe";
import type { Member } from "../core/service/registry";
import type { AccessKeys } from "../core/service/types";
import type { UpstreamSession } from "../core/upstream/upstream";
import type { AckCache } from "./ackCache";
import type { Codec } from "./codec";
import type { GroupRights } from "./groupRights";
import type { ReliableBuffer } from "./reliableBuffer";

/** The part of a client that events describe. It exists before the client is accepted. */
export interface Visitor extends UpstreamSession {
    readonly connectionId: string;
    userId: string | undefined;
    /** Subprotocol chosen for the connection. */
    protocol: string | undefined;
    /** State that handlers store with the connection. */
    state: string | undefined;
    nextEventId: number;
    signature?: { keys: AccessKeys; value: string };
}

/** A simple client with this mode sends its messages to a group; without it, to the event handler. */
export interface GroupMode {
    group: string;
    noEcho: boolean;
}

/** A client that is connected, or was cut off and may come back. */
export interface Connection extends Member, Visitor {
    readonly connectionId: string;
    userId: string | undefined;
    protocol: string | undefined;
    /** Undefined for a simple client, which sends and gets plain frames. */
    readonly codec: Codec | undefined;
    readonly rights: { joinLeaveGroup: GroupRights; sendToGroup: GroupRights };
    readonly groupMode: GroupMode | undefined;
    readonly traffic: Traffic;
    /** Undefined while the client is cut off and may come back. */
    socket: WebSocket | undefined;
    /** Whether the client answered the last ping. */
    alive: boolean;
    ended: boolean;
    /** Whether the client itself ended the connection. What it said before is delivered all the same. */
    saidGoodbye?: boolean;
    /** Settles when the `connected` event is delivered. `disconnected` is sent after it. */
    connected: Promise<void>;
    /** The client's user events. Each one waits for the one before. */
    readonly queue: EventQueue;
    acks?: AckCache;
    recovery?: Recovery;
}

/** State for a reliable client that reconnects. */
export interface Recovery {
    readonly buffer: ReliableBuffer;
    readonly token: string;
    /** Milliseconds since the Unix epoch. */
    readonly tokenExpires: number;
    /** Stops the timer that ends the connection when the client does not come back. */
    cancel?: () => void;
}

export function createVisitor(userId: string | undefined): Visitor {
    return { connectionId: newId(), userId, protocol: undefined, state: undefined, nextEventId: 0 };
}

/** Makes connection ids of the service's length. */
export const newId = createIds(15);
