import { Manager, type Socket } from "socket.io-client";
import type { SessionState } from "../../shared/page/chat";
import { negotiate } from "../../shared/page/negotiate";
import { startBackoff } from "../../shared/page/retry";

interface SessionOptions {
    name: string;
    /** Called for every new connection, before it opens, to add listeners. */
    onSocket(socket: Socket, admin: Socket | undefined): void;
    onState(state: SessionState, text: string): void;
}

/** Stays connected until the service says no: negotiates anew each time, since a token lives for an hour only. */
export function openSession(options: SessionOptions): void {
    const backoff = startBackoff();
    let ended = false;

    const retry = (why: string) => {
        if (ended) {
            return;
        }
        const wait = backoff.next();
        options.onState("connecting", `${why}, trying again in ${wait / 1000} s`);
        setTimeout(connect, wait);
    };
    const end = (why: string) => {
        ended = true;
        options.onState("offline", why);
    };

    const connect = async () => {
        options.onState("connecting", "Connecting");
        const access = await negotiate<Access>(options.name).catch((error: Error) => error);
        if (access instanceof Error) {
            retry(access.message);
            return;
        }
        const manager = new Manager(access.endpoint, {
            path: access.path,
            query: { access_token: access.token },
            reconnection: false,
            autoConnect: false,
        });
        const socket = manager.socket("/");
        const admin = options.name.startsWith("admin") ? manager.socket("/admin") : undefined;
        options.onSocket(socket, admin);

        socket.on("connect", () => {
            backoff.reset();
            options.onState("online", "Online");
        });
        socket.on("connect_error", (error) => {
            // A socket that stays active lost its network; one that does not was turned away.
            manager.engine?.close();
            socket.active ? retry("No connection") : end(`Not let in: ${error.message}`);
        });
        socket.on("disconnect", (reason) => {
            manager.engine?.close();
            reason === "io server disconnect" ? end("You were sent out of the chat") : retry("Connection lost");
        });
        socket.connect();
        admin?.connect();
    };
    void connect();
}

interface Access {
    endpoint: string;
    path: string;
    token: string;
}
