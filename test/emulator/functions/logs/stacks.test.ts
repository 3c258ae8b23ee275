import assert from "node:assert/strict";
import { describeError, withOwnFrames } from "../../../../emulator/functions/host/stack";
import { openTestApp } from "../../../support/functionApp";
import { writtenApp } from "../../../support/writtenApp";

// A stack leads to the app's own files, whatever way the error takes into the log.

/** What a stack must not show: where the copy of the app is that runs, this host, its libraries, or the inside of Node. */
const foreign =
    /written-app-|host\.cjs|host[\\/]main\.js|emulator[\\/]functions|webpack:|azure-functions-3|node:internal/;

const anonymous = (body: string) =>
    `app.http("log", { authLevel: "anonymous", handler: async (_request, context) => { ${body} return {}; } });`;
const oldModel = (body: string, more: Record<string, string> = {}) => ({
    "package.json": "{}",
    "log/function.json":
        '{"bindings":[{"type":"httpTrigger","direction":"in","name":"req","authLevel":"anonymous"},{"type":"http","direction":"out","name":"res"}]}',
    "log/index.js": `module.exports = async (context) => { ${body} };`,
    ...more,
});

const ways: [way: string, body: string][] = [
    ["context.error", 'context.error(new Error("seen"));'],
    ["context.log of an object that holds it", 'context.log("an object", { error: new Error("seen") });'],
    ["console.error, with properties", 'console.error(Object.assign(new Error("seen"), { code: "E" }));'],
    ["console.log, with a cause", 'console.log(new Error("outer", { cause: new TypeError("seen") }));'],
    ["console.error of several", 'console.error(new AggregateError([new Error("one"), new Error("two")], "seen"));'],
    ["console.trace", 'console.trace("seen");'],
    ["standard error itself", 'process.stderr.write(new Error("seen").stack + "\\n");'],
    ["a text of the app", 'console.log("stack: " + new Error("seen").stack);'],
    ["context.error after an await", 'await null; await Promise.all([null]); context.error(new Error("seen"));'],
    ["a timer", 'await new Promise((then) => setTimeout(() => { console.error(new Error("seen")); then(); }, 1));'],
    ["what JavaScript itself throws", 'try { JSON.parse("{"); } catch (error) { context.error("seen", error); }'],
    ["what the host refuses", 'try { app.http("late", {}); } catch (error) { context.error("seen", error); }'],
    ["a throw", 'throw new Error("seen", { cause: new AggregateError([new Error("deep")], "many") });'],
    ["a throw of another context", `require("vm").runInNewContext('throw new Error("seen")', {}, "inner.js");`],
    [
        "context.error of another context",
        `context.error(require("vm").runInNewContext('new Error("seen")'), new Error("seen"));`,
    ],
    ["an error that nobody catches", 'setTimeout(() => { throw new Error("seen"); }, 1); await new Promise(() => {});'],
    ["a rejection that nobody handles", 'Promise.reject(new Error("seen"));'],
    ["a rejection", 'await Promise.reject(new Error("seen"));'],
];

async function logOf(folder: string, settings: Record<string, string> = {}): Promise<string> {
    const test = await openTestApp({ codeFolder: folder, settings });
    try {
        await fetch(test.url("/api/log")).catch(() => undefined);
        await test.logged(/Executed 'Functions\.log'|process crashed/);
        await test.logged(/seen/);
        // An app that crashes answers no more. Any other has said everything once it answers.
        await test.app.hostKeys().catch(() => test.logged(/process crashed/));
    } finally {
        await test.close();
    }
    return test.entries.map(({ message }) => message).join("\n");
}

describe("a stack in the log", () => {
    for (const [way, body] of ways) {
        it(`leads into the app's file by ${way}`, async () => {
            const log = await logOf(writtenApp(anonymous(body)));
            assert.match(log, /\bat (handler \()?index\.js:2:\d+|Timeout\._onTimeout \(index\.js:2:/);
            assert.doesNotMatch(log, foreign);
        });
    }

    for (const [way, body] of [
        ["context.log.error", 'context.log.error(new Error("seen"));'],
        ["console.error, with properties", 'console.error(Object.assign(new Error("seen"), { code: "E" }));'],
        ["a throw", 'throw new Error("seen");'],
    ] as const) {
        it(`leads into the file of a function.json app by ${way}`, async () => {
            const log = await logOf(writtenApp("", oldModel(body)));
            assert.match(log, /\bat .*log[\\/]index\.js:1:\d+/);
            assert.doesNotMatch(log, foreign);
        });
    }

    it("leads into the file that is loading, of either kind of module", async () => {
        const loading = 'console.error(Object.assign(new Error("seen"), { code: "E" }));';
        const module = {
            "package.json": JSON.stringify({ main: "index.mjs" }),
            "index.mjs": `import { app } from "@azure/functions";\n${loading} ${anonymous("")}`,
        };
        for (const folder of [writtenApp(`${loading} ${anonymous("")}`), writtenApp("", module)]) {
            const log = await logOf(folder);
            assert.match(log, /\bat .*index\.m?js:2:\d+/);
            assert.match(log, /\{\n\s+code: 'E'\n\}/);
            assert.doesNotMatch(log, foreign);
        }
    });

    it("leads into a hook's file", async () => {
        const hooks = `app.hook.preInvocation(() => console.error(new Error("seen")));
            app.hook.log((line) => { if (line.message === "hooked") console.error(new Error("by the log")); });`;
        const log = await logOf(writtenApp(`${hooks} ${anonymous('context.log("hooked");')}`));
        assert.match(log, /Error: seen\n\s+at .*index\.js:2/);
        assert.match(log, /Error: by the log\n\s+at .*index\.js:3/);
        assert.doesNotMatch(log, foreign);
    });

    it("leads through a source map to what the author wrote", async () => {
        // Column 0 of line 2 of the code comes from line 7 of src/talk.ts.
        const map = { version: 3, sources: ["../src/talk.ts"], names: [], mappings: ";AAMA" };
        const log = await logOf(
            writtenApp("", {
                "package.json": JSON.stringify({ main: "dist/index.js" }),
                "dist/index.js": `const { app } = require("@azure/functions"); const fail = () => {\nreturn new Error("seen"); }\n${anonymous("context.error(fail()); console.error(fail());")}\n//# sourceMappingURL=index.js.map\n`,
                "dist/index.js.map": JSON.stringify(map),
            }),
        );
        assert.equal(log.match(/Error: seen\n\s+at fail \(.*src[\\/]talk\.ts:7/g)?.length, 2);
        assert.doesNotMatch(log, foreign);
    });

    it("keeps nothing of the host in the error either, which an app may send where it likes", async () => {
        const test = await openTestApp({
            codeFolder: writtenApp(
                'app.http("stack", { authLevel: "anonymous", handler: async () => { await null; return { body: new Error("x").stack }; } });' +
                    'app.http("first", { authLevel: "anonymous", handler: () => ({ body: new Error("x").stack }) });',
            ),
        });
        try {
            for (const name of ["stack", "first"]) {
                const text = await (await fetch(test.url(`/api/${name}`))).text();
                assert.match(text, /^Error: x\n\s+at handler \(.*index\.js:2/);
                assert.doesNotMatch(text, /host\.cjs/);
            }
        } finally {
            await test.close();
        }
    });

    it("names a file of the app as in the author's copy, wherever its name stands", () => {
        const text =
            "Error: x\n    at f (/app/src/a.js:1:2)\n    at async /app/b.mjs:3:4\n    at file:///app/c.mjs:5:6";
        assert.equal(
            withOwnFrames(text, "/app"),
            "Error: x\n    at f (src/a.js:1:2)\n    at async b.mjs:3:4\n    at c.mjs:5:6",
        );
        assert.equal(withOwnFrames(text, undefined), text);
    });

    it("is told once where a message quotes it", () => {
        const error = new Error("told\n    at quoted (quoted.js:1:1)");
        error.stack = `Error: ${error.message}\n    at own (own.js:2:2)`;
        assert.equal(describeError(error, undefined), `Error: ${error.message}\n    at own (own.js:2:2)`);
    });

    it("leaves every other text as it is", () => {
        for (const text of [
            "",
            "no stack",
            "look    at this",
            "Error: x\n    at f (/elsewhere/node_modules/express/index.js:1:1)\n    at Array.map (<anonymous>)\n",
            "    at last",
            "    at f (/other/app/index.js:1:1)",
        ]) {
            assert.equal(withOwnFrames(text, "/app"), text);
        }
    });
});

describe("what an app throws", () => {
    const throws = (what: string) => `app.http("log", { authLevel: "anonymous", handler: async () => { ${what} } });`;
    async function answerOf(what: string) {
        const test = await openTestApp({ codeFolder: writtenApp(throws(what)) });
        try {
            const { status } = await fetch(test.url("/api/log"));
            const { message } = await test.logged(/^Executed 'Functions\.log'/);
            const warnings = test.entries.filter(({ level }) => level === "warning").map((entry) => entry.message);
            return { status, message: message.replace(/, Id=.*Duration=\d+ms/, ""), warnings };
        } finally {
            await test.close();
        }
    }

    for (const [name, what, told] of [
        ["a text", 'throw "a text";', "a text"],
        ["an object", "throw { code: 7 };", "{ code: 7 }"],
        ["a symbol", 'throw Symbol("s");', "Symbol(s)"],
        ["an error without a stack", 'throw Object.assign(new Error("x"), { stack: undefined });', "Error: x"],
        ["an error with another stack", 'throw Object.assign(new Error("x"), { stack: { a: 1 } });', "Error: x"],
        [
            "what throws when it is read",
            "throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } });",
            "The error cannot be shown, because reading it fails.",
        ],
    ] as const) {
        it(`is told, and fails the call: ${name}`, async () => {
            const { status, message } = await answerOf(what);
            assert.deepEqual([status, message], [500, `Executed 'Functions.log' (Failed): ${told}`]);
        });
    }

    // Source: errors.ts of azure-functions-nodejs-worker, isError, which InvocationHandler.ts asks.
    for (const nothing of ["null", "undefined"]) {
        it(`counts as success when it is ${nothing}, which is told`, async () => {
            const { status, message, warnings } = await answerOf(`throw ${nothing};`);
            assert.deepEqual([status, message], [204, "Executed 'Functions.log' (Succeeded)"]);
            assert.deepEqual(warnings, [
                `Function 'log' threw ${nothing}, which counts as success, on Azure too. Throw an Error.`,
            ]);
        });
    }

    it("is shown once where it is its own cause, and to a depth", () => {
        const own = new Error("own");
        own.cause = own;
        assert.equal(describeError(own, undefined).match(/own/g)?.length, 1);
        let error = new Error("0");
        for (let depth = 1; depth < 100; depth++) {
            error = new AggregateError([error, error], String(depth), { cause: error });
        }
        assert.ok(describeError(error, undefined).length < 20_000);
    });
});
