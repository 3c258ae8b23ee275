import { InputError, readConnectionId, readRoom, readString, readText } from "../../shared/input";
import { isAdmin, maxUserId } from "../../shared/names";
import { onMessage } from "./bindings";

const delivered = () => ({ at: new Date().toISOString(), delivered: true });

onMessage({
    event: "broadcast",
    parameterNames: ["text"],
    handle: (sent, { connectionId, userId }) => ({
        actions: [{ target: "message", arguments: [{ from: userId, connectionId, text: readText(sent.text) }] }],
        result: delivered(),
    }),
});

onMessage({
    event: "sendToUser",
    parameterNames: ["userId", "text"],
    handle: (sent, { connectionId, userId }) => ({
        actions: [
            {
                target: "whisper",
                userId: readUserId(sent.userId),
                arguments: [{ from: userId, connectionId, text: readText(sent.text) }],
            },
        ],
        result: delivered(),
    }),
});

onMessage({
    event: "sendToConnection",
    parameterNames: ["connectionId", "text"],
    handle: (sent, { connectionId, userId }) => ({
        actions: [
            {
                target: "whisper",
                connectionId: readConnectionId(sent.connectionId),
                arguments: [{ from: userId, connectionId, text: readText(sent.text) }],
            },
        ],
        result: delivered(),
    }),
});

onMessage({
    event: "sendToGroup",
    parameterNames: ["group", "text"],
    handle: (sent, { connectionId, userId }) => {
        const group = readRoom(sent.group, "group");
        return {
            actions: [
                {
                    target: "groupMessage",
                    groupName: group,
                    arguments: [{ group, from: userId, connectionId, text: readText(sent.text) }],
                },
            ],
            result: delivered(),
        };
    },
});

onMessage({
    event: "announce",
    parameterNames: ["text"],
    handle: (sent, { userId }) => {
        if (!isAdmin(userId)) {
            throw new InputError("announce is for admins");
        }
        return {
            actions: [{ target: "announcement", arguments: [{ from: userId, text: readText(sent.text) }] }],
            result: delivered(),
        };
    },
});

onMessage({
    event: "echo",
    parameterNames: ["value"],
    handle: (sent) => ({ result: sent.value }),
});

export function readUserId(value: unknown): string {
    return readString({ name: "userId", value, max: maxUserId });
}
