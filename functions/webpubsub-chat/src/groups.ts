import { readRoom } from "../../shared/input";
import { json } from "./actions";
import { onUserEvent } from "./bindings";
import { readField } from "./events";
import { done } from "./replies";

onUserEvent({
    eventName: "join",
    handle: ({ data, sender: { connectionId, userId } }) => {
        const group = readGroup(data);
        return {
            actions: [
                { actionName: "addConnectionToGroup", connectionId, group },
                // With this permission the client sends to the group without this app.
                { actionName: "grantPermission", connectionId, permission: "sendToGroup", targetName: group },
                {
                    actionName: "sendToGroup",
                    group,
                    excluded: [connectionId],
                    ...json({ type: "group joined", group, connectionId, userId }),
                },
            ],
            reply: done("join", { group }),
        };
    },
});

onUserEvent({
    eventName: "leave",
    handle: ({ data, sender: { connectionId, userId } }) => {
        const group = readGroup(data);
        return {
            actions: [
                { actionName: "revokePermission", connectionId, permission: "sendToGroup", targetName: group },
                { actionName: "removeConnectionFromGroup", connectionId, group },
                { actionName: "sendToGroup", group, ...json({ type: "group left", group, connectionId, userId }) },
            ],
            reply: done("leave", { group }),
        };
    },
});

export function readGroup(data: unknown): string {
    return readRoom(readField(data, "group"), "group");
}
