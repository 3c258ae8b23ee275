import { io, type Socket } from "socket.io-client";
import { createInbox, type Inbox, type InboxOptions, within } from "../inbox";
import { negotiate } from "../step";

export interface CheckClient extends Inbox {
    name: string;
    socket: Socket;
    /** Sends an event and resolves with the arguments of its acknowledgement. */
    ask(event: string, ...args: unknown[]): Promise<unknown[]>;
    close(): void;
}

export interface ClientOptions extends InboxOptions {
    negotiateUrl: string;
    /** Defaults to the order of Socket.IO: polling, then an upgrade to WebSocket. */
    transports?: ("polling" | "websocket")[];
    /** Defaults to `/`. */
    namespace?: string;
    query?: Record<string, string>;
}

/** Negotiates and connects as the page does. Whether the app admits the client shows in the client's events. */
export async function openClient(options: ClientOptions): Promise<CheckClient> {
    const url = new URL(options.negotiateUrl);
    url.searchParams.set("userId", options.name);
    const { endpoint, path, token } = await negotiate<Record<"endpoint" | "path" | "token", string>>(url);
    const socket = io(new URL(options.namespace ?? "/", endpoint).href, {
        path,
        query: { ...options.query, access_token: token },
        reconnection: false,
        forceNew: true,
        ...(options.transports && { transports: options.transports }),
    });
    const { see, ...inbox } = createInbox(options);
    socket.onAny(see);
    socket.on("connect", () => see("connect"));
    socket.on("connect_error", (error) => see("connect_error", error.message));
    socket.on("disconnect", (reason) => see("disconnect", reason));
    return {
        name: options.name,
        socket,
        ...inbox,
        ask(event, ...args) {
            const answered = new Promise<unknown[]>((resolve) =>
                socket.emit(event, ...args, (...ack: unknown[]) => resolve(ack)),
            );
            return within({
                work: answered,
                what: `"${event}" of ${options.name} was not acknowledged`,
                milliseconds: options.milliseconds,
            });
        },
        close: () => void socket.disconnect(),
    };
}
