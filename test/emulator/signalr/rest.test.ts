import assert from "node:assert/strict";
import type { HubConnection } from "@microsoft/signalr";
import { encode } from "@msgpack/msgpack";
import { type RoleName, roles } from "../../../emulator/identity";
import { jsonProtocol } from "../../../emulator/signalr/protocol/json";
import { messagePackProtocol } from "../../../emulator/signalr/protocol/messagePack";
import { FakeClock } from "../../support/clock";
import { called, closed, startSignalR, type TestSignalR } from "../../support/signalRService";
import { until } from "../../support/until";

const version = "?api-version=2022-06-01";

describe("SignalR service: REST", () => {
    let test: TestSignalR;
    beforeEach(async () => {
        test = await startSignalR();
    });
    afterEach(() => test.close());

    /** Resolves with the names of the clients that got a message, after all clients have got a later one. */
    async function heardBy(
        clients: Record<string, HubConnection>,
        message: { to?: string; query?: string },
    ): Promise<string[]> {
        const heard: string[] = [];
        for (const [name, client] of Object.entries(clients)) {
            client.on("news", () => void heard.push(name));
        }
        assert.equal((await test.send({ ...message, target: "news" })).status, 202);
        const settled = Promise.all(Object.values(clients).map((client) => called(client, "settled")));
        await test.send({ target: "settled" });
        await settled;
        for (const client of Object.values(clients)) {
            client.off("news");
        }
        return heard.sort();
    }

    async function statusOf(method: string, path: string): Promise<number> {
        const response = await test.rest(method, `/api/hubs/chat/${path}`);
        await response.arrayBuffer();
        return response.status;
    }

    describe("who is meant", () => {
        let clients: Record<"ann" | "bob" | "bob2" | "packed", HubConnection>;
        beforeEach(async () => {
            const [ann, bob, bob2, packed] = await Promise.all([
                test.connect({ userId: "ann" }),
                test.connect({ userId: "bob" }),
                test.connect({ userId: "bob" }),
                test.connect({ messagePack: true }),
            ]);
            clients = { ann, bob, bob2, packed };
        });

        it("sends to all, to a user, to a connection", async () => {
            assert.deepEqual(await heardBy(clients, {}), ["ann", "bob", "bob2", "packed"]);
            assert.deepEqual(await heardBy(clients, { to: "users/bob" }), ["bob", "bob2"]);
            assert.deepEqual(await heardBy(clients, { to: `connections/${clients.ann.connectionId}` }), ["ann"]);
            assert.deepEqual(await heardBy(clients, { to: "users/nobody" }), []);
        });

        it("leaves out the connections that the call excludes", async () => {
            const query = `&excluded=${clients.ann.connectionId}&excluded=${clients.bob.connectionId}`;
            assert.deepEqual(await heardBy(clients, { query }), ["bob2", "packed"]);
        });

        it("takes connections into groups and out of them", async () => {
            const id = clients.ann.connectionId;
            assert.equal(await statusOf("HEAD", "groups/a b"), 404);
            assert.equal(await statusOf("PUT", `groups/a b/connections/${id}`), 200);
            assert.equal(await statusOf("PUT", `connections/${clients.bob.connectionId}/groups/a b`), 200);
            assert.equal(await statusOf("HEAD", "groups/a b"), 200);
            assert.deepEqual(await heardBy(clients, { to: "groups/a%20b" }), ["ann", "bob"]);
            assert.deepEqual(await heardBy(clients, { to: "groups/a%20b", query: `&excluded=${id}` }), ["bob"]);
            assert.equal(await statusOf("DELETE", `groups/a b/connections/${id}`), 200);
            // Source: RemoveNonexistentConnectionFromGroupRestApiTest of Azure/azure-signalr, which calls the service.
            assert.equal(await statusOf("DELETE", `groups/a b/connections/${id}`), 200);
            assert.equal(await statusOf("DELETE", "groups/a b/connections/gone"), 200);
            assert.equal(await statusOf("DELETE", "connections/gone/groups/a b"), 200);
            assert.equal(await statusOf("DELETE", `connections/${clients.bob.connectionId}/groups`), 200);
            assert.equal(await statusOf("HEAD", "groups/a b"), 404);
        });

        it("names a connection that is gone in the error code, as SDKs expect", async () => {
            const put = await test.rest("PUT", "/api/hubs/chat/groups/g/connections/gone");
            assert.equal(put.status, 404);
            assert.equal(put.headers.get("x-ms-error-code"), "Error.Connection.NotExisted");
            const head = await test.rest("HEAD", "/api/hubs/chat/connections/gone");
            assert.equal(head.headers.get("x-ms-error-code"), "Warning.Connection.NotExisted");
        });

        it("adds all connections of a user to a group, also later ones", async () => {
            assert.equal(await statusOf("HEAD", "users/bob/groups/g"), 404);
            assert.equal(await statusOf("PUT", "users/bob/groups/g"), 200);
            assert.equal(await statusOf("HEAD", "users/bob/groups/g"), 200);
            const bob3 = await test.connect({ userId: "bob" });
            assert.deepEqual(await heardBy({ ...clients, bob3 }, { to: "groups/g" }), ["bob", "bob2", "bob3"]);
            assert.equal(await statusOf("DELETE", "users/bob/groups/g"), 204);
            assert.deepEqual(await heardBy({ ...clients, bob3 }, { to: "groups/g" }), []);
            await statusOf("PUT", "users/bob/groups/h");
            assert.equal(await statusOf("DELETE", "users/bob/groups"), 204);
            assert.equal(await statusOf("HEAD", "groups/h"), 404);
        });

        it("tells whether a connection and a user exist", async () => {
            assert.equal(await statusOf("HEAD", `connections/${clients.ann.connectionId}`), 200);
            assert.equal(await statusOf("HEAD", "users/ann"), 200);
            assert.equal(await statusOf("HEAD", "users/eve"), 404);
            await clients.ann.stop();
            await until(() => test.service.connections() === 3, "the connection to go");
            assert.equal(await statusOf("HEAD", "users/ann"), 404);
        });

        it("closes connections of a group, of a user, of all but some", async () => {
            await statusOf("PUT", `groups/g/connections/${clients.ann.connectionId}`);
            const annEnds = closed(clients.ann);
            assert.equal(await statusOf("POST", "groups/g/:closeConnections?reason=bye"), 204);
            assert.match(String(await annEnds), /bye/);
            const bobEnds = closed(clients.bob);
            const id = clients.bob2.connectionId;
            assert.equal(await statusOf("POST", `users/bob/:closeConnections?excluded=${id}`), 204);
            await bobEnds;
            assert.equal(test.service.connections(), 2);
            assert.equal(await statusOf("POST", `:closeConnections?excluded=${id}`), 204);
            await until(() => test.service.connections() === 1, "the others to go");
        });
    });

    it("gives up a user's membership when its time to live is over", async () => {
        await test.close();
        const clock = new FakeClock(Date.now());
        test = await startSignalR({ clock });
        await test.connect({ userId: "ann" });
        const put = await test.rest("PUT", "/api/hubs/chat/users/ann/groups/g?ttl=10");
        assert.equal(put.status, 200);
        await clock.advance(9_000);
        assert.equal(await statusOf("HEAD", "groups/g"), 200);
        await clock.advance(1_000);
        assert.equal(await statusOf("HEAD", "groups/g"), 404);
        assert.equal(await statusOf("PUT", "users/ann/groups/g?ttl=-1"), 400);
    });

    it("keeps the hubs of an application apart", async () => {
        const client = await test.connect({ hub: "app_chat" });
        const news = called(client, "news");
        await test.send({ target: "news", query: "&application=app" });
        await news;
    });

    const bodies: [name: string, status: number, body: unknown, headers?: Record<string, string>][] = [
        ["names in lower case", 202, { target: "t", arguments: [] }],
        ["no arguments", 202, { Target: "t" }],
        ["no target", 400, { Arguments: [] }],
        ["arguments that are no list", 400, { Target: "t", Arguments: 1 }],
        ["no JSON", 400, "{"],
        ["a list", 400, "[]"],
        ["another type", 415, { Target: "t" }, { "Content-Type": "text/plain" }],
    ];
    for (const [name, status, body, headers] of bodies) {
        it(`answers ${status} to a message with ${name}`, async () => {
            const response = await test.rest("POST", `/api/hubs/chat/:send${version}`, { body, headers });
            assert.equal(response.status, status, await response.text());
        });
    }

    // Source: docs/swagger/v1.json and V20220601.json of Azure/azure-signalr.
    it("tells once of messages for a hub without clients while the clients are at another", async () => {
        const send = (hub: string, to = "") =>
            test.rest("POST", `/api/hubs/${hub}/${to}:send${version}`, { body: { Target: "t", Arguments: [] } });
        await send("default");
        const client = await test.connect();
        for (const [hub, to] of [
            ["chat", "groups/g/"],
            ["CHAT"],
            ["default"],
            ["Default", "users/u/"],
            ["news"],
        ] as const) {
            assert.equal((await send(hub, to)).status, 202);
        }
        const told = test.warnings().map((message) => message.split(". Give the same")[0]);
        const rest = "reaches nobody: clients are connected to chat";
        assert.deepEqual(told, [`A message for hub 'default' ${rest}`, `A message for hub 'news' ${rest}`]);
        await client.stop();
    });

    it("answers changes of a user's groups with the statuses of each version", async () => {
        const statuses = async (base: string, path: string) =>
            Promise.all(
                [`PUT ${path}`, `DELETE ${path}`, "DELETE users/u/groups"].map(async (call) => {
                    const [method = "", rest] = call.split(" ");
                    return (await test.rest(method, `${base}/hubs/chat/${rest}`)).status;
                }),
            );
        assert.deepEqual(await statuses("/api", "users/u/groups/g"), [200, 204, 204]);
        assert.deepEqual(await statuses("/api/v1", "groups/g/users/u"), [202, 202, 200]);
    });

    // Source: BinaryPayloadMessageContentTest and PayloadBuilderResolver of Azure/azure-signalr: a caller that adds hub protocols
    // to the management SDK encodes the message itself, and the service converts nothing.
    describe("a message that its caller encoded", () => {
        const invocation = { target: "news", arguments: ["hi", 1] };
        const json = jsonProtocol.invocation(invocation);
        const messagepack = messagePackProtocol.invocation(invocation);
        const post = (body: Uint8Array) =>
            test.rest("POST", `/api/hubs/chat/:send${version}`, {
                body,
                headers: { "Content-Type": "application/octet-stream" },
            });

        it("reaches each client in its protocol, and says who gets nothing", async () => {
            const [plain, packed] = await Promise.all([test.connect(), test.connect({ messagePack: true })]);
            const heard = Promise.all([called(plain, "news"), called(packed, "news")]);
            assert.equal((await post(encode({ json, messagepack }))).status, 202);
            assert.deepEqual(await heard, [
                ["hi", 1],
                ["hi", 1],
            ]);
            const again = called(packed, "news");
            assert.equal((await post(encode({ messagepack }))).status, 202);
            await again;
            assert.match(test.warnings().join("\n"), /does not get 'news': its protocol is 'json'/);
        });

        const wrong: [name: string, body: Uint8Array][] = [
            ["no MessagePack", Buffer.from("hello")],
            ["an empty map", encode({})],
            ["a list", encode([json])],
            ["an unknown protocol", encode({ json, xml: Buffer.from("<a/>") })],
            ["a text instead of bytes", encode({ json: 1 })],
            ["half a message", encode({ messagepack: messagepack.subarray(0, -1) })],
            ["two messages", encode({ json: Buffer.concat([json, json]) })],
            ["a ping", encode({ json: jsonProtocol.ping })],
        ];
        for (const [name, body] of wrong) {
            it(`is refused with ${name}`, async () => {
                assert.equal((await post(body)).status, 400);
            });
        }
    });

    it("takes a body without a length, and the paths of version 1", async () => {
        const client = await test.connect();
        const news = called(client, "news");
        const token = await test.rest("HEAD", "/api/health", { token: null });
        assert.equal(token.status, 200);
        const response = await test.rest("POST", "/api/v1/hubs/chat", { body: { target: "news", arguments: ["v1"] } });
        assert.equal(response.status, 202);
        assert.deepEqual(await news, ["v1"]);
    });

    it("refuses hubs, applications and api-versions that cannot be", async () => {
        assert.equal((await test.send({ target: "t", query: "&application=a%2Fb" })).status, 400);
        assert.equal((await test.rest("POST", "/api/hubs/1chat/:send", { body: { Target: "t" } })).status, 400);
        const response = await test.rest("POST", "/api/hubs/chat/:send?api-version=2000-01-01", { body: {} });
        assert.equal(response.status, 400);
    });

    describe("who may call", () => {
        const path = `/api/hubs/chat/:send${version}`;
        const body = { Target: "t", Arguments: [] };
        const at = (audience: string) => test.service.endpoint + audience;

        const audiences: [audience: string, status: number][] = [
            [`/api/hubs/chat/:send${version}`, 202],
            ["/api/hubs/chat/:send", 202],
            [`/api/hubs/CHAT/:send${version}`, 202],
            ["/api/hubs/other/:send", 401],
            ["/api/hubs/chat/users/a/:send", 401],
            ["/client/?hub=chat", 401],
        ];
        for (const [audience, status] of audiences) {
            it(`answers ${status} to a token for ${audience}`, async () => {
                assert.equal((await test.rest("POST", path, { body, audience: at(audience) })).status, status);
            });
        }

        it("leaves other query items out of the audience", async () => {
            const audience = at(`/api/hubs/chat/:send?application=app&api-version=2022-06-01`);
            const response = await test.rest("POST", `${path}&application=app&excluded=x`, { body, audience });
            assert.equal(response.status, 202);
        });

        it("refuses calls without a token, and access keys when local authentication is off", async () => {
            assert.equal((await test.rest("POST", path, { body, token: null })).status, 401);
            test.service.update({ disableLocalAuth: true });
            const refused = await test.rest("POST", path, { body });
            assert.equal(refused.status, 401);
            assert.match(await refused.text(), /disableLocalAuth/);
        });

        const grants: [role: RoleName | undefined, send: number, key: number][] = [
            ["signalRServiceOwner", 202, 200],
            ["signalRRestApiOwner", 202, 403],
            ["signalRAppServer", 403, 200],
            ["webPubSubServiceOwner", 403, 403],
            [undefined, 403, 403],
        ];
        for (const [role, send, key] of grants) {
            it(`lets an identity with ${role ?? "no role"} send: ${send}, and sign client tokens: ${key}`, async () => {
                test.identity.addPrincipal({ principalId: "p", clientId: "c", resourceId: "/r" });
                if (role !== undefined) {
                    const scope = test.service.id;
                    test.identity.assignRole({ id: "a", principalId: "p", roleId: roles[role], scope });
                }
                const token = await test.identity.issueToken({
                    principalId: "p",
                    audience: "https://signalr.azure.com",
                });
                assert.equal((await test.rest("POST", path, { body, token })).status, send);
                for (const keyPath of ["auth/accessKey", "auth/acces%73Key", "AUTH/ACCESSKEY/"]) {
                    assert.equal((await test.rest("GET", `/api/v1/${keyPath}`, { token })).status, key, keyPath);
                }
            });
        }

        it("gives no key for client tokens to a token that an access key signed", async () => {
            assert.equal((await test.rest("GET", "/api/v1/auth/accessKey")).status, 401);
        });

        it("lets a client in whose token was signed with that key", async () => {
            test.identity.addPrincipal({ principalId: "p", clientId: "c", resourceId: "/r" });
            const scope = test.service.id;
            test.identity.assignRole({ id: "a", principalId: "p", roleId: roles.signalRAppServer, scope });
            const token = await test.identity.issueToken({ principalId: "p", audience: "https://signalr.azure.com" });
            const answer = await test.rest("GET", "/api/v1/auth/accessKey", { token });
            const { AccessKey } = (await answer.json()) as { AccessKey: string };
            test.service.update({ disableLocalAuth: true });
            const negotiate = async (key?: string) =>
                fetch(`${test.service.endpoint}/client/negotiate?hub=chat`, {
                    method: "POST",
                    headers: { Authorization: `Bearer ${await test.token({ key })}` },
                });
            assert.equal((await negotiate(AccessKey)).status, 200);
            assert.equal((await negotiate()).status, 401);
        });
    });
});
