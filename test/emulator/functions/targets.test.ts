import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { systemClock } from "../../../emulator/core/clock";
import { openIdentity } from "../../../emulator/identity";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";
import { seededRandom } from "../../support/seededRandom";

const seed = Number(process.env.TARGET_SEED ?? Date.now() % 1_000_000);
const { whole } = seededRandom(seed);

/** Sends the bytes of a request on a connection of its own. Resolves with the status, or 0 when the connection just ends. */
async function statusOf(port: number, head: string): Promise<number> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.on("error", () => undefined);
    socket.write(Buffer.from(head, "latin1"));
    const answer = await readAll(socket).catch(() => "");
    return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}

const requestOf = (target: string, host: string, method = "GET") =>
    `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;

const pieces = [
    "/",
    "//",
    "%",
    "%zz",
    "%00",
    "..",
    "api",
    "admin",
    "host",
    "status",
    "runtime",
    "webhooks",
    "socketio",
    "?",
    "#",
    ":",
    "@",
    "[",
    "]",
    "\\",
    "http:",
    "*",
    "constructor",
    "__proto__",
    "\xff",
    ";",
    "code=x",
    "systemkeys",
    "functions",
    "keys",
];
const hosts = [
    "a:b:c",
    "[",
    "]",
    "[::1",
    "::",
    "localhost:99999",
    "a@b",
    "%",
    "\xff",
    "_",
    "..",
    "-",
    "x".repeat(3000),
];

describe("functions: request targets and hosts that are not valid", () => {
    let test: TestApp;
    before(async () => {
        test = await openTestApp({
            codeFolder: path.join(fixtures, "v4"),
            settings: {
                WebPubSubForSocketIOConnectionString: `Endpoint=http://localhost;AccessKey=${"k".repeat(44)};`,
            },
        });
        await test.app.ready();
    });
    after(() => test.close());

    // Kestrel answers 400 to a target or Host that is not valid; a path of several slashes is a path, which no function has.
    for (const [target, host, status] of [
        ["//", "localhost", 400],
        ["///x", "localhost", 400],
        ["//evil.example/api/echo", "localhost", 400],
        ["http://", "localhost", 400],
        ["http://[", "localhost", 400],
        ["/api/echo", "a:b:c", 400],
        ["/api/echo", "[", 400],
        ["/api/echo", "localhost:99999", 400],
        ["/api/echo", "a b", 400],
        ["/admin/%", "localhost", 401],
        ["/admin/host/%", "localhost", 401],
        ["/admin/host/status/%ff", "localhost", 401],
        ["/runtime/webhooks/%", "localhost", 401],
        ["/runtime/webhooks/%ff", "localhost", 401],
        ["/runtime/webhooks/%ff%00", "localhost", 400],
        ["/runtime/webhooks/constructor", "localhost", 401],
    ] as const) {
        it(`answers ${status} to GET ${target} for host ${host} without a key, and goes on`, async () => {
            assert.equal(await statusOf(test.app.port, requestOf(target, host)), status);
            assert.equal(test.app.status().state, "Running");
        });
    }

    it("asks for the key first, and answers 404 with the key to a path that is encoded wrongly", async () => {
        const { masterKey } = await test.app.hostKeys();
        for (const target of ["/admin/%", "/runtime/webhooks/%"]) {
            assert.equal(await statusOf(test.app.port, requestOf(`${target}?code=${masterKey}`, "localhost")), 404);
        }
    });

    it(`answers below 500 whatever the target and host, and stays the same process (TARGET_SEED=${seed})`, async () => {
        const statuses = new Map<number, number>();
        for (let round = 0; round < 300; round += 1) {
            const target = `${whole(2) === 0 ? "/" : ""}${Array.from({ length: 1 + whole(5) }, () => pieces[whole(pieces.length)]).join(whole(2) === 0 ? "/" : "")}`;
            const host = whole(3) === 0 ? hosts[whole(hosts.length)]! : "localhost";
            const method = ["GET", "POST", "PUT", "OPTIONS", "DELETE", "HEAD", "PATCH"][whole(7)]!;
            const status = await statusOf(test.app.port, requestOf(target, host, method));
            assert.ok(status < 500, `${method} ${JSON.stringify(target)} for ${JSON.stringify(host)}: ${status}`);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
        assert.ok(statuses.size > 2, JSON.stringify([...statuses]));
        assert.deepEqual(
            test.entries.filter(({ level }) => level === "error"),
            [],
        );
    });
});

describe("the identity endpoint", () => {
    it(`answers below 500 whatever the target (TARGET_SEED=${seed})`, async () => {
        const identity = await openIdentity({ clock: systemClock });
        try {
            const port = Number(new URL(identity.endpoint).port);
            assert.equal(await statusOf(port, requestOf("http://", "localhost")), 400);
            for (let round = 0; round < 200; round += 1) {
                const target = `/${Array.from({ length: whole(5) }, () => pieces[whole(pieces.length)]).join("/")}`;
                const status = await statusOf(port, requestOf(target, "localhost"));
                assert.ok(status < 500, `${JSON.stringify(target)}: ${status}`);
            }
        } finally {
            await identity.close();
        }
    });
});
