import assert from "node:assert/strict";
import { type ClientRequest, get } from "node:http";
import { WebSocket } from "ws";
import { maxQueuedBytes } from "../../emulator/core/service/outbound";
import { findSubprotocol } from "../../emulator/webpubsub/codecs";
import type { Connection } from "../../emulator/webpubsub/connection";
import { createSender } from "../../emulator/webpubsub/send";
import { openSocket } from "../support/rawSocket";
import { startSignalR } from "../support/signalRService";
import { startTestService } from "../support/socketIOService";
import { until } from "../support/until";
import { json, startWebPubSub } from "../support/webPubSubService";

const big = "x".repeat(900_000);
/** More than the service keeps and more than the sockets of both sides hold. */
const sends = 60;

interface Subject {
    /** Connects a client that reads nothing after its handshake. */
    connect(): Promise<WebSocket>;
    send(): Promise<number>;
    connections(): number;
    log(): string[];
    close(): Promise<void>;
}

async function open(...opened: Parameters<typeof openSocket>): Promise<WebSocket> {
    const socket = await openSocket(...opened);
    socket.pause();
    return socket;
}

const subjects: [name: string, start: () => Promise<Subject>][] = [
    [
        "Web PubSub",
        async () => {
            const test = await startWebPubSub();
            return {
                connect: async () => open(await test.url({}), ['{"type":"ping"}'], [json]),
                send: async () =>
                    (await test.rest("POST", "/api/hubs/chat/:send", { body: big, contentType: "text/plain" })).status,
                connections: () => test.service.connections(),
                log: () => test.log.map(({ message }) => message),
                close: () => test.close(),
            };
        },
    ],
    [
        "SignalR",
        async () => {
            const test = await startSignalR();
            const url = `${test.service.endpoint.replace("http", "ws")}/client/?hub=chat&access_token=${test.token()}`;
            return {
                connect: () => open(url, ['{"protocol":"json","version":1}\u001e']),
                send: async () => (await test.send({ target: "t", arguments: [big] })).status,
                connections: () => test.service.connections(),
                log: () => test.log.map(({ message }) => message),
                close: () => test.close(),
            };
        },
    ],
    [
        "Socket.IO",
        async () => {
            const test = await startTestService();
            const base = `${test.service.endpoint.replace("http", "ws")}/clients/socketio/hubs/hub/`;
            return {
                connect: () => open(`${base}?EIO=4&transport=websocket&access_token=${test.token()}`, ["40"]),
                send: async () => (await test.send({}, `42["t","${big}"]`)).status,
                connections: () => test.service.connections(),
                log: () => test.log.map(({ message }) => message),
                close: () => test.close(),
            };
        },
    ],
];

for (const [name, start] of subjects) {
    describe(`a client of ${name} that does not read`, () => {
        it("is cut off at 16 MiB and logged once, and its memory is free again", async () => {
            const subject = await start();
            try {
                const socket = await subject.connect();
                await until(() => subject.connections() === 1, "the client");
                global.gc?.();
                const before = process.memoryUsage().arrayBuffers;
                for (let count = 0; count < sends && subject.connections() > 0; count++) {
                    assert.equal(await subject.send(), 202);
                }
                await until(() => subject.connections() === 0, "the end of the client");
                const lines = subject.log().filter((line) => line.includes("The outbound message queue is full."));
                assert.equal(lines.length, 1, subject.log().join("\n"));
                const kept = process.memoryUsage().arrayBuffers - before;
                assert.ok(kept < 4 * maxQueuedBytes, `${kept} bytes are kept`);
                socket.terminate();
            } finally {
                await subject.close();
            }
        });
    });
}

describe("a Socket.IO client that does not poll", () => {
    it("is cut off at 16 MiB and logged once", async () => {
        const test = await startTestService();
        try {
            const url = `${test.service.endpoint}/clients/socketio/hubs/hub/?EIO=4&transport=polling&access_token=${test.token()}`;
            const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1)) as { sid: string };
            await fetch(`${url}&sid=${sid}`, { method: "POST", body: "40" });
            await (await fetch(`${url}&sid=${sid}`)).text();
            for (let count = 0; count < 30; count++) {
                await test.send({}, `42["t","${big}"]`);
            }
            const lines = test.warnings().filter((line) => line.includes("The outbound message queue is full."));
            assert.equal(lines.length, 1, test.warnings().join("\n"));
        } finally {
            await test.close();
        }
    });
});

describe("a client that polls and does not read the answers", () => {
    /** Lets messages wait, polls for them without reading the answer, and again. */
    async function pollWithoutReading(url: string, { send, over }: { send(): Promise<unknown>; over(): boolean }) {
        const polls: ClientRequest[] = [];
        for (let round = 0; round < 12 && !over(); round++) {
            for (let count = 0; count < 12 && !over(); count++) {
                await send();
            }
            await new Promise<void>((resolve) => {
                const poll = get(url, { agent: false }, () => resolve());
                poll.on("error", () => resolve());
                polls.push(poll);
            });
        }
        for (const poll of polls) {
            poll.destroy();
        }
    }
    const full = (lines: readonly string[]) =>
        lines.filter((line) => line.includes("The outbound message queue is full.")).length;

    it("is cut off at 16 MiB (Socket.IO)", async () => {
        const test = await startTestService();
        try {
            const url = `${test.service.endpoint}/clients/socketio/hubs/hub/?EIO=4&transport=polling&access_token=${test.token()}`;
            const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1)) as { sid: string };
            await fetch(`${url}&sid=${sid}`, { method: "POST", body: "40" });
            await (await fetch(`${url}&sid=${sid}`)).text();
            await pollWithoutReading(`${url}&sid=${sid}`, {
                send: () => test.send({}, `42["t","${big}"]`),
                over: () => full(test.warnings()) > 0,
            });
            assert.equal(full(test.warnings()), 1);
        } finally {
            await test.close();
        }
    });

    it("is cut off at 16 MiB (SignalR)", async () => {
        const test = await startSignalR();
        const lines = () => test.log.map(({ message }) => message);
        try {
            const client = `${test.service.endpoint}/client/?hub=chat&access_token=${test.token()}`;
            const negotiate = client.replace("/?", "/negotiate?negotiateVersion=1&");
            const answer = (await (await fetch(negotiate, { method: "POST" })).json()) as { connectionToken: string };
            const url = `${client}&id=${answer.connectionToken}`;
            await fetch(url);
            await fetch(url, { method: "POST", body: '{"protocol":"json","version":1}\u001e' });
            await (await fetch(url)).text();
            await pollWithoutReading(url, {
                send: () => test.send({ target: "t", arguments: [big] }),
                over: () => full(lines()) > 0,
            });
            assert.equal(full(lines()), 1);
        } finally {
            await test.close();
        }
    });
});

describe("a SignalR client without a WebSocket that does not read", () => {
    const lines = (test: { log: readonly { message: string }[] }) =>
        test.log.filter(({ message }) => message.includes("The outbound message queue is full.")).length;

    async function negotiated(test: Awaited<ReturnType<typeof startSignalR>>): Promise<string> {
        const client = `${test.service.endpoint}/client/?hub=chat&access_token=${test.token()}`;
        const negotiate = client.replace("/?", "/negotiate?negotiateVersion=1&");
        const answer = (await (await fetch(negotiate, { method: "POST" })).json()) as { connectionToken: string };
        return `${client}&id=${answer.connectionToken}`;
    }
    const shakeHands = (url: string) => fetch(url, { method: "POST", body: '{"protocol":"json","version":1}\u001e' });
    async function sendUntilCut(test: Awaited<ReturnType<typeof startSignalR>>) {
        for (let count = 0; count < sends && lines(test) === 0; count++) {
            assert.equal((await test.send({ target: "t", arguments: [big] })).status, 202);
        }
        await until(() => test.service.connections() === 0, "the end of the client");
        assert.equal(lines(test), 1);
    }

    it("is cut off at 16 MiB (events)", async () => {
        const test = await startSignalR();
        try {
            const url = await negotiated(test);
            const stream = get(url, { agent: false, headers: { accept: "text/event-stream" } }, (response) =>
                response.pause(),
            );
            stream.on("error", () => undefined);
            await new Promise((resolve) => stream.once("response", resolve));
            await shakeHands(url);
            await until(() => test.service.connections() === 1, "the client");
            await sendUntilCut(test);
            stream.destroy();
        } finally {
            await test.close();
        }
    });

    it("is cut off at 16 MiB (long polling, without a further poll)", async () => {
        const test = await startSignalR();
        try {
            const url = await negotiated(test);
            await fetch(url);
            await shakeHands(url);
            await (await fetch(url)).text();
            await sendUntilCut(test);
        } finally {
            await test.close();
        }
    });
});

describe("what Web PubSub sends besides messages", () => {
    it("counts for the limit too", () => {
        const cut: string[] = [];
        const sender = createSender({
            elapsed: () => 0,
            drop: () => assert.fail("nothing is reliable here"),
            fail: (_, error) => assert.fail(String(error)),
            cut: (_, reason) => void cut.push(reason),
        });
        const socket = { readyState: WebSocket.OPEN, bufferedAmount: maxQueuedBytes + 1 };
        const { codec } = findSubprotocol("json.webpubsub.azure.v1") ?? {};
        sender.control({ codec, socket } as unknown as Connection, '{"type":"pong"}');
        assert.deepEqual(cut, ["The outbound message queue is full."]);
    });
});
