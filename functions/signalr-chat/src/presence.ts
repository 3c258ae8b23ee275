import { maxUserId } from "../../shared/names";
import { onConnection } from "./bindings";

onConnection({
    event: "connected",
    handle: ({ connectionId, userId }) => {
        if (userId === "" || userId.length > maxUserId) {
            throw new Error(`userId has ${userId.length} characters: it must have 1 to ${maxUserId}`);
        }
        return [
            { target: "welcome", connectionId, arguments: [{ connectionId, userId }] },
            { target: "joined", arguments: [{ connectionId, userId }] },
        ];
    },
});

onConnection({
    event: "disconnected",
    handle: ({ connectionId, userId }, reason) => [{ target: "left", arguments: [{ connectionId, userId, reason }] }],
});
