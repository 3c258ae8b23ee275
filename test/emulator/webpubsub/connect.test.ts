import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { FakeClock } from "../../support/clock";
import { until } from "../../support/until";
import { json, reliable, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

describe("Web PubSub connect and lifecycle events", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub();
    });
    afterEach(() => test.close());

    function answerConnect(status: number, body?: string, headers?: Record<string, string>): void {
        test.handler.respond = ({ method, headers: { "ce-eventname": event } }) =>
            method === "POST" && event === "connect" ? { status, body, headers } : {};
    }

    it("tells the handler about the client without its credentials, and keeps what it answers", async () => {
        answerConnect(200, '{"userId":"用户","roles":[],"groups":["new-room"]}', {
            "ce-connectionState": "state",
            "set-cookie": "affinity=connect",
        });
        const token = await test.token({ userId: "token-user", claims: { custom: ["one", "two"] } });
        const client = await test.client({
            token: null,
            protocols: [json],
            query: { tag: "a", ACCESS_TOKEN: token },
            headers: { authorization: `Bearer ${token}`, "x-asrs-internal-test": "private", "X-Custom": "value" },
        });
        const connect = await test.event("connect");
        assert.equal(connect.url, "/events/chat/connect");
        assert.equal(connect.headers["ce-id"], "0");
        assert.equal(connect.headers["ce-type"], "azure.webpubsub.sys.connect");
        assert.equal(connect.headers["ce-userid"], "token-user");
        assert.equal(connect.headers["ce-subprotocol"], undefined);
        assert.equal(connect.headers["content-type"], "application/json");
        assert.equal(connect.headers["webhook-request-origin"], "localhost");
        assert.equal(connect.headers.authorization, undefined);
        assert.ok(!connect.body.includes(token));
        const body = JSON.parse(connect.body);
        assert.deepEqual(body.claims.custom, ["one", "two"]);
        assert.deepEqual(body.query, { tag: ["a"] });
        assert.deepEqual(body.headers["X-Custom"], ["value"]);
        assert.ok(!Object.keys(body.headers).some((name) => /authorization|internal/i.test(name)));
        assert.deepEqual(body.subprotocols, [json]);
        assert.deepEqual(body.clientCertificates, []);

        const connected = await test.event("connected");
        assert.equal(connected.headers["ce-id"], "1");
        assert.equal(connected.body, "{}");
        assert.equal(Buffer.from(String(connected.headers["ce-userid"]), "latin1").toString(), "用户");
        assert.equal(connected.headers["ce-subprotocol"], json);
        assert.equal(connected.headers["ce-connectionstate"], "state");
        assert.equal(connected.headers.cookie, "affinity=connect");
        assert.equal(connected.headers["ce-signature"], connect.headers["ce-signature"]);
        assert.equal((await test.rest("HEAD", "/api/hubs/chat/groups/new-room")).status, 200);

        client.socket.close(1000, "test-close");
        const disconnected = await test.event("disconnected");
        assert.equal(disconnected.headers["ce-id"], "2");
        assert.deepEqual(JSON.parse(disconnected.body), { reason: "test-close" });
        assert.equal(disconnected.headers["ce-connectionstate"], "state");
        assert.equal(test.service.connections(), 0);
    });

    for (const { status, body, userId, group, canJoin, protocol = json } of [
        { status: 204, userId: "token-user", group: "room", canJoin: true },
        { status: 200, body: "null", userId: "token-user", group: "room", canJoin: true },
        { status: 202, body: '{"groups":[],"roles":null}', userId: "token-user", group: "room", canJoin: true },
        { status: 200, body: '{"userId":"","roles":[]}', userId: "", group: "room", canJoin: false },
        {
            status: 200,
            body: '{"userId":null,"groups":["new-room"],"roles":["webpubsub.joinLeaveGroup"]}',
            userId: "token-user",
            group: "new-room",
            canJoin: true,
        },
        {
            status: 200,
            body: `{"subprotocol":"${reliable}"}`,
            userId: "token-user",
            group: "room",
            canJoin: true,
            protocol: reliable,
        },
    ]) {
        it(`lets a client in with user '${userId}' and group ${group} after ${status} ${body ?? "without body"}`, async () => {
            answerConnect(status, body, { "content-type": "text/plain" });
            const client = await test.client({
                userId: "token-user",
                roles: ["webpubsub.joinLeaveGroup"],
                groups: ["room"],
                protocols: [json, reliable],
            });
            assert.equal(client.socket.protocol, protocol);
            const connected = await test.event("connected");
            assert.equal(connected.headers["ce-userid"] ?? "", userId);
            assert.equal((await test.rest("HEAD", `/api/hubs/chat/groups/${group}`)).status, 200);
            client.send({ type: "joinGroup", group: "other", ackId: 1 });
            assert.equal((await client.next()).success, canJoin);
        });
    }

    it("refuses a token whose user no header can name, and says why", async () => {
        assert.equal(await test.refused({ userId: "a\nb" }), 400);
        assert.match(test.warnings(), /the user id "a\\nb" has a control character/);
        assert.equal(test.handler.events().length, 0);
        const client = await test.client({ userId: "tab\tü👋" });
        const connected = await test.event("connected");
        assert.equal(Buffer.from(connected.headers["ce-userid"] as string, "latin1").toString(), "tab\tü👋");
        client.socket.close();
    });

    it("speaks plain frames when the handler chooses a subprotocol of its own", async () => {
        answerConnect(200, '{"subprotocol":"custom.protocol"}');
        const client = await test.client({ protocols: [json, "custom.protocol"] });
        assert.equal(client.socket.protocol, "custom.protocol");
        const { headers } = await test.event("connected");
        assert.equal(headers["ce-subprotocol"], "custom.protocol");
        const path = `/api/hubs/chat/connections/${headers["ce-connectionid"]}/:send`;
        assert.equal((await test.rest("POST", path, { body: Buffer.from([1, 2]) })).status, 202);
        assert.deepEqual(await client.next(), Buffer.from([1, 2]));
    });

    for (const { status, body, expected } of [
        { status: 401, body: "denied", expected: 401 },
        { status: 403, body: "denied", expected: 403 },
        { status: 429, body: "busy", expected: 429 },
        { status: 200, body: "not-json", expected: 500 },
        { status: 200, body: '{"groups":[null]}', expected: 500 },
        { status: 200, body: '{"groups":[" "]}', expected: 500 },
        { status: 200, body: '{"roles":[null]}', expected: 500 },
        { status: 200, body: '{"subprotocol":"not.offered"}', expected: 500 },
        { status: 200, body: '{"userId":"a\\r\\nx-forged: 1"}', expected: 500 },
        { status: 200, body: '{"userId":"\\u0000"}', expected: 500 },
    ]) {
        it(`refuses the client with ${expected} when the handler answers ${status} ${body}`, async () => {
            answerConnect(status, body);
            assert.equal(await test.refused({ protocols: [json] }), expected);
            assert.equal(test.service.connections(), 0);
            assert.deepEqual(
                test.handler.events().map(({ headers }) => headers["ce-eventname"]),
                ["connect"],
            );
        });
    }

    it("refuses the client with 500 and sends no connect when the handler does not allow the service", async () => {
        test.handler.respond = () => ({ status: 200, headers: {} });
        assert.equal(await test.refused(), 500);
        assert.equal(test.handler.events().length, 0);
        assert.match(test.warnings(), /missing allowed origins/);
    });

    it("asks again with the same event when the handler answers 503, and not at all when a client recovers", async () => {
        const clock = new FakeClock();
        const slow = await startWebPubSub({ clock });
        try {
            let attempts = 0;
            slow.handler.respond = ({ method, headers }) =>
                method === "POST" && headers["ce-eventname"] === "connect"
                    ? { status: attempts++ === 0 ? 503 : 200 }
                    : {};
            const opening = slow.client({ protocols: [reliable] });
            await clock.waitFor(
                () => slow.handler.events().length === 1 && clock.pending().includes(1000),
                "the retry",
            );
            await clock.advance(1000);
            const client = await opening;
            const [first, second] = slow.handler.events();
            assert.equal(second?.headers["ce-id"], "0");
            assert.equal(second?.headers["x-ms-client-request-id"], first?.headers["x-ms-client-request-id"]);
            assert.equal(second?.body, first?.body);
            client.socket.terminate();
            const back = await slow.client({
                token: null,
                protocols: [reliable],
                query: { awps_connection_id: client.connectionId, awps_reconnection_token: client.reconnectionToken },
            });
            back.socket.close(1000);
            assert.equal((await slow.event("disconnected")).headers["ce-id"], "2");
            assert.equal(attempts, 2);
        } finally {
            await slow.close();
        }
    });

    it("counts the connect event even when no handler takes it", async () => {
        test.service.setHub("chat", {
            eventHandlers: [{ urlTemplate: `${test.handler.url}/x`, systemEvents: ["connected"] }],
        });
        await test.client();
        assert.equal((await test.event("connected")).headers["ce-id"], "1");
    });

    it("says that the server closed the connection, to the client and to the handler", async () => {
        const client = await test.client({ protocols: [json] });
        const path = `/api/hubs/chat/connections/${client.connectionId}?reason=test-close`;
        assert.equal((await test.rest("DELETE", path)).status, 204);
        const reason = "Application server closed the connection. Reason: test-close";
        assert.deepEqual(await client.next(), { type: "system", event: "disconnected", message: reason });
        assert.deepEqual(await client.closed, { code: 1000, reason: "" });
        assert.deepEqual(JSON.parse((await test.event("disconnected")).body), { reason });
        assert.equal((await test.rest("HEAD", path)).status, 404);
    });

    it("names an event listener once, because there is no Event Hub", async () => {
        test.service.setHub("chat", {
            eventListeners: [
                {
                    filter: { type: "EventName", systemEvents: ["connected"], userEventPattern: "*" },
                    endpoint: {
                        type: "EventHub",
                        eventHubName: "audit",
                        fullyQualifiedNamespace: "ns.servicebus.windows.net",
                    },
                },
            ],
        });
        await test.client();
        const client = await test.client({ protocols: [json] });
        client.send({ type: "event", event: "hello", dataType: "text", data: "x", ackId: 1 });
        assert.equal((await client.next()).success, false);
        await until(() => /no event handler/.test(test.warnings()), "the failed event");
        assert.equal(test.warnings().match(/Event Hub 'audit' of 'ns\.servicebus\.windows\.net'/g)?.length, 1);
    });

    it("signs in at the handler with the service's identity, and reads its key from the vault", async () => {
        const principalId = "33333333-0000-0000-0000-000000000001";
        const references = { resolve: ({ text }: { text: string }) => text.replace(/.*KeyVault.*/, "a key/") };
        const signedIn = await startWebPubSub({ principalId, references });
        try {
            signedIn.identity.addPrincipal({ principalId, clientId: principalId, resourceId: signedIn.service.id });
            signedIn.service.setHub("chat", {
                eventHandlers: [
                    {
                        urlTemplate: `${signedIn.handler.url}/x?code={@Microsoft.KeyVault(SecretUri=https://v/secrets/k/1)}`,
                        systemEvents: ["connect"],
                        auth: { type: "ManagedIdentity", managedIdentity: { resource: "api://app" } },
                    },
                ],
            });
            await signedIn.client();
            const { headers, url } = await signedIn.event("connect");
            assert.equal(url, "/x?code=a%20key%2F");
            const { aud, oid } = decodeJwt(String(headers.authorization).replace("Bearer ", ""));
            assert.deepEqual([aud, oid], ["api://app", principalId]);
        } finally {
            await signedIn.close();
        }
    });
});
