import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import type { LogEntry } from "../../../../emulator/core/log";
import { openTestApp, type TestApp, type TestAppOptions } from "../../../support/functionApp";
import { until } from "../../../support/until";
import { writtenApp } from "../../../support/writtenApp";

const hostJson = (logLevel: Record<string, unknown>) => ({
    "host.json": `{ "version": "2.0", "logging": { "logLevel": ${JSON.stringify(logLevel)} } }`,
});

/** A function that logs at every level, and on the console. */
const talker = `
app.http("talk", {
    authLevel: "anonymous",
    handler: async (_request, context) => {
        context.trace("a trace");
        context.debug("a debug");
        context.info("an info");
        context.log("a log");
        context.warn("a warn");
        context.error("an error");
        console.log("console log");
        console.error("console error");
        console.error("console warn");
        console.error("console plain");
        return { body: "talked" };
    },
});
app.http("end", { authLevel: "anonymous", handler: async (_request, context) => { context.error("the end"); console.log("the end"); } });
`;

describe("what functions log", () => {
    let test: TestApp | undefined;
    afterEach(async () => {
        await test?.close();
        test = undefined;
    });

    /** The messages of functions and of the console, once the function has talked. */
    async function talk(options: TestAppOptions): Promise<LogEntry[]> {
        test = await openTestApp(options);
        assert.equal(await (await fetch(test.url("/api/talk"))).text(), "talked");
        await fetch(test.url("/api/end"));
        // The console comes on other ways than the messages of functions, each of which keeps its order.
        await test.logged(/^the end$/);
        await test.logged(/console plain/).catch(() => undefined);
        return test.entries.filter(({ category = "" }) => /^Function\.talk|Console$/.test(category));
    }

    const said = (entries: readonly LogEntry[], category: RegExp) =>
        entries
            .filter((entry) => category.test(entry.category ?? ""))
            .map(({ level, message }) => `${level} ${message}`);

    it("is what func start shows: information and above, and the calls with reason, id and duration", async () => {
        const entries = await talk({ codeFolder: writtenApp(talker) });
        assert.deepEqual(said(entries, /^Function\.talk\.User$/), [
            "info an info",
            "info a log",
            "warning a warn",
            "error an error",
        ]);
        const [executing = "", executed = ""] = said(entries, /^Function\.talk$/);
        const id = /Id=([0-9a-f-]{36})\)$/.exec(executing)?.[1];
        assert.equal(
            executing,
            `info Executing 'Functions.talk' (Reason='This function was programmatically called via the host APIs.', Id=${id})`,
        );
        assert.match(
            executed,
            new RegExp(`^info Executed 'Functions\\.talk' \\(Succeeded, Id=${id}, Duration=\\d+ms\\)$`),
        );
    });

    it("has the levels of the console that the host guesses from the words", async () => {
        await talk({ codeFolder: writtenApp(talker) });
        const consoleLines = () => said(test?.entries ?? [], /Console$/);
        // Standard output and standard error may both be behind the messages of functions.
        await until(() => consoleLines().length === 5, "the lines of the console");
        assert.deepEqual(
            new Set(consoleLines()),
            new Set([
                "info console log",
                "error console error",
                "warning console warn",
                "info console plain",
                "info the end",
            ]),
        );
    });

    const rules: [string, Record<string, unknown>, Record<string, string>, string[]][] = [
        ["default", { default: "Warning" }, {}, ["a warn", "an error"]],
        [
            "the category of functions",
            { Function: "Trace" },
            {},
            ["a trace", "a debug", "an info", "a log", "a warn", "an error"],
        ],
        [
            "the category of one function",
            { Function: "Error", "Function.talk": "debug" },
            {},
            ["a debug", "an info", "a log", "a warn", "an error"],
        ],
        [
            "the category of a function's own messages",
            { "Function.talk": "None", "function.TALK.user": 3 },
            {},
            ["a warn", "an error"],
        ],
        [
            "the longest one that fits",
            { default: "Error", "Function.other": "Trace", Func: "Information" },
            {},
            ["an info", "a log", "a warn", "an error"],
        ],
        [
            "an app setting over host.json",
            { "Function.talk": "Trace" },
            { "AzureFunctionsJobHost__logging__logLevel__Function.talk": "Error" },
            ["an error"],
        ],
        // Source: LoggerRuleSelector.cs of dotnet/runtime, which the host on Azure uses.
        ["a wildcard", { default: "None", "Function.*.user": "Error" }, {}, ["an error"]],
        ["the longer one of two with wildcards", { "*.User": "None", "*talk.User": "Error" }, {}, ["an error"]],
        ["no wildcard that ends otherwise", { "Function.*.Host": "None", default: "Error" }, {}, ["an error"]],
        [
            "no section in place of a level",
            { default: {}, Function: ["None"] },
            {},
            ["an info", "a log", "a warn", "an error"],
        ],
        // Source: LoggerFilterConfigureOptions.cs of dotnet/runtime, whose Enum.TryParse takes any number.
        ["a number above all levels", { default: 7 }, {}, []],
        [
            "a number below all levels",
            { default: " -1 " },
            {},
            ["a trace", "a debug", "an info", "a log", "a warn", "an error"],
        ],
        ["an app setting in other letters", {}, { "azurefunctionsjobhost:Logging:LogLevel:default": "Critical" }, []],
    ];
    for (const [what, levels, settings, expected] of rules) {
        it(`follows logLevel of host.json: ${what}`, async () => {
            const codeFolder = writtenApp(talker, hostJson(levels));
            test = await openTestApp({ codeFolder, settings });
            await (await fetch(test.url("/api/talk"))).text();
            // A host answers calls in order, and its messages come before its answer to this one.
            await test.app.hostKeys();
            assert.deepEqual(
                test.entries.filter(({ category }) => category === "Function.talk.User").map(({ message }) => message),
                expected,
            );
        });
    }

    // Source: ColoredConsoleLogger.cs of Azure/azure-functions-core-tools.
    it("is nothing where it is empty, and keeps the empty lines inside of a message", async () => {
        const code =
            'context.log(""); context.log(); console.log(""); context.log("one\\n\\ntwo"); console.log("three\\n\\nfour"); return { body: "talked" };';
        const entries = await talk({
            codeFolder: writtenApp(
                `app.http("talk", { authLevel: "anonymous", handler: async (_request, context) => { ${code} } });
                app.http("end", { authLevel: "anonymous", handler: async (_request, context) => { context.error("the end"); console.error("console plain"); } });`,
            ),
        });
        assert.deepEqual(said(entries, /User$/), ["info one\n\ntwo"]);
        assert.deepEqual(said(entries, /Console$/), ["info three", "info four", "info console plain"]);
    });

    it("does not start with a level that the host does not know, and says which are", async () => {
        test = await openTestApp({ codeFolder: writtenApp(talker, hostJson({ "Function.talk": "Verbose" })) });
        assert.equal(
            test.app.status().reason,
            "host.json: logging.logLevel.Function.talk is 'Verbose'. Allowed: Trace, Debug, Information, Warning, Error, Critical, None.",
        );
    });

    it("does not start with two wildcards in a category", async () => {
        test = await openTestApp({ codeFolder: writtenApp(talker, hostJson({ "*.talk.*": "Error" })) });
        assert.match(String(test.app.status().reason), /\*\.talk\.\*: Only one wildcard character is allowed/);
    });

    it("follows host.json in the function.json model too", async () => {
        const codeFolder = writtenApp("", {
            ...hostJson({ "Function.old.User": "Trace" }),
            "package.json": "{}",
            "old/function.json": '{"bindings":[{"type":"httpTrigger","name":"request","authLevel":"anonymous"}]}',
            "old/index.js":
                'module.exports = async (context) => { context.log("old log"); context.log.verbose("old verbose"); context.log.warn("old warn"); };',
        });
        test = await openTestApp({ codeFolder });
        await fetch(test.url("/api/old"));
        await test.app.hostKeys();
        assert.deepEqual(
            test.entries
                .filter(({ category }) => category === "Function.old.User")
                .map(({ level, message }) => `${level} ${message}`),
            ["info old log", "trace old verbose", "warning old warn"],
        );
    });

    it("loses nothing of a run at start-up", async () => {
        const codeFolder = writtenApp(
            'console.log("while it loads"); app.timer("early", { schedule: "0 0 0 1 1 *", runOnStartup: true, handler: (_timer, context) => { context.warn("early warn"); console.log("early console"); } });',
        );
        test = await openTestApp({ codeFolder });
        assert.equal((await test.logged(/^early warn$/)).level, "warning");
        await test.logged(/^early console$/);
        await test.logged(/^while it loads$/);
        assert.match(
            (await test.logged(/^Executing 'Functions.early'/)).message,
            /Reason='Timer fired at \d{4}-\d\d-\d\dT[\d:.]+\+00:00'/,
        );
    });

    it("is kept in a file that only its owner reads, a line each, with control characters shown", async () => {
        const codeFolder = writtenApp(
            'app.http("log", { authLevel: "anonymous", handler: (_request, context) => context.log("one\\ntwo \\u001b[31mred\\u0007\\r") });',
        );
        test = await openTestApp({ codeFolder });
        const { logFile } = test.app;
        await fetch(test.url("/api/log"));
        await test.logged(/^one/);
        await test.app.close();
        const lines = readFileSync(logFile, "utf8").split("\n");
        const own = lines.filter((line) => line.includes("[Function.log.User]"));
        assert.deepEqual(
            own.map((line) => line.replace(/^\[[^\]]+Z\] /, "")),
            ["[Information] [Function.log.User] one", "[Information] [Function.log.User] two \\x1b[31mred\\x07\\r"],
        );
        assert.equal(statSync(logFile).mode & 0o777, process.platform === "win32" ? 0o666 : 0o600);
    });

    it("says once on a 401 that the function asks for a key, and how to get it", async () => {
        test = await openTestApp({
            codeFolder: writtenApp('app.http("locked", { authLevel: "function", handler: () => ({}) });'),
        });
        const attempts: Record<string, string>[] = [{}, {}, { "x-functions-key": "wrong" }];
        for (const headers of attempts) {
            assert.equal((await fetch(test.url("/api/locked"), { headers })).status, 401);
        }
        await test.logged(/had another one/);
        const refusals = test.entries
            .filter(({ message }) => /401/.test(message))
            .map(({ level, message }) => `${level} ${message}`);
        assert.equal(refusals.length, 2);
        assert.match(
            refusals[0] ?? "",
            /^warning A call of function 'locked' was answered with 401: its authLevel is function, .* had none\. The command azure-realtime keys prints the keys\.$/,
        );
        const key = (await test.app.functionKeys("locked")).default ?? "";
        assert.equal((await fetch(test.url(`/api/locked?code=${encodeURIComponent(key)}`))).status, 200);
        assert.deepEqual(test.app.addresses(), [
            {
                name: "locked",
                trigger: "httpTrigger",
                disabled: false,
                path: "/api/locked",
                methods: ["GET", "POST"],
                authLevel: "function",
            },
        ]);
    });
});
