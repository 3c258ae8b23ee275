import assert from "node:assert/strict";
import { connect } from "node:net";
import { readBody } from "../../emulator/core/http";
import { openServer } from "../../emulator/core/server";
import { currentApp } from "../support/appFolder";
import { openTestApp, type TestApp } from "../support/functionApp";
import { startSignalR, type TestSignalR } from "../support/signalRService";
import { until } from "../support/until";

const host = "Host: localhost";

/** Sends a part of a request and hangs up. Resolves when the connection is closed. */
function hangUp(port: number | string, target: string, headers: readonly string[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
        const lines = [`POST ${target} HTTP/1.1`, host, "Content-Length: 1000", ...headers];
        const socket = connect({ port: Number(port), host: "127.0.0.1" }, () =>
            socket.write(`${lines.join("\r\n")}\r\n\r\nx`, () => setImmediate(() => socket.destroy())),
        );
        socket.on("error", reject);
        socket.on("close", () => resolve());
    });
}

// Anybody on this machine can do it, as often as he likes, and a page of another origin too.
describe("a caller that hangs up before its body is complete", () => {
    it("is no fault of a server", async () => {
        const log: string[] = [];
        let ended = 0;
        const server = await openServer({
            log: (level, message) => void log.push(`${level} ${message}`),
            request: async (request) => {
                try {
                    await readBody(request, 2000);
                } finally {
                    ended++;
                }
            },
        });
        try {
            await hangUp(server.port, "/");
            await until(() => ended === 1, "the end of the request");
            await new Promise(setImmediate);
            assert.deepEqual(log, []);
        } finally {
            await server.close();
        }
    });

    describe("at SignalR", () => {
        let test: TestSignalR;
        before(async () => {
            test = await startSignalR();
        });
        after(() => test.close());

        it("is no refused client", async () => {
            const client = `${test.service.endpoint}/client/?hub=chat&access_token=${test.token()}`;
            const negotiate = client.replace("/?", "/negotiate?negotiateVersion=1&");
            const answer = (await (await fetch(negotiate, { method: "POST" })).json()) as { connectionToken: string };
            const url = new URL(`${client}&id=${answer.connectionToken}`);
            await fetch(url);
            for (let count = 0; count < 5; count++) {
                await hangUp(url.port, url.pathname + url.search);
            }
            await fetch(url, { method: "POST", body: '{"protocol":"json","version":1}\u001e' });
            await (await fetch(url)).text();
            assert.deepEqual(test.warnings(), []);
        });
    });

    describe("at a function app", () => {
        let test: TestApp;
        before(async () => {
            const req = { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" };
            const bindings = [req, { name: "res", type: "http", direction: "out" }];
            test = await openTestApp({
                codeFolder: currentApp([{ name: "echo", bindings, handler: "async () => undefined" }]),
            });
            await test.app.ready();
        });
        after(() => test.close());

        for (const target of ["/api/echo", "/admin/functions/echo"]) {
            it(`is no fault of the app, at ${target}`, async () => {
                const key = `x-functions-key: ${(await test.app.hostKeys()).masterKey}`;
                for (let count = 0; count < 5; count++) {
                    await hangUp(test.app.hostName.split(":")[1]!, target, [key]);
                }
                await fetch(test.url("/api/echo"), { method: "POST", body: "x" });
                await test.logged(/Executed 'Functions\.echo'/);
                assert.deepEqual(
                    test.entries.filter(({ level }) => level === "error" || level === "warning"),
                    [],
                );
            });
        }
    });
});
