import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { decodeJwt } from "jose";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";

const key = "7aab239577fd4f24bc919802fb629f5f";
const signatures = [
    "sha256=7767effcb3946f3e1de039df4b986ef02c110b1469d02c0a06f41b3b727ab561",
    "sha256=d4aefb65547a00a9881fa8ac8bd03d0faf77af9da5205d45c6e57cbda4377760",
] as const;
const unansweredMilliseconds = 50;

type Headers = Record<string, string | undefined>;

const connected: Headers = {
    "ce-hub": "testhub",
    "ce-type": "azure.webpubsub.sys.connected",
    "ce-eventName": "connected",
    "ce-connectionId": "0f9c97a2f0bf4706afe87a14e0797b11",
    "ce-namespace": "/",
    "ce-socketId": "socketId",
    "ce-signature": signatures.join(","),
    "WebHook-Request-Origin": "localhost",
};
const connect: Headers = { ...connected, "ce-type": "azure.webpubsub.sys.connect", "ce-eventName": "connect" };
const user = (eventName: string, more: Headers = {}): Headers => ({
    ...connected,
    "ce-type": "azure.webpubsub.user.message",
    "ce-eventName": eventName,
    "Content-Type": "text/plain;charset=UTF-8",
    ...more,
});

interface Answer {
    status: number;
    allowed: string | undefined;
    type: string | undefined;
    body: string;
}

describe("functions: Socket.IO extension", () => {
    let test: TestApp;
    let service: FakeService;
    let code: string;

    before(async () => {
        service = await openFakeService();
        test = await openTestApp({
            codeFolder: path.join(fixtures, "v4"),
            unansweredMilliseconds,
            settings: {
                WebPubSubForSocketIOConnectionString: `Endpoint=http://localhost;Port=${service.port};AccessKey=${key};Version=1.0;`,
            },
        });
        code = (await test.app.hostKeys()).systemKeys.socketio_extension!;
    });
    after(async () => {
        await test.close();
        await service.close();
    });
    beforeEach(() => {
        service.calls.length = 0;
        service.answer = () => ({ status: 202 });
    });

    // Not with fetch, which adds a content type and joins repeated headers.
    function call(options: { method?: string; headers: Headers; body?: string; query?: string }): Promise<Answer> {
        return new Promise((resolve, reject) => {
            const headers = Object.fromEntries(
                Object.entries(options.headers).filter(([, value]) => value !== undefined),
            );
            const query = options.query ?? `?code=${encodeURIComponent(code)}`;
            const request = httpRequest(
                test.url(`/runtime/webhooks/socketio${query}`),
                { method: options.method ?? "POST", headers: headers as Record<string, string> },
                async (response) => {
                    let body = "";
                    for await (const chunk of response.setEncoding("utf8")) {
                        body += chunk;
                    }
                    const allowed = response.headers["webhook-allowed-origin"];
                    resolve({
                        status: response.statusCode ?? 0,
                        type: response.headers["content-type"],
                        allowed: Array.isArray(allowed) ? allowed[0] : allowed,
                        body,
                    });
                },
            );
            request.on("error", reject).end(options.body);
        });
    }

    describe("dispatch", () => {
        const [first, second] = signatures;
        const cases: [name: string, status: number, headers: Headers, method?: string, body?: string][] = [
            ["a known event", 200, connected],
            ["another hub", 404, { ...connected, "ce-hub": "hub1" }],
            ["a hub of other case", 200, { ...connected, "ce-hub": "TESTHUB" }],
            ["another namespace", 404, { ...connected, "ce-namespace": "/ns2" }],
            ["a user event of a system name", 404, { ...connected, "ce-type": "azure.webpubsub.user.connected" }],
            ["another event", 404, { ...connected, "ce-eventName": "event2" }],
            ["a wrong signature", 401, { ...connected, "ce-signature": "abc" }],
            ["no signature", 401, { ...connected, "ce-signature": undefined }],
            ["another origin", 401, { ...connected, "WebHook-Request-Origin": "def.com" }],
            ["one signature", 200, { ...connected, "ce-signature": first }],
            ["the other signature alone", 401, { ...connected, "ce-signature": second }],
            ["both, other order", 200, { ...connected, "ce-signature": `${second},${first}` }],
            ["both, with a space", 200, { ...connected, "ce-signature": `${first}, ${second}` }],
            ["both, other order, with a space", 200, { ...connected, "ce-signature": `${second}, ${first}` }],
            ["a signature in capitals", 200, { ...connected, "ce-signature": first.toUpperCase() }],
            ["no connection id", 400, { ...connected, "ce-connectionId": undefined }],
            ["no socket id", 400, { ...connected, "ce-socketId": undefined }],
            ["an empty namespace", 400, { ...connected, "ce-namespace": "" }],
            ["no origin", 400, { ...connected, "WebHook-Request-Origin": undefined }],
            ["DELETE", 400, connected, "DELETE"],
            ["an unknown event with DELETE", 404, { ...connected, "ce-eventName": "event2" }, "DELETE"],
            ["a user event in JSON", 400, user("ev1", { "Content-Type": "application/json" }), "POST", '42["ev1"]'],
            ["a user event without content type", 500, user("ev1", { "Content-Type": undefined }), "POST", '42["ev1"]'],
            ["an event name of other case", 500, user("EV1"), "POST", '42["ev1"]'],
            ["a binary packet", 500, user("ev1"), "POST", "bAAAA"],
            ["an acknowledgement", 500, user("ev1"), "POST", "43[1]"],
            ["a connect packet", 500, user("ev1"), "POST", "40"],
            ["an empty array", 500, user("ev1"), "POST", "42[]"],
            ["no JSON", 500, user("ev1"), "POST", "42[oops"],
            ["an ack id that is too large", 500, user("ev1"), "POST", '422147483648["ev1"]'],
            ["a connect without body", 500, connect, "POST", ""],
        ];
        for (const [name, status, headers, method = "POST", body = ""] of cases) {
            it(`answers ${name} with ${status}`, async () => {
                assert.equal((await call({ headers, method, body })).status, status);
            });
        }

        it("says which media type it does not take", async () => {
            const answer = await call({ headers: user("ev1", { "Content-Type": "application/json; charset=utf-8" }) });
            assert.equal(answer.body, "Message data only supports text. Current value is: application/json");
        });
    });

    describe("validation handshake", () => {
        const cases: [method: string, origin: string | undefined, status: number, allowed?: string][] = [
            ["OPTIONS", "localhost", 200, "localhost"],
            ["GET", "LocalHost", 200, "LocalHost"],
            ["GET", "ddd.com, localhost", 200, "localhost"],
            ["OPTIONS", "localhost:8080", 400],
            ["OPTIONS", "def.com", 400],
            ["OPTIONS", undefined, 500],
        ];
        for (const [method, origin, status, allowed] of cases) {
            it(`answers ${method} from ${origin ?? "nobody"} with ${status}`, async () => {
                const answer = await call({ method, headers: { "WebHook-Request-Origin": origin } });
                assert.deepEqual([answer.status, answer.allowed], [status, allowed]);
            });
        }
    });

    describe("authorisation", () => {
        it("takes its own key and the master key, and nothing else", async () => {
            const { masterKey, functionKeys } = await test.app.hostKeys();
            await test.app.setHostKey({ kind: "systemKeys", name: "other_extension", value: "other" });
            const statuses = [];
            for (const value of [code, masterKey, undefined, "wrong", functionKeys.default, "other"]) {
                const query = value === undefined ? "?" : `?code=${encodeURIComponent(value)}`;
                statuses.push((await call({ headers: connected, query })).status);
            }
            assert.deepEqual(statuses, [200, 200, 401, 401, 403, 403]);
        });

        it("answers an unknown extension with 404 and a signed-in caller without key with 403", async () => {
            const { masterKey } = await test.app.hostKeys();
            assert.equal((await fetch(test.url(`/runtime/webhooks/nosuch?code=${masterKey}`))).status, 404);
            const answer = await call({ headers: { ...connected, "x-ms-client-principal": "e30=" }, query: "" });
            assert.equal(answer.status, 403);
        });
    });

    describe("answers", () => {
        const text = "text/plain; charset=utf-8";
        const connects: [mode: string, status: number, body: string][] = [
            ["none", 200, ""],
            ["reject", 403, ""],
            ["json", 409, ""],
            ["list", 500, "Response should be a JObject."],
            ["number", 200, ""],
        ];
        for (const [mode, status, body] of connects) {
            it(`to connect: ${mode} gives ${status}`, async () => {
                const answer = await call({ headers: connect, body: JSON.stringify({ query: { mode: [mode] } }) });
                assert.deepEqual([answer.status, answer.body], [status, body]);
            });
        }

        const events: [name: string, body: string, headers: Headers, status: number, answer: string][] = [
            ["an ack", '4213["ev1"]', user("ev1"), 200, '4313["bar"]'],
            [
                "an ack in a namespace",
                '42/ns,13["ev1"]',
                user("ev1", { "ce-namespace": "/ns" }),
                200,
                '43/ns,13["bar"]',
            ],
            ["no ack id", '42["ev1"]', user("ev1"), 200, ""],
            ["an empty ack", '421["answers",{"ack":[]}]', user("answers"), 200, ""],
            ["a text", '425["answers","{\\"ack\\":[1]}"]', user("answers"), 200, "435[1]"],
            ["an array", '421["answers",[1]]', user("answers"), 500, "Response should be a JObject."],
            ["a status", '421["answers",{"statusCode":418,"ack":[1]}]', user("answers"), 418, "431[1]"],
            ["properties of other case", '421["answers",{"Ack":[1]}]', user("answers"), 200, ""],
        ];
        for (const [name, body, headers, status, expected] of events) {
            it(`to an event: ${name}`, async () => {
                const answer = await call({ headers, body });
                assert.deepEqual([answer.status, answer.body], [status, expected]);
                assert.equal(answer.type, expected === "" ? undefined : text);
            });
        }

        it("to an event: an ack that is no array is 500", async () => {
            assert.equal((await call({ headers: user("answers"), body: '421["answers",{"ack":1}]' })).status, 500);
        });

        it("are 200 when a function throws and nobody waits", async () => {
            const answer = await call({ headers: user("silent"), body: '42["silent"]' });
            assert.deepEqual([answer.status, answer.body], [200, ""]);
            await test.logged(/Functions\.silent.*nobody waits for this/);
        });

        it("come late when a connect function throws, and the log names the function at once", async () => {
            const began = Date.now();
            const answer = await call({ headers: connect, body: JSON.stringify({ query: { mode: ["throw"] } }) });
            assert.equal(answer.status, 500);
            assert.ok(Date.now() - began >= unansweredMilliseconds - 5);
            await test.logged(
                /Function 'connect' failed, so 'connect' of socket socketId stays unanswered.*connect is broken/,
            );
        });
    });

    describe("what functions are given", () => {
        it("names the message, its sender and the arguments", async () => {
            const body = '427["chat","hi",{"a":1}]';
            const answer = await call({ headers: user("chat", { "ce-userId": "ann" }), body });
            const [request, metadata] = JSON.parse(answer.body.slice(3)) as Record<string, unknown>[];
            const expected = {
                payload: body,
                eventName: "chat",
                parameters: ["hi", { a: 1 }],
                namespace: "/",
                socketId: "socketId",
            };
            assert.deepEqual(request, expected);
            assert.deepEqual(metadata!.request, expected);
            assert.deepEqual([metadata!.userId, metadata!.socketId, metadata!.namespace], ["ann", "socketId", "/"]);
            assert.equal((metadata!.connectionContext as { hub: string }).hub, "testhub");
        });

        it("puts arguments under their parameter names", async () => {
            const answer = await call({
                headers: user("named", { "ce-userId": "u" }),
                body: '421["named","one",{"two":2}]',
            });
            assert.equal(answer.body, '431["one",{"two":2},"u"]');
        });

        it("fails when there are more names than arguments", async () => {
            assert.equal((await call({ headers: user("named"), body: '421["named","one"]' })).status, 500);
            await test.logged(/parameterNames has 2 names \(first, second\), but the event is 1 arguments/);
        });

        it("names the reason of a disconnect", async () => {
            const headers = {
                ...connected,
                "ce-type": "azure.webpubsub.sys.disconnected",
                "ce-eventName": "disconnected",
            };
            assert.equal((await call({ headers, body: '{"reason":"transport close"}' })).status, 200);
            await test.logged(/gone: transport close transport close/);
        });
    });

    describe("negotiation", () => {
        it("signs a token for the user", async () => {
            const response = await fetch(test.url("/api/negotiate?userId=ann"));
            const { endpoint, path: clientPath, token } = (await response.json()) as Record<string, string>;
            assert.deepEqual([endpoint, clientPath], [service.origin, "/clients/socketio/hubs/testhub"]);
            const claims = decodeJwt(token!);
            assert.equal(claims.aud, `${service.origin}/clients/socketio/hubs/testhub`);
            assert.equal(claims.sub, "ann");
            assert.equal(claims.exp! - claims.iat!, 3600);
        });

        it("makes a token without a user of an empty parameter", async () => {
            const response = await fetch(test.url("/api/negotiate?userId="));
            assert.equal("sub" in decodeJwt(((await response.json()) as { token: string }).token), false);
        });

        // azure-webjobs-sdk, BindingTemplateToken.cs: a parameter that is not there fails the call.
        it("fails without the parameter that names the user, and logs why", async () => {
            const response = await fetch(test.url("/api/negotiate"));
            assert.deepEqual([response.status, await response.text()], [500, ""]);
            const { message } = await test.logged(/Error while accessing/);
            assert.match(message, /Error while accessing 'userId': property doesn't exist\./);
        });
    });

    describe("output", () => {
        const send = (value: unknown) => call({ headers: user("send"), body: `421["send",${JSON.stringify(value)}]` });

        it("makes one call for each action, in order, signed for its URL", async () => {
            const answer = await send([
                { actionName: "addSocketToRoom", namespace: "/ns", socketId: "socket1", room: "rm1" },
                {
                    ActionName: "SendToNamespace",
                    namespace: "/ns",
                    eventName: "event",
                    parameters: [1],
                    exceptRooms: ["sid"],
                },
            ]);
            assert.equal(answer.body, '431["sent"]');
            const [add, sent] = service.calls;
            assert.deepEqual([add!.method, add!.path], ["POST", "/api/hubs/testhub/:addToGroups"]);
            assert.deepEqual(JSON.parse(add!.body), {
                groups: ["0~L25z~cm0x"],
                filter: "'0~L25z~c29ja2V0MQ' in groups",
            });
            assert.deepEqual([sent!.path, sent!.body], ["/api/hubs/testhub/groups/0~L25z~/:send", '42/ns,["event",1]']);
            assert.equal(sent!.query.filter, "not ('0~L25z~c2lk' in groups)");
            assert.equal(sent!.headers["content-type"], "text/plain");
            const claims = decodeJwt(String(sent!.headers.authorization).slice("Bearer ".length));
            assert.match(
                String(claims.aud),
                /^http:\/\/localhost:\d+\/api\/hubs\/testhub\/groups\/0~L25z~\/:send\?filter=/,
            );
            assert.equal(claims.exp! - claims.iat!, 300);
        });

        it("fails the function when the service refuses, and logs its words", async () => {
            service.answer = () => ({ status: 403, body: "the role is missing" });
            assert.equal((await send({ actionName: "sendToNamespace", eventName: "e" })).status, 500);
            await test.logged(/Functions\.send.*answered 403 to POST .*: the role is missing/);
        });

        for (const value of [
            { actionName: "unknown" },
            { type: "SendToRoom", rooms: ["r"] },
            { actionName: "sendToRooms", eventName: "e" },
        ]) {
            it(`fails on ${JSON.stringify(value)}`, async () => {
                assert.equal((await send(value)).status, 500);
                assert.equal(service.calls.length, 0);
            });
        }
    });
});
