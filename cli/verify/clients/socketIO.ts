import { io, type ManagerOptions } from "socket.io-client";
import { messageOf } from "../../../emulator/core/errors";
import { longestAnswer } from "../ask";
import { CheckError } from "../check";
import type { Client } from "./client";
import { within } from "./within";

/** What the library's transport calls with each message, and what ends it with a reason. Its types hide both. */
interface Transport {
    onData(data: string | Buffer): void;
    onError(reason: string): void;
}

/** Makes the library end the connection with a reason where it would throw out of a listener, or go on reading. */
function bound(transport: Transport): void {
    const read = transport.onData.bind(transport);
    let length = 0;
    const end = (reason: string) => {
        transport.onData = () => undefined;
        transport.onError(reason);
    };
    transport.onData = (data) => {
        length += data.length;
        if (length > longestAnswer) {
            end("the service sends more than 1 MiB, which no check asks for");
            return;
        }
        try {
            read(data);
        } catch (error) {
            end(`what the service sends is not Engine.IO: ${messageOf(error)}`);
        }
    };
}

/** A real Socket.IO client: connects to the default namespace, sends the event, waits for its ack, disconnects. */
export const runSocketIOClient: Client = async ({ negotiated, event, milliseconds }) => {
    // The library hands this option on to its WebSocket, and has no type for it.
    const limit: Partial<ManagerOptions> & { maxPayload: number } = { maxPayload: longestAnswer };
    const socket = io(new URL("/", negotiated.url).href, {
        ...limit,
        path: negotiated.path,
        // Polling would follow a redirect with the token, and read an answer of any length.
        transports: ["websocket"],
        query: { access_token: negotiated.token },
        reconnection: false,
        forceNew: true,
    });
    bound(socket.io.engine.transport as unknown as Transport);
    try {
        const connected = new Promise<void>((resolve, reject) => {
            socket.once("connect", resolve);
            const refuse = (reason: string) =>
                reject(
                    new CheckError(
                        `The service refuses the client: ${reason}. Either the app's connect function rejected the client, or the service cannot reach the webhook: see the other checks.`,
                    ),
                );
            socket.once("connect_error", ({ message }) => refuse(message));
            socket.once("disconnect", refuse);
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
