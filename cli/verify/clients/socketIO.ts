import { io } from "socket.io-client";
import { CheckError } from "../check";
import type { Client } from "./client";
import { within } from "./within";

/** A real Socket.IO client: connects to the default namespace, sends the event, waits for its ack, disconnects. */
export const runSocketIOClient: Client = async ({ negotiated, event, milliseconds }) => {
    const socket = io(new URL("/", negotiated.url).href, {
        path: negotiated.path,
        // Polling would follow a redirect with the token, and read an answer of any length.
        transports: ["websocket"],
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
                        `The service refuses the client: ${message}. Either the app's connect function rejected the client, or the service cannot reach the webhook: see the other checks.`,
                    ),
                ),
            );
        });
        await within({ work: connected, what: "The client gets no answer from the service", milliseconds });
        const steps = ["A client connects"];
        if (event !== undefined) {
            const answered = new Promise<void>((resolve) => socket.emit(event.name, ...event.data, () => resolve()));
            const what = `"${event.name}" is not acknowledged. Check that the app has a function for this event with these parameters. No ack arrived`;
            await within({ work: answered, what, milliseconds });
            steps.push(`"${event.name}" is acknowledged`);
        }
        const left = new Promise<void>((resolve) => socket.once("disconnect", () => resolve()));
        socket.disconnect();
        await within({ work: left, what: "The service does not disconnect the client", milliseconds });
        return steps.join(", ");
    } finally {
        socket.disconnect();
    }
};
