import { type HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel } from "@microsoft/signalr";
import type { SessionState } from "../../shared/page/chat";
import { startBackoff } from "../../shared/page/retry";

interface SessionOptions {
    name: string;
    onConnected(connectionId: string): void;
    onState(state: SessionState, text: string): void;
}

/** Stays connected until the service closes the connection on purpose. The client itself reconnects what is lost. */
export function openSession({ name, onConnected, onState }: SessionOptions): HubConnection {
    const backoff = startBackoff();
    // The client adds `negotiate` to the path of this page's folder.
    const address = new URL(`.?${new URLSearchParams({ userId: name })}`, location.href).href;
    const connection = new HubConnectionBuilder()
        .withUrl(address)
        .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => backoff.next() })
        .configureLogging(LogLevel.Warning)
        .build();

    const online = () => {
        backoff.reset();
        onState("online", "Online");
        onConnected(connection.connectionId ?? "");
    };
    const start = () => {
        onState("connecting", "Connecting");
        connection.start().then(online, () => retry("No connection"));
    };
    const retry = (why: string) => {
        const wait = backoff.next();
        onState("connecting", `${why}, trying again in ${wait / 1000} s`);
        setTimeout(start, wait);
    };

    connection.onreconnecting(() => onState("connecting", "Connection lost, connecting again"));
    connection.onreconnected(online);
    connection.onclose((error) => {
        // Without an error the service closed the connection on purpose.
        if (error === undefined) {
            onState("offline", "The service closed the connection");
        } else if (connection.state === HubConnectionState.Disconnected) {
            retry("Connection lost");
        }
    });
    // The first messages arrive before start() has told its caller, so that listeners come first.
    queueMicrotask(start);
    return connection;
}
