import assert from "node:assert/strict";
import { FakeClock } from "../../support/clock";
import { until } from "../../support/until";
import { json, reliable, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

const everything = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"];

describe("Web PubSub messages of clients", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub();
    });
    afterEach(() => test.close());

    for (const protocol of [json, reliable]) {
        it(`joins, sends to and leaves a group with acks over ${protocol}`, async () => {
            const sender = await test.client({ protocols: [protocol], userId: "alice", roles: everything });
            sender.send({ type: "joinGroup", group: "g", ackId: 1 });
            assert.deepEqual(await sender.next(), { type: "ack", ackId: 1, success: true });
            const sequence = (sequenceId: number) => (protocol === reliable ? { sequenceId } : {});
            const message = { type: "message", from: "group", group: "g", fromUserId: "alice" };
            sender.send({ type: "sendToGroup", group: "g", ackId: 2, data: { a: 1 } });
            assert.deepEqual(await sender.next(), { ...message, dataType: "json", data: { a: 1 }, ...sequence(1) });
            assert.deepEqual(await sender.next(), { type: "ack", ackId: 2, success: true });
            sender.send({ type: "sendToGroup", group: "g", ackId: 3, dataType: "text", data: "x", noEcho: true });
            assert.deepEqual(await sender.next(), { type: "ack", ackId: 3, success: true });
            sender.send({ type: "sendToGroup", group: "g", dataType: "binary", data: "AQI=", metadata: { k: "v" } });
            assert.deepEqual(await sender.next(), {
                ...message,
                dataType: "binary",
                data: "AQI=",
                metadata: { k: "v" },
                ...sequence(2),
            });
            sender.send({ type: "leaveGroup", group: "g", ackId: 4 });
            assert.deepEqual(await sender.next(), { type: "ack", ackId: 4, success: true });
            assert.equal((await test.rest("HEAD", "/api/hubs/chat/groups/g")).status, 404);
            sender.send({ type: "ping" });
            assert.deepEqual(await sender.next(), { type: "pong" });
        });
    }

    it("executes a message once, whatever it is, and calls the second one a duplicate", async () => {
        const client = await test.client({ protocols: [json], roles: everything });
        for (const message of [
            { type: "joinGroup", group: "g", ackId: 1 },
            { type: "sendToGroup", group: "other", data: 1, ackId: 2 },
            { type: "event", event: "e", data: 1, ackId: 3 },
        ]) {
            client.send(message);
            assert.equal((await client.next()).success, true);
            client.send(message);
            const error = { name: "Duplicate", message: `Message with ack-id: ${message.ackId} has been processed` };
            assert.deepEqual(await client.next(), { type: "ack", ackId: message.ackId, success: false, error });
        }
        await test.event("e");
        assert.equal(test.handler.events().filter(({ headers }) => headers["ce-eventname"] === "e").length, 1);
    });

    it("executes a message again when it failed before", async () => {
        const client = await test.client({ protocols: [json] });
        client.send({ type: "joinGroup", group: "g", ackId: 1 });
        assert.equal((await client.next()).success, false);
        const path = `/api/hubs/chat/permissions/joinLeaveGroup/connections/${client.connectionId}?targetName=g`;
        assert.equal((await test.rest("PUT", path)).status, 200);
        client.send({ type: "joinGroup", group: "g", ackId: 1 });
        assert.equal((await client.next()).success, true);
    });

    for (const { message, action } of [
        { message: { type: "joinGroup", group: "g" }, action: "join" },
        { message: { type: "leaveGroup", group: "g" }, action: "leave" },
        { message: { type: "sendToGroup", group: "g", data: 1 }, action: "send to" },
    ]) {
        it(`forbids a client without the role to ${action} a group`, async () => {
            const client = await test.client({
                protocols: [json],
                roles: [`webpubsub.${action === "send to" ? "joinLeaveGroup" : "sendToGroup"}`],
            });
            client.send({ ...message, ackId: 9 });
            const error = { name: "Forbidden", message: `The client does not have permission to ${action} group 'g'.` };
            assert.deepEqual(await client.next(), { type: "ack", ackId: 9, success: false, error });
        });
    }

    for (const { what, message } of [
        { what: "text that is not JSON", message: "{" },
        { what: "an array", message: "[]" },
        { what: "an unknown type", message: '{"type":"__proto__"}' },
        { what: "a blank group", message: '{"type":"joinGroup","group":" "}' },
        { what: "an invalid event name", message: '{"type":"event","event":"1 a","data":1}' },
        { what: "text data that is no string", message: '{"type":"event","event":"e","dataType":"text","data":1}' },
        {
            what: "binary data that is not base64",
            message: '{"type":"event","event":"e","dataType":"binary","data":"*"}',
        },
        { what: "no data", message: '{"type":"sendToGroup","group":"g"}' },
        { what: "a time to live of 301 s", message: '{"type":"sendToGroup","group":"g","data":1,"ttlSeconds":301}' },
        { what: "an ackId that is no integer", message: '{"type":"joinGroup","group":"g","ackId":1.5}' },
        { what: "metadata that is not ASCII", message: '{"type":"event","event":"e","data":1,"metadata":{"k":"ü"}}' },
    ]) {
        it(`closes a client with 1007 that sends ${what}`, async () => {
            const client = await test.client({ protocols: [reliable], roles: everything });
            client.send(message);
            const reason = "The client message is not a valid JSON protocol message.";
            assert.deepEqual(await client.closed, { code: 1007, reason });
            assert.deepEqual(JSON.parse((await test.event("disconnected")).body), { reason });
        });
    }

    it("closes a JSON client with 1003 that sends a binary frame", async () => {
        const client = await test.client({ protocols: [json] });
        client.socket.send(Buffer.from([1]));
        assert.deepEqual(await client.closed, { code: 1003, reason: "The JSON subprotocol requires text messages." });
    });

    it("closes a client with 1009 that sends more than 1 MiB, and does not keep it for recovery", async () => {
        const client = await test.client({ protocols: [reliable] });
        client.send("x".repeat(1024 * 1024 + 1));
        assert.equal((await client.closed).code, 1009);
        await until(() => test.service.connections() === 0, "the end of the connection");
    });

    it("refuses invocations, streams and group states by name and keeps the connection", async () => {
        const client = await test.client({ protocols: [json], roles: everything });
        client.send({ type: "invoke", invocationId: "1", target: "event", event: "e" });
        const refused = await client.next();
        assert.equal(refused.success, false);
        assert.match(JSON.stringify(refused.error), /Invocations are not emulated/);
        client.send({ type: "sendToGroup", group: "g", stream: { streamId: "s" } });
        assert.match(JSON.stringify(await client.next()), /Streams are not emulated/);
        for (const type of ["setGroupState", "subscribeGroupState", "unsubscribeGroupState"]) {
            client.send({ type, group: "g", ackId: 7 });
            const error = { name: "NotImplemented", message: "Group states are not emulated." };
            assert.deepEqual(await client.next(), { type: "ack", ackId: 7, success: false, error });
            client.send({ type, group: "g" });
        }
        client.send({ type: "ping" });
        assert.deepEqual(await client.next(), { type: "pong" });
    });

    it("takes a simple client's frames to its group, with and without echo", async () => {
        const inGroup = { groups: ["g"], roles: ["webpubsub.sendToGroup.g"] };
        const mode = { webpubsub_mode: "sendToGroup", group: "g" };
        const silent = await test.client({ ...inGroup, query: { ...mode, noEcho: "true" } });
        const loud = await test.client({ ...inGroup, query: mode });
        const listener = await test.client({ groups: ["g"], protocols: [json] });
        silent.send("hello");
        assert.equal(await loud.next(), "hello");
        const expected = { type: "message", from: "group", group: "g", fromUserId: null };
        assert.deepEqual(await listener.next(), { ...expected, dataType: "text", data: "hello" });
        loud.socket.send(Buffer.from([7]));
        assert.deepEqual(await loud.next(), Buffer.from([7]));
        assert.deepEqual(await silent.next(), Buffer.from([7]));
        assert.deepEqual(await listener.next(), { ...expected, dataType: "binary", data: "Bw==" });
        assert.equal(test.handler.events().filter(({ headers }) => headers["ce-eventname"] === "message").length, 0);
    });

    it("closes a simple client with 1008 that may not send to its group", async () => {
        const client = await test.client({ query: { webpubsub_mode: "sendToGroup", group: "g" } });
        client.send("x");
        assert.deepEqual(await client.closed, {
            code: 1008,
            reason: "The connection is not authorized for raw sendToGroup mode.",
        });
    });

    it("pings every client at the hub's interval and cuts off those that do not answer", async () => {
        const clock = new FakeClock();
        const quiet = await startWebPubSub({ clock, hub: { webSocketKeepAliveIntervalInSeconds: 5 } });
        try {
            const client = await quiet.client();
            const deaf = await quiet.client();
            deaf.socket.pong = () => undefined;
            let pings = 0;
            client.socket.on("ping", () => pings++);
            await clock.advance(5000);
            await until(() => pings === 1, "the ping");
            // The service answers a ping in the same turn, so a message sent later arrives after the pong.
            client.send("x");
            await quiet.event("message");
            await clock.advance(5000);
            assert.equal((await deaf.closed).code, 1006);
            await until(() => pings === 2, "the second ping");
            assert.equal(quiet.service.connections(), 1);
        } finally {
            await quiet.close();
        }
    });
});
