import { InputError, readConnectionId, readRoom, readString, readText } from "../../shared/input";
import { isAdmin, maxUserId } from "../../shared/names";
import type { Action } from "./actions";
import { onMessage, type Sender } from "./bindings";

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
    handle: (sent, sender) => whisper({ userId: readUserId(sent.userId) }, { text: sent.text, sender }),
});

onMessage({
    event: "sendToConnection",
    parameterNames: ["connectionId", "text"],
    handle: (sent, sender) =>
        whisper({ connectionId: readConnectionId(sent.connectionId) }, { text: sent.text, sender }),
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

function whisper(
    to: { userId: string } | { connectionId: string },
    { text, sender }: { text: unknown; sender: Sender },
) {
    const message = { from: sender.userId, connectionId: sender.connectionId, text: readText(text) };
    return {
        actions: [{ target: "whisper", ...to, arguments: [message] }] satisfies Action[],
        result: delivered(),
    };
}

export function readUserId(value: unknown): string {
    return readString({ name: "userId", value, max: maxUserId });
}
