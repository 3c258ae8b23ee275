import { io } from "socket.io-client";
import { CheckError } from "../check";
import type { Client } from "./client";
import { within } from "./within";

/** A real Socket.IO client: connects to the default namespace, sends the event, waits for its ack, leaves. */
export const runSocketIOClient: Client = async ({ negotiated, event, milliseconds }) => {
    const socket = io(new URL("/", negotiated.url).href, {
        path: negotiated.path,
        query: { access_token: negotiated.token },
        reconnection: false,
        forceNew: true,
    });
    try {
        const connected = new Promise<void>((resolve, reject) => {
            socket.once("connect", resolve);
            socket.once("connect_error", ({ message }) =>
                reject(
                    new CheckError(
                        `The client is refused: ${message}. Either the app's connect function says no to it, or the service cannot reach the webhook: see the other checks.`,
                    ),
                ),
            );
        });
        await within({ work: connected, what: "The client has no answer from the service", milliseconds });
        const said = ["A client connects"];
        if (event !== undefined) {
            const answered = new Promise<void>((resolve) => socket.emit(event.name, ...event.data, () => resolve()));
            const what = `"${event.name}" is not acknowledged. Is there a function for it with these parameters? It was not`;
            await within({ work: answered, what, milliseconds });
            said.push(`"${event.name}" is acknowledged`);
        }
        const left = new Promise<void>((resolve) => socket.once("disconnect", () => resolve()));
        socket.disconnect();
        await within({ work: left, what: "The client does not get disconnected", milliseconds });
        return said.join(", ");
    } finally {
        socket.disconnect();
    }
};
