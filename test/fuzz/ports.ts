import { createConnection } from "node:net";
import fc from "fast-check";
import { WebSocket } from "ws";
import { startSignalR } from "../support/signalRService";
import { startTestService } from "../support/socketIOService";
import { json, reliable, startWebPubSub } from "../support/webPubSubService";
import { jsonOf, prefixedBytes, wordsOf } from "./generators";

const end = "\u001e";

/** A port of a running service, and what a fuzzer may send there. */
export interface Port {
    name: string;
    /** Sends these frames to a client connection that is open, or these bytes to the port. */
    attack(input: Attack): Promise<void>;
    /** Throws when a client that was there before is not served. */
    requireServed(): Promise<void>;
    close(): Promise<void>;
}

export interface Attack {
    kind: number;
    frames: (string | Buffer)[];
    http: string;
}

const frame = fc.oneof<fc.Arbitrary<string | Buffer>[]>(
    jsonOf({
        type: ["event", "sendToGroup", "joinGroup", 1, 6, 7],
        group: ["g"],
        data: [1],
        event: ["e"],
        target: ["t"],
        arguments: [[]],
        protocol: ["json"],
        version: [1],
    }).map((text) => text + end),
    jsonOf({ type: ["event", "sendToGroup", "joinGroup", "ping"], group: ["g"], data: [1], event: ["e"], ackId: [1] }),
    wordsOf("0", "1", "2", "3", "4", "40", "42", "/n,", '["a"]', "5", "6", "b", end),
    prefixedBytes,
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
);
const http = wordsOf(
    "GET ",
    "POST ",
    "HEAD ",
    "OPTIONS ",
    "PUT ",
    "DELETE ",
    "/",
    "//",
    "/api/hubs/chat/:send",
    "/client/negotiate?hub=chat",
    "/clients/socketio/hubs/hub/?EIO=4&transport=polling",
    "&sid=x",
    " HTTP/1.1\r\n",
    "Host: localhost\r\n",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Authorization: Bearer a.b.c\r\n",
    "Upgrade: websocket\r\nConnection: Upgrade\r\n",
    "\r\n",
    "5\r\nhello\r\n",
    "%",
    "%zz",
    "?",
    "\u0000",
);

export const attack: fc.Arbitrary<Attack> = fc.record({
    kind: fc.nat(),
    frames: fc.array(frame, { maxLength: 6 }),
    http,
});

function sendFrames(
    url: string,
    options: { protocols?: string[]; first: readonly string[]; frames: readonly (string | Buffer)[] },
): Promise<void> {
    return new Promise((resolve) => {
        const socket = new WebSocket(url, options.protocols ?? []);
        socket.on("error", () => undefined);
        socket.once("close", () => resolve());
        socket.once("open", () => {
            for (const item of [...options.first, ...options.frames]) {
                socket.send(item, () => undefined);
            }
            socket.close();
            setTimeout(() => socket.terminate(), 300).unref();
        });
    });
}

function sendHttp(port: number, text: string): Promise<void> {
    return new Promise((resolve) => {
        const socket = createConnection({ port, host: "127.0.0.1" }, () => socket.end(text, "latin1"));
        socket.on("error", () => undefined);
        socket.on("data", () => undefined);
        socket.setTimeout(300, () => socket.destroy());
        socket.once("close", () => resolve());
    });
}

async function requireHealth(endpoint: string): Promise<void> {
    const health = await fetch(`${endpoint}/api/health`, { method: "HEAD" });
    if (health.status !== 200) {
        throw new Error(`the service answers ${health.status} to a health check`);
    }
}

/** Starts the three services, each with a client that must be served throughout. */
export async function openPorts(): Promise<Port[]> {
    const webPubSub = await startWebPubSub();
    const signalR = await startSignalR();
    const socketIO = await startTestService();
    const member = await webPubSub.client({ protocols: [json], roles: ["webpubsub.joinLeaveGroup"] });
    const hubClient = await signalR.connect();
    const socket = await socketIO.client();
    if (!socket.connected) {
        await new Promise<void>((resolve) => void socket.once("connect", () => resolve()));
    }
    let ackId = 0;
    return [
        {
            name: "Web PubSub",
            async attack({ kind, frames, http: text }) {
                const protocols = [[json], [reliable], []][kind % 3] as string[];
                const roles = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"];
                await sendFrames(await webPubSub.url({ roles }), { protocols, first: [], frames });
                await sendHttp(webPubSub.service.port, text);
            },
            async requireServed() {
                await requireHealth(webPubSub.service.endpoint);
                member.received.length = 0;
                member.send({ type: "joinGroup", group: "alive", ackId: ++ackId });
                await member.next();
            },
            close: () => webPubSub.close(),
        },
        {
            name: "SignalR",
            async attack({ kind, frames, http: text }) {
                const url = `${signalR.service.endpoint.replace("http", "ws")}/client/?hub=chat&access_token=${signalR.token()}`;
                const handshake = [
                    `{"protocol":"json","version":1}${end}`,
                    `{"protocol":"messagepack","version":1}${end}`,
                ];
                await sendFrames(url, { first: kind % 3 === 2 ? [] : [handshake[kind % 3] as string], frames });
                await sendHttp(signalR.service.port, text);
            },
            async requireServed() {
                await requireHealth(signalR.service.endpoint);
                if (hubClient.state !== "Connected") {
                    throw new Error("the other client is not connected any more");
                }
            },
            close: () => signalR.close(),
        },
        {
            name: "Socket.IO",
            async attack({ kind, frames, http: text }) {
                const url = `${socketIO.service.endpoint.replace("http", "ws")}/clients/socketio/hubs/hub/?EIO=4&transport=websocket&access_token=${socketIO.token()}`;
                await sendFrames(url, { first: kind % 2 === 0 ? ["40"] : [], frames });
                await sendHttp(socketIO.service.port, text);
            },
            async requireServed() {
                await requireHealth(socketIO.service.endpoint);
                await socketIO.settle(socket);
            },
            close: () => socketIO.close(),
        },
    ];
}
