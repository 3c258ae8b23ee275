import assert from "node:assert/strict";
import type { WebSocket } from "ws";
import { EventQueue, EventsWaitError } from "../../emulator/core/service/eventQueue";
import { maxQueuedBytes } from "../../emulator/core/service/outbound";
import type { Respond } from "../support/eventHandlerServer";
import { openSocket } from "../support/rawSocket";
import { startSignalR } from "../support/signalRService";
import { startTestService } from "../support/socketIOService";
import { until } from "../support/until";
import { json, reliable, startWebPubSub } from "../support/webPubSubService";

const big = "x".repeat(900_000);
/** More than the service keeps. */
const most = 40;
const waits = /more than 16 MiB of its events wait for their event handler/;

interface Subject {
    /** A client whose event handler answers no user event. */
    connect(): Promise<WebSocket>;
    frame: string;
    log(): string[];
    connections(): number;
    close(): Promise<void>;
}

const hangUserEvents: Respond = ({ headers }) => (/user/.test(String(headers["ce-type"])) ? "hang" : {});

async function webPubSub(protocols: string[], frame: string): Promise<Subject> {
    const test = await startWebPubSub();
    test.handler.respond = hangUserEvents;
    return {
        connect: async () => openSocket(await test.url(), protocols.length > 0 ? ['{"type":"ping"}'] : [], protocols),
        frame,
        log: () => test.log.map(({ message }) => message),
        connections: () => test.service.connections(),
        close: () => test.close(),
    };
}

const subjects: [name: string, start: () => Promise<Subject>][] = [
    ["Web PubSub", () => webPubSub([json], `{"type":"event","event":"e","data":"${big}"}`)],
    ["reliable Web PubSub", () => webPubSub([reliable], `{"type":"event","event":"e","data":"${big}"}`)],
    ["Web PubSub without a subprotocol", () => webPubSub([], big)],
    [
        "SignalR",
        async () => {
            const test = await startSignalR();
            test.upstream.answer = (call) =>
                call.headers["x-asrs-event"] === "e" ? new Promise(() => undefined) : { status: 200 };
            const url = `${test.service.endpoint.replace("http", "ws")}/client/?hub=chat&access_token=${test.token()}`;
            return {
                connect: () => openSocket(url, ['{"protocol":"json","version":1}\u001e']),
                frame: `{"type":1,"target":"e","arguments":["${big}"]}\u001e`,
                log: () => test.log.map(({ message }) => message),
                connections: () => test.service.connections(),
                close: () => test.close(),
            };
        },
    ],
    [
        "Socket.IO",
        async () => {
            const test = await startTestService();
            test.handler.respond = hangUserEvents;
            const base = `${test.service.endpoint.replace("http", "ws")}/clients/socketio/hubs/hub/`;
            return {
                connect: () => openSocket(`${base}?EIO=4&transport=websocket&access_token=${test.token()}`, ["40"]),
                frame: `42["e","${big}"]`,
                log: () => test.log.map(({ message }) => message),
                connections: () => test.service.connections(),
                close: () => test.close(),
            };
        },
    ],
];

for (const [name, start] of subjects) {
    describe(`a client of ${name} that sends faster than its handler answers`, () => {
        it("is cut off when 16 MiB of its events wait, and logged once", async () => {
            const subject = await start();
            try {
                const socket = await subject.connect();
                await until(() => subject.connections() === 1, "the client");
                const closed = new Promise((resolve) => socket.once("close", resolve));
                for (let count = 0; count < most; count++) {
                    socket.send(subject.frame, () => undefined);
                }
                await closed;
                assert.equal(subject.log().filter((line) => waits.test(line)).length, 1, subject.log().join("\n"));
            } finally {
                await subject.close();
            }
        });
    });
}

describe("a Socket.IO client that asks for many namespaces", () => {
    it("is closed when the connect events of 100 wait, and its handler gets no more", async () => {
        const test = await startTestService();
        test.handler.respond = () => "hang";
        try {
            const base = `${test.service.endpoint.replace("http", "ws")}/clients/socketio/hubs/hub/`;
            const socket = await openSocket(`${base}?EIO=4&transport=websocket&access_token=${test.token()}`, []);
            const closed = new Promise((resolve) => socket.once("close", resolve));
            for (let count = 0; count < 300; count++) {
                socket.send(`40/${count},`, () => undefined);
            }
            await closed;
            assert.match(test.warnings().join("\n"), /while 100 others wait for their handler/);
            assert.ok(test.handler.requests.length <= 101, `${test.handler.requests.length} requests`);
        } finally {
            await test.close();
        }
    });
});

describe("the queue of a client's events", () => {
    const onFailure = (error: unknown): void => assert.fail(String(error));
    const nothing = async (): Promise<void> => undefined;

    it("runs them in order, and goes on after one that fails", async () => {
        const queue = new EventQueue();
        const seen: unknown[] = [];
        queue.add(async () => void seen.push(1), { bytes: 1, onFailure });
        queue.add(() => Promise.reject("2 failed"), { bytes: 1, onFailure: (error) => void seen.push(error) });
        queue.add(async () => void seen.push(3), { bytes: 1, onFailure });
        await queue.settled();
        assert.deepEqual(seen, [1, "2 failed", 3]);
    });

    it("counts small ones too, over all queues of a client, and takes more when they have run", async () => {
        const held = { bytes: 0 };
        const queues = [new EventQueue(held), new EventQueue(held)];
        const fill = (): number => {
            for (let count = 0; ; count++) {
                try {
                    queues[count % 2]?.add(nothing, { bytes: 10, onFailure });
                } catch (error) {
                    assert.ok(error instanceof EventsWaitError);
                    return count;
                }
            }
        };
        const count = fill();
        assert.ok(count > 10_000 && count < 20_000, `${count} events`);
        await Promise.all(queues.map((queue) => queue.settled()));
        assert.deepEqual([held.bytes, fill()], [0, count]);
    });

    it("frees what waits for a client that is gone, and keeps the service's own events", async () => {
        const held = { bytes: 0 };
        const queue = new EventQueue(held);
        const seen: string[] = [];
        let answer = (): void => undefined;
        queue.add(() => new Promise((resolve) => (answer = resolve)), { bytes: 1, onFailure });
        await Promise.resolve();
        queue.add(async () => void seen.push("event"), { bytes: maxQueuedBytes / 2, onFailure });
        queue.add(async () => void seen.push("disconnected"), { bytes: 0, onFailure });
        queue.abandon();
        assert.ok(held.bytes < 2000);
        assert.deepEqual(seen, ["event"]);
        answer();
        await queue.settled();
        assert.deepEqual([seen, held.bytes], [["event", "disconnected"], 0]);
    });
});
