import { encodePart } from "../../../../core/encodePart";
import type { DataPlaneCall } from "../service/dataPlane";
import type { SocketIOAction } from "./actions";
import { namespaceGroup, roomFilter, roomGroup } from "./groups";
import { encodeDisconnect, encodeEvent } from "./packet";

/** The data-plane call of an action. */
export function toCall({ action, hub }: { action: SocketIOAction; hub: string }): DataPlaneCall {
    const base = `/api/hubs/${encodePart(hub)}`;
    const { namespace } = action;
    switch (action.actionName) {
        case "addSocketToRoom":
            return moveSocket({ path: `${base}/:addToGroups`, action });
        case "removeSocketFromRoom":
            return moveSocket({ path: `${base}/:removeFromGroups`, action });
        case "sendToNamespace":
            return send({
                path: `${base}/groups/${namespaceGroup(namespace)}/:send`,
                filter: roomFilter({ namespace, exceptRooms: action.exceptRooms, withNamespace: false }),
                body: encodeEvent(action),
            });
        case "sendToRooms":
            return sendToRooms({ base, action });
        case "sendToSocket":
            return send({
                path: `${base}/groups/${roomGroup({ namespace, room: action.socketId })}/:send`,
                filter: "",
                body: encodeEvent(action),
            });
        case "disconnectSockets":
            return send({
                path: `${base}/:send`,
                filter: roomFilter({ namespace, rooms: action.rooms, withNamespace: true }),
                body: encodeDisconnect({ namespace, close: action.closeUnderlyingConnection }),
            });
    }
}

function sendToRooms(options: { base: string; action: SocketIOAction & { actionName: "sendToRooms" } }): DataPlaneCall {
    const { base, action } = options;
    const { namespace, rooms, exceptRooms } = action;
    const body = encodeEvent(action);
    const [room] = rooms;
    if (rooms.length === 1 && room !== undefined) {
        return send({
            path: `${base}/groups/${roomGroup({ namespace, room })}/:send`,
            filter: roomFilter({ namespace, exceptRooms, withNamespace: false }),
            body,
        });
    }
    return send({
        path: `${base}/:send`,
        filter: roomFilter({ namespace, rooms, exceptRooms, withNamespace: true }),
        body,
    });
}

function moveSocket(options: {
    path: string;
    action: { namespace: string; socketId: string; room: string };
}): DataPlaneCall {
    const { namespace, socketId, room } = options.action;
    const filter = `'${roomGroup({ namespace, room: socketId })}' in groups`;
    return {
        method: "POST",
        path: options.path,
        contentType: "application/json",
        body: JSON.stringify({ groups: [roomGroup({ namespace, room })], filter }),
    };
}

function send({ path, filter, body }: { path: string; filter: string; body: string }): DataPlaneCall {
    return {
        method: "POST",
        path,
        body,
        contentType: "text/plain",
        ...(filter === "" ? {} : { query: { filter } }),
    };
}
