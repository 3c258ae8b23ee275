import assert from "node:assert/strict";
import path from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";
import { callWebhook, connected, invocation, invoke, message, openSignalRApp } from "../../support/signalRWebhook";

describe("functions: SignalR output", () => {
    let test: TestApp;
    let service: FakeService;
    let close: () => Promise<void>;

    before(async () => {
        ({ test, service, close } = await openSignalRApp());
    });
    after(() => close());
    beforeEach(() => {
        service.calls.length = 0;
        service.answer = () => ({ status: 202 });
    });
    const send = (value: unknown) => invoke(test, { target: "send", list: [value] });

    const cases: [name: string, value: unknown, calls: [string, unknown?][]][] = [
        [
            "to all",
            { target: "t", arguments: [1, { a: 2 }] },
            [["POST /api/hubs/testhub/:send", { Target: "t", Arguments: [1, { a: 2 }] }]],
        ],
        [
            "to a user",
            { target: "t", arguments: [], userId: "u/1" },
            [["POST /api/hubs/testhub/users/u/1/:send", { Target: "t", Arguments: [] }]],
        ],
        [
            "to a group",
            { target: "t", arguments: [], groupName: "g" },
            [["POST /api/hubs/testhub/groups/g/:send", { Target: "t", Arguments: [] }]],
        ],
        [
            "to the connection before the user before the group",
            [
                { target: "t", arguments: [], groupName: "g", userId: "u", connectionId: "c" },
                { target: "t", arguments: [], groupName: "g", userId: "u" },
            ],
            [
                ["POST /api/hubs/testhub/connections/c/:send", { Target: "t", Arguments: [] }],
                ["POST /api/hubs/testhub/users/u/:send", { Target: "t", Arguments: [] }],
            ],
        ],
        [
            "adds a connection",
            { action: "add", groupName: "g", connectionId: "c" },
            [["PUT /api/hubs/testhub/groups/g/connections/c"]],
        ],
        [
            "removes a connection",
            { action: "remove", groupName: "g", connectionId: "c" },
            [["DELETE /api/hubs/testhub/groups/g/connections/c"]],
        ],
        ["adds a user", { action: "add", groupName: "g", userId: "u" }, [["PUT /api/hubs/testhub/users/u/groups/g"]]],
        [
            "removes a user",
            { action: "Remove", groupName: "g", userId: "u" },
            [["DELETE /api/hubs/testhub/users/u/groups/g"]],
        ],
        [
            "removes a user from all groups",
            { action: "removeAll", userId: "u" },
            [["DELETE /api/hubs/testhub/users/u/groups"]],
        ],
        ["passes over removeAll of a connection", { action: "removeAll", connectionId: "c" }, []],
    ];
    for (const [name, value, expected] of cases) {
        it(name, async () => {
            assert.equal((await send(value)).result, "sent");
            assert.deepEqual(
                service.calls.map(({ method, path: target, body }) =>
                    body === "" ? [`${method} ${target}`] : [`${method} ${target}`, JSON.parse(body)],
                ),
                expected,
            );
        });
    }

    it("signs for the URL with its api-version, and says which server calls", async () => {
        await send({ target: "t", arguments: [] });
        const [{ headers, query } = assert.fail("no call")] = service.calls;
        assert.deepEqual(query, { "api-version": "2022-06-01" });
        assert.equal(headers["content-type"], "application/json; charset=utf-8");
        const { aud, nameid } = decodeJwt(String(headers.authorization).replace("Bearer ", ""));
        assert.equal(aud, `${service.origin}/api/hubs/testhub/:send?api-version=2022-06-01`);
        assert.match(String(nameid), /_[0-9a-f]{32}$/);
    });

    it("accepts the refusal for a connection that is gone, and no other", async () => {
        service.answer = () => ({ status: 404, headers: { "x-ms-error-code": "Error.Connection.NotExisted" } });
        assert.equal((await send({ action: "add", groupName: "g", connectionId: "c" })).result, "sent");
        assert.match(String((await send({ target: "t", arguments: [] })).error), /answered 404/);
    });

    const wrong: [value: unknown, error: RegExp][] = [
        [{ arguments: [] }, /Unable to convert JObject/],
        [{ target: "t" }, /Unable to convert JObject/],
        [{ target: "t", arguments: "x" }, /Unable to convert JObject/],
        [{ action: "delete", groupName: "g", userId: "u" }, /Unable to convert JObject/],
        [{ action: "add", groupName: "g" }, /ConnectionId and UserId cannot be null or empty together/],
        [{ action: "add", userId: "u" }, /groupName cannot be null or empty/],
        [{ target: "t", arguments: [], endpoints: [{}] }, /'endpoints' must be a list of what signalREndpoints gives/],
        ["text", /must be an object/],
    ];
    for (const [value, error] of wrong) {
        it(`refuses ${JSON.stringify(value)}`, async () => {
            assert.match(String((await send(value)).error), error);
            assert.equal(service.calls.length, 0);
        });
    }
});

describe("functions: SignalR extension with a managed identity", () => {
    let test: TestApp;
    let service: FakeService;
    before(async () => {
        service = await openFakeService();
        test = await openTestApp({
            codeFolder: path.join(fixtures, "signalr"),
            settings: {
                HubName: "TestHub",
                AzureSignalRConnectionString__serviceUri: service.origin,
                AzureSignalRConnectionString__credential: "managedidentity",
                AzureSignalRConnectionString__clientId: "c2",
            },
            identities: {
                systemAssigned: { principalId: "p1", clientId: "c1", resourceId: "/r1" },
                userAssigned: [{ principalId: "p2", clientId: "c2", resourceId: "/r2" }],
            },
        });
    });
    after(async () => {
        await test.close();
        await service.close();
    });

    it("signs client tokens with a key that it asks the service for, once", async () => {
        service.answer = () => ({ status: 200, body: JSON.stringify({ KeyId: "k1", AccessKey: "secret" }) });
        for (const _ of [1, 2]) {
            const response = await fetch(test.url("/negotiate?userId=ann"), { method: "POST" });
            const { accessToken } = (await response.json()) as { accessToken: string };
            assert.equal(decodeProtectedHeader(accessToken).kid, "k1");
        }
        assert.deepEqual(
            service.calls.map(({ method, path: target }) => `${method} ${target}`),
            ["GET /api/v1/auth/accessKey"],
        );
        const { oid, aud } = decodeJwt(String(service.calls[0]?.headers.authorization).replace("Bearer ", ""));
        assert.deepEqual([oid, aud], ["p2", "https://signalr.azure.com"]);
    });

    it("takes events unsigned, because it has no key to check them with", async () => {
        const answer = await callWebhook(test, { headers: { ...connected, "X-ASRS-Signature": undefined } });
        assert.equal(answer.status, 200);
    });

    it("sends with a token of that identity", async () => {
        service.calls.length = 0;
        service.answer = () => ({ status: 202 });
        const body = invocation("send", [{ target: "t", arguments: [] }]);
        await callWebhook(test, { headers: message("send"), body });
        const { oid } = decodeJwt(String(service.calls[0]?.headers.authorization).replace("Bearer ", ""));
        assert.equal(oid, "p2");
    });
});
