import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import WebSocket from "ws";
import { parse } from "yaml";
import { hubFaults } from "../../cli/localHubs";
import { runStack } from "../../local/run";
import { buildPackage } from "../support/build";
import { freePort } from "../support/ports";
import { repositoryRoot } from "../support/registeredFunctions";

const page = readFileSync(join(repositoryRoot, "docs/your-own-app.md"), "utf8");
const command = join(repositoryRoot, "dist/cli/azure-realtime.js");
/** The files that the page shows, by path. */
const files = [...page.matchAll(/^`(my-chat\/[^`]+)`\n\n```\w+\n([\s\S]*?)^```$/gm)];
/** The commands that the page shows. */
const commands = [...page.matchAll(/^npx azure-realtime (.+)$/gm)].map(([, words = ""]) => words.split(" "));
/** The stack file that the page shows. */
const [stackFile, sampleFile] = [...page.matchAll(/^```yaml\n(config:\n {4}azure-realtime[\s\S]*?)^```$/gm)].map(
    ([, text = ""]) => parse(text) as { config: Record<string, unknown> },
);

/** A stack's configuration as the page shows it, with the code in this folder. */
function configOf(file: { config: Record<string, unknown> } | undefined, codePath: string): Record<string, string> {
    const entries = Object.entries({ ...file?.config, "azure-realtime:codePath": codePath });
    return Object.fromEntries(
        entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}
const devServer = "http://localhost:5173";

/** Connects two clients, lets one send an event, and returns what the other one hears. */
async function chat(negotiateUrl: string, allowed: string | null = devServer): Promise<string> {
    const open = async (userId: string) => {
        const answer = await fetch(`${negotiateUrl}?userId=${userId}`, { headers: { origin: devServer } });
        assert.equal(answer.headers.get("access-control-allow-origin"), allowed);
        const { url } = (await answer.json()) as { url: string };
        const socket = new WebSocket(url, "json.webpubsub.azure.v1");
        await new Promise((resolve, reject) => socket.once("message", resolve).once("error", reject));
        return socket;
    };
    const [ann, bob] = [await open("ann"), await open("bob")];
    try {
        const heard = new Promise<string>((resolve) =>
            bob.on("message", (data) => {
                const { type, data: text } = JSON.parse(String(data)) as { type: string; data?: string };
                if (type === "message") {
                    resolve(String(text));
                }
            }),
        );
        ann.send(JSON.stringify({ type: "event", event: "message", dataType: "text", data: "good evening" }));
        return await heard;
    } finally {
        ann.terminate();
        bob.terminate();
    }
}

/** Links a package of this repository, and what it needs, into a folder of packages. */
function installInto(modules: string, name: string): void {
    const source = join(repositoryRoot, "node_modules", name);
    if (existsSync(join(modules, name))) {
        return;
    }
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(source, join(modules, name), "junction");
    const { dependencies = {} } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as {
        dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) {
        installInto(modules, dependency);
    }
}

describe("the page about an app of your own", function () {
    this.timeout(180_000);
    let folder: string;
    const children: ChildProcess[] = [];

    before(() => {
        buildPackage();
        folder = mkdtempSync(join(tmpdir(), "your-own-app-"));
        for (const [, path = "", text = ""] of files) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), text);
        }
        // What `npm install azure-realtime` gives: the package and what it needs.
        const modules = join(folder, "my-chat", "node_modules");
        mkdirSync(modules);
        for (const name of readdirSync(join(repositoryRoot, "node_modules")).filter((name) => !name.startsWith("."))) {
            symlinkSync(join(repositoryRoot, "node_modules", name), join(modules, name), "junction");
        }
        symlinkSync(repositoryRoot, join(modules, "azure-realtime"), "junction");
        installInto(join(folder, "my-chat/app/node_modules"), "@azure/functions");
    });
    after(() => {
        for (const child of children) {
            child.kill("SIGKILL");
        }
        rmSync(folder, { recursive: true, force: true });
    });

    /** Runs a command of the page. `heard` resolves at the first output, past or future, that matches, or else when the command ends. */
    function run(words: string[]) {
        const child = spawn(process.execPath, [command, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
        children.push(child);
        let output = "";
        const listeners = new Set<() => void>();
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk) => {
                output += String(chunk);
                for (const listener of listeners) {
                    listener();
                }
            });
        }
        const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
            child.once("close", (code) => resolve({ code, output })),
        );
        async function heard(pattern: RegExp): Promise<void> {
            const matched = new Promise<void>((resolve) => {
                const look = () => pattern.test(output) && resolve();
                listeners.add(look);
                look();
            });
            await Promise.race([matched, ended]);
            assert.match(output, pattern);
        }
        return { child, ended, heard, output: () => output };
    }

    it("shows the files and commands that the tests below run", () => {
        assert.deepEqual(
            files.map(([, path]) => path),
            [
                "my-chat/app/host.json",
                "my-chat/app/package.json",
                "my-chat/app/src/functions.js",
                "my-chat/Pulumi.yaml",
                "my-chat/index.js",
            ],
        );
        assert.deepEqual(
            commands.map(([name]) => name),
            ["start", "keys", "verify"],
        );
    });

    it("says where packages are installed, and shows no package of the app outside of its folder", () => {
        const [, installs = ""] = /^```sh\n(npm ci[\s\S]*?)^```$/m.exec(page) ?? [];
        assert.deepEqual(installs.trim().split("\n"), [
            "npm ci && npm pack",
            "npm install --prefix my-chat ./azure-realtime-*.tgz @pulumi/pulumi @pulumi/azure-native azurite",
            "npm install --prefix my-chat/app",
        ]);
        const { peerDependencies } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
            peerDependencies: Record<string, string>;
        };
        assert.deepEqual(Object.keys(peerDependencies).sort(), ["@pulumi/azure-native", "@pulumi/pulumi", "azurite"]);
    });

    it("sends the events of an app without a trigger to its HTTP functions, by the hub that it shows", async () => {
        const [, hub = ""] = /^```js\n(const \{ interpolate[\s\S]*?)^```$/m.exec(page) ?? [];
        const project = join(folder, "my-http");
        mkdirSync(join(project, "app/src"), { recursive: true });
        symlinkSync(join(folder, "my-chat/node_modules"), join(project, "node_modules"), "junction");
        symlinkSync(join(folder, "my-chat/app/node_modules"), join(project, "app/node_modules"), "junction");
        const text = (path: string) => files.find(([, name]) => name === `my-chat/${path}`)?.[2] ?? "";
        for (const path of ["Pulumi.yaml", "app/host.json", "app/package.json"]) {
            writeFileSync(join(project, path), text(path));
        }
        writeFileSync(
            join(project, "index.js"),
            `const { WebPubSubBackend, WebPubSubHub } = require("azure-realtime");
             const chat = new WebPubSubBackend("chat", { codePath: "app" });
             exports.negotiateUrl = chat.negotiateUrl;
             ${hub}`,
        );
        writeFileSync(
            join(project, "app/src/functions.js"),
            `const { app, input, output } = require("@azure/functions");
             const event = input.generic({ type: "webPubSubContext", name: "event" });
             const everybody = output.webPubSub({ name: "everybody", hub: "sample_chat" });
             const access = input.webPubSubConnection({ name: "access", hub: "sample_chat", userId: "{query.userId}" });
             const options = { authLevel: "anonymous", methods: ["GET", "POST", "OPTIONS"] };
             app.http("negotiate", { ...options, extraInputs: [access], handler: (_, context) => ({ jsonBody: context.extraInputs.get(access) }) });
             for (const name of ["validate", "connect", "connected", "disconnected", "message"]) {
                 app.http(name, { ...options, extraInputs: [event], extraOutputs: [everybody], handler: ({ method }, context) => {
                     const { request, response } = context.extraInputs.get(event);
                     if (request?.connectionContext?.eventName === "message") {
                         context.extraOutputs.set(everybody, { actionName: "sendToAll", data: request.connectionContext.userId + " said " + request.data });
                     }
                     return method === "OPTIONS" ? response : {};
                 } });
             }`,
        );
        const state = join(folder, "my-http-state");
        const stack = await runStack({ projectDir: project, stack: "local", folder: state });
        try {
            assert.deepEqual(await hubFaults(stack), []);
            assert.equal(await chat(String(stack.outputs.negotiateUrl), null), "ann said good evening");
        } finally {
            await stack.close();
        }
    });

    it("has commands that work, one after the other", async () => {
        const [start = [], keys = [], verify = []] = commands;
        const serving = run(start);
        await serving.heard(/Serving until Ctrl-C/);
        assert.match(serving.output(), /^Open http:\/\/localhost:\d+\/api\/index$/m);
        assert.match(
            serving.output(),
            /^ {4}announce: \[POST\] http:\/\/localhost:\d+\/api\/announce \(asks for a key/m,
        );
        const negotiateUrl = /negotiateUrl +(\S+)/.exec(serving.output())?.[1] ?? "";
        assert.equal(await chat(negotiateUrl), "Hello from ann: good evening");
        await serving.heard(/^\[[\dT:.-]+Z\] ann says good evening$/m);
        await serving.heard(/^\[[\dT:.-]+Z\] Executed 'Functions\.message' \(Succeeded, Id=[\w-]+, Duration=\d+ms\)$/m);

        const announce = new URL("announce", negotiateUrl);
        assert.equal((await fetch(announce, { method: "POST", body: "x" })).status, 401);
        const told = await run(keys).ended;
        assert.equal(told.code, 0, told.output);
        const key =
            /curl -H "x-functions-key: ([^"]+)" "http:\/\/localhost:\d+\/api\/announce"/.exec(told.output)?.[1] ?? "";
        const allowed = await fetch(announce, { method: "POST", body: "x", headers: { "x-functions-key": key } });
        assert.equal(allowed.status, 202);
        await serving.heard(/warning {2}A call of function 'announce' was answered with 401/);

        const verified = await run(verify).ended;
        assert.equal(verified.code, 0, verified.output);
        serving.child.kill("SIGINT");
        assert.equal((await serving.ended).code, 130);
        const idle = await run(keys).ended;
        assert.equal(idle.code, 1);
        assert.match(idle.output, /^error: Stack "local" does not run/);
    });

    it("has options that do what its table says", async () => {
        const options = [...page.matchAll(/^\| `(--\w+)[^`]*` \|/gm)].map(([, name]) => name);
        assert.deepEqual(options, ["--verbose", "--quiet", "--inspect"]);
        const [start = []] = commands;
        const inspectPort = String(await freePort());

        /** Serves with these options, lets two clients chat, and ends. */
        async function serve(more: string[]): Promise<string> {
            const serving = run([...start, ...more]);
            await serving.heard(/Serving until Ctrl-C/);
            const negotiateUrl = /negotiateUrl +(\S+)/.exec(serving.output())?.[1] ?? "";
            assert.equal(await chat(negotiateUrl), "Hello from ann: good evening");
            if (more.includes("--inspect")) {
                const answer = await fetch(`http://127.0.0.1:${inspectPort}/json/version`);
                assert.match(String(((await answer.json()) as { Browser?: string }).Browser), /^node\.js/);
            }
            serving.child.kill("SIGINT");
            return (await serving.ended).output;
        }

        /** How often the message is in the file of the app. */
        function saidInLog(): number {
            const apps = join(folder, "my-chat/.azure-realtime/local/apps");
            const [app] = existsSync(apps) ? readdirSync(apps) : [];
            const text = app === undefined ? "" : readFileSync(join(apps, app, "app.log"), "utf8");
            return text.match(/\[Function\.message\.User\] ann says good evening/g)?.length ?? 0;
        }

        const saidBefore = saidInLog();
        const quiet = await serve(["--quiet", "--inspect", inspectPort]);
        assert.doesNotMatch(quiet, /ann says|Executed 'Functions/);
        assert.match(quiet, new RegExp(`The debugger listens on 127\\.0\\.0\\.1:${inspectPort}\\.`));
        assert.equal(saidInLog(), saidBefore + 1);

        const verbose = await serve(["--verbose"]);
        assert.match(verbose, /ann says good evening/);
        assert.match(verbose, /^ {4}Log: .*my-chat\/\.azure-realtime\/local\/apps\/[^/]+\/app\.log$/m);
        assert.match(verbose, /Setting Node\.js programming model to "@azure\/functions"/);
        assert.doesNotMatch(quiet, /Setting Node\.js programming model/);
        const both = await run([...start, "--quiet", "--verbose"]).ended;
        assert.equal(both.code, 2);
        assert.match(both.output, /'--quiet' cannot be used with option '--verbose'/);
    });

    it("runs the same app by configuration alone", async () => {
        assert.equal(stackFile?.config["azure-realtime:codePath"], "my-chat/app");
        const config = configOf(stackFile, join(folder, "my-chat/app"));
        const stack = await runStack({
            projectDir: repositoryRoot,
            stack: "mine",
            folder: join(folder, "state"),
            config,
        });
        try {
            assert.deepEqual(stack.outputs.hubNames, ["sample_chat"]);
            assert.equal(await chat(String(stack.outputs.negotiateUrl)), "Hello from ann: good evening");
        } finally {
            await stack.close();
        }
    });

    it("runs an app of the vendor's sample's shape by the configuration that it shows for it", async () => {
        assert.match(String(sampleFile?.config["azure-realtime:codePath"]), /\/samples\/functions\/js\/simplechat_v4$/);
        const app = join(folder, "sample");
        mkdirSync(join(app, "src/functions"), { recursive: true });
        symlinkSync(join(folder, "my-chat/app/node_modules"), join(app, "node_modules"), "junction");
        const hub = "sample_funcchat";
        const generic = (kind: string, options: object) => `${kind}.generic(${JSON.stringify({ hub, ...options })})`;
        const trigger = (eventName: string, eventType: string) =>
            generic("trigger", { type: "webPubSubTrigger", name: "request", eventName, eventType });
        const code = {
            negotiate: `const access = ${generic("input", { type: "webPubSubConnection", name: "c", userId: "{query.userId}" })};
                app.http("negotiate", { authLevel: "anonymous", extraInputs: [access],
                    handler: (_, context) => ({ jsonBody: context.extraInputs.get(access) }) });`,
            connect: `app.generic("connect", { trigger: ${trigger("connect", "system")},
                handler: ({ connectionContext }) => ({ userId: connectionContext.userId + "!" }) });`,
            connected: `app.generic("connected", { trigger: ${trigger("connected", "system")}, handler: () => {} });`,
            message: `const actions = ${generic("output", { type: "webPubSub", name: "actions" })};
                app.generic("message", { trigger: ${trigger("message", "user")}, extraOutputs: [actions],
                    handler: ({ data, dataType }, context) => context.extraOutputs.set(actions, [{ actionName: "sendToAll",
                        data: context.triggerMetadata.connectionContext.userId + " says " + data, dataType }]) });`,
        };
        for (const [name, text] of Object.entries(code)) {
            const head = `const { app, input, output, trigger } = require("@azure/functions");\n`;
            writeFileSync(join(app, "src/functions", `${name}.js`), head + text);
        }
        writeFileSync(join(app, "package.json"), JSON.stringify({ main: "src/functions/*.js" }));
        const extensionBundle = { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" };
        writeFileSync(join(app, "host.json"), JSON.stringify({ version: "2.0", extensionBundle }));
        const stack = await runStack({
            projectDir: repositoryRoot,
            stack: "sample",
            folder: join(folder, "sample-state"),
            config: configOf(sampleFile, app),
        });
        try {
            assert.deepEqual(await hubFaults(stack), []);
            assert.equal(await chat(String(stack.outputs.negotiateUrl), null), "ann! says good evening");
        } finally {
            await stack.close();
        }
    });
});
