import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { longestLine, readLines } from "../../../../emulator/core/lines";
import { describeExit } from "../../../../emulator/functions/exit";
import { isResultOf, parseFromHost } from "../../../../emulator/functions/fromHost";
import { openTestApp, type TestApp } from "../../../support/functionApp";
import { writtenApp } from "../../../support/writtenApp";

const anonymous = (name: string, handler: string) =>
    `app.http("${name}", { authLevel: "anonymous", handler: ${handler} });`;

describe("the output of an app's process", () => {
    function linesOf(chunks: (string | Buffer)[]): string[] {
        const stream = new PassThrough();
        const lines: string[] = [];
        readLines(stream, (line) => lines.push(line));
        for (const chunk of chunks) {
            stream.emit("data", Buffer.from(chunk as string));
        }
        stream.emit("end");
        return lines;
    }

    it("is read in lines, wherever it is cut", () => {
        const text = Buffer.from("one\r\ntwo\n\nthree ü\nfour");
        for (let at = 0; at <= text.length; at++) {
            assert.deepEqual(linesOf([text.subarray(0, at), text.subarray(at)]), ["one", "two", "", "three ü", "four"]);
        }
    });

    it("is kept to 64 KiB a line, and says so", () => {
        const long = "x".repeat(100_000);
        const [cut = "", next] = linesOf([long, long, long, "\nnext\n"]);
        assert.equal(cut, `${"x".repeat(longestLine)} ... (cut: the line is longer than 64 KiB)`);
        assert.equal(next, "next");
        assert.equal(linesOf([long]).length, 1);
    });

    it("may be a result of any kind, of which only keys are taken", () => {
        const keys = { masterKey: "m", functionKeys: { default: "d" }, systemKeys: {} };
        assert.equal(isResultOf("hostKeys", keys), true);
        assert.equal(isResultOf("functionKeys", { default: "d" }), true);
        assert.equal(isResultOf("setHostKey", undefined), true);
        for (const value of [
            undefined,
            null,
            1,
            "x",
            [1],
            { ...keys, masterKey: 1 },
            { ...keys, systemKeys: { a: {} } },
        ]) {
            assert.equal(isResultOf("hostKeys", value), false, JSON.stringify(value));
        }
        for (const value of [undefined, null, 1, "x", [1], { default: null }]) {
            assert.equal(isResultOf("functionKeys", value), false, JSON.stringify(value));
            assert.equal(isResultOf("deleteHostKey", value), value === undefined);
        }
    });

    it("may be a message of any kind, of which only the host's are taken", () => {
        const none = [
            null,
            undefined,
            1,
            "ready",
            [],
            {},
            { type: "ready" },
            { type: "ready", functions: [1] },
            { type: "ready", functions: [{ name: "x" }] },
            { type: "ready", functions: [{ name: "x", trigger: "t", disabled: false, methods: "GET" }] },
            { type: "ready", functions: [{ name: "x", trigger: "t", disabled: false, methods: [1] }] },
            { type: "ready", functions: [{ name: "x", trigger: "t", disabled: false, path: {} }] },
            { type: "inspecting", url: "not a URL" },
            { type: "log", level: "constructor", message: "x" },
            { type: "log", level: "info", message: 1 },
            { type: "pong" },
            { type: "result", id: "1" },
            { type: "toString" },
            { type: null },
            { type: "failed" },
            { type: "crash", reason: {} },
        ];
        for (const value of none) {
            assert.equal(parseFromHost(value), undefined, JSON.stringify(value));
        }
        assert.deepEqual(parseFromHost({ type: "pong", id: 1 }), { type: "pong", id: 1 });
        const message = parseFromHost({ type: "log", level: "info", message: "y".repeat(longestLine + 5) });
        assert.match(
            String(message?.type === "log" && message.message),
            /y \.\.\. \(cut after 64 KiB; 5 more characters\)$/,
        );
    });
});

describe("an app that sends what it should not", () => {
    let test: TestApp | undefined;
    afterEach(async () => {
        await test?.close();
        test = undefined;
    });

    it("goes on serving, and so does everything else", async () => {
        test = await openTestApp({
            codeFolder: writtenApp(
                anonymous(
                    "send",
                    `async () => {
                        for (const value of [null, 1, "x", [], { type: "ready", functions: 1 }, { type: "log" }, new Map()]) {
                            process._send(value, null, {});
                        }
                        process.stdout.write("z".repeat(3_000_000) + "\\nafter\\n");
                        return { body: "sent" };
                    }`,
                ),
            ),
        });
        assert.equal(await (await fetch(test.url("/api/send"))).text(), "sent");
        await test.logged(/^after$/);
        const longest = Math.max(...test.entries.map(({ message }) => message.length));
        assert.ok(longest < longestLine + 100, String(longest));
        assert.equal(await (await fetch(test.url("/api/send"))).text(), "sent");
    });

    it("cannot answer in the host's place with what are no keys", async () => {
        test = await openTestApp({
            codeFolder: writtenApp(
                anonymous(
                    "answer",
                    `async () => {
                        const cyclic = {};
                        cyclic.masterKey = cyclic;
                        const answers = [undefined, null, "keys", {}, cyclic, { masterKey: "m", functionKeys: [1], systemKeys: {} }];
                        setInterval(() => {
                            for (let id = 1; id < 50; id += 1) {
                                process._send({ type: "result", id, value: answers[id % answers.length] }, null, {});
                            }
                        }, 0);
                        return {};
                    }`,
                ),
            ),
        });
        await fetch(test.url("/api/answer"));
        for (let round = 0; round < 6; round += 1) {
            const keys: unknown = await test.app.hostKeys().catch((error: Error) => error);
            if (keys instanceof Error) {
                assert.equal(keys.message, "The app's process answered with something else than keys.");
            } else {
                assert.equal(typeof (keys as { masterKey: unknown }).masterKey, "string");
            }
        }
    });

    it("has no channel of its own, as on Azure, and a text of any length that it logs is cut before it is sent", async () => {
        test = await openTestApp({
            codeFolder: writtenApp(
                anonymous(
                    "log",
                    `async (_, context) => {
                        context.log("y".repeat(longest));
                        return { body: [typeof process.send, typeof process.disconnect].join() };
                    }`.replace("longest", String(longestLine + 1)),
                ),
            ),
        });
        assert.equal(await (await fetch(test.url("/api/log"))).text(), "undefined,undefined");
        await test.logged(/^y+ \.\.\. \(cut after 64 KiB; 1 more characters\)$/);
    });

    /** Writes the size of a message, and then bytes for as long as the process lives. */
    const claimed = (size: number) => `
        const head = Buffer.alloc(4);
        head.writeUInt32BE(${size});
        const write = (bytes) => require("node:fs").write(3, bytes, (error) => {
            if (error === null || error.code === "EAGAIN") {
                setImmediate(write, error === null ? Buffer.alloc(65536) : bytes);
            }
        });
        write(head);
        await new Promise(() => undefined);`;

    const channelFaults: [what: string, code: string][] = [
        ["bytes that are no message", `require("node:fs").writeSync(3, Buffer.from([0, 0, 0, 4, 1, 2, 3, 4]))`],
        ["a value that is cut", `require("node:fs").writeSync(3, Buffer.from([0, 0, 0, 3, 0xff, 0x0f, 0x6f]))`],
        ["a receipt that Node does not await", `process._send({ cmd: "NODE_HANDLE_ACK" }, null, {})`],
        ["a refusal that Node does not await", `process._send({ cmd: "NODE_HANDLE_NACK" }, null, {})`],
        ["a message that claims 1 GiB", claimed(2 ** 30)],
        ["a message that claims 3 GiB", claimed(3 * 2 ** 30)],
        ["a message that claims one byte more than is allowed", claimed(16 * 2 ** 20 + 1)],
        ["a whole message of 17 MiB", `process._send("x".repeat(17 * 2 ** 20), null, {})`],
        [
            "questions for ever, and reads no answer",
            `const isHandle = ({ description }) => description === "kChannelHandle";
            process[Object.getOwnPropertySymbols(process).find(isHandle)].readStop();
            for (let id = 0; id < 40_000; id += 1) {
                process._send({ type: "authenticate", id, question: { token: "x" } }, null, {});
            }
            await new Promise(() => undefined);`,
        ],
        [
            "a connection",
            `const own = require("node:net").createServer().listen(0, "127.0.0.1");
            await require("node:events").once(own, "listening");
            const socket = require("node:net").connect(own.address().port, "127.0.0.1");
            await require("node:events").once(socket, "connect");
            process._send({}, socket, {});`,
        ],
        [
            "a server",
            `const own = require("node:net").createServer().listen(0, "127.0.0.1");
            await require("node:events").once(own, "listening");
            process._send({}, own, {});`,
        ],
    ];
    for (const [what, code] of channelFaults) {
        it(`is replaced when it writes ${what} to Node's own channel, and nothing else ends`, async () => {
            test = await openTestApp({
                codeFolder: writtenApp(
                    anonymous("break", `async () => { ${code}; return {}; }`) +
                        anonymous("other", `async () => ({ body: "other" })`),
                ),
            });
            await fetch(test.url("/api/break")).catch(() => undefined);
            const { message } = await test.logged(/^The app's process crashed: /);
            assert.match(message, /^[^\n]*it wrote to the channel of its host: [^\n]*[^.]\.$/);
            assert.equal(await (await fetch(test.url("/api/other"))).text(), "other");
        });
    }
});

describe("why a process ended", () => {
    const how = { code: 1, signal: null };

    it("is what its uncaught error says", () => {
        assert.equal(describeExit({ how, crash: "TypeError: x", errors: ["Error: y"] }), "exit code 1, TypeError: x");
    });

    it("is what it printed last of an error, and not the end of a stack", () => {
        const errors = ["RangeError: too much", "    at f (/app/index.js:1:1) {", "  code: 'X'", "}"];
        assert.equal(describeExit({ how, crash: undefined, errors }), "exit code 1, RangeError: too much");
        assert.equal(describeExit({ how, crash: undefined, errors: ["}"] }), "exit code 1");
    });

    it("is that Node ran out of memory", () => {
        const errors = [
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
            " 1: 0xb8 node::Abort()",
        ];
        assert.match(
            describeExit({ how: { code: null, signal: "SIGABRT" }, crash: undefined, errors }),
            /^signal SIGABRT, FATAL ERROR: Reached heap limit/,
        );
    });

    for (const [what, code, expected] of [
        [
            "an error with more than a message",
            'throw Object.assign(new Error("with a code"), { code: "E1", nested: { a: 1 } });',
            /exit code 1, Error: with a code\n\s+at .*index\.js:\d+/,
        ],
        [
            "a rejection that nobody handles",
            'Promise.reject(new TypeError("nobody handles it"));',
            /exit code 1, TypeError: nobody handles it/,
        ],
        ["what is not an error", 'throw { why: "no error" };', /exit code 1, \{ why: 'no error' \}/],
        [
            "a cause",
            'throw new Error("outer", { cause: new Error("inner") });',
            /Error: outer[\s\S]*Caused by: Error: inner/,
        ],
        [
            "process.exit",
            "process.exit(7);",
            /crashed: exit code 7, the code called process\.exit\n\s+at .*\bindex\.js:2:\d+/,
        ],
    ] as const) {
        it(`is told of ${what}, with frames of the app only`, async () => {
            const test = await openTestApp({
                codeFolder: writtenApp(anonymous("crash", `() => { setTimeout(() => { ${code} }, 1); return {}; }`)),
            });
            try {
                await fetch(test.url("/api/crash")).catch(() => undefined);
                const { message } = await test.logged(/process crashed/);
                assert.match(message, expected);
                const own = test.entries.map((entry) => entry.message).join("\n");
                assert.doesNotMatch(own, /azure-realtime-host-|host\.cjs|node:internal|node_modules/);
            } finally {
                await test.close();
            }
        });
    }

    it("and a function's failure point into the sources, through a source map", async () => {
        // Column 0 of line 2 of the code comes from line 7 of src/talk.ts.
        const map = { version: 3, sources: ["../src/talk.ts"], names: [], mappings: ";AAMA" };
        const test = await openTestApp({
            codeFolder: writtenApp("", {
                "package.json": JSON.stringify({ main: "dist/index.js" }),
                "dist/index.js": `const { app } = require("@azure/functions"); function fail() {\nthrow new Error("from the source"); }\n${anonymous("fail", "() => fail()")}\n//# sourceMappingURL=index.js.map\n`,
                "dist/index.js.map": JSON.stringify(map),
            }),
        });
        try {
            assert.equal((await fetch(test.url("/api/fail"))).status, 500);
            const { message } = await test.logged(/Functions\.fail' \(Failed/);
            assert.match(message, /Duration=\d+ms\): Error: from the source\n\s+at .*\bsrc\/talk\.ts:7/);
            assert.doesNotMatch(message, /host|node_modules|dist\/index\.js:2/);
        } finally {
            await test.close();
        }
    });
});
