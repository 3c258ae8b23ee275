import assert from "node:assert/strict";
import path from "node:path";
import { decodeJwt } from "jose";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";

describe("functions: the function.json model", () => {
    let test: TestApp;
    let service: FakeService;
    before(async () => {
        service = await openFakeService();
        test = await openTestApp({
            codeFolder: path.join(fixtures, "legacy"),
            settings: {
                WebPubSubForSocketIOConnectionString__endpoint: service.origin,
                WebPubSubForSocketIOConnectionString__credential: "managedidentity",
            },
            identities: { systemAssigned: { principalId: "p1", clientId: "c1", resourceId: "/r1" } },
        });
    });
    after(async () => {
        await test.close();
        await service.close();
    });
    beforeEach(() => {
        service.calls.length = 0;
        service.answer = () => ({ status: 202 });
    });

    async function event(options: { name: string; type?: string; body: string }): Promise<Response> {
        const code = (await test.app.hostKeys()).systemKeys.socketio_extension!;
        return fetch(test.url(`/runtime/webhooks/socketio?code=${encodeURIComponent(code)}`), {
            method: "POST",
            body: options.body,
            headers: {
                "ce-hub": "testhub",
                "ce-type": options.type ?? "azure.webpubsub.user.message",
                "ce-eventName": options.name,
                "ce-connectionId": "c",
                "ce-namespace": "/",
                "ce-socketId": "sid",
                "WebHook-Request-Origin": "localhost",
                "Content-Type": "text/plain",
            },
        });
    }

    it("hands over req with parsed body, and sends context.res", async () => {
        const response = await fetch(test.url("/hello/bob?x=1"), {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: '{"a":1}',
        });
        assert.equal(response.status, 202);
        assert.equal(response.headers.get("x-legacy"), "yes");
        assert.deepEqual(response.headers.getSetCookie(), ["c=1; path=/"]);
        // RawScriptResult.cs of azure-functions-host: an object without a content type is a text with line breaks.
        assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
        const text = await response.text();
        assert.match(text, /^\{\n {2}"body": \{\n {4}"a": 1\n {2}\},/);
        assert.deepEqual(JSON.parse(text), {
            body: { a: 1 },
            raw: '{"a":1}',
            query: { x: "1" },
            params: { name: "bob" },
            same: true,
            data: "bob",
            sys: "hello",
            execution: "hello",
            definitions: [
                { name: "req", type: "httpTrigger", direction: "in" },
                { name: "res", type: "http", direction: "out" },
            ],
        });
        assert.equal((await test.logged(/legacy says hello/)).level, "warning");
    });

    it("keeps the exported object as this, and context.res chains and sends", async () => {
        const response = await fetch(test.url("/named"));
        assert.equal(response.status, 203);
        assert.equal(response.headers.get("x-method"), "chained");
        assert.deepEqual(await response.json(), { greeting: "from this" });
    });

    it("takes outputs from the returned object and from context.bindings, objects and JSON texts alike", async () => {
        const response = await fetch(test.url("/outputs"));
        assert.equal(await response.text(), "both");
        assert.deepEqual(service.calls.map(({ body }) => body).sort(), ['42["one"]', '42["two"]']);
    });

    it("ends with context.done, $return and input bindings as arguments; the token comes from the service", async () => {
        service.answer = () => ({ status: 200, body: JSON.stringify({ token: "made by the service" }) });
        const response = await fetch(test.url("/callback"), { headers: { "x-user": "ann" } });
        assert.deepEqual(await response.json(), {
            endpoint: service.origin,
            path: "/clients/socketio/hubs/testhub",
            token: "made by the service",
        });
        const [call] = service.calls;
        assert.equal(call!.path, "/api/hubs/testhub/:generateToken");
        assert.deepEqual([call!.query.userId, call!.query.minutesToExpire], ["ann", "60"]);
        const token = decodeJwt(String(call!.headers.authorization).slice("Bearer ".length));
        assert.equal(token.oid, "p1");
        assert.equal(token.aud, "https://webpubsub.azure.com");
    });

    it("fails with the error given to context.done", async () => {
        service.answer = () => ({ status: 200, body: "{}" });
        assert.equal((await fetch(test.url("/callback?fail=1"), { headers: { "x-user": "" } })).status, 500);
        await test.logged(/done with an error/);
    });

    it("answers a Socket.IO event from its return value and sends what is in context.bindings", async () => {
        const response = await event({ name: "chat", body: '427["chat","hi"]' });
        assert.equal(await response.text(), '437[["hi"],"sid"]');
        assert.deepEqual(
            service.calls.map(({ path: target, body }) => [target, body]),
            [
                ["/api/hubs/testhub/groups/0~Lw~/:send", '42["chat","hi"]'],
                ["/api/hubs/testhub/groups/0~Lw~c2lk/:send", '42["echo"]'],
            ],
        );
    });

    it("uses scriptFile and entryPoint", async () => {
        const response = await event({ name: "connect", type: "azure.webpubsub.sys.connect", body: "{}" });
        assert.equal(response.status, 204);
    });

    // The host turns members of a body into texts and leaves out lists: Utility.ApplyBindingData of
    // azure-webjobs-sdk-extensions. The library parses texts that are JSON.
    it("gives bindingData the members of a JSON body, as the host's texts, without lists", async () => {
        const body = { count: 3, part: 1.5, yes: false, list: [1], text: "t", nothing: null, nested: { a: 0 } };
        const response = await fetch(test.url("/values"), { method: "POST", body: JSON.stringify(body) });
        const values = { count: 3, part: 1.5, yes: "False", text: "t", nested: { a: 0 } };
        assert.deepEqual(await response.json(), values);
    });

    // The Azure host reads JSON's null and an absent value as no value: GrpcMessageConversionExtensions.cs (ToObject),
    // WorkerFunctionInvoker.cs (BindOutputsAsync), RawScriptResult.cs.
    for (const query of ["", "?body=null"]) {
        it(`answers /empty${query} without a body, and sends nothing for an output of null`, async () => {
            const response = await fetch(test.url(`/empty${query}`));
            assert.equal(response.status, 202);
            assert.equal(await response.text(), "");
            assert.deepEqual(service.calls, []);
        });
    }

    it("runs a timer with its status", async () => {
        await test.logged(/legacyTimer false true/);
    });
});

describe("functions: a programming model that the app sets", () => {
    // Azure's worker has one model for the whole app, the one that was set last: src/eventHandlers/InvocationHandler.ts
    // and src/coreApi/setProgrammingModel.ts in azure-functions-nodejs-worker.
    it("runs function.json too, and can build on the vendor's 3.5", async () => {
        const test = await openTestApp({ codeFolder: path.join(fixtures, "ownModel") });
        try {
            const response = await fetch(test.url("/hello"));
            assert.deepEqual(await response.json(), { same: true, added: "on top of @azure/functions 3.5.2" });
            await test.logged(/Setting Node.js programming model to "own" version "1.0.0"/);
        } finally {
            await test.close();
        }
    });
});
