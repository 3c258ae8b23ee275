import assert from "node:assert/strict";
import { models, type TestFunction } from "../../support/appFolder";
import { openTestApp, type TestApp } from "../../support/functionApp";

// Sources: WebScriptHostExceptionHandler.cs and RpcFunctionInvocationDispatcher.cs of azure-functions-host, which start the worker of a
// crash or a time limit again and leave the host and its listeners alone; ScriptRouteHandler.cs and WebScriptHostHttpRoutesManager.cs,
// which call the warmup function once and without a key; FunctionExecutor.cs of azure-webjobs-sdk for the words of a time limit.

const never = "() => new Promise(() => undefined)";
const done = "async () => undefined";
const http = [
    { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" },
    { name: "$return", type: "http", direction: "out" },
];
const warmup = (handler: string): TestFunction => ({
    name: "WarmUp",
    bindings: [{ name: "context", type: "warmupTrigger", direction: "in" }],
    handler,
});
const timer = (handler: string): TestFunction => ({
    name: "early",
    bindings: [{ name: "timer", type: "timerTrigger", direction: "in", schedule: "0 0 0 29 2 *", runOnStartup: true }],
    handler,
});
const plain: TestFunction[] = [
    { name: "hello", bindings: http, handler: `async () => ({ body: "hello" })` },
    { name: "hang", bindings: http, handler: never },
    { name: "crash", bindings: http, handler: "async () => process.exit(3)" },
];

for (const [model, makeApp] of Object.entries(models)) {
    describe(`functions: what runs when a host starts, in the ${model} model`, function () {
        this.timeout(60_000);
        let test: TestApp;
        const open = async (functions: TestFunction[], options = {}) => {
            const codeFolder = makeApp([...functions, ...plain], { functionTimeout: "00:00:01" });
            test = await openTestApp({ codeFolder, ...options });
        };
        const hello = async () => assert.equal(await (await fetch(test.url("/api/hello"))).text(), "hello");
        /** A host logs the beginning of these runs before it serves. */
        const runs = () =>
            test.entries
                .flatMap(({ message }) => /^Executing 'Functions\.(WarmUp|early)'/.exec(message)?.[1] ?? [])
                .sort();
        afterEach(() => test.close());

        it("does not run again where a crash or a time limit ends the worker, and runs where the host starts", async () => {
            await open([warmup(done), timer(done)]);
            await hello();
            await test.logged(
                /^Executing 'Functions\.WarmUp' \(Reason='This function was programmatically called via the host APIs\.'/,
            );
            assert.deepEqual(runs(), ["WarmUp", "early"]);
            await fetch(test.url("/api/crash")).catch(() => undefined);
            await test.logged(/The app's process crashed: exit code 3/);
            await hello();
            assert.equal((await fetch(test.url("/api/hang"))).status, 500);
            await test.app.ready();
            await hello();
            assert.deepEqual(runs(), ["WarmUp", "early"]);
            await test.app.setAppSettings({ AzureWebJobsSecretStorageType: "files", NEW: "1" });
            await hello();
            assert.deepEqual(runs(), ["WarmUp", "WarmUp", "early", "early"]);
        });

        for (const [name, functions] of Object.entries({ WarmUp: [warmup(never)], early: [timer(never)] })) {
            it(`ends '${name}' that never ends once, in the host's words, and serves on`, async () => {
                await open(functions);
                const { level } = await test.logged(
                    new RegExp(
                        `^Timeout value of 00:00:01 exceeded by function 'Functions\\.${name}' \\(Id: '[-0-9a-f]{36}'\\)\\. Initiating cancellation\\.$`,
                    ),
                );
                assert.equal(level, "error");
                await test.logged(
                    new RegExp(
                        `'Functions\\.${name}' \\(Failed.*Timeout value of 00:00:01 was exceeded by function: Functions\\.${name}$`,
                    ),
                );
                await test.logged(/The host is replaced/);
                await test.app.ready();
                await hello();
                assert.deepEqual(runs(), [name]);
            });
        }

        it("repeats no warmup for a call of its address, which takes no key", async () => {
            await open([warmup(done)]);
            for (const method of ["GET", "POST"]) {
                const answer = await fetch(test.url("/admin/warmup"), { method });
                assert.deepEqual([answer.status, await answer.text()], [200, ""]);
            }
            assert.deepEqual(runs(), ["WarmUp"]);
            assert.equal((await fetch(test.url("/admin/warmup/now"))).status, 401);
        });

        for (const sku of ["Dynamic", "FlexConsumption"] as const) {
            it(`has no warmup on plan ${sku}`, async () => {
                await open([warmup(done)], { sku });
                await test.logged(new RegExp(`'Functions\\.WarmUp' .* never runs: plan ${sku} has no warmup`));
                assert.notEqual((await fetch(test.url("/admin/warmup"))).status, 200);
                assert.deepEqual(runs(), []);
            });
        }
    });
}
