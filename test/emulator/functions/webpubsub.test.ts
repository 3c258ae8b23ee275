import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { decodeJwt } from "jose";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";

const key = "7aab239577fd4f24bc919802fb629f5f";
const signature = "sha256=7767effcb3946f3e1de039df4b986ef02c110b1469d02c0a06f41b3b727ab561";
const other = "sha256=d4aefb65547a00a9881fa8ac8bd03d0faf77af9da5205d45c6e57cbda4377760";

type Headers = Record<string, string | undefined>;

const connected: Headers = {
    "ce-hub": "testhub",
    "ce-type": "azure.webpubsub.sys.connected",
    "ce-eventName": "connected",
    "ce-connectionId": "0f9c97a2f0bf4706afe87a14e0797b11",
    "ce-signature": `${signature},${other}`,
    "WebHook-Request-Origin": "localhost",
};
const system = (eventName: string): Headers => ({
    ...connected,
    "ce-type": `azure.webpubsub.sys.${eventName}`,
    "ce-eventName": eventName,
    "Content-Type": "application/json",
});
const user = (eventName: string, more: Headers = {}): Headers => ({
    ...connected,
    "ce-type": `azure.webpubsub.user.${eventName}`,
    "ce-eventName": eventName,
    "Content-Type": "text/plain; charset=utf-8",
    ...more,
});

const states = (values: Record<string, string>): string => Buffer.from(JSON.stringify(values)).toString("base64");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

interface Answer {
    status: number;
    headers: Record<string, string | string[] | undefined>;
    body: string;
}

describe("functions: Web PubSub extension", () => {
    let test: TestApp;
    let service: FakeService;
    let code: string;

    before(async () => {
        service = await openFakeService();
        test = await openTestApp({
            codeFolder: path.join(fixtures, "webpubsub"),
            unansweredMilliseconds: 20,
            settings: {
                WebPubSubConnectionString: `Endpoint=http://localhost;Port=${service.port};AccessKey=${key};Version=1.0;`,
            },
        });
        code = (await test.app.hostKeys()).systemKeys.webpubsub_extension as string;
    });
    after(async () => {
        await test.close();
        await service.close();
    });
    beforeEach(() => {
        service.calls.length = 0;
        service.answer = () => ({ status: 202 });
    });

    function call(options: { method?: string; headers: Headers; body?: string; path?: string }): Promise<Answer> {
        return new Promise((resolve, reject) => {
            const headers = Object.fromEntries(
                Object.entries(options.headers).filter(([, value]) => value !== undefined),
            );
            const target = options.path ?? `/runtime/webhooks/webpubsub?code=${encodeURIComponent(code)}`;
            const request = httpRequest(
                test.url(target),
                { method: options.method ?? "POST", headers: headers as Record<string, string> },
                async (response) => {
                    let body = "";
                    for await (const chunk of response.setEncoding("utf8")) {
                        body += chunk;
                    }
                    resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
                },
            );
            request.on("error", reject);
            // As bytes, because Node writes a text in the encoding of the headers, which is not UTF-8.
            request.end(options.body === undefined ? undefined : Buffer.from(options.body));
        });
    }

    for (const { what, headers, method, body, status } of [
        { what: "an event of a function that fails, when nobody waits", headers: connected, status: 200 },
        { what: "another hub", headers: { ...connected, "ce-hub": "hub1" }, status: 404 },
        {
            what: "a user event of that name",
            headers: { ...connected, "ce-type": "azure.webpubsub.user.connected" },
            status: 404,
        },
        { what: "another event", headers: user("event2"), status: 404 },
        { what: "a function for MQTT clients only", headers: user("mqttOnly"), status: 404 },
        { what: "another service's signature", headers: { ...connected, "ce-signature": "abc" }, status: 401 },
        { what: "no signature", headers: { ...connected, "ce-signature": undefined }, status: 401 },
        { what: "another origin", headers: { ...connected, "WebHook-Request-Origin": "abc.com" }, status: 401 },
        { what: "no connection id", headers: { ...connected, "ce-connectionId": undefined }, status: 400 },
        { what: "no origin", headers: { ...connected, "WebHook-Request-Origin": undefined }, status: 400 },
        { what: "a state that is none", headers: { ...connected, "ce-connectionState": "?" }, status: 400 },
        { what: "method DELETE", method: "DELETE", headers: connected, status: 400 },
        { what: "the names in any case", headers: user("MESSAGE", { "ce-hub": "TESTHUB" }), body: "x", status: 200 },
        { what: "only the second signature", headers: { ...connected, "ce-signature": other }, status: 401 },
        {
            what: "the signatures in another order",
            headers: { ...connected, "ce-signature": `${other}, ${signature}` },
            status: 200,
        },
    ] as { what: string; headers: Headers; method?: string; body?: string; status: number }[]) {
        it(`answers ${status} to ${what}`, async () => {
            assert.equal((await call({ method, headers, body })).status, status);
        });
    }

    it("names a media type that is no message", async () => {
        const answer = await call({ headers: user("message", { "Content-Type": "application/xml" }), body: "<x/>" });
        assert.equal(answer.status, 400);
        assert.equal(answer.body, "Message only supports text, binary, json. Current value is: application/xml");
    });

    it("allows the service's host in the handshake, and no other", async () => {
        // Source: TestProcessRequest_AbuseProtectionValidOK of Azure/azure-sdk-for-net.
        for (const method of ["OPTIONS", "GET"]) {
            const handshake = (origin: string) => call({ method, headers: { "WebHook-Request-Origin": origin } });
            const allowed = await handshake("ddd.com, localhost");
            assert.deepEqual([allowed.status, allowed.headers["webhook-allowed-origin"]], [200, "*"]);
            assert.equal((await handshake("def.com")).status, 400);
            assert.equal((await call({ method, headers: {} })).status, 500);
        }
        assert.equal(
            (
                await call({
                    method: "OPTIONS",
                    headers: { "WebHook-Request-Origin": "localhost" },
                    path: "/runtime/webhooks/webpubsub",
                })
            ).status,
            401,
        );
    });

    it("gives a function the event with its context and states", async () => {
        const connectionState = states({ count: base64("2"), text: base64("plain text") });
        const userId = Buffer.from("用户").toString("latin1");
        const headers = user("message", { "ce-userId": userId, "ce-connectionState": connectionState });
        const answer = await call({ headers, body: "héllo" });
        assert.equal(answer.headers["content-type"], "application/json");
        const event = JSON.parse(answer.body);
        assert.equal(event.data, "héllo");
        assert.equal(event.dataType, "text");
        const { headers: sent, ...context } = event.connectionContext;
        assert.deepEqual(context, {
            eventType: "User",
            eventName: "message",
            hub: "testhub",
            connectionId: connected["ce-connectionId"],
            userId: "用户",
            signature: connected["ce-signature"],
            origin: "localhost",
            states: { count: 2, text: "plain text" },
        });
        assert.deepEqual(sent["ce-hub"], ["testhub"]);
        assert.equal(answer.headers["ce-connectionstate"], connectionState);
    });

    it("binds a trigger named data to the data alone", async () => {
        const answer = await call({ headers: user("dataOnly"), body: "just text" });
        assert.equal(answer.body, `string just text ${connected["ce-connectionId"]}`);
    });

    for (const { returned, status, body, contentType } of [
        { returned: { data: "test", dataType: "text" }, status: 200, body: "test", contentType: "text/plain" },
        { returned: { data: "1", dataType: "Json" }, status: 200, body: "1", contentType: "application/json" },
        {
            returned: { data: { type: "Buffer", data: [66, 105, 110] }, dataType: "binary" },
            status: 200,
            body: "Bin",
            contentType: "application/octet-stream",
        },
        {
            returned: { data: 2, dataType: "json" },
            status: 500,
            body: "Message data should be string, please stringify object.",
        },
        {
            returned: { code: "unauthorized", errorMessage: "not valid user.", data: "x" },
            status: 401,
            body: "not valid user.",
        },
        { returned: { code: "userError", errorMessage: "bad" }, status: 400, body: "bad" },
        { returned: { code: "serverError", errorMessage: "ill" }, status: 500, body: "ill" },
        {
            returned: { code: "success", data: "ok", dataType: "text" },
            status: 200,
            body: "ok",
            contentType: "text/plain",
        },
        { returned: ["test"], status: 500, body: "Response should be a JObject." },
        { returned: null, status: 200, body: "" },
    ]) {
        it(`answers a user event whose function returned ${JSON.stringify(returned)} with ${status}`, async () => {
            const answer = await call({ headers: user("answer"), body: JSON.stringify(returned) });
            assert.equal(answer.status, status);
            assert.equal(answer.body, body);
            if (contentType !== undefined) {
                assert.equal(answer.headers["content-type"], contentType);
            }
        });
    }

    it("puts the states that a function returned on top of those there were", async () => {
        const headers = user("answer", { "ce-connectionState": states({ a: base64("1"), b: base64('"x"') }) });
        const answer = await call({ headers, body: JSON.stringify({ states: { b: { c: 2 } } }) });
        const expected = states({ a: base64("1"), b: base64('{"c":2}') });
        assert.equal(answer.headers["ce-connectionstate"], expected);
    });

    const connectBody = (answer: unknown): string =>
        JSON.stringify({
            claims: {},
            query: { answer: [JSON.stringify(answer)] },
            subprotocols: ["p"],
            clientCertificates: [],
        });

    it("accepts a client with what the connect function returned", async () => {
        const body = connectBody({ userId: "aaa", roles: ["r"], states: "a", more: 1 });
        const answer = await call({ headers: system("connect"), body });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers["content-type"], "application/json");
        assert.deepEqual(JSON.parse(answer.body), { userId: "aaa", groups: null, subprotocol: null, roles: ["r"] });
        assert.equal(answer.headers["ce-connectionstate"], undefined);
    });

    it("rejects a client with the connect function's code and words", async () => {
        const body = connectBody({ code: "unauthorized", errorMessage: "not valid user." });
        const answer = await call({ headers: system("connect"), body });
        assert.deepEqual([answer.status, answer.body], [401, "not valid user."]);
    });

    it("leaves an awaited event whose function failed unanswered, then answers 500", async () => {
        assert.equal((await call({ headers: user("fails"), body: "x" })).status, 500);
        await test.logged(/'fails' failed.*stays unanswered/);
    });

    it("sends what a disconnected function puts out", async () => {
        const headers = { ...system("disconnected"), "ce-userId": "u" };
        assert.equal((await call({ headers, body: '{"reason":"bye"}' })).status, 200);
        const [sent] = service.calls;
        assert.equal(sent?.path, "/api/hubs/testhub/:send");
        assert.equal(sent?.headers["content-type"], "text/plain");
        assert.equal(sent?.body, "u left: bye");
    });

    it("makes a client connection for the user in the query", async () => {
        const { body } = await call({ method: "GET", headers: {}, path: "/api/negotiate?userid=alice" });
        const { baseUrl, url, accessToken } = JSON.parse(body);
        assert.equal(baseUrl, `ws://localhost:${service.port}/client/hubs/testhub`);
        assert.equal(url, `${baseUrl}?access_token=${accessToken}`);
        const { sub, aud, iat = 0, exp } = decodeJwt(accessToken);
        assert.deepEqual(
            [sub, aud, exp],
            ["alice", `http://localhost:${service.port}/client/hubs/testhub`, iat + 3600],
        );
    });

    it("makes a client connection for the user in an App Service header", async () => {
        const headers = { "x-ms-client-principal-name": "bob" };
        const { body } = await call({ method: "GET", headers, path: "/api/negotiateByHeader" });
        assert.equal(decodeJwt(JSON.parse(body).accessToken).sub, "bob");
    });

    // Source: WebPubSubServiceClient.GetClientAccessUri of azure-sdk-for-net, with WebPubSubClientProtocol.Mqtt.
    it("makes access for MQTT clients", async () => {
        const { body } = await call({ method: "GET", headers: {}, path: "/api/negotiateMqtt?userid=alice" });
        const { baseUrl, accessToken } = JSON.parse(body);
        const path = `localhost:${service.port}/clients/mqtt/hubs/testhub`;
        assert.deepEqual([baseUrl, decodeJwt(accessToken).aud], [`ws://${path}`, `http://${path}`]);
    });

    it("reads an event under an HTTP trigger, and leaves the body to the function too", async () => {
        const answer = await call({
            headers: user("message", { "ce-userId": "u" }),
            body: "hi",
            path: "/api/upstream",
        });
        const { event, raw } = JSON.parse(answer.body);
        assert.equal(raw, "hi");
        assert.deepEqual([event.data, event.dataType, event.connectionContext.userId], ["hi", "text", "u"]);
    });

    for (const { what, headers, method = "POST", status, body, allowed } of [
        {
            what: "the service's preflight",
            method: "OPTIONS",
            headers: { "WebHook-Request-Origin": "localhost" },
            status: 200,
            body: "",
            allowed: "*",
        },
        {
            what: "another preflight",
            method: "OPTIONS",
            headers: { "WebHook-Request-Origin": "abc.com" },
            status: 400,
            body: "",
        },
        {
            what: "a bad signature",
            headers: user("message", { "ce-signature": "abc" }),
            status: 401,
            body: "Signature validation failed.",
        },
        {
            what: "a request that is no event",
            headers: {},
            status: 400,
            body: "Invalid Web PubSub upstream request missing required fields in header.",
        },
    ] as { what: string; headers: Headers; method?: string; status: number; body: string; allowed?: string }[]) {
        it(`prepares the answer to ${what} under an HTTP trigger`, async () => {
            const answer = await call({
                method,
                headers,
                body: method === "POST" ? "x" : undefined,
                path: "/api/upstream",
            });
            assert.deepEqual([answer.status, answer.body], [status, body]);
            assert.equal(answer.headers["webhook-allowed-origin"], allowed);
        });
    }

    it("makes each action of a list, in order, and fails with the service's words", async () => {
        const act = (actions: unknown) =>
            call({ headers: { "content-type": "application/json" }, path: "/api/act", body: JSON.stringify(actions) });
        service.answer = ({ method }) => ({ status: method === "PUT" ? 200 : 204 });
        const done = await act([
            { actionName: "addUserToGroup", userId: "a/b", group: "g" },
            { actionName: "CloseGroupConnections", group: "g", excluded: ["1", "2"], reason: "over" },
        ]);
        assert.equal(done.status, 202);
        assert.deepEqual(
            service.calls.map(({ method, path: target }) => `${method} ${target}`),
            ["PUT /api/hubs/testhub/users/a/b/groups/g", "POST /api/hubs/testhub/groups/g/:closeConnections"],
        );
        service.answer = () => ({ status: 404, body: "not there" });
        assert.equal((await act({ actionName: "addUserToGroup", userId: "u", group: "g" })).status, 202);
        const grant = { actionName: "grantPermission", connectionId: "c", permission: "sendToGroup", targetName: "g" };
        assert.equal((await act(grant)).status, 500);
        service.answer = () => ({ status: 403, body: "no role" });
        assert.equal((await act({ actionName: "sendToAll", data: "x", dataType: "text" })).status, 500);
        await test.logged(/answered 403 to POST .*no role/);
    });
});
