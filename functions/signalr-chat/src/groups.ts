import { readRoom } from "../../shared/input";
import { onMessage } from "./bindings";
import { readUserId } from "./messages";

interface Membership {
    event: string;
    action: "add" | "remove";
    /** Method that the app calls on the clients concerned. */
    target: string;
    /** Property of the result that names what was done. */
    done: string;
}

for (const { event, action, target, done } of [
    { event: "joinGroup", action: "add", target: "groupJoined", done: "joined" },
    { event: "leaveGroup", action: "remove", target: "groupLeft", done: "left" },
] satisfies Membership[]) {
    onMessage({
        event,
        parameterNames: ["group"],
        handle: (sent, { connectionId, userId }) => {
            const group = readRoom(sent.group, "group");
            return {
                actions: [
                    { action, groupName: group, connectionId },
                    { target, groupName: group, arguments: [{ group, connectionId, userId }] },
                ],
                result: { [done]: group },
            };
        },
    });
}

onMessage({
    event: "leaveAllGroups",
    handle: (_sent, { userId }) => ({ actions: [{ action: "removeAll", userId }], result: { left: "all" } }),
});

for (const { event, action, target, done } of [
    { event: "invite", action: "add", target: "invited", done: "invited" },
    { event: "dismiss", action: "remove", target: "dismissed", done: "dismissed" },
] satisfies Membership[]) {
    onMessage({
        event,
        parameterNames: ["userId", "group"],
        handle: (sent, sender) => {
            const userId = readUserId(sent.userId);
            const group = readRoom(sent.group, "group");
            return {
                actions: [
                    { action, groupName: group, userId },
                    { target, userId, arguments: [{ group, from: sender.userId }] },
                ],
                result: { [done]: userId, group },
            };
        },
    });
}
