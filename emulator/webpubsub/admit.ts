import { messageOf } from "../core/errors";
import { ClientRefusal } from "../core/service/clientGate";
import { EventQueue } from "../core/service/eventQueue";
import { createTraffic } from "../core/service/probe";
import { UpstreamError } from "../core/upstream/errors";
import { type ClientInfo, chooseSubprotocol } from "./admission";
import { findSubprotocol } from "./codecs";
import { type Connection, newId, type Visitor } from "./connection";
import { createGroupRights, type GroupAction, type GroupRights } from "./groupRights";
import { createReliableBuffer } from "./reliableBuffer";
import type { HubEvents } from "./upstream";

const reconnectionTokenLife = 7 * 24 * 3600 * 1000;

/** Asks the event handler to accept a client. Resolves with the client as the handler changed it. Rejects with `ClientRefusal`. */
export async function askHandler(options: {
    events: HubEvents;
    visitor: Visitor;
    client: ClientInfo;
}): Promise<ClientInfo> {
    const { events, visitor, client } = options;
    try {
        const { subprotocol, ...changes } = await events.connect(visitor, client.body);
        if (subprotocol !== undefined) {
            checkChoice(subprotocol, client.offered);
        }
        visitor.protocol = subprotocol ?? chooseSubprotocol(client.offered);
        return { ...client, ...changes };
    } catch (error) {
        const status = error instanceof UpstreamError ? (error.status ?? 500) : 500;
        throw new ClientRefusal(status, `the connect event failed: ${messageOf(error)}`);
    }
}

function checkChoice(subprotocol: string, offered: readonly string[]): void {
    if (!offered.some((name) => name.toLowerCase() === subprotocol.toLowerCase())) {
        throw new UpstreamError(`the handler chose subprotocol '${subprotocol}', which the client does not offer.`);
    }
}

export interface ConnectionOptions {
    visitor: Visitor;
    client: ClientInfo;
    /** Milliseconds since the Unix epoch. */
    now: number;
    warn(message: string): void;
}

/** Creates the connection of an accepted client. It has no socket yet. */
export function createConnection({ visitor, client, now, warn }: ConnectionOptions): Connection {
    const subprotocol = findSubprotocol(visitor.protocol);
    const rights = (action: GroupAction): GroupRights =>
        createGroupRights({
            action,
            roles: client.roles,
            onRefused: (role, reason) => warn(`role '${role}' gives nothing: ${reason}.`),
        });
    const connection: Connection = {
        ...visitor,
        userId: client.userId,
        codec: subprotocol?.codec,
        groups: new Set(client.groups),
        groupMode: client.groupMode,
        rights: { joinLeaveGroup: rights("joinLeaveGroup"), sendToGroup: rights("sendToGroup") },
        traffic: createTraffic(now),
        socket: undefined,
        alive: true,
        ended: false,
        connected: Promise.resolve(),
        queue: new EventQueue(),
    };
    if (subprotocol?.isReliable === true) {
        const tokenExpires = now + reconnectionTokenLife;
        connection.recovery = { buffer: createReliableBuffer(), token: newId(), tokenExpires };
    }
    return connection;
}
