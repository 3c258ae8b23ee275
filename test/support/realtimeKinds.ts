import { WebPubSubServiceClient } from "@azure/web-pubsub";
import { WebPubSubClient } from "@azure/web-pubsub-client";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { io } from "socket.io-client";
import type { Emulator } from "../../emulator";
import type { Clock } from "../../emulator/core/clock";
import { signingKey, signToken } from "../../emulator/core/service/tokens";
import type { RoleName } from "../../emulator/identity";
import { armId } from "./emulator";

/** A service whose hub `chat` sends every event to one URL. */
export interface OpenService {
    id: string;
    endpoint: string;
    /** Gives the service another event URL, as an update of the hub or of the upstream settings does. */
    setUrl(url: string): void;
    setIdentity(principalId: string): void;
    /** What the vendor's client is told when it comes in and its event is handled: `works`, or the error. */
    attempt(): Promise<string>;
}

export interface RealtimeKind {
    name: string;
    /** What `attempt` resolves with when the event does not reach the handler. */
    refusal: RegExp;
    /** A data-plane call that sends to all clients of the hub, with the role and the audience of the token it needs. */
    send: { path: string; body: string; contentType: string; role: RoleName; audience: string };
    open(options: { emulator: Emulator; clock: Clock; url: string; principalId: string }): Promise<OpenService>;
}

const webPubSubAudience = "https://webpubsub.azure.com";

async function outcome(work: Promise<unknown>): Promise<string> {
    try {
        await work;
        return "works";
    } catch (error) {
        return error instanceof Error ? error.message : JSON.stringify(error);
    }
}

const hubOf = (url: string) => ({
    anonymousConnectPolicy: "allow" as const,
    eventHandlers: [{ urlTemplate: url, systemEvents: ["connect"], userEventPattern: "*" }],
});

const socketIO: RealtimeKind = {
    name: "Socket.IO",
    refusal: /status 500/,
    send: {
        path: "/api/hubs/chat/:send?api-version=2024-12-01",
        body: '42["hello"]',
        contentType: "text/plain",
        role: "webPubSubServiceOwner",
        audience: webPubSubAudience,
    },
    async open({ emulator, url, principalId }) {
        const id = armId("Microsoft.SignalRService/webPubSub/socketio");
        const service = await emulator.openSocketIOService({ id, name: "socketio", principalId });
        service.setHub("chat", hubOf(url));
        return {
            id,
            endpoint: service.endpoint,
            setUrl: (next) => service.setHub("chat", hubOf(next)),
            setIdentity: (next) => service.update({ principalId: next }),
            attempt() {
                const socket = io(service.endpoint, {
                    path: "/clients/socketio/hubs/chat",
                    reconnection: false,
                    forceNew: true,
                });
                const connected = new Promise((resolve, reject) => {
                    socket.once("connect", () => resolve(undefined));
                    socket.once("connect_error", reject);
                });
                return outcome(connected).finally(() => socket.disconnect());
            },
        };
    },
};

const webPubSub: RealtimeKind = {
    name: "Web PubSub",
    refusal: /500/,
    send: { ...socketIO.send, body: "hello" },
    async open({ emulator, url, principalId }) {
        const id = armId("Microsoft.SignalRService/webPubSub/plain");
        const service = await emulator.openWebPubSubService({ id, name: "plain", principalId });
        service.setHub("chat", hubOf(url));
        return {
            id,
            endpoint: service.endpoint,
            setUrl: (next) => service.setHub("chat", hubOf(next)),
            setIdentity: (next) => service.update({ principalId: next }),
            async attempt() {
                const server = new WebPubSubServiceClient(service.keys.primaryConnectionString, "chat", {
                    allowInsecureConnection: true,
                });
                const token = await server.getClientAccessToken();
                const client = new WebPubSubClient(token.url, { autoReconnect: false });
                return outcome(client.start()).finally(() => client.stop());
            },
        };
    },
};

const signalR: RealtimeKind = {
    name: "SignalR",
    refusal: /Invocation failed/,
    send: {
        path: "/api/hubs/chat/:send?api-version=2022-06-01",
        body: JSON.stringify({ target: "hello", arguments: [] }),
        contentType: "application/json",
        role: "signalRServiceOwner",
        audience: "https://signalr.azure.com",
    },
    async open({ emulator, clock, url, principalId }) {
        const id = armId("Microsoft.SignalRService/signalR/signalr");
        const upstream = (urlTemplate: string) => ({ templates: [{ urlTemplate }] });
        const service = await emulator.openSignalRService({
            id,
            name: "signalr",
            serviceMode: "Serverless",
            principalId,
            upstream: upstream(url),
        });
        return {
            id,
            endpoint: service.endpoint,
            setUrl: (next) => service.update({ upstream: upstream(next) }),
            setIdentity: (next) => service.update({ principalId: next }),
            async attempt() {
                const aud = `${service.endpoint}/client/?hub=chat`;
                const accessTokenFactory = () =>
                    signToken({
                        key: signingKey(service.keys.primaryKey),
                        claims: { aud },
                        now: clock.now(),
                        lifetimeSeconds: 3600,
                    });
                const client = new HubConnectionBuilder()
                    .withUrl(aud, { accessTokenFactory, transport: HttpTransportType.WebSockets })
                    .configureLogging(LogLevel.None)
                    .build();
                return outcome(client.start().then(() => client.invoke("chat"))).finally(() => client.stop());
            },
        };
    },
};

/** The services with what their tests have in common. */
export const realtimeKinds: readonly RealtimeKind[] = [socketIO, webPubSub, signalR];
