import assert from "node:assert/strict";
import type { LogEntry } from "../../emulator/core/log";
import { FakeClock } from "../support/clock";
import { openSocket } from "../support/rawSocket";
import { startSignalR } from "../support/signalRService";
import { startTestService } from "../support/socketIOService";
import { until } from "../support/until";
import { json, startWebPubSub } from "../support/webPubSubService";

const times = 100;
/** A service logs this many refusals in 10 seconds, and then counts. */
const most = 20;

interface Subject {
    url: string;
    protocols?: string[];
    /** What the client sends before it does wrong. */
    hello: string[];
    broken: string;
    log: readonly LogEntry[];
    close(): Promise<void>;
}

/** Its 10 seconds never end, however slow the machine is. */
const clock = () => new FakeClock(Date.now());

const services = {
    async webPubSub(): Promise<Subject> {
        const test = await startWebPubSub({ clock: clock() });
        const { log, close } = test;
        return { url: await test.url({}), protocols: [json], hello: ['{"type":"ping"}'], broken: "{", log, close };
    },
    async signalR(): Promise<Subject> {
        const { service, token, log, close } = await startSignalR({ clock: clock() });
        const url = `${service.endpoint.replace("http", "ws")}/client/?hub=chat&access_token=${token()}`;
        return { url, hello: ['{"protocol":"json","version":1}\u001e'], broken: "{\u001e", log, close };
    },
    async socketIO(): Promise<Subject> {
        const { service, token, log, close } = await startTestService({ clock: clock() });
        const path = "/clients/socketio/hubs/hub/?EIO=4&transport=websocket&access_token=";
        return {
            url: `${service.endpoint.replace("http", "ws")}${path}${token()}`,
            hello: ["40"],
            broken: "4x",
            log,
            close,
        };
    },
};

/** What one client may send again and again. Each is answered. */
const messages: [what: string, start: () => Promise<Subject>, message: (count: number) => string[]][] = [
    ["joins a forbidden group", services.webPubSub, (n) => [`{"type":"joinGroup","group":"g","ackId":${n}}`]],
    [
        "sends to a forbidden group",
        services.webPubSub,
        (n) => [`{"type":"sendToGroup","group":"g","data":1,"ackId":${n}}`],
    ],
    [
        "invokes",
        services.webPubSub,
        (n) => [`{"type":"invoke","invocationId":"${n}","target":"event","event":"e","dataType":"text","data":""}`],
    ],
    [
        "streams to the hub",
        services.signalR,
        (n) => [`{"type":4,"invocationId":"${n}","target":"t","arguments":[]}\u001e`],
    ],
];

const warnings = (log: readonly LogEntry[]) => log.filter(({ level }) => level === "warning");

describe("a client that does wrong again and again", () => {
    for (const [what, start, message] of messages) {
        it(`does not fill the log when it ${what}`, async () => {
            const subject = await start();
            try {
                const socket = await openSocket(subject.url, subject.hello, subject.protocols);
                const texts: string[] = [];
                socket.on("message", (data) => void texts.push(String(data)));
                for (let count = 1; count <= times; count++) {
                    for (const text of message(count)) {
                        socket.send(text);
                    }
                }
                await until(() => texts.length >= times, "an answer to each");
                assert.equal(warnings(subject.log).length, most);
                socket.terminate();
            } finally {
                await subject.close();
            }
        });
    }

    for (const [name, start] of Object.entries(services)) {
        it(`does not fill the log when it comes and sends what cannot be read (${name})`, async () => {
            const subject = await start();
            try {
                for (let count = 0; count < 30; count++) {
                    const socket = await openSocket(subject.url, subject.hello, subject.protocols);
                    const closed = new Promise((resolve) => socket.once("close", resolve));
                    socket.send(subject.broken);
                    await closed;
                }
                const broken = warnings(subject.log).filter(({ message }) => /cannot be read/.test(message));
                assert.equal(broken.length, most);
            } finally {
                await subject.close();
            }
        });
    }
});
