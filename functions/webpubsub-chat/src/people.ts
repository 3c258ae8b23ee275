import { readConnectionId } from "../../shared/input";
import { json } from "./actions";
import { lobby } from "./admission";
import { onUserEvent } from "./bindings";
import { readField } from "./events";
import { readGroup } from "./groups";
import { done, readUserId } from "./replies";

onUserEvent({
    eventName: "invite",
    handle: ({ data, sender }) => {
        const userId = readUserId(data);
        const group = readGroup(data);
        return {
            actions: [
                { actionName: "addUserToGroup", userId, group },
                { actionName: "sendToUser", userId, ...json({ type: "invited", group, from: sender.userId }) },
            ],
            reply: done("invite", { userId, group }),
        };
    },
});

onUserEvent({
    eventName: "dismiss",
    handle: ({ data, sender }) => {
        const userId = readUserId(data);
        const group = readGroup(data);
        return {
            actions: [
                { actionName: "removeUserFromGroup", userId, group },
                { actionName: "sendToUser", userId, ...json({ type: "dismissed", group, from: sender.userId }) },
            ],
            reply: done("dismiss", { userId, group }),
        };
    },
});

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
            actions: [{ actionName: "closeClientConnection", connectionId, reason: `sent out by ${userId}` }],
            reply: done("kick", { connectionId }),
        };
    },
});
