import { ActionError, type TestClient } from "../core/probes";
import { describeHandler, type HubProbe } from "../core/service/probe";
import type { Connection } from "./connection";
import type { Hub } from "./hub";
import type { MessageData } from "./message";

const path = (hub: string): string => `/client/hubs/${encodeURIComponent(hub)}`;
const revocable = /^webpubsub\.(sendToGroup|joinLeaveGroup)\.(.+)$/;

/** What the inspector sees of Web PubSub. */
export const probe: HubProbe<Hub, Connection> = {
    registry: (hub) => hub.registry,
    handlers: (hub) => (hub.properties.eventHandlers ?? []).map(describeHandler),
    view: ({ protocol, traffic }) => ({ transport: "websocket", protocol: protocol ?? "raw", traffic }),
    send(hub, members, { data, to }) {
        hub.send(members, { data: toMessage(data), ...("group" in to && { group: to.group }) });
        return members.length;
    },
    close: (hub, connection, reason) => hub.close(connection, reason),
    cut: ({ socket }) => socket?.terminate(),
    revoke({ rights }, role) {
        const [, action, group] = revocable.exec(role) ?? [];
        if (action === undefined || group === undefined) {
            throw new ActionError(
                `Role '${role}' cannot be taken away. Give 'webpubsub.sendToGroup.<group>' or 'webpubsub.joinLeaveGroup.<group>'.`,
            );
        }
        rights[action as "sendToGroup" | "joinLeaveGroup"].revoke(group);
    },
    pass: (client) => ({ path: path(client.hub), audience: path(client.hub), claims: claimsOf(client) }),
};

/** Subprotocol to offer, by the name of the protocol in the request for a test client. */
export const testProtocols: ReadonlyMap<string, string> = new Map([["json.webpubsub", "json.webpubsub.azure.v1"]]);

function claimsOf({ user, roles = [], groups = [] }: TestClient): Record<string, unknown> {
    return {
        ...(user !== undefined && user !== "" && { sub: user }),
        ...(roles.length > 0 && { role: roles }),
        ...(groups.length > 0 && { "webpubsub.group": groups }),
    };
}

function toMessage(data: unknown): MessageData {
    return typeof data === "string"
        ? { type: "text", text: data }
        : { type: "json", text: JSON.stringify(data) ?? "null" };
}
