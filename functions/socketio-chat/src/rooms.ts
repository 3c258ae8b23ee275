import { readRoom, readText } from "../../shared/input";
import { delivered } from "./actions";
import { onUserEvent } from "./bindings";
import { readRooms } from "./input";

const namespace = "/";

onUserEvent({
    functionName: "joinRoom",
    namespace,
    event: "join room",
    parameterNames: ["room"],
    handle: (sent, { socketId, userId }) => {
        const room = readRoom(sent.room);
        return {
            actions: [
                { actionName: "addSocketToRoom", namespace, socketId, room },
                {
                    actionName: "sendToRooms",
                    namespace,
                    rooms: [room],
                    eventName: "room joined",
                    parameters: [{ room, socketId, userId }],
                    exceptRooms: [socketId],
                },
            ],
            ack: ["joined", room],
        };
    },
});

onUserEvent({
    functionName: "leaveRoom",
    namespace,
    event: "leave room",
    parameterNames: ["room"],
    handle: (sent, { socketId, userId }) => {
        const room = readRoom(sent.room);
        return {
            actions: [
                { actionName: "removeSocketFromRoom", namespace, socketId, room },
                {
                    actionName: "sendToRooms",
                    namespace,
                    rooms: [room],
                    eventName: "room left",
                    parameters: [{ room, socketId, userId }],
                    exceptRooms: [socketId],
                },
            ],
            ack: ["left", room],
        };
    },
});

onUserEvent({
    functionName: "toRoom",
    namespace,
    event: "to room",
    parameterNames: ["room", "text"],
    handle: (sent, { socketId, userId }) => {
        const room = readRoom(sent.room);
        return {
            actions: [
                {
                    actionName: "sendToRooms",
                    namespace,
                    rooms: [room],
                    eventName: "room message",
                    parameters: [{ room, from: userId, socketId, text: readText(sent.text) }],
                    exceptRooms: [socketId],
                },
            ],
            ack: delivered(),
        };
    },
});

onUserEvent({
    functionName: "toRooms",
    namespace,
    event: "to rooms",
    parameterNames: ["rooms", "text"],
    handle: (sent, { socketId, userId }) => {
        const rooms = readRooms(sent.rooms);
        return {
            actions: [
                {
                    actionName: "sendToRooms",
                    namespace,
                    rooms,
                    eventName: "rooms message",
                    parameters: [{ rooms, from: userId, socketId, text: readText(sent.text) }],
                    // With several rooms the extension leaves these out of the last room only: a client knows its own message by socketId.
                    exceptRooms: [socketId],
                },
            ],
            ack: delivered(),
        };
    },
});
