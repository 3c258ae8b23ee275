import { readText } from "../../shared/input";
import { delivered } from "./actions";
import { onUserEvent } from "./bindings";

onUserEvent({
    functionName: "announce",
    namespace: "/admin",
    event: "announce",
    parameterNames: ["text"],
    handle: (sent, { userId }) => ({
        actions: [
            {
                actionName: "sendToNamespace",
                namespace: "/",
                eventName: "announcement",
                parameters: [{ from: userId, text: readText(sent.text) }],
            },
        ],
        ack: delivered(),
    }),
});
