import assert from "node:assert/strict";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { WebPubSubServiceClient } from "@azure/web-pubsub";
import {
    type OnGroupDataMessageArgs,
    type SendMessageError,
    WebPubSubClient,
    WebPubSubJsonProtocol,
    WebPubSubJsonReliableProtocol,
} from "@azure/web-pubsub-client";
import { listen } from "../../../emulator/core/http";
import { until } from "../../support/until";
import { startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

/** A proxy to the service that a test can cut like a network. */
async function openWire(port: number): Promise<{ port: number; cut(): void; server: Server }> {
    const open = new Set<Socket>();
    const server = createServer((socket) => {
        const target = createConnection(port, "127.0.0.1");
        for (const [from, to] of [
            [socket, target],
            [target, socket],
        ] as const) {
            open.add(from);
            from.pipe(to);
            from.on("error", () => to.destroy());
            from.on("close", () => to.destroy());
        }
    });
    return {
        port: await listen(server),
        server,
        cut() {
            for (const socket of open) {
                socket.resetAndDestroy();
            }
            open.clear();
        },
    };
}

describe("Web PubSub with Azure's own clients", () => {
    let test: WebPubSubTest;
    let service: WebPubSubServiceClient;
    const clients: WebPubSubClient[] = [];
    const servers: Server[] = [];

    beforeEach(async () => {
        test = await startWebPubSub();
        service = new WebPubSubServiceClient(test.service.keys.primaryConnectionString, "chat", {
            allowInsecureConnection: true,
        });
    });
    afterEach(async () => {
        for (const client of clients.splice(0)) {
            client.stop();
        }
        for (const server of servers.splice(0)) {
            server.close();
        }
        await test.close();
    });

    const roles = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"];

    async function connect(options: {
        userId: string;
        reliable: boolean;
        port?: number;
        roles?: string[];
    }): Promise<WebPubSubClient> {
        const { url } = await service.getClientAccessToken({ userId: options.userId, roles: options.roles ?? roles });
        const client = new WebPubSubClient(
            url.replace(String(test.service.port), String(options.port ?? test.service.port)),
            {
                protocol: options.reliable ? WebPubSubJsonReliableProtocol() : WebPubSubJsonProtocol(),
                // A client that is stopped during a retry keeps retrying for ever.
                autoReconnect: options.port !== undefined,
                reconnectRetryOptions: { retryDelayInMs: 10 },
                messageRetryOptions: { maxRetries: 0 },
            },
        );
        clients.push(client);
        await client.start();
        return client;
    }

    for (const reliable of [true, false]) {
        const name = reliable ? "reliable" : "plain";

        it(`lets ${name} clients talk in a group and with the handler`, async () => {
            test.handler.respond = ({ headers, body }) =>
                headers["ce-eventname"] === "echo"
                    ? { headers: { "content-type": "text/plain" }, body: `got ${body}` }
                    : {};
            const alice = await connect({ userId: "alice", reliable });
            const bob = await connect({ userId: "bob", reliable });
            const heard: OnGroupDataMessageArgs["message"][] = [];
            bob.on("group-message", ({ message }) => void heard.push(message));
            await bob.joinGroup("room");
            await alice.sendToGroup("room", { a: 1 }, "json");
            await alice.sendToGroup("room", new Uint8Array([1, 2]).buffer, "binary");
            await until(() => heard.length === 2, "both messages");
            assert.deepEqual(
                heard.map(({ data, dataType, fromUserId }) => ({
                    dataType,
                    fromUserId,
                    data: data instanceof ArrayBuffer ? [...new Uint8Array(data)] : data,
                })),
                [
                    { dataType: "json", fromUserId: "alice", data: { a: 1 } },
                    { dataType: "binary", fromUserId: "alice", data: [1, 2] },
                ],
            );
            const answered = new Promise((resolve) =>
                alice.on("server-message", ({ message }) => resolve(message.data)),
            );
            await alice.sendEvent("echo", "hi", "text");
            assert.equal(await answered, "got hi");
            await bob.leaveGroup("room");
            assert.equal(await service.groupExists("room"), false);
        });

        it(`tells ${name} clients why something is refused`, async () => {
            const client = await connect({ userId: "u", reliable, roles: [] });
            await assert.rejects(
                client.joinGroup("g"),
                (error: SendMessageError) => error.errorDetail?.name === "Forbidden",
            );
        });

        it(`tells ${name} clients that the server closed them`, async () => {
            const client = await connect({ userId: "u", reliable });
            const gone = new Promise<string | undefined>((resolve) =>
                client.on("disconnected", ({ message }) => resolve(message?.message)),
            );
            await service.closeUserConnections("u", { reason: "enough" });
            assert.equal(await gone, "Application server closed the connection. Reason: enough");
        });
    }

    it("gives a reliable client that was cut off the same connection and what it missed", async () => {
        const wire = await openWire(test.service.port);
        servers.push(wire.server);
        const client = await connect({ userId: "u", reliable: true, port: wire.port });
        const heard: unknown[] = [];
        let disconnects = 0;
        client.on("server-message", ({ message }) => void heard.push(message.data));
        client.on("disconnected", () => disconnects++);
        await client.joinGroup("g");
        await service.sendToAll("before", { contentType: "text/plain" });
        await until(() => heard.length === 1, "the first message");
        wire.cut();
        await service.sendToAll("during", { contentType: "text/plain" });
        await until(() => heard.includes("during"), "what was missed");
        await service.sendToAll("after", { contentType: "text/plain" });
        await until(() => heard.includes("after"), "what came later");
        assert.deepEqual([...new Set(heard)], ["before", "during", "after"]);
        assert.equal(disconnects, 0);
        assert.equal(await service.groupExists("g"), true);
        const names = test.handler.events().map(({ headers }) => headers["ce-eventname"]);
        assert.deepEqual(names, ["connect", "connected"]);
    });

    it("gives a plain client that was cut off a new connection, in its groups again", async () => {
        const wire = await openWire(test.service.port);
        servers.push(wire.server);
        const client = await connect({ userId: "u", reliable: false, port: wire.port });
        const ids: string[] = [];
        const heard: unknown[] = [];
        client.on("connected", ({ connectionId }) => void ids.push(connectionId));
        client.on("group-message", ({ message }) => void heard.push(message.data));
        await client.joinGroup("g");
        wire.cut();
        await until(() => ids.length === 1, "the new connection");
        await test.event("disconnected");
        const events = test.handler.events().filter(({ headers }) => headers["ce-eventname"] === "connect");
        assert.notEqual(events[0]?.headers["ce-connectionid"], ids[0]);
        // The client joins the group again, without an event for it.
        const deadline = performance.now() + 5000;
        while (!(await service.groupExists("g"))) {
            assert.ok(performance.now() < deadline, "The client did not join its group again.");
        }
        await service.group("g").sendToAll("back", { contentType: "text/plain" });
        await until(() => heard.length === 1, "the message");
    });

    it("serves every call of the service client", async () => {
        const client = await connect({ userId: "u", reliable: true });
        const { headers } = await test.event("connected");
        const id = String(headers["ce-connectionid"]);
        assert.equal(await service.connectionExists(id), true);
        assert.equal(await service.userExists("u"), true);
        assert.equal(await service.userExists("nobody"), false);
        const group = service.group("g");
        await group.addConnection(id);
        assert.equal(await service.groupExists("g"), true);
        const listed: unknown[] = [];
        for await (const member of await group.listConnections()) {
            listed.push(member);
        }
        assert.deepEqual(listed, [{ connectionId: id, userId: "u" }]);
        await group.removeConnection(id);
        await group.addUser("u");
        await group.removeUser("u");
        await service.addConnectionsToGroups(["a", "b"], "userId eq 'u'");
        await service.removeConnectionsFromGroups(["a"], "userId eq 'u'");
        assert.deepEqual([await service.groupExists("a"), await service.groupExists("b")], [false, true]);
        await service.removeUserFromAllGroups("u");
        await service.removeConnectionFromAllGroups(id);
        await service.grantPermission(id, "sendToGroup", { targetName: "x" });
        assert.equal(await service.hasPermission(id, "sendToGroup", { targetName: "x" }), true);
        await service.revokePermission(id, "sendToGroup", { targetName: "x" });
        const heard: unknown[] = [];
        client.on("server-message", ({ message }) => void heard.push(message.data));
        await service.sendToUser("u", { to: "user" });
        await service.sendToConnection(id, "connection", { contentType: "text/plain" });
        await service.sendToAll({ to: "all" }, { filter: "userId eq 'u'", messageTtlSeconds: 10 });
        await until(() => heard.length === 3, "three messages");
        assert.deepEqual(heard, [{ to: "user" }, "connection", { to: "all" }]);
        await service.closeConnection(id);
        assert.equal(await service.connectionExists(id), false);
        await service.closeAllConnections();
        await group.closeAllConnections();
    });
});
