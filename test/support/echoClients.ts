import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { io } from "socket.io-client";
import { WebSocket } from "ws";

/** A connection of a client. */
export interface EchoConnection {
    /** Sends a text and resolves with what comes back. */
    echo(text: string): Promise<string>;
    close(): void;
}

/** What negotiate answers. */
export type Negotiated = { url: string; endpoint?: string; token?: string; accessToken?: string };

const within = <T>(work: Promise<T>): Promise<T> =>
    Promise.race([
        work,
        new Promise<never>((_, reject) => setTimeout(() => reject(new Error("no answer in 10 s")), 10_000).unref()),
    ]);

/** Every backend, and how a client of its app opens a connection. The app sends each text to everybody. */
export const echoKinds = [
    {
        extension: "webpubsub" as const,
        component: "WebPubSubBackend",
        async open({ url }: Negotiated): Promise<EchoConnection> {
            const socket = new WebSocket(url, { rejectUnauthorized: false });
            await within(new Promise((resolve) => socket.once("open", resolve)));
            return {
                async echo(text) {
                    const answer = new Promise<string>((resolve) =>
                        socket.once("message", (data) => resolve(String(data))),
                    );
                    socket.send(text);
                    return await within(answer);
                },
                close: () => socket.close(),
            };
        },
    },
    {
        extension: "socketio" as const,
        component: "SocketIOBackend",
        async open({ endpoint, token }: Negotiated, hub = "hub"): Promise<EchoConnection> {
            const socket = io(String(endpoint), {
                path: `/clients/socketio/hubs/${hub}`,
                query: { access_token: String(token) },
                transports: ["websocket"],
                rejectUnauthorized: false,
            });
            await within(new Promise((resolve) => socket.once("connect", () => resolve(undefined))));
            return {
                async echo(text) {
                    const answer = new Promise<string>((resolve) => socket.once("message", resolve));
                    socket.emit("message", text);
                    return await within(answer);
                },
                close: () => void socket.disconnect(),
            };
        },
    },
    {
        extension: "signalr" as const,
        component: "SignalRBackend",
        async open({ url, accessToken }: Negotiated): Promise<EchoConnection> {
            const connection = new HubConnectionBuilder()
                .withUrl(url, {
                    accessTokenFactory: () => String(accessToken),
                    transport: HttpTransportType.WebSockets,
                    skipNegotiation: true,
                })
                .configureLogging(LogLevel.None)
                .build();
            await within(connection.start());
            return {
                async echo(text) {
                    const answer = new Promise<string>((resolve) => connection.on("message", resolve));
                    await connection.invoke("message", text);
                    return await within(answer);
                },
                close: () => void connection.stop(),
            };
        },
    },
];
