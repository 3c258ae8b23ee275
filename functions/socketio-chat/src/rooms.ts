import { readRoom, readText } from "../../shared/input";
import { delivered } from "./actions";
import { onUserEvent } from "./bindings";
import { readRooms } from "./input";

const namespace = "/";

for (const { functionName, event, actionName, eventName, done } of [
    {
        functionName: "joinRoom",
        event: "join room",
        actionName: "addSocketToRoom",
        eventName: "room joined",
        done: "joined",
    },
    {
        functionName: "leaveRoom",
        event: "leave room",
        actionName: "removeSocketFromRoom",
        eventName: "room left",
        done: "left",
    },
] as const) {
    onUserEvent({
        functionName,
        namespace,
        event,
        parameterNames: ["room"],
        handle: (sent, { socketId, userId }) => {
            const room = readRoom(sent.room);
            return {
                actions: [
                    { actionName, namespace, socketId, room },
                    {
                        actionName: "sendToRooms",
                        namespace,
                        rooms: [room],
                        eventName,
                        parameters: [{ room, socketId, userId }],
                        exceptRooms: [socketId],
                    },
                ],
                ack: [done, room],
            };
        },
    });
}

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
                    // With several rooms, the extension excludes the sender from the last room only. Its client recognises its own
                    // message by the socketId.
                    exceptRooms: [socketId],
                },
            ],
            ack: delivered(),
        };
    },
});
