import { readConnectionId } from "../../shared/input";
import { onUserEvent } from "./bindings";

const namespace = "/";

/** A kicked client may come back on the connection it has; one kicked hard has to open a new one. */
for (const { functionName, event, closeUnderlyingConnection } of [
    { functionName: "kick", event: "kick", closeUnderlyingConnection: false },
    { functionName: "kickHard", event: "kick hard", closeUnderlyingConnection: true },
]) {
    onUserEvent({
        functionName,
        namespace,
        event,
        parameterNames: ["socketId"],
        handle: (sent) => {
            const socketId = readConnectionId(sent.socketId, "socketId");
            return {
                actions: [{ actionName: "disconnectSockets", namespace, rooms: [socketId], closeUnderlyingConnection }],
                ack: [{ kicked: socketId }],
            };
        },
    });
}
