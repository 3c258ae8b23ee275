import assert from "node:assert/strict";
import { join } from "node:path";
import { HttpRequest, type HttpResponseInit } from "@azure/functions";
import { listPackageFiles } from "../../components/functionCode/files";
import { zipPackage } from "../../components/functionCode/zip";
import { assertDelivered, connectionId, openWebPubSubChat, type WebPubSubChat } from "../support/webPubSubChat";

describe("the webpubsub-chat function app: HTTP and admission", () => {
    let chat: WebPubSubChat;

    before(function () {
        this.timeout(60_000);
        chat = openWebPubSubChat();
    });

    for (const { given, request, answer } of [
        {
            given: "a name",
            request: { subprotocols: ["json.webpubsub.azure.v1"] },
            answer: {
                userId: "ann",
                groups: ["lobby"],
                roles: ["webpubsub.sendToGroup.lobby"],
                subprotocol: "json.webpubsub.azure.v1",
            },
        },
        {
            given: "several subprotocols",
            request: { subprotocols: ["chat.text.v1", "json.webpubsub.azure.v1", "json.reliable.webpubsub.azure.v1"] },
            answer: {
                userId: "ann",
                groups: ["lobby"],
                roles: ["webpubsub.sendToGroup.lobby"],
                subprotocol: "json.reliable.webpubsub.azure.v1",
            },
        },
        {
            given: "a subprotocol nobody knows",
            request: { subprotocols: ["mqtt"] },
            answer: { userId: "ann", groups: ["lobby"], roles: ["webpubsub.sendToGroup.lobby"] },
        },
        {
            given: "no name",
            request: { userId: null },
            answer: { userId: "guest-connec", groups: ["lobby"], roles: ["webpubsub.sendToGroup.lobby"] },
        },
        {
            given: "banned=true",
            request: { query: { banned: ["true"] } },
            answer: { code: "unauthorized", errorMessage: "you are banned from this chat" },
        },
        {
            given: "a banned claim",
            request: { claims: { banned: ["true"] } },
            answer: { code: "unauthorized", errorMessage: "you are banned from this chat" },
        },
        {
            given: "a long name",
            request: { userId: "n".repeat(65) },
            answer: { code: "userError", errorMessage: "a name may have at most 64 characters" },
        },
    ] as {
        given: string;
        request: { userId?: string | null; subprotocols?: string[]; query?: object; claims?: object };
        answer: Record<string, unknown>;
    }[]) {
        it(`answers a client that connects with ${given} with ${Object.keys(answer).join(", ")}`, async () => {
            const { userId = "ann", ...rest } = request;
            const connectionContext = { connectionId, userId, eventType: "System", eventName: "connect" };
            const trigger = await chat.named("connect").invoke({ request: { connectionContext, ...rest } });
            assert.deepEqual(trigger.returned, answer);
            const http = await chat.named("eventhandler").invoke({
                request: undefined,
                input: { request: { connectionContext, ...rest }, hasError: false, isPreflight: false },
            });
            assert.deepEqual(
                http.returned,
                answer.code === undefined
                    ? { jsonBody: answer }
                    : { status: answer.code === "unauthorized" ? 401 : 400, body: answer.errorMessage },
            );
        });
    }

    it("answers a preflight and an invalid request at its own URL with the extension's response", async () => {
        const handler = chat.named("eventhandler");
        assert.deepEqual(handler.bindings[0]?.methods, ["OPTIONS", "POST"]);
        assert.equal(handler.bindings[0]?.authLevel, "function");
        assert.equal(handler.bindings.find(({ type }) => type === "webPubSubContext")?.direction, "in");
        for (const { input, answer } of [
            {
                input: {
                    isPreflight: true,
                    hasError: false,
                    response: { status: 200, body: null, headers: { "WebHook-Allowed-Origin": ["*"] } },
                },
                answer: { status: 200, body: undefined, headers: { "WebHook-Allowed-Origin": "*" } },
            },
            {
                input: { isPreflight: false, hasError: true, response: { status: 401, body: "wrong signature" } },
                answer: { status: 401, body: "wrong signature", headers: {} },
            },
        ]) {
            const { returned } = await handler.invoke({ request: undefined, input });
            assert.deepEqual(returned, answer);
        }
    });

    it("answers other events at its own URL", async () => {
        const handle = async (connectionContext: object, more: object = {}) => {
            const input = { isPreflight: false, hasError: false, request: { connectionContext, ...more } };
            const { returned } = await chat.named("eventhandler").invoke({ request: undefined, input });
            return returned as HttpResponseInit;
        };
        assert.deepEqual(await handle({ connectionId, eventType: "System", eventName: "connected" }), { status: 204 });
        const user = { connectionId, userId: "ann", eventType: "User", eventName: "message" };
        const { body, headers } = await handle(user, { data: '{"a":1}', dataType: "Json" });
        assert.deepEqual(headers, { "Content-Type": "application/json" });
        assertDelivered({ data: body, dataType: "json" }, { event: "message", received: { a: 1 } });
        assert.deepEqual(await handle(user, { data: "x", dataType: "Binary" }), {
            status: 400,
            body: "data must be text or JSON, not Binary",
        });
    });

    it("serves the page as one file that fetches no other", async () => {
        const { returned } = await chat.named("index").invoke({
            request: new HttpRequest({ method: "GET", url: "http://localhost/api/index" }),
        });
        const { body, headers } = returned as { body: string; headers: Record<string, string> };
        assert.match(headers["Content-Security-Policy"] ?? "", /^default-src 'none'; script-src 'sha256-/);
        assert.doesNotMatch(body, /<(script|link|img)[^>]+(src|href)=["']?(https?:|\/\/|[\w./]+\.(js|ts|css))/);
    });

    for (const { name, userId } of [
        { name: "negotiate", userId: "{query.userId}" },
        { name: "login", userId: "{headers.x-ms-client-principal-name}" },
    ]) {
        it(`answers ${name} with the access for ${userId}, never cached`, async () => {
            const access = { url: "wss://chat.example.test/client/hubs/chat?access_token=t" };
            const request = new HttpRequest({ method: "GET", url: `http://localhost/api/${name}` });
            const { returned } = await chat.named(name).invoke({ request, input: access });
            assert.deepEqual(returned, { headers: { "Cache-Control": "no-store" }, jsonBody: access });
            const binding = chat.named(name).bindings.find(({ type }) => type === "webPubSubConnection");
            assert.deepEqual([binding?.hub, binding?.userId], ["%WebPubSubHub%", userId]);
        });
    }

    it("refuses a name that is too long", async () => {
        const request = new HttpRequest({
            method: "GET",
            url: "http://localhost/api/negotiate",
            query: { userId: "n".repeat(65) },
        });
        const { returned } = await chat.named("negotiate").invoke({ request, input: {} });
        assert.equal((returned as HttpResponseInit).status, 400);
    });

    it("deploys four files, fewer than 300 kB zipped, on the bundle that is generally available", () => {
        const files = listPackageFiles(chat.folder);
        assert.deepEqual(
            files.map(({ path }) => path),
            ["dist/index.html", "dist/index.js", "host.json", "package.json"],
        );
        const { zip } = zipPackage(files);
        assert.ok(zip.length < 300_000, `${zip.length} bytes`);
        const { extensionBundle } = require(join(chat.folder, "host.json"));
        assert.deepEqual(extensionBundle, {
            id: "Microsoft.Azure.Functions.ExtensionBundle",
            version: "[4.37.1, 5.0.0)",
        });
    });
});
