import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appFolder, currentApp, models, type TestFunction } from "../../support/appFolder";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";
import { until } from "../../support/until";

/** Sends a body in chunks. Resolves with the answer's status and text. */
function sendChunked(url: string, body: string): Promise<[status: number | undefined, text: string]> {
    return new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json" };
        const sent = request(url, { method: "POST", headers }, (response) => {
            let text = "";
            response.setEncoding("utf8").on("data", (part: string) => {
                text += part;
            });
            response.on("end", () => resolve([response.statusCode, text]));
        });
        sent.on("error", reject);
        sent.write(body);
        sent.end();
    });
}

const http = [
    { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" },
    { name: "res", type: "http", direction: "out" },
];
const functions: TestFunction[] = [
    {
        name: "echo",
        bindings: http,
        handler: `async (context, req) => {
            const body = typeof req.text === "function" ? await req.text() : (req.rawBody ?? "");
            const res = { body: "got " + body };
            if (context.bindings) { context.res = res; } else { context.extraOutputs.set("res", res); }
        }`,
    },
];

for (const [model, makeApp] of Object.entries(models)) {
    describe(`functions: requests to an app in the ${model} model`, () => {
        let test: TestApp;
        before(async () => {
            test = await openTestApp({ codeFolder: makeApp(functions) });
            await test.app.ready();
        });
        after(() => test.close());

        // Sources: ToRpcHttp of GrpcMessageConversionExtensions.cs of azure-functions-host, and Azure/azure-functions-host#7930.
        it("have no body where they do not say its length, which the log tells once", async () => {
            const url = test.url("/api/echo");
            assert.deepEqual(await sendChunked(url, '{"a":1}'), [200, "got "]);
            assert.deepEqual(await sendChunked(url, '{"a":1}'), [200, "got "]);
            assert.equal(await (await fetch(url, { method: "POST", body: '{"a":1}' })).text(), 'got {"a":1}');
            const told = test.entries.filter(({ message }) =>
                /'echo' had a body without a Content-Length/.test(message),
            );
            assert.equal(told.length, 1);
            assert.equal(told[0]?.level, "warning");
        });

        // Source: Http1Connection.cs and UrlDecoder.cs of dotnet/aspnetcore.
        it("are refused with a null character in the path, and not in the query", async () => {
            assert.equal((await fetch(test.url("/api/echo%00"))).status, 400);
            assert.equal((await fetch(test.url("/api/echo?a=%00"))).status, 200);
        });
    });
}

// The first call blocks the process until the test lets it crash. Files tell both how far the other is.
const blocking: TestFunction = {
    name: "block",
    bindings: http,
    handler: `async (context) => {
        const fs = require("node:fs");
        const { folder } = process.env;
        if (!fs.existsSync(folder + "/blocked")) {
            fs.writeFileSync(folder + "/blocked", "");
            while (!fs.existsSync(folder + "/crash")) { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); }
            process.exit(3);
        }
        context.extraOutputs.set("res", { body: "served" });
    }`,
};

describe("functions: connections to a process that crashes", () => {
    for (const count of [1, 3]) {
        it(`go to the next process, ${count} that came while it was blocked`, async function () {
            this.timeout(20_000);
            const folder = mkdtempSync(join(tmpdir(), "blocked-"));
            const test = await openTestApp({ codeFolder: currentApp([blocking]), settings: { folder } });
            try {
                await test.app.ready();
                const failed = assert.rejects(fetch(test.url("/api/block")));
                await until(() => existsSync(join(folder, "blocked")), "the block");
                const answers = await Promise.all(
                    Array.from({ length: count }, async () => {
                        const socket = connect(test.app.port, "127.0.0.1");
                        const answer = new Promise<string>((resolve) => {
                            let text = "";
                            socket.setEncoding("utf8").on("data", (part: string) => {
                                text += part;
                            });
                            socket.on("close", () => resolve(text)).on("error", () => resolve(`broken: ${text}`));
                        });
                        await new Promise((resolve) => socket.once("connect", resolve));
                        socket.write("GET /api/block HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                        return { answer };
                    }),
                );
                writeFileSync(join(folder, "crash"), "");
                await failed;
                for (const { answer } of answers) {
                    assert.match(await answer, /^HTTP\/1\.1 200 .*served/s);
                }
            } finally {
                await test.close();
                rmSync(folder, { recursive: true });
            }
        });
    }
});

describe("functions: bodies that nobody reads, with HTTP streams", () => {
    it("do not keep the next request on the connection waiting", async function () {
        this.timeout(20_000);
        const source = `const { app } = require("@azure/functions");
            app.setup({ enableHttpStream: true });
            const options = { authLevel: "anonymous", methods: ["POST"] };
            app.http("fails", { ...options, handler: () => { throw new Error("no"); } });
            app.http("answers", { ...options, handler: () => ({ status: 202 }) });`;
        const files = { "package.json": JSON.stringify({ main: "index.js" }), "index.js": source };
        const test = await openTestApp({ codeFolder: appFolder(files) });
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const statusOf = (name: string) =>
            new Promise((resolve, reject) => {
                const sent = request(test.url(`/api/${name}`), { method: "POST", agent }, (response) => {
                    response.resume().on("end", () => resolve(response.statusCode));
                });
                sent.on("error", reject).end(Buffer.alloc(2_000_000));
            });
        try {
            await test.app.ready();
            for (const [name, status] of [
                ["fails", 500],
                ["answers", 202],
                ["fails", 500],
                ["answers", 202],
            ] as const) {
                assert.equal(await statusOf(name), status);
            }
        } finally {
            agent.destroy();
            await test.close();
        }
    });
});

describe("functions: answers of a function with HTTP streams that do not arrive", () => {
    // Source: toRpcHttp.ts of azure-functions-nodejs-library, which sends nothing through its proxy for null and undefined.
    it("become 504, or 502 for a header that cannot be sent, with a line that says why", async function () {
        this.timeout(20_000);
        const codeFolder = join(fixtures, "streams");
        const test = await openTestApp({ codeFolder, unansweredMilliseconds: 20 });
        try {
            await test.app.ready();
            for (const name of ["silent", "null"]) {
                const answer = await fetch(test.url(`/api/${name}`));
                assert.equal(answer.status, 504);
                const { level } = await test.logged(new RegExp(`'${name}' has returned nothing.*Return an object`));
                assert.equal(level, "error");
            }
            // Source: HttpForwarder.cs of dotnet/yarp, which answers 502 where the server refuses a header, as Kestrel does.
            const refused = await fetch(test.url("/api/accented"));
            assert.deepEqual([refused.status, refused.headers.get("x-a"), await refused.text()], [502, null, ""]);
            await test.logged(/answer of function 'accented' cannot be sent: Invalid non-ASCII.* 'x-a'/);
            // The connection and the app go on.
            assert.equal((await fetch(test.url("/api/upper/x"), { method: "POST", body: "a" })).status, 202);
        } finally {
            await test.close();
        }
    });
});
