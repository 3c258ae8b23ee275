import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openTestApp, type TestApp, type TestAppOptions } from "../../support/functionApp";
import { functionCases } from "../../support/functionCases";
import { answer, fn, hostJson, http, script, withApp } from "../../support/functionFiles";
import { functionFolder } from "../../support/functionFolder";

const errorOf = ({ entries }: TestApp, name: string) =>
    entries
        .filter(({ message }) => message.startsWith(`The '${name}' function is in error: `))
        .map(({ message }) => message);

const get = async (test: TestApp, path: string) => {
    const response = await fetch(test.url(path));
    return `${response.status} ${(await response.text()).trim()}`.trim();
};

describe("functions: what Azure puts in error", () => {
    describe("in function.json", () => {
        let test: TestApp;
        before(async () => {
            const files: Record<string, string> = { ...hostJson };
            for (const { name, text, files: own = script } of functionCases) {
                files[`${name}/function.json`] = text;
                for (const [file, content] of Object.entries(own)) {
                    files[`${name}/${file}`] = content;
                }
            }
            test = await openTestApp({ codeFolder: functionFolder(files) });
        });
        after(() => test.close());

        for (const { name, message } of functionCases) {
            it(`${message === undefined ? "runs" : "refuses"} ${name.slice(0, 40)}`, () => {
                assert.equal(
                    test.app.functions().includes(name),
                    message === undefined,
                    errorOf(test, name).join("\n"),
                );
                assert.match(errorOf(test, name).join("\n"), message ?? /^$/);
            });
        }

        it("and lets the others serve", async () => {
            assert.equal(test.app.status().state, "Running");
            assert.equal(await get(test, "/api/first-step"), "200 first-step");
            assert.equal(await get(test, "/api/GET%20users"), "404");
            assert.equal(await get(test, "/api/singleQuotes"), "204");
        });
    });

    // Sources: WorkerFunctionMetadataProvider.cs of azure-functions-host, registerFunction.ts of azure-functions-nodejs-worker.
    describe("in what the code registers", () => {
        const registered: [name: string, bindings: Record<string, object>, message?: RegExp][] = [
            ["good", { req: { ...http, name: undefined }, $return: answer }],
            ["bad.name", { req: http }, /'bad\.name' is not a valid function name\./],
            ["host", { req: http }, /'host' is not a valid function name\./],
            ["hyphen", { "a-b": http }, /The binding name a-b is invalid/],
            ["under", { a_b: http }, /The binding name a_b is invalid/],
            ["returns", { $return: http }, /\$return bindings must specify a direction of 'out'/],
            ["cases", { req: http, REQ: { ...answer } }, /Multiple bindings with name 'REQ' discovered/],
            ["none", {}, /At least one binding must be declared/],
            ["noTrigger", { $return: answer }, /No trigger binding specified/],
            [
                "two",
                { req: http, tick: { type: "timerTrigger", direction: "in", schedule: "0 * * * * *" } },
                /Multiple trigger bindings defined/,
            ],
            [
                "noType",
                { req: http, out: { direction: "out" } },
                /Binding 'out' is invalid\. Bindings must specify a Type/,
            ],
            [
                "httpInput",
                { req: http, res: { ...answer, direction: "in" } },
                /Http binding can only be used for output/,
            ],
            ["runtimeRoute", { req: { ...http, route: "runtime" } }, /one or more built in routes/],
            ["route1", { req: { ...http, route: "Same" } }],
            ["route2", { req: { ...http, route: "same/" } }, /conflicts with the route defined by function 'route1'/],
            ["level", { req: { ...http, authLevel: "x" } }, /enum type AuthorizationLevel/],
            ["cardinal", { req: { ...http, cardinality: "x" } }, /cardinality of the binding 'req' is not valid/],
            [
                "startup",
                { tick: { type: "timerTrigger", direction: "in", schedule: "0 0 0 1 1 *", runOnStartup: "x" } },
                /'runOnStartup' of type Boolean/,
            ],
            [
                "often",
                { tick: { type: "timerTrigger", direction: "in", schedule: "often" } },
                /Error indexing method 'Functions\.often'.*'often' was not recognized/,
            ],
            ["tick", { tick: { type: "timerTrigger", direction: "in", schedule: "0 0 0 1 1 *" } }],
            [
                "Tick",
                { tick: { type: "timerTrigger", direction: "in", schedule: "0 0 0 1 1 *" } },
                /Error indexing method 'Functions\.Tick'\. Method overloads are not supported.*see 'tick'/,
            ],
            [
                "queue",
                { item: { type: "queueTrigger", direction: "in", queueName: "q" } },
                /This host does not support: queueTrigger\. Queue Storage: /,
            ],
        ];
        let test: TestApp;
        before(async () => {
            const code = registered.map(
                ([name, bindings]) =>
                    `core.registerFunction(${JSON.stringify({ name, bindings })}, async () => ({ body: ${JSON.stringify(name)} }));`,
            );
            test = await openTestApp({
                codeFolder: functionFolder({
                    ...hostJson,
                    "package.json": '{"main":"index.js"}',
                    "index.js": ['const core = require("@azure/functions-core");', ...code].join("\n"),
                    ...fn("ignored", http, answer),
                }),
            });
        });
        after(() => test.close());

        for (const [name, , message] of registered) {
            it(`${message === undefined ? "runs" : "refuses"} ${name}`, () => {
                assert.equal(
                    test.app.functions().includes(name),
                    message === undefined,
                    errorOf(test, name).join("\n"),
                );
                assert.match(errorOf(test, name).join("\n"), message ?? /^$/);
            });
        }

        it("and says that no function.json is read beside it", () => {
            const mixed = test.entries.find(({ message }) => message.startsWith("Detected mixed function app."));
            assert.match(mixed?.message ?? "", /Some functions may not be indexed - ignored/);
            assert.ok(!test.app.functions().includes("ignored"));
        });
    });

    // Sources: FunctionIndexer.cs and NameResolverExtensions.cs of azure-webjobs-sdk.
    it("disables a function whose setting is missing, in any binding, and runs the rest", async () => {
        const signalR = { type: "signalR", direction: "out", name: "out", hubName: "%NOPE%" };
        const bundle = { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" };
        const files = {
            "host.json": JSON.stringify({ version: "2.0", extensionBundle: bundle }),
            ...fn("t", { type: "timerTrigger", direction: "in", name: "timer", schedule: "%NOPE%" }),
            ...fn("output", http, answer, signalR),
            ...fn("fine", http, answer),
            ...fn("given", { type: "timerTrigger", direction: "in", name: "timer", schedule: "%Given%" }),
        };
        const settings = {
            Given: "0 0 0 1 1 *",
            AzureSignalRConnectionString: "Endpoint=http://localhost;AccessKey=a;Version=1.0;",
        };
        await withApp(files, { settings }, async (test) => {
            assert.deepEqual(test.app.functions(), ["fine", "given"]);
            for (const name of ["t", "output"]) {
                const warned = test.entries.find(({ message }) =>
                    message.includes(`'Functions.${name}' failed indexing`),
                );
                assert.equal(warned?.message, `Function 'Functions.${name}' failed indexing and will be disabled.`);
                assert.match(
                    errorOf(test, name)[0] ?? "",
                    /Microsoft\.Azure\.WebJobs\.Host: Error indexing method 'Functions\.\w+'\. '%NOPE%' does not resolve to a value\./,
                );
            }
            assert.equal(await get(test, "/api/fine"), "200 fine");
        });
    });

    // Source: WebJobsRouteBuilder.cs of azure-webjobs-sdk-extensions: routes are a list in the order of the functions' names.
    it("looks for a route in the order of the functions' names, whatever the routes are", async () => {
        const files = {
            ...fn("aCatchAll", { ...http, route: "files/{*path}" }, answer),
            ...fn("bLiteral", { ...http, route: "files/readme" }, answer),
            ...fn("Zero", { ...http, route: "{any:int}", methods: ["post"] }, answer),
            ...fn("zebra", { ...http, route: "{any}", methods: ["get"] }, answer),
            ...fn("none", { ...http, methods: [] }, answer),
        };
        await withApp(files, {}, async (test) => {
            assert.equal(await get(test, "/api/files/readme"), "200 aCatchAll");
            assert.equal(await get(test, "/API/FILES"), "200 aCatchAll");
            assert.equal(await get(test, "/api/5"), "200 zebra");
            const posted = await fetch(test.url("/api/5"), { method: "POST" });
            assert.equal(await posted.text(), "Zero");
            const { status } = await fetch(test.url("/api/none"), { method: "POST" });
            assert.equal(status, 404);
        });
    });

    const doomed: [what: string, files: Record<string, string>, options: TestAppOptions, reason: RegExp][] = [
        [
            "a route begins with a slash",
            fn("hello", { ...http, route: "/hello" }, answer),
            {},
            /creating the route with name 'hello' and template 'api\/\/hello'\. The route template separator character/,
        ],
        [
            "a route has an unknown constraint",
            fn("x", { ...http, route: "{id:nosuch}" }, answer),
            {},
            /could not be resolved/,
        ],
        ["host.json has no version", { "host.json": '{"logging":{}}' }, {}, /missing the required 'version' property/],
        [
            "the bundle is too old",
            {
                "host.json":
                    '{"version":"2.0","extensionBundle":{"id":"Microsoft.Azure.Functions.ExtensionBundle","version":"[1.*, 2.0.0)"}}',
            },
            {},
            /does not meet the required minimum version of 2\.6\.1/,
        ],
        [
            "the bundle's version is none",
            {
                "host.json":
                    '{"version":"2.0","extensionBundle":{"id":"Microsoft.Azure.Functions.ExtensionBundle","version":"latest"}}',
            },
            {},
            /The value of version property in extensionBundle section of host\.json file is invalid or missing/,
        ],
        // Source: Utility.cs of azure-functions-host, VerifyFunctionsMatchSpecifiedLanguage.
        [
            "no function is in a language of the worker",
            {
                "a/function.json": JSON.stringify({ bindings: [http, answer] }),
                "a/index.ts": "",
                "b/function.json": JSON.stringify({ bindings: [http], scriptFile: "main.py" }),
                "b/main.py": "",
            },
            {},
            /Did not find functions with language \[node\]\. The scripts of the functions a, b are in other languages/,
        ],
        [
            "the retry policy of host.json is none",
            { "host.json": '{"version":"2.0","retry":{"strategy":"linear","maxRetryCount":1}}' },
            {},
            /retry\.strategy is 'linear'/,
        ],
        [
            "a value of host.json is not what the host converts it to",
            { "host.json": '{"version":"2.0","fileWatchingEnabled":"yes"}' },
            {},
            /'AzureFunctionsJobHost:fileWatchingEnabled' to type 'System\.Boolean'/,
        ],
        [
            "functionTimeout is too long for the plan",
            { "host.json": '{"version":"2.0","functionTimeout":"00:30:00"}' },
            { sku: "Dynamic" },
            /FunctionTimeout must be greater than 00:00:01 and less than 00:10:00/,
        ],
    ];
    for (const [what, files, options, reason] of doomed) {
        it(`does not start the host when ${what}`, () =>
            withApp(files, options, async (test) => {
                assert.equal(test.app.status().state, "Failed");
                assert.match(test.app.status().reason ?? "", reason);
            }));
    }

    it("reports nothing of a function that host.json does not list", async () => {
        const files = {
            "host.json": '{"version":"2.0","functions":["FINE"]}',
            ...fn("fine", http, answer),
            ...fn("other", http, answer),
            ...fn("bad.name", http, answer),
            ...fn("twice", http, http),
        };
        await withApp(files, {}, async (test) => {
            assert.deepEqual(test.app.functions(), ["fine"]);
            assert.ok(!test.entries.some(({ message }) => message.includes("is in error")));
        });
    });

    it("does not count the language of a function that host.json does not list, or that is in error", async () => {
        const typeScript = { "a/function.json": JSON.stringify({ bindings: [http, answer] }), "a/index.ts": "" };
        const files = { ...typeScript, ...fn("bad.name", http, answer) };
        await withApp({ ...files, "host.json": '{"version":"2.0","functions":["bad.name"]}' }, {}, async (test) => {
            assert.equal(test.app.status().state, "Running");
        });
        await withApp({ ...files, ...fn("good", http, answer) }, {}, async (test) => {
            assert.deepEqual(test.app.functions(), ["good"]);
            assert.match(errorOf(test, "a").join(), /Its script is 'index\.ts'.*Build it/);
        });
    });

    // On Windows, paths may have either slash.
    it("takes a backslash in scriptFile on Windows only", async () => {
        const files = {
            "lib/main.js": script["index.js"],
            "f/function.json": JSON.stringify({ scriptFile: "..\\lib\\main.js", bindings: [http, answer] }),
        };
        await withApp(files, {}, async (test) => {
            assert.match(errorOf(test, "f").join(), /a file that does not exist.* On Linux, write \/ between folders/);
        });
        await withApp(files, { sku: "Dynamic", isLinux: false }, async (test) =>
            assert.equal(await get(test, "/api/f"), "200 f"),
        );
    });

    it("finds a function whose folder or script is a link, as in a package", async () => {
        const folder = functionFolder({ ...hostJson, ...fn("real", http, answer), "lib/main.js": script["index.js"] });
        symlinkSync("real", join(folder, "linked"));
        mkdirSync(join(folder, "own"));
        writeFileSync(join(folder, "own", "function.json"), JSON.stringify({ bindings: [http, answer] }));
        symlinkSync("../lib/main.js", join(folder, "own", "index.js"));
        const test = await openTestApp({ codeFolder: folder });
        try {
            assert.equal(await get(test, "/api/linked"), "200 linked");
            assert.equal(await get(test, "/api/own"), "200 own");
        } finally {
            await test.close();
        }
    });

    it("runs no script outside of the app's folder", async () => {
        const folder = functionFolder({
            "outside.js": script["index.js"],
            "app/host.json": hostJson["host.json"],
            "app/f/function.json": JSON.stringify({ scriptFile: "../../outside.js", bindings: [http, answer] }),
        });
        const test = await openTestApp({ codeFolder: `${folder}/app` });
        try {
            assert.match(errorOf(test, "f").join(), /a file that does not exist/);
        } finally {
            await test.close();
        }
    });

    it("reads host.json with comments, and an app setting over it", async () => {
        const files = {
            "host.json": `{ // why\n 'version': '2.0', "extensions": { "http": { "routePrefix": "file" } }, }`,
            ...fn("hi", http, answer),
        };
        await withApp(files, {}, async (test) => assert.equal(await get(test, "/file/hi"), "200 hi"));
        const settings = { AzureFunctionsJobHost__extensions__http__routePrefix: "" };
        await withApp(files, { settings }, async (test) => assert.equal(await get(test, "/hi"), "200 hi"));
    });

    // Source: GrpcWorkerChannel.cs of azure-functions-host, LoadResponse and SendInvocationRequest.
    it("answers 500 where a function's code did not load, and serves the others", async () => {
        const files = {
            ...fn("good", http, answer),
            ...fn("noModule", http, answer),
            "noModule/index.js": "require('no-such-module');",
            ...fn("noEntry", http, answer),
            "noEntry/index.js": "module.exports = { a() {}, b() {} };",
            ...fn("syntax", http, answer),
            "syntax/index.js": "const = 1;",
        };
        await withApp(files, {}, async (test) => {
            assert.equal(await get(test, "/api/good"), "200 good");
            for (const [name, reason] of [
                ["noModule", "Cannot find module 'no-such-module'"],
                ["noEntry", "Unable to determine function entry point"],
                ["syntax", "Unexpected token"],
            ] as const) {
                assert.equal(await get(test, `/api/${name}`), "500");
                const { message } = await test.logged(new RegExp(`^Executed 'Functions\\.${name}' \\(Failed`));
                assert.ok(message.includes(`Worker was unable to load function ${name}: '${reason}`), message);
            }
        });
    });

    // Source: SignalRTriggerBindingProvider.cs of Azure/azure-sdk-for-net, TryCreateAsync, which runs while a function is indexed.
    it("disables a SignalR trigger whose connection or hub is missing, and runs the others", async () => {
        const trigger = { type: "signalRTrigger", direction: "in", name: "call" };
        const messages = { ...trigger, hubName: "chat", category: "messages", event: "send" };
        const bundle = { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" };
        const files = {
            "host.json": JSON.stringify({ version: "2.0", extensionBundle: bundle }),
            ...fn("hi", http, answer),
            ...fn("noConnection", { ...messages, connectionStringSetting: "Missing" }),
            ...fn("badConnection", { ...messages, connectionStringSetting: "Bad" }),
            ...fn("noHub", { ...messages, hubName: "" }),
            ...fn("twoNames", { ...messages, parameterNames: ["a", "A"] }),
        };
        const settings = {
            Bad: "Endpoint",
            AzureSignalRConnectionString: "Endpoint=http://localhost;AccessKey=a2V5;Version=1.0;",
        };
        await withApp(files, { settings }, async (test) => {
            assert.equal(await get(test, "/api/hi"), "200 hi");
            assert.deepEqual(test.app.functions(), ["hi"]);
            for (const [name, message] of [
                [
                    "noConnection",
                    /The SignalR Service connection string or endpoints are not set\. Set app setting 'Missing'/,
                ],
                ["badConnection", /App setting 'Bad' is not a connection string/],
                ["noHub", /has no hubName/],
                ["twoNames", /ignore case unique/],
            ] as const) {
                assert.match(errorOf(test, name).join(), message);
            }
        });
    });

    // Source: JObject.TryGetValue and the serializer of Newtonsoft.Json, which take names of properties without regard to case.
    it("takes the names of properties without regard to case, in every binding", async () => {
        const bundle = { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" };
        const message = { name: "call", DIRECTION: "in", HubName: "chat", Category: "messages", Event: "send" };
        const files = {
            "host.json": JSON.stringify({ version: "2.0", extensionBundle: bundle }),
            ...fn("call", { Type: "signalRTrigger", ConnectionStringSetting: "Own", ...message }),
            ...fn("pubsub", { Type: "webPubSubTrigger", name: "data", HUB: "h", EventType: "user", EventName: "e" }),
            ...fn("login", { ...http, Route: "in", AUTHLEVEL: "anonymous" }, answer, {
                Type: "signalRConnectionInfo",
                Direction: "in",
                name: "info",
                HUBNAME: "chat",
                CONNECTIONSTRINGSETTING: "Own",
            }),
            "login/index.js": "module.exports = async (context, req, info) => ({ body: info.url });",
        };
        const own = "Endpoint=http://localhost:9;AccessKey=a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5;Version=1.0;";
        const settings = { Own: own, WebPubSubConnectionString: own };
        await withApp(files, { settings }, async (test) => {
            assert.deepEqual(test.app.functions(), ["call", "login", "pubsub"]);
            assert.equal(await get(test, "/api/in"), "200 http://localhost:9/client/?hub=chat");
        });
    });

    it("refuses Web PubSub with a bundle that does not hold it yet", async () => {
        const bundle = { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[2.*, 3.0.0)" };
        const trigger = { type: "webPubSubTrigger", direction: "in", name: "data", hub: "h", eventName: "e" };
        const files = {
            "host.json": JSON.stringify({ version: "2.0", extensionBundle: bundle }),
            ...fn("message", trigger),
        };
        await withApp(files, {}, async (test) => {
            assert.match(
                errorOf(test, "message")[0] ?? "",
                /'webPubSubTrigger' were not found in the configured extension bundle.*\(from 3\.5\.0 on\)/,
            );
        });
    });

    it("names func extensions sync where extensions.csproj was not built", async () => {
        const trigger = { type: "socketIOTrigger", direction: "in", name: "request", hub: "h", eventName: "e" };
        await withApp({ "extensions.csproj": "<Project/>", ...fn("chat", trigger) }, {}, async (test) => {
            assert.match(errorOf(test, "chat")[0] ?? "", /are not registered.*run `func extensions sync`/);
        });
    });
});
