import { Manager, type Socket } from "socket.io-client";
import { Attempts, type SessionOptions } from "../../shared/page/attempts";
import { negotiate } from "../../shared/page/negotiate";

interface SocketIOSession extends SessionOptions {
    /** Called before each new connection opens, so that the caller can add its listeners. */
    onSocket(socket: Socket, admin: Socket | undefined): void;
}

interface Access {
    endpoint: string;
    path: string;
    token: string;
}

/** Stays connected until the service refuses. Each connection needs a new token, because a token expires after an hour. */
export function openSession({ name, onSocket, onState }: SocketIOSession): void {
    const attempts = new Attempts(onState, () => void connect());

    const connect = async () => {
        const access = await negotiate<Access>(name).catch((error: Error) => error);
        if (access instanceof Error) {
            attempts.retry(access.message);
            return;
        }
        const manager = new Manager(access.endpoint, {
            path: access.path,
            query: { access_token: access.token },
            reconnection: false,
            autoConnect: false,
        });
        const socket = manager.socket("/");
        const admin = name.startsWith("admin") ? manager.socket("/admin") : undefined;
        onSocket(socket, admin);

        socket.on("connect", () => attempts.succeeded());
        socket.on("connect_error", (error) => {
            // The socket stays active after a network failure, but not after a refusal by the app.
            manager.engine?.close();
            socket.active ? attempts.retry("No connection") : attempts.end(`Not admitted: ${error.message}`);
        });
        socket.on("disconnect", (reason) => {
            manager.engine?.close();
            reason === "io server disconnect"
                ? attempts.end("You were removed from the chat")
                : attempts.retry("Connection lost");
        });
        socket.connect();
        admin?.connect();
    };
    attempts.start();
}
