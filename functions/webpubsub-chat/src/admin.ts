import { readText } from "../../shared/input";
import { readAction } from "./actionRequest";
import { json } from "./actions";
import { onUserEvent } from "./bindings";
import { readGroup } from "./groups";
import { delivered, done } from "./replies";

onUserEvent({
    eventName: "announce",
    adminOnly: true,
    handle: ({ data, sender: { userId } }) => ({
        actions: [{ actionName: "sendToAll", ...json({ type: "announcement", from: userId, text: readText(data) }) }],
        reply: delivered("announce"),
    }),
});

onUserEvent({
    eventName: "dissolve",
    adminOnly: true,
    handle: ({ data, sender: { connectionId, userId } }) => {
        const group = readGroup(data);
        return {
            actions: [
                {
                    actionName: "closeGroupConnections",
                    group,
                    excluded: [connectionId],
                    reason: `${group} was dissolved by ${userId}`,
                },
            ],
            reply: done("dissolve", { group }),
        };
    },
});

onUserEvent({
    eventName: "clear",
    adminOnly: true,
    handle: ({ sender: { connectionId, userId } }) => ({
        actions: [
            {
                actionName: "closeAllConnections",
                excluded: [connectionId],
                reason: `the chat was cleared by ${userId}`,
            },
        ],
        reply: done("clear", {}),
    }),
});

onUserEvent({
    eventName: "action",
    adminOnly: true,
    handle: ({ data }) => {
        const action = readAction(data);
        return { actions: [action], reply: done("action", { actionName: action.actionName }) };
    },
});
