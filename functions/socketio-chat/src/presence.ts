import { admit, admitAdmin } from "./admission";
import { type ConnectRequest, onConnect, onSystemEvent } from "./bindings";

announcePresence({ prefix: "", namespace: "/", admission: admit });
announcePresence({ prefix: "admin", namespace: "/admin", admission: admitAdmin });

interface Presence {
    /** Prefix for the names of the three functions. */
    prefix: string;
    namespace: string;
    admission: (request: ConnectRequest) => { statusCode: number };
}

/** Registers the functions that admit sockets to a namespace, welcome them, and tell the others who joined and left. */
function announcePresence({ prefix, namespace, admission }: Presence): void {
    const functionName = (event: string) =>
        prefix === "" ? event : `${prefix}${event.charAt(0).toUpperCase()}${event.slice(1)}`;

    onConnect({ functionName: functionName("connect"), namespace, handle: admission });

    onSystemEvent({
        functionName: functionName("connected"),
        namespace,
        event: "connected",
        handle: (_request, { socketId, userId }) => [
            {
                actionName: "sendToSocket",
                namespace,
                socketId,
                eventName: "welcome",
                parameters: [{ socketId, userId }],
            },
            {
                actionName: "sendToNamespace",
                namespace,
                eventName: "joined",
                parameters: [{ socketId, userId }],
                exceptRooms: [socketId],
            },
        ],
    });

    onSystemEvent({
        functionName: functionName("disconnected"),
        namespace,
        event: "disconnected",
        handle: ({ reason = "" }, { socketId, userId }) => [
            { actionName: "sendToNamespace", namespace, eventName: "left", parameters: [{ socketId, userId, reason }] },
        ],
    });
}
