import assert from "node:assert/strict";
import { createRuns, describeExit } from "../../../../emulator/functions/exit";
import { workerArguments } from "../../../../emulator/functions/workerArguments";
import { openTestApp, type TestAppOptions } from "../../../support/functionApp";
import { writtenApp } from "../../../support/writtenApp";

// Why an app's process ended, or did not start, and what the log tells of it.

const anonymous = (name: string, body: string) =>
    `app.http("${name}", { authLevel: "anonymous", handler: async (request, context) => { ${body} return { body: "${name}" }; } });\n`;
const own = { AzureWebJobsSecretStorageType: "files" };

/** What is logged until the process has ended and the next one answers. */
async function logOfCrash(code: string, options: TestAppOptions = {}): Promise<string> {
    const test = await openTestApp({ codeFolder: writtenApp(`${code}\n${anonymous("next", "")}`), ...options });
    try {
        await fetch(test.url("/api/crash")).catch(() => undefined);
        await test.logged(/crashed|is replaced/);
        assert.equal(await (await fetch(test.url("/api/next"))).text(), "next");
    } finally {
        await test.close();
    }
    return test.entries.map(({ message }) => message).join("\n");
}

/** What is logged of an app that does not start. */
async function logOfStart(files: Record<string, string>, settings: Record<string, string> = {}): Promise<string> {
    const test = await openTestApp({ codeFolder: writtenApp("", files), isStopped: true });
    try {
        await test.app.setAppSettings({ ...own, ...settings });
        return test.entries.map(({ message }) => message).join("\n");
    } finally {
        await test.close();
    }
}

describe("an app's process that ends", () => {
    // Worker.ts of azure-functions-nodejs-worker listens first, and ends the process.
    it("ends by an error that nobody caught, although the app listens for it, and is told once", async () => {
        const listener = 'process.on("uncaughtException", (error) => console.log("survived " + error.message));';
        const log = await logOfCrash(
            listener +
                anonymous("crash", 'setTimeout(() => { throw new Error("late"); }, 1); await new Promise(() => {});'),
        );
        assert.match(log, /crashed: exit code 1, Error: late\n\s+at Timeout\._onTimeout \(index\.js:2/);
        assert.equal(log.split("late").length, 2);
        assert.doesNotMatch(log, /survived|Node\.js v|node:internal|Generator\.next/);
    });

    it("goes on where the app takes a rejection that nobody handles", async () => {
        const test = await openTestApp({
            codeFolder: writtenApp(
                `process.on("unhandledRejection", (error) => console.log("taken " + error.message));${anonymous("talk", 'Promise.reject(new Error("late"));')}`,
            ),
        });
        try {
            assert.equal(await (await fetch(test.url("/api/talk"))).text(), "talk");
            await test.logged(/^taken late$/);
        } finally {
            await test.close();
        }
    });

    for (const [what, body] of [
        ["a function", "process.exit(0);"],
        ["code without a stack", "Error.stackTraceLimit = 0; process.exit(0);"],
        ["a timer", "setTimeout(() => process.exit(0), 1); await new Promise(() => {});"],
        ["process.exitCode", "process.exitCode = 0; process.exit();"],
    ] as const) {
        it(`says where ${what} called process.exit`, async () => {
            const log = await logOfCrash(anonymous("crash", body));
            assert.match(log, /crashed: exit code 0, the code called process\.exit\n\s+at .*index\.js:2:\d+\)?$/m);
        });
    }

    it("says which function ran when it was killed", async () => {
        const log = await logOfCrash(
            anonymous("crash", 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {});'),
        );
        assert.match(log, /crashed: signal SIGKILL, another program ended it, or .* memory, while it ran 'crash'\./);
    });

    it("takes Node's arguments from its settings, and says what it ran out of", async () => {
        const log = await logOfCrash(
            anonymous("crash", "const all = []; for (;;) { all.push(new Array(1000).fill(Math.random())); }"),
            { settings: { languageWorkers__node__arguments: "--max-old-space-size=40" } },
        );
        assert.match(log, /crashed: signal SIGABRT, FATAL ERROR: .*heap.*, while it ran 'crash'\./);
    });

    it("is described in one sentence for each way", () => {
        const end = { code: null, signal: "SIGABRT" } as const;
        const native = ["----- JavaScript stack trace -----", "1: handler (index.js:2:88)", "2: run (index.js:1:1)"];
        assert.match(
            describeExit({ how: end, crash: undefined, errors: native, running: ["f", "g", "f", "h", "i"] }),
            /^signal SIGABRT, the code called process\.abort.*, at handler \(index\.js:2:88\), while it ran 'f', 'g', 'h' and 1 more$/,
        );
        assert.equal(describeExit({ how: { code: 3, signal: null }, crash: undefined, errors: [] }), "exit code 3");
        assert.match(describeExit({ how: { code: null, signal: "SIGSEGV" }, crash: undefined, errors: [] }), /native/);
    });

    it("is known to run what the host says, and not what the app logs", () => {
        const runs = createRuns();
        runs.note("Function.a", "Executing 'Functions.a' (Reason='x', Id=1)");
        runs.note("Function.b", "Executing 'Functions.b' (Reason='x', Id=2)");
        runs.note("Function.a.User", "Executed 'Functions.a' (Succeeded, Id=9)");
        runs.note("Host.General", "Executing 'Functions.c' (Reason='x', Id=3)");
        runs.note(undefined, "Executing 'Functions.d' (Reason='x', Id=4)");
        runs.note("Function.b", "Executed 'Functions.b' (Failed, Id=2, Duration=1ms): Error: Id=1");
        assert.deepEqual(runs.names(), ["a"]);
    });
});

describe("an app's process that does not start", () => {
    for (const [what, files, settings, expected] of [
        [
            "that the code called process.exit",
            { "index.js": "process.exit(3);" },
            {},
            /exit code 3, the code called process\.exit\n\s+at .*index\.js:1:9/,
        ],
        [
            "an argument that Node does not know",
            {},
            { languageWorkers__node__arguments: "--no-such-flag" },
            /exit code 9, .*bad option: --no-such-flag/,
        ],
        [
            "the same in NODE_OPTIONS",
            {},
            { NODE_OPTIONS: "--no-such-flag" },
            /exit code 9, .*--no-such-flag is not allowed in NODE_OPTIONS/,
        ],
        [
            "where a module is missing, in the app's own paths and once",
            { "index.js": 'require("./lib/a");', "lib/a.js": '\nrequire("./b");' },
            {},
            /^Worker was unable to load entry point "index\.js": Cannot find module '\.\/b'\nRequire stack:\n- lib[\\/]a\.js\n- index\.js \(at lib[\\/]a\.js:2\)$/m,
        ],
        [
            "which JSON is broken",
            { "index.js": 'require("./x.json");', "x.json": "{" },
            {},
            /entry point "index\.js": x\.json: .*JSON/,
        ],
        [
            "an error that is its own cause",
            { "index.js": 'const e = new Error("round"); e.cause = e; throw e;' },
            {},
            /entry point "index\.js": round/,
        ],
        [
            "an error that cannot be read",
            { "index.js": "throw Object.create(null);" },
            {},
            /entry point "index\.js": an error that cannot be read/,
        ],
    ] as const) {
        it(`says ${what}`, async () => {
            const log = await logOfStart(files as Record<string, string>, settings as Record<string, string>);
            assert.match(log, expected);
            assert.doesNotMatch(log, /written-app-|host\.cjs/);
        });
    }

    it("does not wait for a debugger that its settings ask for", async () => {
        const settings = { ...own, "LanguageWorkers:Node:Arguments": " --inspect-brk=1234  --trace-warnings " };
        assert.deepEqual(workerArguments(settings), { kept: ["--trace-warnings"], left: ["--inspect-brk=1234"] });
        const test = await openTestApp({ codeFolder: writtenApp(anonymous("talk", "")), settings });
        try {
            assert.equal(await (await fetch(test.url("/api/talk"))).text(), "talk");
            await test.logged(/--inspect-brk=1234 .* has no effect here\. .* start --inspect\.$/);
        } finally {
            await test.close();
        }
    });
});
