import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { WebSocket } from "ws";
import { addTestRole } from "../../support/webPubSubRole";
import { json, startWebPubSub, type WebPubSubTest, webPubSubId } from "../../support/webPubSubService";

const hub = "/api/hubs/chat";
const asJson = "application/json";

describe("Web PubSub data plane", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub({ hub: { eventHandlers: [] } });
    });
    afterEach(() => test.close());

    it("sends each media type to JSON and to simple clients", async () => {
        const [speaker, simple] = [await test.client({ protocols: [json] }), await test.client()];
        for (const { contentType, body, dataType, data, frame } of [
            { contentType: "text/plain", body: "hi", dataType: "text", data: "hi", frame: "hi" },
            {
                contentType: asJson,
                body: '{"a":[1.0]}',
                dataType: "json",
                data: { a: [1] },
                frame: { a: [1] },
            },
            {
                contentType: "application/octet-stream",
                body: "\x01",
                dataType: "binary",
                data: "AQ==",
                frame: Buffer.from([1]),
            },
        ]) {
            assert.equal((await test.rest("POST", `${hub}/:send`, { contentType, body })).status, 202);
            assert.deepEqual(await speaker.next(), { type: "message", from: "server", dataType, data });
            assert.deepEqual(await simple.next(), frame);
        }
    });

    it("names the group of a message to a group, and carries its metadata", async () => {
        const client = await test.client({ protocols: [json], groups: ["g"] });
        const headers = { "x-webpubsub-metadata-Kind": "note" };
        await test.rest("POST", `${hub}/groups/g/:send`, { contentType: "text/plain", body: "x", headers });
        const metadata = { kind: "note" };
        const expected = {
            type: "message",
            from: "group",
            group: "g",
            fromUserId: null,
            dataType: "text",
            data: "x",
            metadata,
        };
        assert.deepEqual(await client.next(), expected);
    });

    it("sends to all but the excluded, by filter, to a user and to a connection", async () => {
        const alice = await test.client({ protocols: [json], userId: "alice", groups: ["g"] });
        const bob = await test.client({ protocols: [json], userId: "bob" });
        const send = (path: string, body: string) =>
            test.rest("POST", `${hub}/${path}`, { contentType: "text/plain", body });
        await send(`:send?excluded=${alice.connectionId}`, "not alice");
        await send(`:send?filter=${encodeURIComponent("userId eq 'alice' and 'g' in groups")}`, "filtered");
        await send(`:send?filter=${encodeURIComponent(`protocol eq '${json}' and userId ne 'alice'`)}`, "protocol");
        await send("users/bob/:send", "user");
        await send(`connections/${alice.connectionId}/:send`, "connection");
        await send("connections/missing/:send", "nobody");
        await send(":send", "end");
        const texts = async (client: typeof alice, count: number) => {
            const all: unknown[] = [];
            while (all.length < count) {
                all.push((await client.next()).data);
            }
            return all;
        };
        assert.deepEqual(await texts(alice, 3), ["filtered", "connection", "end"]);
        assert.deepEqual(await texts(bob, 4), ["not alice", "protocol", "user", "end"]);
    });

    for (const { what, path = ":send", contentType = asJson, body = "", status } of [
        { what: "JSON that is none", body: "{", status: 400 },
        { what: "an unknown media type", contentType: "application/xml", body: "<x/>", status: 415 },
        { what: "a time to live of 301 s", path: ":send?messageTtlSeconds=301", body: "1", status: 400 },
        { what: "a filter that is none", path: ":send?filter=userId", body: "1", status: 400 },
        { what: "an api-version that is none", path: ":send?api-version=2099-01-01", body: "1", status: 400 },
        { what: "a body of more than 1 MiB", body: `"${"x".repeat(1024 * 1024)}"`, status: 400 },
    ]) {
        it(`refuses a message with ${what}`, async () => {
            assert.equal((await test.rest("POST", `${hub}/${path}`, { contentType, body })).status, status);
        });
    }

    it("refuses metadata that breaks its limits", async () => {
        const headers = { "x-webpubsub-metadata-k": "v".repeat(1025) };
        const answer = await test.rest("POST", `${hub}/:send`, { contentType: "text/plain", body: "x", headers });
        assert.equal(answer.status, 400);
        assert.equal(answer.headers.get("x-ms-error-code"), "Error.BadRequest");
        assert.match(answer.text, /"target":"Request"/);
    });

    it("grants, shows and revokes permissions, which the client has at once", async () => {
        const client = await test.client({ protocols: [json], roles: ["webpubsub.sendToGroups.news.*"] });
        const path = (permission: string, group: string) =>
            `${hub}/permissions/${permission}/connections/${client.connectionId}?targetName=${group}`;
        const status = async (method: string, permission: string, group: string) =>
            (await test.rest(method, path(permission, group))).status;
        assert.equal(await status("HEAD", "sendToGroup", "news.today"), 200);
        assert.equal(await status("HEAD", "joinLeaveGroup", "g"), 404);
        assert.equal(await status("PUT", "joinLeaveGroup", "g"), 200);
        assert.equal(await status("HEAD", "joinLeaveGroup", "g"), 200);
        client.send({ type: "joinGroup", group: "g", ackId: 1 });
        assert.equal((await client.next()).success, true);
        assert.equal(await status("DELETE", "sendToGroup", "news.today"), 204);
        client.send({ type: "sendToGroup", group: "news.today", data: 1, ackId: 2 });
        assert.equal((await client.next()).success, false);
        client.send({ type: "sendToGroup", group: "news.tomorrow", data: 1, ackId: 3 });
        assert.equal((await client.next()).success, true);
        const missing = path("joinLeaveGroup", "g").replace(client.connectionId, "missing");
        assert.equal((await test.rest("PUT", missing)).status, 404);
    });

    it("closes everybody, a group or a user, but not the excluded", async () => {
        const alice = await test.client({ protocols: [json], userId: "alice", groups: ["g"] });
        const bob = await test.client({ userId: "bob", groups: ["g"] });
        const carol = await test.client({ userId: "carol" });
        const path = `${hub}/groups/g/:closeConnections?reason=over&excluded=${alice.connectionId}`;
        assert.equal((await test.rest("POST", path)).status, 204);
        assert.deepEqual(await bob.closed, { code: 1000, reason: "" });
        assert.equal((await test.rest("POST", `${hub}/users/carol/:closeConnections`)).status, 204);
        assert.equal((await carol.closed).code, 1000);
        assert.equal((await test.rest("POST", `${hub}/:closeConnections`)).status, 204);
        const message = "Application server closed the connection.";
        assert.deepEqual(await alice.next(), { type: "system", event: "disconnected", message });
        assert.equal((await alice.closed).code, 1000);
    });

    it("makes a client token for a caller with the role, and for nobody else", async () => {
        const path = `${hub}/:generateToken?userId=u&role=webpubsub.joinLeaveGroup&group=g&minutesToExpire=5`;
        assert.equal((await test.rest("POST", path)).status, 401);
        const { token, assign } = await addTestRole(test.identity, webPubSubId);
        assert.equal((await test.rest("POST", path, { token })).status, 403);
        assign();
        const answer = await test.rest("POST", path, { token });
        assert.equal(answer.status, 200);
        const made = (JSON.parse(answer.text) as { token: string }).token;
        test.service.update({ disableLocalAuth: true });
        const client = await test.client({ protocols: [json], token: made });
        client.send({ type: "joinGroup", group: "other", ackId: 1 });
        assert.equal((await client.next()).success, true);
        assert.equal((await test.rest("HEAD", `${hub}/users/u`, { token })).status, 200);
        assert.equal((await test.rest("HEAD", `${hub}/groups/g`, { token })).status, 200);
    });

    // Source: hubClient.getClientAccessToken of @azure/web-pubsub, whose client protocol mqtt has the path clients/mqtt/hubs/{hub}.
    it("makes a token for MQTT clients, and refuses such a client by name", async () => {
        const { token, assign } = await addTestRole(test.identity, webPubSubId);
        assign();
        const answer = await test.rest("POST", `${hub}/:generateToken?clientType=mqtt&userId=u`, { token });
        assert.equal(answer.status, 200);
        const made = (JSON.parse(answer.text) as { token: string }).token;
        const { aud, sub } = decodeJwt(made);
        assert.deepEqual([aud, sub], [`${test.service.endpoint}/clients/mqtt/hubs/chat`, "u"]);
        const client = new WebSocket(`${String(aud).replace("http", "ws")}?access_token=${made}`, ["mqtt"]);
        const status = await new Promise((resolve) => {
            client.on("unexpected-response", (_request, response) => resolve(response.statusCode));
            client.on("error", () => undefined);
        });
        client.terminate();
        assert.equal(status, 501);
        assert.match(test.warnings(), /MQTT clients are not emulated/);
    });

    it("changes groups by filter", async () => {
        const client = await test.client({ protocols: [json], userId: "alice" });
        await test.client({ userId: "bob" });
        const body = JSON.stringify({ groups: ["a", "b"], filter: "userId eq 'alice'" });
        assert.equal((await test.rest("POST", `${hub}/:addToGroups`, { contentType: asJson, body })).status, 200);
        const list = await test.rest("GET", `${hub}/groups/a/connections`);
        assert.deepEqual(JSON.parse(list.text).value, [{ connectionId: client.connectionId, userId: "alice" }]);
    });
});
