import { type HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel } from "@microsoft/signalr";
import { Attempts, type SessionOptions } from "../../shared/page/attempts";

interface SignalRSession extends SessionOptions {
    onConnected(connectionId: string): void;
}

/** Stays connected until the service closes the connection on purpose. The client reconnects lost connections itself. */
export function openSession({ name, onConnected, onState }: SignalRSession): HubConnection {
    // The client appends `negotiate` to the path of this page's folder.
    const address = new URL(`.?${new URLSearchParams({ userId: name })}`, location.href).href;
    const connection = new HubConnectionBuilder()
        .withUrl(address)
        .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => attempts.nextWait() })
        .configureLogging(LogLevel.Warning)
        .build();
    const online = () => {
        attempts.succeeded();
        onConnected(connection.connectionId ?? "");
    };
    const attempts = new Attempts(onState, () => {
        connection.start().then(online, () => attempts.retry("No connection"));
    });

    connection.onreconnecting(() => onState("connecting", "Connection lost, connecting again"));
    connection.onreconnected(online);
    connection.onclose((error) => {
        // The client passes no error when the service closed the connection on purpose.
        if (error === undefined) {
            attempts.end("The service closed the connection");
        } else if (connection.state === HubConnectionState.Disconnected) {
            attempts.retry("Connection lost");
        }
    });
    // Messages may arrive before start() resolves, so the caller must have added its listeners before start() runs.
    queueMicrotask(() => attempts.start());
    return connection;
}
