import { readConnectionId } from "../../shared/input";
import { json } from "./actions";
import { lobby } from "./admission";
import { onUserEvent } from "./bindings";
import { readField } from "./events";
import { readGroup } from "./groups";
import { done, readUserId } from "./replies";

for (const { eventName, actionName, type } of [
    { eventName: "invite", actionName: "addUserToGroup", type: "invited" },
    { eventName: "dismiss", actionName: "removeUserFromGroup", type: "dismissed" },
] as const) {
    onUserEvent({
        eventName,
        handle: ({ data, sender }) => {
            const userId = readUserId(data);
            const group = readGroup(data);
            return {
                actions: [
                    { actionName, userId, group },
                    { actionName: "sendToUser", userId, ...json({ type, group, from: sender.userId }) },
                ],
                reply: done(eventName, { userId, group }),
            };
        },
    });
}

onUserEvent({
    eventName: "quit",
    handle: ({ sender: { userId } }) => ({
        actions: [
            { actionName: "removeUserFromAllGroups", userId },
            { actionName: "addUserToGroup", userId, group: lobby },
        ],
        reply: done("quit", { userId }),
    }),
});

onUserEvent({
    eventName: "kick",
    handle: ({ data, sender: { userId } }) => {
        const connectionId = readConnectionId(readField(data, "connectionId"));
        return {
            actions: [{ actionName: "closeClientConnection", connectionId, reason: `removed by ${userId}` }],
            reply: done("kick", { connectionId }),
        };
    },
});
