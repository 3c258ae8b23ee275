import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import os from "node:os";
import path from "node:path";
import { WebSocket } from "ws";
import { findCoreTools } from "../../../emulator/functions/coreTools";
import { putFuncInPath } from "../../support/coreTools";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { json, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";
import { writtenApp } from "../../support/writtenApp";

const python = { name: "python", version: "3.12" };
const http = (name: string, authLevel: string) => ({
    name,
    config: {
        name,
        language: "python",
        bindings: [
            { type: "httpTrigger", direction: "in", name: "req", route: name, authLevel, methods: ["GET", "POST"] },
        ],
    },
    isDisabled: false,
    language: "python",
});
const functions = [
    http("open", "anonymous"),
    http("guarded", "function"),
    http("crash", "anonymous"),
    http("events", "anonymous"),
    {
        name: "message",
        config: {
            bindings: [{ type: "webPubSubTrigger", direction: "in", name: "data", hub: "chat", eventType: "user" }],
        },
        isDisabled: false,
    },
];
const appOf = (more: Record<string, unknown> = {}, files: Record<string, string> = {}) =>
    writtenApp("", { "functions.json": JSON.stringify({ functions, ...more }), ...files });

interface Echo {
    pid: number;
    url: string;
    headers: Record<string, string>;
    body: string;
    env: Record<string, string>;
    args: string[];
}

describe("a function app that func runs", () => {
    let restorePath: () => void;
    let test: TestApp | undefined;
    let service: WebPubSubTest | undefined;

    const echo = async (path: string, init?: RequestInit) => {
        const answer = await fetch(test!.url(path), init);
        assert.equal(answer.status, 200, path);
        return (await answer.json()) as Echo;
    };

    beforeEach(() => {
        restorePath = putFuncInPath();
    });

    afterEach(async () => {
        await service?.close();
        await test?.close();
        test = service = undefined;
        restorePath();
    });

    it("gets the app's settings, its address and its requests", async () => {
        process.env.SECRET_OF_THIS_MACHINE = "x";
        test = await openTestApp({ runtime: python, codeFolder: appOf(), settings: { Greeting: "hello" } });
        delete process.env.SECRET_OF_THIS_MACHINE;
        assert.deepEqual(test.app.status(), { state: "Running" });
        assert.deepEqual(test.app.functions(), ["crash", "events", "guarded", "message", "open"]);
        const got = await echo("/api/open?x=%20y", { method: "POST", body: "text", headers: { "x-mine": "1" } });
        assert.deepEqual([got.url, got.body, got.headers["x-mine"]], ["/api/open?x=%20y", "text", "1"]);
        assert.equal(got.headers.host, test.app.hostName);
        assert.equal(got.env.Greeting, "hello");
        assert.equal(got.env.FUNCTIONS_WORKER_RUNTIME, "python");
        assert.equal(got.env.WEBSITE_HOSTNAME, test.app.hostName);
        // With an instance id the vendor's host believes that it runs on Azure: EnvironmentExtensions.IsAppService.
        assert.equal(got.env.WEBSITE_INSTANCE_ID, undefined);
        assert.equal(got.env.SECRET_OF_THIS_MACHINE, undefined);
        assert.equal(got.env.PATH, process.env.PATH);
        assert.deepEqual(got.args[0], "--port");
        await test.logged(/Host lock lease acquired/);
    });

    it("is asked only with the app's keys, as on Azure", async () => {
        test = await openTestApp({ runtime: python, codeFolder: appOf() });
        assert.equal((await fetch(test.url("/api/guarded"))).status, 401);
        assert.equal((await fetch(test.url("/admin/functions"))).status, 401);
        const { masterKey, functionKeys, systemKeys } = await test.app.hostKeys();
        await echo(`/api/guarded?code=${functionKeys.default}`);
        await echo("/api/guarded", { headers: { "x-functions-key": masterKey } });
        assert.equal((await fetch(test.url("/runtime/webhooks/webpubsub"), { method: "POST" })).status, 401);
        assert.match(systemKeys.webpubsub_extension ?? "", /./);
        assert.equal((await fetch(test.url("/api/none"))).status, 404);
    });

    it("keeps the port's Host check and the platform's CORS", async () => {
        const origin = "https://page.test";
        test = await openTestApp({ runtime: python, codeFolder: appOf(), cors: { allowedOrigins: [origin] } });
        const stranger = request({ port: test.app.port, path: "/api/open", headers: { host: "stranger.test" } }).end();
        const [refused] = (await once(stranger, "response")) as [{ statusCode: number }];
        assert.equal(refused.statusCode, 421);
        stranger.destroy();
        const allowed = await fetch(test.url("/api/open"), { headers: { origin } });
        assert.equal(allowed.headers.get("access-control-allow-origin"), origin);
        const preflight = await fetch(test.url("/api/open"), {
            method: "OPTIONS",
            headers: { origin, "access-control-request-method": "POST" },
        });
        assert.equal(preflight.headers.get("access-control-allow-origin"), origin);
    });

    it("gets a service's events through the webhook with the app's system key", async () => {
        test = await openTestApp({ runtime: python, codeFolder: appOf() });
        const key = (await test.app.hostKeys()).systemKeys.webpubsub_extension;
        service = await startWebPubSub({
            hub: {
                eventHandlers: [
                    { urlTemplate: test.url(`/runtime/webhooks/webpubsub?code=${key}`), systemEvents: ["connected"] },
                ],
            },
        });
        const socket = new WebSocket(await service.url(), json);
        await once(socket, "open");
        let events: { type: string }[] = [];
        while (events.length === 0) {
            events = (await (await fetch(test.url("/api/events"))).json()) as { type: string }[];
        }
        socket.terminate();
        assert.equal(events[0]?.type, "azure.webpubsub.sys.connected");
    });

    it("starts again after a crash, and ends with the app", async () => {
        test = await openTestApp({ runtime: python, codeFolder: appOf() });
        const before = await echo("/api/open");
        await fetch(test.url("/api/crash")).catch(() => undefined);
        await test.logged(/crashed: .*func, which runs the app, ended with exit code 3/);
        await test.app.wake();
        const after = await echo("/api/open");
        assert.notEqual(after.pid, before.pid);
        await test.app.setAppSettings({ AzureWebJobsSecretStorageType: "files", Greeting: "again" });
        const replaced = await echo("/api/open");
        assert.equal(replaced.env.Greeting, "again");
        await ended(after.pid);
        await test.close();
        test = undefined;
        await ended(replaced.pid);
    });

    it("fails with the reason when func ends or its host is in error", async () => {
        test = await openTestApp({ runtime: python, codeFolder: appOf({ exitsAtStart: true }) });
        assert.match(test.app.status().reason ?? "", /func, which runs the app, ended with exit code 1/);
        await test.logged(/Python 3\.9\.x to 3\.13\.x is required/);
        assert.equal((await fetch(test.url("/api/open"))).status, 503);
        await test.close();
        test = await openTestApp({ runtime: python, codeFolder: appOf({ error: "The extension bundle is missing." }) });
        assert.match(test.app.status().reason ?? "", /its host is in error: The extension bundle is missing\./);
    });

    it("names the settings that only local.settings.json gives", async () => {
        const text = JSON.stringify({ Values: { OnlyHere: "1", Greeting: "2" } });
        const codeFolder = appOf({}, { "local.settings.json": text });
        test = await openTestApp({ runtime: python, codeFolder, settings: { Greeting: "hello" } });
        await test.logged(/local\.settings\.json, whose settings the app does not have: OnlyHere\./);
    });

    it("runs a Node app with functionsHost func alone", async () => {
        test = await openTestApp({ codeFolder: appOf(), functionsHost: "func" });
        assert.equal((await echo("/api/open")).env.FUNCTIONS_WORKER_RUNTIME, "node");
        await test.close();
        test = await openTestApp({
            codeFolder: writtenApp(`app.http("mine", { handler: () => ({ body: "ours" }) });`),
        });
        assert.equal(await (await fetch(test.url("/api/mine"))).text(), "ours");
    });

    it("does not build a .NET app that is published", async () => {
        test = await openTestApp({
            runtime: { name: "dotnet-isolated", version: "8.0" },
            codeFolder: appOf({}, { "app.dll": "" }),
        });
        assert.ok((await echo("/api/open")).args.includes("--no-build"));
    });

    for (const name of ["python", "java", "powershell", "dotnet-isolated", "custom"]) {
        it(`names what is missing for ${name} without func`, async () => {
            restorePath();
            restorePath = putFuncInPath({ exists: false });
            await assert.rejects(openTestApp({ runtime: { name, version: "" } }), (error: Error) => {
                assert.match(
                    error.message,
                    new RegExp(`'${name}'.*func, .*not in PATH.*npm install -g.*--event-handler`),
                );
                assert.doesNotMatch(error.message, /\n/);
                return true;
            });
        });
    }

    it("finds the file that can run, as npm and the installer name it", () => {
        const folder = mkdtempSync(path.join(os.tmpdir(), "path-"));
        try {
            const at = (...parts: string[]) => path.join(folder, ...parts);
            mkdirSync(at("first", "func"), { recursive: true });
            mkdirSync(at("second"));
            mkdirSync(at("third"));
            writeFileSync(at("second", "func"), "");
            writeFileSync(at("third", "func"), "");
            writeFileSync(at("third", "func.cmd"), "");
            chmodSync(at("second", "func"), 0o644);
            chmodSync(at("third", "func"), 0o755);
            const folders = [at("gone"), at("first"), at("second"), at("third")];
            const find = (platform: NodeJS.Platform, env: Record<string, string>) =>
                findCoreTools({ app: "a", runtime: python }, { platform, env });
            assert.equal(find("linux", { PATH: folders.join(":") }), at("third", "func"));
            assert.equal(find("win32", { Path: folders.join(";") }), at("third", "func.cmd"));
            assert.throws(() => find("linux", { PATH: folders.slice(0, 3).join(":") }), /not in PATH/);
            assert.throws(() => find("linux", {}), /not in PATH/);
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });
});

async function ended(pid: number): Promise<void> {
    for (;;) {
        try {
            process.kill(pid, 0);
        } catch {
            return;
        }
        await new Promise((resolve) => setImmediate(resolve));
    }
}
