import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { createInbox, type Inbox, type InboxOptions, within } from "../inbox";

export interface ClientOptions extends InboxOptions {
    negotiateUrl: string;
    /** Defaults to WebSockets. */
    transport?: "WebSockets" | "ServerSentEvents" | "LongPolling";
    /** Defaults to JSON. */
    messagePack?: boolean;
}

export interface CheckClient extends Inbox {
    name: string;
    connection: HubConnection;
    connectionId(): string;
    /** Calls a method and resolves with what it returned. */
    ask(method: string, ...args: unknown[]): Promise<unknown>;
    close(): void;
}

const events = [
    ...["welcome", "joined", "left", "message", "whisper", "announcement"],
    ...["groupMessage", "groupJoined", "groupLeft", "invited", "dismissed"],
];

/** Negotiates as the page does and connects; whether the app takes the client shows in its events. */
export async function openClient(o: ClientOptions): Promise<CheckClient> {
    // The client itself adds `negotiate` to the path.
    const url = new URL(".", o.negotiateUrl);
    if (o.name !== "") url.searchParams.set("userId", o.name);
    const builder = new HubConnectionBuilder()
        .withUrl(url.href, { transport: HttpTransportType[o.transport ?? "WebSockets"] })
        .configureLogging(LogLevel.None);
    const connection = (o.messagePack ? builder.withHubProtocol(new MessagePackHubProtocol()) : builder).build();
    const { see, ...inbox } = createInbox(o);
    for (const event of events) connection.on(event, (...args: unknown[]) => see(event, ...args));
    connection.onclose((error) => see("closed", error?.message ?? ""));
    await within({ work: connection.start(), what: `${o.name} did not connect`, milliseconds: o.milliseconds });
    return {
        name: o.name,
        connection,
        connectionId: () => connection.connectionId ?? "",
        ...inbox,
        ask: (method, ...args) =>
            within({
                work: connection.invoke(method, ...args),
                what: `"${method}" of ${o.name} returned nothing`,
                milliseconds: o.milliseconds,
            }),
        close: () => void connection.stop().catch(() => undefined),
    };
}
