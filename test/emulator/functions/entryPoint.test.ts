import assert from "node:assert/strict";
import type { TestApp } from "../../support/functionApp";
import { openTestApp } from "../../support/functionApp";
import { answer, fn, http, withApp } from "../../support/functionFiles";
import { writtenApp } from "../../support/writtenApp";

// An entry point that fails takes the functions, and not the host. Sources: startApp.ts, FunctionsMetadataHandler.ts and
// FunctionLoadHandler.ts of azure-functions-nodejs-worker; GrpcWorkerChannel.cs of azure-functions-host, ProcessFunctionMetadataResponses
// and SendInvocationRequest. test/emulator/functions/deploy.test.ts: a deployment of such code is refused.

const get = async (test: TestApp, path: string) => (await fetch(test.url(path))).status;
const registers = 'const { app } = require("@azure/functions"); app.http("hi", { handler: () => ({}) });';

/** The errors that the log holds once the app runs. */
async function errorsOf(files: Record<string, string>, more: (test: TestApp) => Promise<void> = async () => {}) {
    const test = await openTestApp({ codeFolder: writtenApp("", files) });
    try {
        assert.equal(test.app.status().state, "Running");
        await test.logged(/No job functions found/);
        assert.deepEqual(test.app.functions(), []);
        assert.equal(await get(test, "/api/hi"), 404);
        await more(test);
        return test.entries.filter(({ level }) => level === "error").map(({ message }) => message);
    } finally {
        await test.close();
    }
}

describe("functions: an entry point that fails", () => {
    const main = (file: string) => ({ "package.json": JSON.stringify({ main: file }) });
    const cases: [what: string, files: Record<string, string>, reason: RegExp][] = [
        [
            "throws before it registers a function",
            { "index.js": 'throw new Error("before");' },
            /unable to load entry point "index\.js": before \(at index\.js:1\)/,
        ],
        [
            "throws after it registered one",
            { "index.js": `${registers}\nthrow new Error("after");` },
            /unable to load entry point "index\.js": after \(at index\.js:2\)/,
        ],
        [
            "throws what is no error",
            { "index.js": `${registers} throw "a text";` },
            /unable to load entry point "index\.js": a text/,
        ],
        [
            "has a syntax error",
            { ...main("dist/index.js"), "dist/index.js": "const a = 1;\nconst b = ;\n" },
            /unable to load entry point "dist\/index\.js": .*\(at dist\/index\.js:2\)/,
        ],
        [
            "rejects, as a module",
            { ...main("index.mjs"), "index.mjs": 'await null;\nthrow new Error("late");' },
            /unable to load entry point "index\.mjs": late \(at index\.mjs:2\)/,
        ],
        [
            "asks for a module that is not there",
            { "index.js": 'require("no-such-module");' },
            /unable to load entry point "index\.js": Cannot find module 'no-such-module'/,
        ],
        [
            "lies in a file",
            { ...main("src/a.js/b.js"), "src/a.js": registers },
            /unable to load entry point "src\/a\.js\/b\.js": File does not exist/,
        ],
        ["does not exist", main("gone.js"), /unable to load entry point "gone\.js": File does not exist/],
        [
            "is a pattern that no file matches",
            main("dist/*.js"),
            /unable to load entry point "dist\/\*\.js": Found zero files matching the supplied pattern/,
        ],
        [
            "is one of several files, the others being sound",
            { ...main("src/*.js"), "src/a.js": registers, "src/b.js": 'throw new Error("b");', "src/c.js": registers },
            /unable to load entry point "src\/b\.js": b/,
        ],
        [
            "registers a name twice",
            { "index.js": `${registers} app.http("hi", { handler: () => ({}) });` },
            /A function with id "hi" has already been registered\./,
        ],
        // Source: fromCoreFunctionMetadata.ts and handleDefaultEnumCase.ts of azure-functions-nodejs-worker.
        [
            "registers a function by a name that every object knows",
            { "index.js": `${registers} app.http("constructor", { handler: () => ({}) });` },
            /A function with id "constructor" has already been registered\./,
        ],
        [
            "registers an unknown data type",
            {
                "index.js": `${registers} app.generic("x", { trigger: { type: "httpTrigger", name: "req", dataType: "Binary" }, handler: () => ({}) });`,
            },
            /Unexpected value "Binary" for type "CoreRpcBindingDataType"/,
        ],
        [
            "registers an unknown direction",
            {
                "index.js": `${registers} require("@azure/functions-core").registerFunction({ name: "x", bindings: { req: { type: "httpTrigger", direction: "sideways" } } }, () => ({}));`,
            },
            /Unexpected value "sideways" for type "CoreRpcBindingDirection"/,
        ],
        [
            "registers an unknown retry strategy",
            {
                "index.js": `${registers} app.timer("x", { schedule: "0 0 0 1 1 *", retry: { strategy: "linear", maxRetryCount: 1 }, handler: () => ({}) });`,
            },
            /Unexpected value "linear" for type "CoreRpcRetryStrategy"/,
        ],
    ];
    for (const [what, files, reason] of cases) {
        it(`that ${what} leaves an app without functions, and is told`, async () => {
            const errors = await errorsOf(files);
            assert.equal(errors.filter((message) => reason.test(message)).length, 1, errors.join("\n"));
            assert.doesNotMatch(errors.join("\n"), /host\.cjs|node:internal|noop/);
        });
    }

    it("still runs the hooks for the app's start", () =>
        withApp(
            {
                "package.json": '{"main":"index.js"}',
                "index.js":
                    'require("@azure/functions-core").registerHook("appStart", () => console.log("started")); throw new Error("x");',
            },
            {},
            async (test) => void (await test.logged(/^started$/)),
        ));

    // Source: startApp.ts, whose hooks reject the worker's start.
    it("is not the same as a hook for the app's start that fails: the app does not start then", async () => {
        const test = await openTestApp({
            codeFolder: writtenApp('app.hook.appStart(() => {\n throw new Error("no start"); });'),
        });
        try {
            assert.equal(test.app.status().reason, "An appStart hook failed: no start (at index.js:3)");
            assert.equal(await get(test, "/api/hi"), 503);
        } finally {
            await test.close();
        }
    });

    for (const [what, files] of [
        ["names no file", { "package.json": '{"main":"gone.js"}' }],
        ["throws", { "package.json": '{"main":"main.js"}', "main.js": 'throw new Error("gone");' }],
    ] as const) {
        it(`that ${what} beside function.json lets every call of a function fail with its error`, () =>
            withApp({ ...fn("fine", http, answer), ...fn("other", http, answer), ...files }, {}, async (test) => {
                assert.deepEqual(test.app.functions(), ["fine", "other"]);
                for (const name of ["fine", "other"]) {
                    assert.equal(await get(test, `/api/${name}`), 500);
                    await test.logged(
                        new RegExp(`Executed 'Functions\\.${name}' \\(Failed.*unable to load entry point.*gone`),
                    );
                }
                assert.equal(await get(test, "/api/none"), 404);
            }));
    }
});
