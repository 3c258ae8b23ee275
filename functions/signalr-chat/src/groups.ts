import { readRoom } from "../../shared/input";
import { onMessage } from "./bindings";
import { readUserId } from "./messages";

onMessage({
    event: "joinGroup",
    parameterNames: ["group"],
    handle: (sent, { connectionId, userId }) => {
        const group = readRoom(sent.group, "group");
        return {
            actions: [
                { action: "add", groupName: group, connectionId },
                { target: "groupJoined", groupName: group, arguments: [{ group, connectionId, userId }] },
            ],
            result: { joined: group },
        };
    },
});

onMessage({
    event: "leaveGroup",
    parameterNames: ["group"],
    handle: (sent, { connectionId, userId }) => {
        const group = readRoom(sent.group, "group");
        return {
            actions: [
                { action: "remove", groupName: group, connectionId },
                { target: "groupLeft", groupName: group, arguments: [{ group, connectionId, userId }] },
            ],
            result: { left: group },
        };
    },
});

onMessage({
    event: "leaveAllGroups",
    handle: (_sent, { userId }) => ({ actions: [{ action: "removeAll", userId }], result: { left: "all" } }),
});

onMessage({
    event: "invite",
    parameterNames: ["userId", "group"],
    handle: (sent, sender) => {
        const userId = readUserId(sent.userId);
        const group = readRoom(sent.group, "group");
        return {
            actions: [
                { action: "add", groupName: group, userId },
                { target: "invited", userId, arguments: [{ group, from: sender.userId }] },
            ],
            result: { invited: userId, group },
        };
    },
});

onMessage({
    event: "dismiss",
    parameterNames: ["userId", "group"],
    handle: (sent, sender) => {
        const userId = readUserId(sent.userId);
        const group = readRoom(sent.group, "group");
        return {
            actions: [
                { action: "remove", groupName: group, userId },
                { target: "dismissed", userId, arguments: [{ group, from: sender.userId }] },
            ],
            result: { dismissed: userId, group },
        };
    },
});
