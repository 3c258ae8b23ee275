import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import type { Socket } from "socket.io-client";
import { connected, group, next, startTestService, type TestService } from "../../support/socketIOService";
import { until } from "../../support/until";

const text = "text/plain";
const json = "application/json";

function collect(socket: Socket): unknown[][] {
    const seen: unknown[][] = [];
    socket.onAny((...values: unknown[]) => void seen.push(values));
    return seen;
}

describe("Socket.IO data plane: sends", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    for (const transports of [["polling"], ["websocket"]]) {
        it(`sends to a namespace, rooms, all but some rooms and one socket over ${transports}`, async () => {
            const sockets = await Promise.all([1, 2, 3].map(async () => connected(await test.client({ transports }))));
            const [a, b, c] = sockets as [Socket, Socket, Socket];
            const seen = sockets.map(collect);
            assert.equal((await test.changeRoom("addToGroups", { socketId: a.id, room: "rm" })).status, 200);
            assert.equal((await test.changeRoom("addToGroups", { socketId: b.id, room: "rm2" })).status, 200);
            assert.equal((await test.changeRoom("addToGroups", { socketId: b.id, room: "ex" })).status, 200);

            await test.send({ to: `groups/${group("/")}/` }, '42["namespace",{"ä":1}]');
            await test.send({ to: `groups/${group("/", "rm")}/` }, '42["room"]');
            await test.send(
                { filter: `'${group("/", "rm")}' in groups or '${group("/", "rm2")}' in groups` },
                '42["rooms"]',
            );
            await test.send(
                {
                    filter: `'${group("/", "rm")}' in groups or '${group("/", "rm2")}' in groups and not ('${group("/", "ex")}' in groups)`,
                },
                '42["rooms but"]',
            );
            await test.send(
                { to: `groups/${group("/")}/`, filter: `not ('${group("/", a.id)}' in groups)` },
                '42["not a"]',
            );
            await test.send({ to: `groups/${group("/", c.id)}/` }, '42["socket"]');
            await test.changeRoom("removeFromGroups", { socketId: a.id, room: "rm" });
            await test.send({ to: `groups/${group("/", "rm")}/` }, '42["nobody"]');
            await test.settle(...sockets);

            const names = seen.map((events) => events.map(([name]) => name));
            assert.deepEqual(names, [
                ["namespace", "room", "rooms", "rooms but", "settled"],
                ["namespace", "rooms", "not a", "settled"],
                ["namespace", "not a", "socket", "settled"],
            ]);
            assert.deepEqual(seen[0]?.[0], ["namespace", { ä: 1 }]);
        });
    }

    it("does not send a packet to a connection that has no socket in its namespace", async () => {
        const root = await connected(await test.client());
        const other = await connected(await test.client({ namespace: "/other" }));
        const seen = [collect(root), collect(other)];
        await test.send({}, '42/other,["x"]');
        await test.send({}, '42["y"]');
        await test.settle(root);
        const marked = next(other, "mark");
        await test.send({}, '42/other,["mark"]');
        await marked;
        assert.deepEqual(
            seen.map((events) => events.map(([name]) => name)),
            [
                ["y", "settled"],
                ["x", "mark"],
            ],
        );
    });

    it("disconnects a socket, raises disconnected, and leaves the connection and its other namespace", async () => {
        const root = await connected(await test.client());
        const admin = await connected(root.io.socket("/admin"));
        const gone = next(admin, "disconnect");
        assert.equal((await test.send({ to: `groups/${group("/admin", admin.id)}/` }, "41/admin,")).status, 202);
        assert.deepEqual((await gone)[0], "io server disconnect");
        await until(
            () => test.handler.events().some(({ headers }) => headers["ce-eventname"] === "disconnected"),
            "the event",
        );
        assert.equal(root.connected, true);
        assert.equal(
            (await test.rest("HEAD", `/api/hubs/hub/groups/${group("/admin")}`)).status,
            404,
            "it left its groups",
        );
        assert.equal((await test.rest("HEAD", `/api/hubs/hub/groups/${group("/")}`)).status, 200);
    });

    it("closes the whole connection when the packet says so", async () => {
        const root = await connected(await test.client());
        const admin = await connected(root.io.socket("/admin"));
        const gone = Promise.all([next(root, "disconnect"), next(admin, "disconnect")]);
        await test.send({ filter: `'${group("/admin")}' in groups` }, '41/admin,{"close":true}');
        const [[reason], [adminReason]] = (await gone) as [[string], [string]];
        assert.deepEqual([reason, adminReason], ["transport close", "io server disconnect"]);
        await until(
            () =>
                test.handler.events().filter(({ headers }) => headers["ce-eventname"] === "disconnected").length === 2,
            "both events",
        );
        assert.equal(test.service.connections(), 0);
    });

    it("sends to a user and to a connection, leaves excluded connections out, and answers 202 for nobody", async () => {
        const ann = await connected(await test.client({ userId: "ann%2F1" }));
        const bob = await connected(await test.client({ userId: "bob" }));
        const seen = [collect(ann), collect(bob)];
        await test.send({ to: "users/ann%2F1/" }, '42["user"]');
        await test.send({ to: `connections/${test.connectionIdOf(bob)}/` }, '42["connection"]');
        await test.rest("POST", `/api/hubs/HUB/:send?excluded=${test.connectionIdOf(ann)}&excluded=x`, {
            body: '42["excluded"]',
            contentType: text,
        });
        for (const path of ["users/nobody/", "connections/nothing/", "groups/empty/"]) {
            assert.equal((await test.send({ to: path }, '42["x"]')).status, 202);
        }
        assert.equal(
            (await test.rest("POST", "/api/hubs/unknown/:send", { body: '42["x"]', contentType: text })).status,
            202,
        );
        await test.settle(ann, bob);
        assert.deepEqual(
            seen.map((events) => events.map(([name]) => name)),
            [
                ["user", "settled"],
                ["connection", "excluded", "settled"],
            ],
        );
    });

    const badPackets: [body: string, reason: RegExp][] = [
        ["hello", /begins with '4'/],
        ["4", /not an Engine.IO packet/],
        ["40", /EVENT, ACK and DISCONNECT, not CONNECT/],
        ['44{"message":"x"}', /not CONNECT_ERROR/],
        ['451-["x",{"_placeholder":true,"num":0}]', /binary/],
        ["42[", /invalid payload/],
        ["42", /EVENT needs a name/],
        ["431", /ACK needs a list/],
        ["41garbage", /DISCONNECT has a namespace/],
        ["41{bad}", /not JSON/],
        ["", /begins with '4'/],
    ];
    for (const [body, reason] of badPackets) {
        it(`refuses to send '${body}', and logs it`, async () => {
            const answer = await test.send({}, body);
            assert.equal(answer.status, 400);
            assert.match(JSON.parse(answer.text).message, reason);
            assert.match(test.warnings()[0] ?? "", reason);
        });
    }

    it("refuses JSON, binary and unknown bodies with 415", async () => {
        for (const contentType of [
            json,
            "application/octet-stream",
            "application/xml",
            "text/plain; charset=unknown",
        ]) {
            assert.equal(
                (await test.rest("POST", "/api/hubs/hub/:send", { body: '42["x"]', contentType })).status,
                415,
                contentType,
            );
        }
    });

    it("takes text in another charset", async () => {
        const socket = await connected(await test.client());
        const arrived = next(socket, "ä");
        const path = "/api/hubs/hub/:send";
        const body = Buffer.from('42["ä"]', "latin1");
        const response = await fetch(`${test.service.endpoint}${path}`, {
            method: "POST",
            headers: {
                Authorization: `Bearer ${await test.bearer(path)}`,
                "Content-Type": "text/plain; charset=iso-8859-1",
            },
            body,
        });
        assert.equal(response.status, 202);
        await arrived;
    });

    it("refuses a body that is too large or has no length, before it is read", async () => {
        const large = await test.rest("POST", "/api/hubs/hub/:send", {
            body: "4".repeat(1024 * 1024 + 1),
            contentType: text,
        });
        assert.deepEqual([large.status, JSON.parse(large.text).message], [400, "Invalid Content-Length header."]);
        const url = `${test.service.endpoint}/api/hubs/hub/:send`;
        const headers = {
            "Transfer-Encoding": "chunked",
            "Content-Type": text,
            Authorization: `Bearer ${await test.bearer("/api/hubs/hub/:send")}`,
        };
        const status = await new Promise((resolve, reject) => {
            const request = httpRequest(url, { method: "POST", headers }, (response) => {
                response.resume();
                resolve(response.statusCode);
            });
            request.on("error", reject);
            request.end('42["x"]');
        });
        assert.equal(status, 400);
    });
});
