import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { FakeClock } from "../../support/clock";
import { connected, next, startTestService, type TestService } from "../../support/socketIOService";
import { until } from "../../support/until";

describe("Socket.IO clients", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    const handshake = (hub: string, token?: string): Promise<Response> =>
        fetch(
            `${test.service.endpoint}/clients/socketio/hubs/${hub}/?EIO=4&transport=polling${token === undefined ? "" : `&access_token=${token}`}`,
        );

    async function refused(transports: string[], token: string | null, cause: RegExp): Promise<void> {
        await next(await test.client({ transports, token }), "connect_error");
        assert.match(test.warnings().join("\n"), /refused with 401/);
        assert.match(test.warnings().join("\n"), cause);
        assert.equal(test.handler.requests.length, 0);
        assert.equal(test.service.connections(), 0);
    }

    for (const transports of [["polling"], ["websocket"]]) {
        it(`refuses a client without a token over ${transports}`, () => refused(transports, null, /no access_token/));

        it(`refuses a token for another hub over ${transports}`, async () =>
            refused(transports, await test.token({ hub: "other" }), /is for '.*hubs\/other'/));

        it(`refuses a token of another key over ${transports}`, async () =>
            refused(transports, await test.token({ key: "another key" }), /not signed with a key/));

        it(`refuses an unsigned token over ${transports}`, async () => {
            const payload = (await test.token()).split(".")[1];
            const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
            await refused(transports, `${header}.${payload}.`, /HS256|not a JWT/);
        });
    }

    it("refuses a token whose user no header can name", async () => {
        await next(await test.client({ token: await test.token({ userId: "a\r\nb" }) }), "connect_error");
        assert.match(test.warnings().join("\n"), /refused with 400.*the user id "a\\r\\nb" has a control character/);
    });

    it("accepts the secondary key, and the hub's name in any case", async () => {
        const token = await test.token({ key: test.service.keys.secondaryKey, hub: "HUB" });
        await connected(await test.client({ token, path: "/clients/socketio/hubs/HUB" }));
    });

    it("refuses both access keys for clients and calls when local authentication is off", async () => {
        test.service.update({ disableLocalAuth: true });
        await next(await test.client(), "connect_error");
        await next(
            await test.client({ token: await test.token({ key: test.service.keys.secondaryKey }) }),
            "connect_error",
        );
        assert.equal(test.warnings().filter((line) => /disableLocalAuth/.test(line)).length, 2);
        const call = await test.rest("HEAD", "/api/hubs/hub/groups/x");
        assert.equal(call.status, 401);
    });

    it("lets a client without a token in where the hub allows it, and still refuses a bad token", async () => {
        test.service.setHub("hub", { anonymousConnectPolicy: "allow" });
        await connected(await test.client({ token: null }));
        await next(await test.client({ token: "rubbish" }), "connect_error");
    });

    it("answers 404 for a hub that is not there, and logs the ones that are", async () => {
        const response = await handshake("other", await test.token({ hub: "other" }));
        assert.equal(response.status, 404);
        assert.match(await response.text(), /no hub 'other'.*Hubs are: hub\./);
        assert.match(test.warnings()[0] ?? "", /Hubs are: hub\./);
    });

    for (const path of [
        "/",
        "/socket.io/?EIO=4&transport=polling",
        "/clients/socketio/hubs/",
        "/clients/socketio/hubs/hub/more",
        "/clients/socketio/hubs/%E0%A4%A/",
    ]) {
        it(`answers 404 at ${path}`, async () => {
            assert.equal((await fetch(`${test.service.endpoint}${path}`)).status, 404);
        });
    }

    it("answers 404 to a WebSocket on another path", async () => {
        const socket = new WebSocket(
            `${test.service.endpoint.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
        );
        const [error] = (await new Promise<unknown[]>((resolve) =>
            socket.once("error", (...values) => resolve(values)),
        )) as [Error];
        assert.match(error.message, /404/);
    });

    it("refuses an unknown session, an unknown transport and Engine.IO 3 with 400", async () => {
        const token = await test.token();
        const base = `${test.service.endpoint}/clients/socketio/hubs/hub/`;
        for (const query of [
            "EIO=4&transport=polling&sid=unknown",
            "EIO=4&transport=carrier-pigeon",
            "EIO=3&transport=polling",
        ]) {
            assert.equal((await fetch(`${base}?${query}&access_token=${token}`)).status, 400, query);
        }
    });

    it("keeps a client whose token expires after it connected", async () => {
        const clock = new FakeClock(Date.now());
        const timed = await startTestService({ clock });
        try {
            const socket = await connected(await timed.client());
            await clock.advance(2 * 3600_000);
            socket.emit("later");
            await until(
                () => timed.handler.events().some(({ headers }) => headers["ce-eventname"] === "later"),
                "the event",
            );
        } finally {
            await timed.close();
        }
    });

    it("answers a page of another origin, and its preflight, without credentials", async () => {
        const base = `${test.service.endpoint}/clients/socketio/hubs/hub/?EIO=4&transport=polling`;
        const headers = { Origin: "http://localhost:7071" };
        const preflight = await fetch(base, {
            method: "OPTIONS",
            headers: {
                ...headers,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            },
        });
        assert.equal(preflight.status, 204);
        assert.equal(preflight.headers.get("access-control-allow-headers"), "content-type");
        const opened = await fetch(`${base}&access_token=${await test.token()}`, { headers });
        const refusal = await fetch(base, { headers });
        assert.deepEqual([opened.status, refusal.status], [200, 401]);
        for (const response of [preflight, opened, refusal]) {
            assert.equal(response.headers.get("access-control-allow-origin"), "http://localhost:7071");
            assert.equal(response.headers.get("access-control-allow-credentials"), null);
        }
    });

    it("refuses the connection after the twentieth on a Free SKU, saying so", async () => {
        test.service.update({ sku: "Free_F1" });
        for (let count = 0; count < 20; count++) {
            await connected(await test.client({ transports: ["websocket"] }));
        }
        await next(await test.client({ transports: ["websocket"] }), "connect_error");
        const response = await handshake("hub", await test.token());
        assert.equal(response.status, 429);
        assert.match(await response.text(), /takes 20 connections with SKU Free_F1/);
        assert.equal(test.service.connections(), 20);
    });

    it("keeps clients connected when the hub changes, and uses what it is now", async () => {
        const socket = await connected(await test.client());
        test.service.setHub("hub", {
            eventHandlers: [{ urlTemplate: `${test.handler.url}/new`, userEventPattern: "*" }],
        });
        socket.emit("e");
        await until(() => test.handler.events().some(({ url }) => url === "/new"), "the event at the new address");
        assert.equal(socket.connected, true);
    });

    it("closes the clients of a hub that is removed, and no others", async () => {
        test.service.setHub("second", {});
        const other = await connected(
            await test.client({ path: "/clients/socketio/hubs/second", token: await test.token({ hub: "second" }) }),
        );
        const socket = await connected(await test.client());
        const gone = next(socket, "disconnect");
        test.service.removeHub("hub");
        await gone;
        assert.equal(other.connected, true);
        assert.equal((await handshake("hub", await test.token())).status, 404);
    });
});
