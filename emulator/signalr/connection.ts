import { createIds } from "../core/ids";
import { EventQueue } from "../core/service/eventQueue";
import { createTraffic, type Traffic } from "../core/service/probe";
import type { Member } from "../core/service/registry";
import type { AccessKeys } from "../core/service/types";
import type { Packet } from "./packet";
import { createSeparatedCutter } from "./protocol/framing";
import type { Cutter, HubProtocol } from "./protocol/types";

/** Sends to the client of one connection. */
export interface Transport {
    readonly name: "websocket" | "server-sent events" | "long polling";
    /** Whether it can carry binary data. */
    readonly binary: boolean;
    /** False when too much waits for the client already. */
    send(packet: Packet): boolean;
    /** Ends the transport after everything sent has left. */
    end(): void;
    /** Ends the transport at once, because the client does not read. */
    cut(): void;
}

/** A client, as its token and its request describe it and as upstream requests repeat it. */
export interface ClientInfo {
    hub: string;
    userId: string | undefined;
    /** `type: value` of each claim. */
    claims: readonly string[];
    /** Query with its question mark and without the token; empty when there is none. */
    query: string;
}

/** A connected client. */
export interface Connection extends Member {
    readonly client: ClientInfo;
    readonly transport: Transport;
    readonly traffic: Traffic;
    /** Undefined until the handshake. */
    protocol: HubProtocol | undefined;
    /** Cuts the client's data into messages. The first message is the handshake, which chooses another cutter. */
    cut: Cutter;
    /** Milliseconds of the clock's elapsed time. */
    lastReceived: number;
    lastSent: number;
    ended: boolean;
    /** Whether the client itself ended the connection. What it said before is delivered all the same. */
    saidGoodbye?: boolean;
    /** Whether its end is not sent upstream, because upstream refused the client or the service is closing. */
    isRefused: boolean;
    /** The client's events. Each one waits for the one before. */
    readonly queue: EventQueue;
    cancelHandshake?: () => void;
    signature?: { keys: AccessKeys; value: string };
}

export function createConnection(options: {
    connectionId: string;
    client: ClientInfo;
    transport: Transport;
    now: number;
    elapsed: number;
}): Connection {
    const { connectionId, client, transport, now, elapsed } = options;
    return {
        connectionId,
        client,
        userId: client.userId,
        groups: new Set(),
        transport,
        traffic: createTraffic(now),
        protocol: undefined,
        cut: createSeparatedCutter(),
        lastReceived: elapsed,
        lastSent: elapsed,
        ended: false,
        isRefused: false,
        queue: new EventQueue(),
    };
}

/** Makes connection ids of the service's length. */
export const newId = createIds(16);
