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
    /** Calls a method and resolves with its result. */
    ask(method: string, ...args: unknown[]): Promise<unknown>;
    close(): void;
}

const events = [
    ...["welcome", "joined", "left", "message", "whisper", "announcement"],
    ...["groupMessage", "groupJoined", "groupLeft", "invited", "dismissed"],
];

/** Negotiates and connects as the page does. Whether the app admits the client shows in the client's events. */
export async function openClient(options: ClientOptions): Promise<CheckClient> {
    // The client appends `negotiate` to the path.
    const url = new URL(".", options.negotiateUrl);
    // An empty name gives a token for nobody. Without the parameter the negotiation fails.
    url.searchParams.set("userId", options.name);
    const builder = new HubConnectionBuilder()
        .withUrl(url.href, { transport: HttpTransportType[options.transport ?? "WebSockets"] })
        .configureLogging(LogLevel.None);
    const connection = (options.messagePack ? builder.withHubProtocol(new MessagePackHubProtocol()) : builder).build();
    const { see, ...inbox } = createInbox(options);
    for (const event of events) {
        connection.on(event, (...args: unknown[]) => see(event, ...args));
    }
    connection.onclose((error) => see("closed", error?.message ?? ""));
    await within({
        work: connection.start(),
        what: `${options.name} did not connect`,
        milliseconds: options.milliseconds,
    });
    return {
        name: options.name,
        connection,
        connectionId: () => connection.connectionId ?? "",
        ...inbox,
        ask: (method, ...args) =>
            within({
                work: connection.invoke(method, ...args),
                what: `"${method}" of ${options.name} returned nothing`,
                milliseconds: options.milliseconds,
            }),
        close: () => void connection.stop().catch(() => undefined),
    };
}
