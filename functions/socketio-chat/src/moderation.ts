import { readConnectionId } from "../../shared/input";
import { onUserEvent } from "./bindings";

const namespace = "/";

// A kicked client may rejoin over its open connection. A client kicked hard must open a new one.
for (const { functionName, event, closeUnderlyingConnection } of [
    { functionName: "kick", event: "kick", closeUnderlyingConnection: false },
    { functionName: "kickHard", event: "kick hard", closeUnderlyingConnection: true },
]) {
    onUserEvent({
        functionName,
        namespace,
        event,
        parameterNames: ["whom"],
        handle: (sent) => {
            const socketId = readConnectionId(sent.whom, "socketId");
            return {
                actions: [{ actionName: "disconnectSockets", namespace, rooms: [socketId], closeUnderlyingConnection }],
                ack: [{ kicked: socketId }],
            };
        },
    });
}
