import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { json, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

describe("Web PubSub client upgrades", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub();
    });
    afterEach(() => test.close());

    it("accepts the secondary key, and the hub's name in any case", async () => {
        const client = await test.client({ key: test.service.keys.secondaryKey, hub: "CHAT", protocols: [json] });
        assert.notEqual(client.connectionId, "");
        assert.equal((await test.event("connected")).headers["ce-hub"], "chat");
    });

    it("accepts clients of a hub without settings, as Azure does, and says so", async () => {
        await test.client({ hub: "unknown" });
        assert.match(test.log.map(({ message }) => message).join(), /Hub 'unknown' has no settings/);
        assert.equal(test.handler.requests.length, 0);
    });

    it("takes the hub from the query too, with a token for that hub only", async () => {
        const address = test.service.endpoint.replace("http", "ws");
        const open = (path: string, hub: string) =>
            new Promise((resolve) => {
                const url = `${address}${path}access_token=${test.token({ hub })}`;
                const socket = new WebSocket(url, json);
                socket.once("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
                socket.once("message", (data) => {
                    socket.terminate();
                    resolve(JSON.parse(String(data)).event);
                });
                socket.on("error", () => undefined);
            });
        assert.equal(await open("/client?hub=chat&", "chat"), "connected");
        assert.equal(await open("/client/?x=1&HUB=Chat&", "chat"), "connected");
        assert.equal(await open("/client/?hub=chat&", "other"), 401);
        assert.equal(await open("/client/?hub=1&", "1"), 400);
        assert.equal(await open("/client/?", "chat"), 404);
        assert.equal((await test.event("connect", 1)).headers["ce-hub"], "chat");
    });

    it("lets a client without a token in where the hub's policy allows it", async () => {
        assert.equal(await test.refused({ token: null }), 401);
        test.service.setHub("chat", { anonymousConnectPolicy: "allow" });
        await test.client({ token: null });
        assert.equal(test.service.connections(), 1);
    });

    for (const { what, options, status } of [
        { what: "a token of another hub", options: { hub: "other", query: {} }, status: 401 },
        { what: "a token of another key", options: { key: "x".repeat(44) }, status: 401 },
        { what: "a text that is no token", options: { token: "nonsense" }, status: 401 },
        { what: "an invalid group in the token", options: { groups: [" "] }, status: 400 },
        { what: "an unknown mode", options: { query: { webpubsub_mode: "publish" } }, status: 400 },
        { what: "sendToGroup without a group", options: { query: { webpubsub_mode: "sendToGroup" } }, status: 400 },
        { what: "an invalid hub name", options: { hub: "1invalid" }, status: 400 },
    ]) {
        it(`refuses ${what} with ${status}`, async () => {
            const token = options.hub === "other" ? await test.token({ hub: "chat" }) : undefined;
            assert.equal(await test.refused({ ...options, ...(token === undefined ? {} : { token }) }), status);
            assert.equal(test.handler.requests.length, 0);
        });
    }

    it("refuses tokens signed with an access key while local authentication is off", async () => {
        test.service.update({ disableLocalAuth: true });
        assert.equal(await test.refused(), 401);
        assert.match(test.warnings(), /disableLocalAuth/);
    });

    it("takes 20 clients on the free tier and refuses the next with 429", async () => {
        test.service.update({ sku: "Free_F1" });
        await Promise.all(Array.from({ length: 20 }, () => test.client()));
        assert.equal(await test.refused(), 429);
    });

    for (const { path, status } of [
        { path: "/client/hubs/chat", status: 400 },
        { path: "/clients/mqtt/hubs/chat", status: 404 },
        { path: "/nothing", status: 404 },
    ]) {
        it(`answers a plain request to ${path} with ${status}`, async () => {
            assert.equal((await fetch(`${test.service.endpoint}${path}`)).status, status);
        });
    }

    it("ends every client when its hub is removed", async () => {
        const client = await test.client();
        test.service.removeHub("chat");
        assert.equal((await client.closed).code, 1001);
    });
});
