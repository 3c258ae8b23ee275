import assert from "node:assert/strict";
import { signConnection } from "../../../emulator/core/upstream/signature";
import type { HandlerRequest } from "../../support/eventHandlerServer";
import { connected, next, startTestService, type TestService } from "../../support/socketIOService";
import { until } from "../../support/until";

describe("Socket.IO events", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    const event = (name: string): HandlerRequest =>
        test.handler.events().find(({ headers }) => headers["ce-eventname"] === name) ??
        assert.fail(`no event ${name}`);

    for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
        it(`connects, sends, gets an answer and disconnects over ${transports.join(" upgraded to ")}`, async () => {
            test.handler.respond = ({ headers }) =>
                headers["ce-eventname"] === "hello"
                    ? { headers: { "Content-Type": "text/plain; charset=utf-8" }, body: '430["world",1]' }
                    : {};
            const socket = await connected(await test.client({ transports }));
            if (socket.io.engine.transport.name !== transports.at(-1)) {
                await new Promise((resolve) => socket.io.engine.once("upgrade", resolve));
            }
            assert.deepEqual(await socket.timeout(5000).emitWithAck("hello", { a: "ä" }), "world");
            assert.equal(event("hello").body, '420["hello",{"a":"ä"}]');
            assert.equal(socket.io.engine.transport.name, transports.at(-1));
            socket.disconnect();
            await until(() => test.handler.events().length === 4, "the disconnected event");
            assert.deepEqual(
                test.handler.events().map(({ headers }) => headers["ce-eventname"]),
                ["connect", "connected", "hello", "disconnected"],
            );
            assert.deepEqual(test.warnings(), []);
        });
    }

    it("sends the headers and bodies that the protocol names", async () => {
        const socket = await connected(
            await test.client({ userId: "用户", query: { room: "r 1" }, transports: ["websocket"] }),
        );
        socket.emit("new message", 1);
        await until(() => test.handler.events().length === 3, "three events");
        socket.disconnect();
        await until(() => test.handler.events().length === 4, "the disconnected event");

        const [connect, , , disconnected] = test.handler.events() as [
            HandlerRequest,
            HandlerRequest,
            HandlerRequest,
            HandlerRequest,
        ];
        const connectionId = String(connect.headers["ce-connectionid"]);
        const common = {
            "webhook-request-origin": "localhost",
            "ce-specversion": "1.0",
            "ce-awpsversion": "1.0",
            "ce-source": `/hubs/hub/client/${connectionId}`,
            "ce-signature": signConnection(connectionId, [
                test.service.keys.primaryKey,
                test.service.keys.secondaryKey,
            ]),
            "ce-connectionid": connectionId,
            "ce-hub": "hub",
            "ce-namespace": "/",
            "ce-socketid": socket.id ?? connect.headers["ce-socketid"],
        };
        const expected: [request: HandlerRequest, type: string, name: string, contentType: string][] = [
            [connect, "azure.webpubsub.sys.connect", "connect", "application/json; charset=utf-8"],
            [event("connected"), "azure.webpubsub.sys.connected", "connected", "application/json; charset=utf-8"],
            [event("new message"), "azure.webpubsub.user.message", "new message", "text/plain"],
            [disconnected, "azure.webpubsub.sys.disconnected", "disconnected", "application/json; charset=utf-8"],
        ];
        for (const [request, type, name, contentType] of expected) {
            for (const [header, value] of Object.entries({
                ...common,
                "ce-type": type,
                "ce-eventname": name,
                "content-type": contentType,
            })) {
                assert.equal(request.headers[header], value, `${name}: ${header}`);
            }
            assert.match(String(request.headers["ce-time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
            assert.match(String(request.headers["x-ms-client-request-id"]), /^[0-9a-f-]{36}$/);
            assert.equal(Buffer.from(String(request.headers["ce-userid"]), "latin1").toString("utf8"), "用户");
        }
        assert.deepEqual(
            test.handler
                .events()
                .map(({ headers }) => headers["ce-id"])
                .sort(),
            ["0", "1", "2", "3"],
        );
        assert.equal(connect.headers["ce-id"], "0");

        const body = JSON.parse(connect.body);
        assert.deepEqual(Object.keys(body), ["claims", "query", "headers", "subprotocols", "clientCertificates"]);
        assert.deepEqual(body.claims.sub, ["用户"]);
        assert.deepEqual(body.query, { room: ["r 1"], EIO: ["4"], transport: ["websocket"] });
        assert.deepEqual(body.clientCertificates, []);
        assert.deepEqual(JSON.parse(disconnected.body), { reason: "" });
        assert.equal(event("connected").body, "{}");
        assert.ok(!connect.body.includes("access_token"));
    });

    it("keeps several namespaces on one connection apart", async () => {
        const root = await connected(await test.client());
        const admin = await connected(root.io.socket("/admin"));
        await until(() => test.handler.events().length === 4, "both sockets");
        const [first, second] = test.handler
            .events()
            .filter(({ headers }) => headers["ce-eventname"] === "connect") as [HandlerRequest, HandlerRequest];
        assert.deepEqual([first.headers["ce-namespace"], second.headers["ce-namespace"]], ["/", "/admin"]);
        assert.equal(first.headers["ce-connectionid"], second.headers["ce-connectionid"]);
        assert.notEqual(first.headers["ce-socketid"], second.headers["ce-socketid"]);
        assert.equal(admin.id, second.headers["ce-socketid"]);

        admin.emit("only", "here");
        await until(() => test.handler.events().length === 5, "the event");
        assert.equal(event("only").body, '42/admin,["only","here"]');
        admin.disconnect();
        await until(() => test.handler.events().length === 6, "the disconnected event");
        assert.equal(event("disconnected").headers["ce-namespace"], "/admin");
        assert.equal(root.connected, true);
    });

    for (const status of [401, 403, 429]) {
        it(`rejects a client whose connect is answered ${status}, with the status in the message and no more events`, async () => {
            test.handler.respond = ({ method }) => (method === "POST" ? { status } : {});
            const socket = await test.client();
            const [error] = (await next(socket, "connect_error")) as [Error];
            assert.match(error.message, new RegExp(String(status)));
            socket.disconnect();
            assert.equal(test.handler.events().length, 1);
            assert.match(test.warnings().join("\n"), new RegExp(`connect was refused: .*answered ${status}`));
        });
    }

    it("rejects only the namespace that its handler rejects", async () => {
        test.handler.respond = ({ headers }) => (headers["ce-namespace"] === "/closed" ? { status: 404 } : {});
        const root = await connected(await test.client());
        const closed = root.io.socket("/closed");
        await next(closed, "connect_error");
        assert.equal(root.connected, true);
    });

    it("names the key as the cause when abuse protection is answered 401", async () => {
        test.handler.respond = () => ({ status: 401 });
        const [error] = (await next(await test.client(), "connect_error")) as [Error];
        assert.match(error.message, /status 500/);
        assert.match(
            test.warnings().join("\n"),
            /Abuse protection .* failed: 401\. The code in the URL template .* not the host's key/,
        );
        assert.equal(test.handler.events().length, 0);
    });

    it("accepts a client without asking when no handler takes connect", async () => {
        test.service.setHub("hub", { eventHandlers: [{ urlTemplate: test.handler.url, userEventPattern: "a" }] });
        await connected(await test.client());
        assert.equal(test.handler.requests.length, 0);
    });

    it("says which patterns there are when no handler takes a user event, and keeps the connection", async () => {
        test.service.setHub("hub", { eventHandlers: [{ urlTemplate: test.handler.url, userEventPattern: "a,b" }] });
        const socket = await connected(await test.client());
        socket.emit("other");
        await until(() => test.warnings().length > 0, "the warning");
        assert.match(test.warnings()[0] ?? "", /event 'other' failed: no event handler of the hub takes it.*'a,b'/);
        assert.equal(socket.connected, true);
    });

    it("gives each event to the first handler that matches", async () => {
        const url = test.handler.url;
        test.service.setHub("hub", {
            eventHandlers: [
                { urlTemplate: `${url}/first/{event}`, userEventPattern: "a" },
                { urlTemplate: `${url}/second/{event}`, userEventPattern: "*" },
            ],
        });
        const socket = await connected(await test.client());
        socket.emit("a");
        socket.emit("b b");
        await until(() => test.handler.events().length === 2, "both events");
        assert.deepEqual(
            test.handler.requests.map((request) => `${request.method} ${request.url}`),
            ["OPTIONS /first/validate", "POST /first/a", "OPTIONS /second/validate", "POST /second/b%20b"],
        );
    });
});
