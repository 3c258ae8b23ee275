import { ActionError, type HandMessage } from "../core/probes";
import { describeHandler, type HubProbe } from "../core/service/probe";
import type { Connection } from "./connection";
import type { Hub } from "./hub";
import { namespaceGroup, parseOutgoing, roomGroup } from "./protocol";
import type { EngineInternals } from "./send";

const clientPath = (hub: string): string => `/clients/socketio/hubs/${encodeURIComponent(hub)}`;

/** What the inspector sees of Web PubSub for Socket.IO. */
export const probe: HubProbe<Hub, Connection> = {
    registry: (hub) => hub.registry,
    handlers: (hub) => (hub.properties.eventHandlers ?? []).map(describeHandler),
    view: ({ transport, traffic }) => ({
        transport: transport.transport?.name ?? "closed",
        protocol: "socket.io",
        traffic,
    }),
    groupName,
    groupOf,
    isOwnGroup: ({ sockets }, group) =>
        [...sockets.values()].some(({ namespace, id }) => roomGroup(namespace, id) === group),
    hasNamespaces: true,
    send(hub, members, message) {
        const namespace = namespaceOf(message);
        const name = message.event ?? "message";
        const list = Array.isArray(message.data) ? (message.data as unknown[]) : [message.data];
        const prefix = namespace === "/" ? "" : `${namespace},`;
        hub.send(members, parseOutgoing(`42${prefix}${JSON.stringify([name, ...list])}`));
        return members.filter(({ sockets }) => sockets.get(namespace)?.state === "connected").length;
    },
    close: (hub, connection, reason) => hub.close(connection, reason),
    cut({ transport }) {
        const { socket } = (transport as unknown as EngineInternals).transport;
        socket === undefined ? transport.close(true) : socket.terminate();
    },
    revoke() {
        throw new ActionError("Clients of Socket.IO have no roles.");
    },
    pass: ({ hub, user }) => ({
        path: clientPath(hub),
        audience: clientPath(hub),
        claims: user === undefined || user === "" ? {} : { sub: user },
    }),
};

/** The namespace that a message is for: the one in front of the room, or that of all its receivers. */
function namespaceOf({ to, hub }: HandMessage): string {
    const namespace = hub.startsWith("/") ? hub : "/";
    return "group" in to ? splitRoom(to.group, namespace).namespace : namespace;
}

/** Splits `/chat room` into namespace and room. A name without a slash is a room of the namespace at hand. */
function splitRoom(name: string, at: string): { namespace: string; room: string } {
    const [, namespace = "/", room = ""] = /^(\/\S*)(?: (.*))?$/s.exec(name) ?? [name, at, name];
    return { namespace, room };
}

function groupOf(name: string, hub: string): string {
    const { namespace, room } = splitRoom(name, hub.startsWith("/") ? hub : "/");
    return room === "" ? namespaceGroup(namespace) : roomGroup(namespace, room);
}

/** `/chat room` for the group of a room, and `/chat` for the group of all in a namespace. */
export function groupName(group: string): string | undefined {
    const [, namespace = "", room = ""] = group.split("~");
    const text = Buffer.from(namespace, "base64url").toString("utf8");
    return room === "" ? text : `${text} ${Buffer.from(room, "base64url").toString("utf8")}`;
}
