import assert from "node:assert/strict";
import { join } from "node:path";
import { HttpRequest, type HttpResponseInit } from "@azure/functions";
import { listPackageFiles } from "../../components/functionCode/files";
import { zipPackage } from "../../components/functionCode/zip";
import { buildApp, loadApp, type RegisteredFunction } from "../support/registeredFunctions";

const connectionId = "connection-1";

describe("the signalr-chat function app", () => {
    let folder: string;
    let app: Map<string, RegisteredFunction>;

    before(function () {
        this.timeout(60_000);
        folder = buildApp("signalr-chat");
        app = loadApp(join(folder, "dist", "index.js"));
    });

    function named(name: string): RegisteredFunction {
        const found = app.get(name);
        assert.ok(found, `${name} is not among ${[...app.keys()].join(", ")}`);
        return found;
    }

    /** An invocation with the property names of the extension. */
    async function call(name: string, args: unknown[], { userId = "ann" } = {}) {
        const { returned, outputs } = await named(name).invoke({
            request: { ConnectionId: connectionId, UserId: userId, Hub: "chat", Event: name, Arguments: args },
            triggerMetadata: { text: 42 },
        });
        return { result: returned, actions: outputs };
    }
    const assertDelivered = (result: unknown) => {
        const { at, ...rest } = result as { at: string };
        assert.match(at, /^\d{4}-\d\d-\d\dT.*Z$/);
        assert.deepEqual(rest, { delivered: true });
    };

    it("registers one trigger for each event of the hub, with the names of its parameters", () => {
        const triggers = [...app].flatMap(([name, { bindings }]) => {
            const [trigger] = bindings;
            return trigger?.type === "signalRTrigger"
                ? [[name, trigger.hubName, trigger.category, trigger.event, trigger.parameterNames]]
                : [];
        });
        const message = (event: string, ...parameters: string[]) => [
            event,
            "%AzureSignalRHub%",
            "messages",
            event,
            parameters,
        ];
        assert.deepEqual(triggers, [
            ["connected", "%AzureSignalRHub%", "connections", "connected", undefined],
            ["disconnected", "%AzureSignalRHub%", "connections", "disconnected", undefined],
            message("broadcast", "text"),
            message("sendToUser", "userId", "text"),
            message("sendToConnection", "connectionId", "text"),
            message("sendToGroup", "group", "text"),
            message("announce", "text"),
            message("echo", "value"),
            message("joinGroup", "group"),
            message("leaveGroup", "group"),
            message("leaveAllGroups"),
            message("invite", "userId", "group"),
            message("dismiss", "userId", "group"),
        ]);
    });

    it("welcomes a new client, tells everyone who joined, and tells who left and why", async () => {
        const connection = { ConnectionId: connectionId, UserId: "ann" };
        const connected = await named("connected").invoke({ request: connection });
        const someone = { connectionId, userId: "ann" };
        assert.deepEqual(connected.outputs, [
            { target: "welcome", connectionId, arguments: [someone] },
            { target: "joined", arguments: [someone] },
        ]);
        const left = await named("disconnected").invoke({ request: { ...connection, Error: "gone" } });
        assert.deepEqual(left.outputs, [{ target: "left", arguments: [{ ...someone, reason: "gone" }] }]);
    });

    for (const UserId of [undefined, null, "", "n".repeat(65)]) {
        it(`rejects a client whose user id is ${JSON.stringify(UserId)?.slice(0, 12)}`, async () => {
            await assert.rejects(
                named("connected").invoke({ request: { ConnectionId: connectionId, UserId } }),
                /^Error: userId has (0|65) characters: it must have 1 to 64$/,
            );
        });
    }

    for (const { method, args, actions } of [
        {
            method: "broadcast",
            args: ["hello"],
            actions: [{ target: "message", arguments: [{ from: "ann", connectionId, text: "hello" }] }],
        },
        {
            method: "sendToUser",
            args: ["ben", "psst"],
            actions: [{ target: "whisper", userId: "ben", arguments: [{ from: "ann", connectionId, text: "psst" }] }],
        },
        {
            method: "sendToConnection",
            args: ["connection-2", "psst"],
            actions: [
                {
                    target: "whisper",
                    connectionId: "connection-2",
                    arguments: [{ from: "ann", connectionId, text: "psst" }],
                },
            ],
        },
        {
            method: "sendToGroup",
            args: ["tea", "hi"],
            actions: [
                {
                    target: "groupMessage",
                    groupName: "tea",
                    arguments: [{ group: "tea", from: "ann", connectionId, text: "hi" }],
                },
            ],
        },
    ]) {
        it(`delivers ${method} to ${actions.map(({ target }) => target).join()} and says when`, async () => {
            const { result, actions: asked } = await call(method, args);
            assertDelivered(result);
            assert.deepEqual(asked, actions);
        });
    }

    for (const { method, args, actions, result } of [
        {
            method: "joinGroup",
            args: ["tea"],
            actions: [
                { action: "add", groupName: "tea", connectionId },
                {
                    target: "groupJoined",
                    groupName: "tea",
                    arguments: [{ group: "tea", connectionId, userId: "ann" }],
                },
            ],
            result: { joined: "tea" },
        },
        {
            method: "leaveGroup",
            args: ["tea"],
            actions: [
                { action: "remove", groupName: "tea", connectionId },
                { target: "groupLeft", groupName: "tea", arguments: [{ group: "tea", connectionId, userId: "ann" }] },
            ],
            result: { left: "tea" },
        },
        {
            method: "leaveAllGroups",
            args: [],
            actions: [{ action: "removeAll", userId: "ann" }],
            result: { left: "all" },
        },
        {
            method: "invite",
            args: ["ben", "tea"],
            actions: [
                { action: "add", groupName: "tea", userId: "ben" },
                { target: "invited", userId: "ben", arguments: [{ group: "tea", from: "ann" }] },
            ],
            result: { invited: "ben", group: "tea" },
        },
        {
            method: "dismiss",
            args: ["ben", "tea"],
            actions: [
                { action: "remove", groupName: "tea", userId: "ben" },
                { target: "dismissed", userId: "ben", arguments: [{ group: "tea", from: "ann" }] },
            ],
            result: { dismissed: "ben", group: "tea" },
        },
    ]) {
        it(`changes groups with ${method} and says so`, async () => {
            assert.deepEqual(await call(method, args), { result, actions });
        });
    }

    it("returns the value given to echo, and calls nobody", async () => {
        for (const value of ["text", 7, null, { a: [1, true] }]) {
            assert.deepEqual(await call("echo", [value]), { result: value, actions: undefined });
        }
    });

    it("lets only admins announce", async () => {
        const { result, actions } = await call("announce", ["closing soon"], { userId: "admin" });
        assertDelivered(result);
        assert.deepEqual(actions, [{ target: "announcement", arguments: [{ from: "admin", text: "closing soon" }] }]);
        assert.deepEqual(await call("announce", ["closing soon"]), {
            result: { error: "announce is for admins" },
            actions: undefined,
        });
    });

    for (const { method, args, error } of [
        { method: "broadcast", args: ["  "], error: "text must be 1 to 2000 characters and not blank; it has 2" },
        { method: "broadcast", args: [null], error: "text must be text, not null" },
        { method: "joinGroup", args: [7], error: "group must be text, not number" },
        {
            method: "sendToUser",
            args: ["n".repeat(65), "hi"],
            error: "userId must be 1 to 64 characters and not blank; it has 65",
        },
        { method: "sendToConnection", args: [{}, "hi"], error: "connectionId must be text, not object" },
    ]) {
        it(`answers ${method} of ${JSON.stringify(args).slice(0, 40)} with an error and calls nobody`, async () => {
            assert.deepEqual(await call(method, args), { result: { error }, actions: undefined });
        });
    }

    it("names the setting of the connection in each binding of the service", () => {
        const bindings = [...app.values()].flatMap(({ bindings }) => bindings);
        const ofService = bindings.filter(({ type }) => type.toLowerCase().startsWith("signalr"));
        assert.equal(ofService.length, 13 + 13 + 2);
        for (const { hubName, connectionStringSetting } of ofService) {
            assert.deepEqual([hubName, connectionStringSetting], ["%AzureSignalRHub%", "AzureSignalRConnectionString"]);
        }
    });

    it("serves the page as one file that fetches no other", async () => {
        const { returned } = await named("index").invoke({
            request: new HttpRequest({ method: "GET", url: "http://localhost/api/index" }),
        });
        const { body, headers } = returned as { body: string; headers: Record<string, string> };
        assert.match(headers["Content-Security-Policy"] ?? "", /^default-src 'none'; script-src 'sha256-/);
        assert.doesNotMatch(body, /<(script|link|img)[^>]+(src|href)=["']?(https?:|\/\/|[\w./]+\.(js|ts|css))/);
    });

    for (const { name, route, userId } of [
        { name: "negotiate", route: "negotiate", userId: "{query.userId}" },
        { name: "login", route: "login/negotiate", userId: "{headers.x-ms-client-principal-name}" },
    ]) {
        it(`answers a POST of ${route} with the access for ${userId}, never cached`, async () => {
            const info = { url: "https://chat.example.test/client/?hub=chat", accessToken: "t" };
            const request = new HttpRequest({ method: "POST", url: `http://localhost/api/${route}` });
            const { returned } = await named(name).invoke({ request, input: info });
            assert.deepEqual(returned, { headers: { "Cache-Control": "no-store" }, jsonBody: info });
            const [http, binding] = named(name).bindings;
            assert.deepEqual([http?.methods, http?.route ?? name, binding?.userId], [["POST"], route, userId]);
        });
    }

    it("refuses a name that is too long", async () => {
        const request = new HttpRequest({
            method: "POST",
            url: "http://localhost/api/negotiate",
            query: { userId: "n".repeat(65) },
        });
        const { returned } = await named("negotiate").invoke({ request, input: {} });
        assert.equal((returned as HttpResponseInit).status, 400);
    });

    it("deploys four files, fewer than 300 kB zipped, on the bundle that is generally available", () => {
        const files = listPackageFiles(folder);
        assert.deepEqual(
            files.map(({ path }) => path),
            ["dist/index.html", "dist/index.js", "host.json", "package.json"],
        );
        const { zip } = zipPackage(files);
        assert.ok(zip.length < 300_000, `${zip.length} bytes`);
        const { extensionBundle } = require(join(folder, "host.json"));
        assert.deepEqual(extensionBundle, {
            id: "Microsoft.Azure.Functions.ExtensionBundle",
            version: "[4.*, 5.0.0)",
        });
    });
});
