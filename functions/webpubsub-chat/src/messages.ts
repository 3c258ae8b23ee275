import { createHash } from "node:crypto";
import { readConnectionId, readText } from "../../shared/input";
import { json } from "./actions";
import { onUserEvent } from "./bindings";
import { readField } from "./events";
import { delivered, readUserId } from "./replies";

// A plain WebSocket client can send only this event, with text as its data.
onUserEvent({
    eventName: "message",
    handle: ({ data, sender: { connectionId, userId }, states }) => {
        const text = readText(data);
        const sent = (Number(states.sent) || 0) + 1;
        return {
            actions: [
                {
                    actionName: "sendToAll",
                    excluded: [connectionId],
                    ...json({ type: "message", from: userId, connectionId, text }),
                },
            ],
            reply: delivered("message", { sent }),
            states: { sent },
        };
    },
});

onUserEvent({
    eventName: "whisper",
    handle: ({ data, sender: { connectionId, userId } }) => ({
        actions: [
            {
                actionName: "sendToConnection",
                connectionId: readConnectionId(readField(data, "connectionId")),
                ...json({ type: "whisper", from: userId, connectionId, text: readText(readField(data, "text")) }),
            },
        ],
        reply: delivered("whisper"),
    }),
});

onUserEvent({
    eventName: "tell",
    handle: ({ data, sender: { connectionId, userId } }) => ({
        actions: [
            {
                actionName: "sendToUser",
                userId: readUserId(data),
                ...json({ type: "whisper", from: userId, connectionId, text: readText(readField(data, "text")) }),
            },
        ],
        reply: delivered("tell"),
    }),
});

onUserEvent({
    eventName: "echo",
    handle: ({ data }) => ({
        reply:
            typeof data === "string"
                ? { dataType: "text", data: readText(data) }
                : { dataType: "json", data: readText(JSON.stringify(data)) },
    }),
});

onUserEvent({
    eventName: "digest",
    handle: ({ data }) => ({
        reply: { dataType: "binary", data: createHash("sha256").update(readText(data)).digest().toJSON() },
    }),
});
