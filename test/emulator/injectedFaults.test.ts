import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { inject, places } from "../support/injectedFaults";
import { startSignalR } from "../support/signalRService";
import { startTestService } from "../support/socketIOService";
import { json, startWebPubSub } from "../support/webPubSubService";

const end = "\u001e";

/** What a test does with a service while one call of its code fails. */
interface Subject {
    /** Connects and uses everything. Whatever fails is caught here: the service may refuse, close or not answer. */
    use(): Promise<void>;
    /** Shows that a client that was there before is still served. */
    isServed(): Promise<void>;
    /** How many times the injected error is in the log. */
    logged(): number;
    close(): Promise<void>;
}

/** Sends frames, each after an answer to the one before or a short while, then closes. */
async function talk(url: string, options: { protocol?: string; frames: (string | Buffer)[] }): Promise<void> {
    const socket = new WebSocket(url, options.protocol ?? []);
    socket.on("error", () => undefined);
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const pause = (): Promise<unknown> =>
        Promise.race([new Promise((resolve) => socket.once("message", resolve)), closed, quiet()]);
    await Promise.race([new Promise((resolve) => socket.once("open", resolve)), closed]);
    for (const frame of options.frames) {
        if (socket.readyState === WebSocket.OPEN) {
            socket.send(frame);
            await pause();
        }
    }
    socket.close();
    await Promise.race([closed, quiet().then(() => socket.terminate())]);
}

/** The event loop turns a few times, in which a local answer has come or never will. */
function quiet(): Promise<void> {
    return new Promise((resolve) => {
        let turns = 0;
        const turn = (): void => void (++turns < 40 ? setImmediate(turn) : resolve());
        turn();
    });
}

async function ask(url: string, init: RequestInit = {}): Promise<string> {
    try {
        const response = await fetch(url, { ...init, signal: AbortSignal.timeout(500) });
        return await response.text();
    } catch {
        return "";
    }
}

async function webPubSub(): Promise<Subject> {
    const test = await startWebPubSub();
    const roles = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"];
    const other = await test.client({ protocols: [json], roles });
    const url = await test.url({ roles });
    const simple = await test.url({});
    const rest = [":send", ":addToGroups", "groups/g/:send", "users/u/:closeConnections"];
    let ackId = 0;
    return {
        async use() {
            await talk(url, {
                protocol: json,
                frames: [
                    '{"type":"joinGroup","group":"g","ackId":1}',
                    '{"type":"sendToGroup","group":"g","data":{"a":1},"ackId":2}',
                    '{"type":"event","event":"e","data":"x","dataType":"text","ackId":3}',
                    '{"type":"ping"}',
                ],
            });
            await talk(simple, { frames: ["text", Buffer.from("bytes")] });
            for (const path of rest) {
                const body = path === ":addToGroups" ? '{"groups":["h"]}' : "x";
                const contentType = path === ":addToGroups" ? "application/json" : "text/plain";
                await test.rest("POST", `/api/hubs/chat/${path}`, { body, contentType }).catch(() => undefined);
            }
        },
        async isServed() {
            other.received.length = 0;
            other.send({ type: "joinGroup", group: "alive", ackId: ++ackId });
            const answer = await other.next();
            assert.equal(answer.ackId, ackId);
        },
        logged: () => test.log.filter(({ message }) => message.includes("an injected error")).length,
        close: () => test.close(),
    };
}

async function signalR(): Promise<Subject> {
    const test = await startSignalR();
    const other = await test.connect();
    let heard: (() => void) | undefined;
    other.on("alive", () => heard?.());
    const token = test.token();
    const { endpoint } = test.service;
    const client = `${endpoint}/client/?hub=chat&access_token=${token}`;
    const negotiate = async (): Promise<string> => {
        const answer = await ask(client.replace("/?", "/negotiate?negotiateVersion=1&"), { method: "POST" });
        return /"connectionToken":"([^"]+)"/.exec(answer)?.[1] ?? "none";
    };
    const handshake = `{"protocol":"json","version":1}${end}`;
    return {
        async use() {
            await talk(client.replace("http", "ws"), {
                frames: [
                    handshake.slice(0, 9),
                    handshake.slice(9),
                    `{"type":1,"target":"a","arguments":[],"invocationId":"1"}${end}`,
                    `{"type":6}${end}{"type":7}${end}`,
                ],
            });
            await talk(client.replace("http", "ws"), {
                frames: [
                    `{"protocol":"messagepack","version":1}${end}`,
                    Buffer.from([8, 0x96, 1, 0x80, 0xc0, 0xa1, 0x61, 0x90, 0x90]),
                ],
            });
            const polled = `${client}&id=${await negotiate()}`;
            await ask(polled);
            await ask(polled, { method: "POST", body: handshake });
            await ask(polled);
            await ask(polled, { method: "DELETE" });
            const streamed = `${client}&id=${await negotiate()}`;
            const stop = new AbortController();
            const events = fetch(streamed, { headers: { accept: "text/event-stream" }, signal: stop.signal }).catch(
                () => undefined,
            );
            await ask(streamed, { method: "POST", body: handshake });
            await test
                .rest("POST", "/api/hubs/chat/:send", { body: { target: "t", arguments: [] } })
                .catch(() => undefined);
            stop.abort();
            await events;
        },
        async isServed() {
            const alive = new Promise<void>((resolve) => {
                heard = resolve;
            });
            assert.equal((await test.send({ target: "alive" })).status, 202);
            await alive;
        },
        logged: () => test.log.filter(({ message }) => message.includes("an injected error")).length,
        close: () => test.close(),
    };
}

async function socketIO(): Promise<Subject> {
    const test = await startTestService();
    const other = await test.client();
    if (!other.connected) {
        await new Promise<void>((resolve) => void other.once("connect", resolve));
    }
    const url = `${test.service.endpoint}/clients/socketio/hubs/hub/?EIO=4&access_token=${test.token()}&transport=`;
    let heard: (() => void) | undefined;
    other.on("alive", () => heard?.());
    return {
        async use() {
            await talk(`${url.replace("http", "ws")}websocket`, {
                frames: ["40", '42["a",1]', '421["b"]', "40/other,", "41/other,", "41"],
            });
            const opened = await ask(`${url}polling`);
            const polled = `${url}polling&sid=${/"sid":"([^"]+)"/.exec(opened)?.[1] ?? "none"}`;
            await ask(polled, { method: "POST", body: "40" });
            await ask(polled);
            await ask(polled, { method: "POST", body: '42["a"]\u001e41\u001e1' });
            await test.send({}, '42["news"]').catch(() => undefined);
            await test.changeRoom("addToGroups", { socketId: other.id, room: "r" }).catch(() => undefined);
        },
        async isServed() {
            const alive = new Promise<void>((resolve) => {
                heard = resolve;
            });
            assert.equal((await test.send({}, '42["alive"]')).status, 202);
            await alive;
        },
        logged: () => test.log.filter(({ message }) => message.includes("an injected error")).length,
        close: () => test.close(),
    };
}

// The n-th call of a place by the service throws.
const calls = [1, 2, 3, 5, 8];

for (const [name, start] of [
    ["Web PubSub", webPubSub],
    ["SignalR", signalR],
    ["Socket.IO", socketIO],
] as const) {
    describe(`${name}: an error that nobody expects`, function () {
        this.timeout(60_000);
        let subject: Subject;
        before(async () => {
            subject = await start();
        });
        after(() => subject.close());

        for (const place of places) {
            it(`in ${place.name} ends one connection or call, is logged once, and nobody else notices`, async () => {
                for (const nth of calls) {
                    const before = subject.logged();
                    const fault = inject(place, nth);
                    try {
                        await subject.use();
                    } finally {
                        fault.remove();
                    }
                    await quiet();
                    // A promise that rejects or a listener that throws would end this test process, as it would end the emulator.
                    await subject.isServed();
                    assert.ok(subject.logged() - before <= 1, `logged more than once: ${fault.struck()}`);
                }
            });
        }
    });
}
