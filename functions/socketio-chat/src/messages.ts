import { readConnectionId, readText } from "../../shared/input";
import { delivered } from "./actions";
import { onUserEvent } from "./bindings";

const namespace = "/";

onUserEvent({
    functionName: "message",
    namespace,
    event: "message",
    parameterNames: ["text"],
    handle: (sent, { socketId, userId }) => ({
        actions: [
            {
                actionName: "sendToNamespace",
                namespace,
                eventName: "message",
                parameters: [{ from: userId, socketId, text: readText(sent.text) }],
            },
        ],
        ack: delivered(),
    }),
});

onUserEvent({
    functionName: "whisper",
    namespace,
    event: "whisper",
    parameterNames: ["to", "text"],
    handle: (sent, { socketId, userId }) => ({
        actions: [
            {
                actionName: "sendToSocket",
                namespace,
                socketId: readConnectionId(sent.to, "socketId"),
                eventName: "whisper",
                parameters: [{ from: userId, socketId, text: readText(sent.text) }],
            },
        ],
        ack: delivered(),
    }),
});
