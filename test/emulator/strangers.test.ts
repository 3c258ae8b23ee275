import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { systemClock } from "../../emulator/core/clock";
import type { LogEntry } from "../../emulator/core/log";
import { openServer } from "../../emulator/core/server";
import type { Member } from "../../emulator/core/service/registry";
import { openRealtimeService, type ServiceFrame, type ServiceKind } from "../../emulator/core/service/service";
import type { RealtimeService } from "../../emulator/core/service/types";
import { openIdentity } from "../../emulator/identity";
import { Clients as SignalRClients } from "../../emulator/signalr/clients";
import { createSignalRDataPlane } from "../../emulator/signalr/dataPlane";
import { Hub as SignalRHub } from "../../emulator/signalr/hub";
import { createClients as socketIOClients } from "../../emulator/socketio/clients";
import { Hub as SocketIOHub } from "../../emulator/socketio/hub";
import { createSocketIODataPlane } from "../../emulator/socketio/rest";
import { createGateway } from "../../emulator/storage/gateway";
import { createClients as webPubSubClients } from "../../emulator/webpubsub/clients";
import { Hub as WebPubSubHub } from "../../emulator/webpubsub/hub";
import { createWebPubSubDataPlane } from "../../emulator/webpubsub/rest";
import { FakeClock } from "../support/clock";

interface Counted {
    service: RealtimeService;
    hubs(): number;
    log: LogEntry[];
    clock: FakeClock;
    close(): Promise<void>;
}

/** Opens a service and counts the hubs that it makes. */
async function open<H extends SignalRHub | SocketIOHub | WebPubSubHub>(
    createKind: (frame: ServiceFrame<H>) => Omit<ServiceKind<H, Member>, "probe">,
): Promise<Counted> {
    const log: LogEntry[] = [];
    const clock = new FakeClock(Date.now());
    const identity = await openIdentity({ clock: systemClock });
    let hubs = 0;
    const service = await openRealtimeService<H, Member>(
        {
            product: "webpubsub",
            options: { id: "/id", name: "chat", serviceMode: "Serverless" } as { id: string; name: string },
            core: {
                clock,
                identity,
                references: { resolve: ({ text }) => text },
                log: (entry) => void log.push(entry),
            },
        },
        (frame) => {
            const kind = createKind(frame);
            const createHub = (...args: Parameters<typeof kind.createHub>): H => {
                hubs++;
                return kind.createHub(...args);
            };
            return { ...kind, createHub, probe: {} as never };
        },
    );
    return {
        service,
        hubs: () => hubs,
        log,
        clock,
        async close() {
            await service.close();
            await identity.close();
        },
    };
}

const kinds: [name: string, start: () => Promise<Counted>][] = [
    [
        "Web PubSub",
        () =>
            open<WebPubSubHub>((frame) => ({
                clients: webPubSubClients(frame),
                createHub: (name, properties) => new WebPubSubHub(frame.hubOptions(name), properties),
                dataPlane: createWebPubSubDataPlane(frame),
                unknownPath: (path) => path,
            })),
    ],
    [
        "SignalR",
        () =>
            open<SignalRHub>((frame) => ({
                clients: new SignalRClients(frame),
                createHub: (name) => new SignalRHub({ ...frame.hubOptions(name), settings: frame.settings }),
                dataPlane: createSignalRDataPlane(frame),
                unknownPath: (path) => path,
            })),
    ],
    [
        "Socket.IO",
        () =>
            open<SocketIOHub>((frame) => ({
                clients: socketIOClients(frame),
                createHub: (name, properties) => new SocketIOHub(frame.hubOptions(name), properties),
                dataPlane: createSocketIODataPlane(frame),
                unknownPath: (path) => path,
            })),
    ],
];

/** Every way to name a hub without a token, for clients and for apps. */
const upgrades = (hub: string): string[] => [
    `/client/hubs/${hub}`,
    `/client/hubs/${hub}?awps_connection_id=x`,
    `/client/hubs/${hub}?awps_connection_id=x&awps_reconnection_token=y`,
    `/client/hubs/${hub}?access_token=x`,
    `/client/?hub=${hub}`,
    `/client/?hub=${hub}&id=x`,
    `/client/?hub=${hub}&access_token=x`,
    `/clients/socketio/hubs/${hub}/?EIO=4&transport=websocket`,
    `/clients/socketio/hubs/${hub}/?EIO=4&transport=websocket&sid=`,
    `/clients/socketio/hubs/${hub}/?EIO=4&transport=websocket&sid=x`,
];
const requests = (hub: string): [method: string, path: string][] => [
    ["POST", `/client/negotiate?hub=${hub}&negotiateVersion=1`],
    ["OPTIONS", `/client/negotiate?hub=${hub}`],
    ["GET", `/client/?hub=${hub}&id=x`],
    ["POST", `/client/?hub=${hub}&id=x`],
    ["DELETE", `/client/?hub=${hub}&id=x`],
    ["GET", `/clients/socketio/hubs/${hub}/?EIO=4&transport=polling`],
    ["GET", `/clients/socketio/hubs/${hub}/?EIO=4&transport=polling&sid=`],
    ["POST", `/clients/socketio/hubs/${hub}/?EIO=4&transport=polling&sid=x`],
    ["OPTIONS", `/clients/socketio/hubs/${hub}/?EIO=4&transport=polling`],
    ...(["api", "api/v1"] as const).flatMap((base): [string, string][] => [
        ["POST", `/${base}/hubs/${hub}/:send`],
        ["POST", `/${base}/hubs/${hub}/:addToGroups`],
        ["POST", `/${base}/hubs/${hub}/:closeConnections`],
        ["PUT", `/${base}/hubs/${hub}/users/u/groups/g`],
        ["PUT", `/${base}/hubs/${hub}/groups/g/connections/c`],
        ["POST", `/${base}/hubs/${hub}/:generateToken`],
    ]),
];

for (const [name, start] of kinds) {
    describe(`strangers at ${name}`, () => {
        let test: Counted;
        beforeEach(async () => {
            test = await start();
        });
        afterEach(() => test.close());

        it("make no hub and no connection, whatever they name", async () => {
            const { endpoint } = test.service;
            for (let round = 0; round < 3; round++) {
                await Promise.all(
                    upgrades(`hub${round}`).map(async (path) => {
                        const socket = new WebSocket(
                            `${endpoint.replace("http", "ws")}${path}`,
                            "json.webpubsub.azure.v1",
                        );
                        socket.on("error", () => undefined);
                        await new Promise((resolve) => socket.once("close", resolve));
                    }),
                );
                for (const [method, path] of requests(`hub${round}`)) {
                    const response = await fetch(`${endpoint}${path}`, { method });
                    await response.arrayBuffer();
                    assert.ok(method === "OPTIONS" || response.status >= 400, `${method} ${path}: ${response.status}`);
                }
            }
            assert.deepEqual([test.hubs(), test.service.connections()], [0, 0]);
        });

        it("get 20 lines of the log in 10 seconds, and a line that counts the rest", async () => {
            const { endpoint } = test.service;
            const long = "x".repeat(9000);
            for (let count = 0; count < 60; count++) {
                const response = await fetch(`${endpoint}/api/hubs/${long}/:send`, { method: "POST" });
                await response.arrayBuffer();
            }
            assert.equal(test.log.length, 20);
            await test.clock.advance(10_000);
            assert.match(test.log.at(-1)?.message ?? "", /^40 more clients and calls were refused within 10 s\.$/);
            assert.ok(test.log.every(({ message }) => message.length < 2100));
            const again = await fetch(`${endpoint}/api/hubs/x/:send`, { method: "POST" });
            assert.equal(again.status, 401);
            assert.equal(test.log.length, 22);
        });
    });
}

describe("a stranger at a storage account", () => {
    it("causes a few lines of the log, and no save of the blobs", async () => {
        const clock = new FakeClock();
        const identity = await openIdentity({ clock });
        const log: string[] = [];
        let saves = 0;
        const { listener } = createGateway({
            account: { id: "/id", name: "data", key: "a2V5" },
            engine: {
                listener: (_request, response) => void response.writeHead(403).end(),
                flush: async () => void saves++,
                setAccount: () => undefined,
                removeAccount: () => undefined,
                close: async () => undefined,
            },
            identity,
            clock,
            log: ({ message }) => void log.push(message),
            allowSharedKeyAccess: () => true,
        });
        const server = await openServer({ request: listener, log: (_, message) => void log.push(message) });
        try {
            for (let count = 0; count < 60; count++) {
                const read = await fetch(`http://localhost:${server.port}/data/secret/${count}`);
                const write = await fetch(`http://localhost:${server.port}/data/secret/${count}`, { method: "PUT" });
                assert.deepEqual([read.status, write.status], [409, 403]);
            }
            await clock.advance(10_000);
            assert.equal(log.length, 21, log.join("\n"));
            assert.match(log[20] ?? "", /^40 more clients and calls were refused/);
            assert.equal(saves, 0);
        } finally {
            await server.close();
            await identity.close();
        }
    });
});
