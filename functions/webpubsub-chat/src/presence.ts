import { json } from "./actions";
import { admit } from "./admission";
import { onConnect, onSystemEvent } from "./bindings";

onConnect(admit);

onSystemEvent({
    eventName: "connected",
    handle: ({ connectionId, userId }) => [
        { actionName: "sendToConnection", connectionId, ...json({ type: "welcome", connectionId, userId }) },
        { actionName: "sendToAll", excluded: [connectionId], ...json({ type: "joined", connectionId, userId }) },
    ],
});

onSystemEvent({
    eventName: "disconnected",
    handle: ({ connectionId, userId }, { reason }) => [
        { actionName: "sendToAll", ...json({ type: "left", connectionId, userId, reason: reason ?? "" }) },
    ],
});
