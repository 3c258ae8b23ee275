import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
    assertDelivered,
    connectionId,
    openWebPubSubChat,
    readActions,
    replied,
    type WebPubSubChat,
} from "../support/webPubSubChat";

describe("the webpubsub-chat function app", () => {
    let chat: WebPubSubChat;

    before(function () {
        this.timeout(60_000);
        chat = openWebPubSubChat();
    });

    it("registers one trigger for each event of the hub, under the binding name that the extension requires", () => {
        const triggers = [...chat.functions].flatMap(([name, { bindings }]) => {
            const [trigger] = bindings;
            return trigger?.type === "webPubSubTrigger"
                ? [[name, trigger.name, trigger.hub, trigger.eventType, trigger.eventName]]
                : [];
        });
        const system = ["connect", "connected", "disconnected"];
        const user = ["message", "whisper", "tell", "echo", "digest", "join", "leave", "invite", "dismiss", "quit"];
        const more = ["kick", "announce", "dissolve", "clear", "action"];
        assert.deepEqual(triggers, [
            ...system.map((event) => [event, "request", "%WebPubSubHub%", "system", event]),
            ...[...user, ...more].map((event) => [event, "request", "%WebPubSubHub%", "user", event]),
        ]);
    });

    it("welcomes a new client, tells the others who joined, and tells who left", async () => {
        const connectionContext = { connectionId, userId: "ann" };
        const connected = await chat.named("connected").invoke({ request: { connectionContext } });
        assert.deepEqual(readActions(connected.outputs), [
            { actionName: "sendToConnection", connectionId, sent: { type: "welcome", connectionId, userId: "ann" } },
            {
                actionName: "sendToAll",
                excluded: [connectionId],
                sent: { type: "joined", connectionId, userId: "ann" },
            },
        ]);
        const left = await chat.named("disconnected").invoke({ request: { connectionContext, reason: "gone" } });
        assert.deepEqual(readActions(left.outputs), [
            { actionName: "sendToAll", sent: { type: "left", connectionId, userId: "ann", reason: "gone" } },
        ]);
    });

    it("sends a message to the others and counts it in the connection's state", async () => {
        const sent = { type: "message", from: "ann", connectionId, text: "hello" };
        const first = await chat.send("message", "hello");
        assert.deepEqual(first.actions, [{ actionName: "sendToAll", excluded: [connectionId], sent }]);
        assertDelivered(first.answer, { event: "message", sent: 1 });
        assert.deepEqual(first.answer.states, { sent: 1 });
        const later = await chat.send("message", "hello", { states: { sent: 41 } });
        assertDelivered(later.answer, { event: "message", sent: 42 });
        assert.deepEqual(later.answer.states, { sent: 42 });
    });

    it("whispers to a connection and to all connections of a user", async () => {
        const sent = { type: "whisper", from: "ann", connectionId, text: "psst" };
        const one = await chat.send("whisper", { connectionId: "connection-2", text: "psst" });
        assert.deepEqual(one.actions, [{ actionName: "sendToConnection", connectionId: "connection-2", sent }]);
        assertDelivered(one.answer, { event: "whisper" });
        const all = await chat.send("tell", { userId: "ben", text: "psst" });
        assert.deepEqual(all.actions, [{ actionName: "sendToUser", userId: "ben", sent }]);
        assertDelivered(all.answer, { event: "tell" });
    });

    it("echoes text as text and JSON as JSON, and answers bytes as the JSON of a Buffer", async () => {
        assert.deepEqual((await chat.send("echo", "hi")).answer, { dataType: "text", data: "hi" });
        assert.deepEqual((await chat.send("echo", { a: [1] })).answer, { dataType: "json", data: '{"a":[1]}' });
        const bytes = [...createHash("sha256").update("hi").digest()];
        assert.deepEqual((await chat.send("digest", "hi")).answer, {
            dataType: "binary",
            data: { type: "Buffer", data: bytes },
        });
    });

    it("adds a client to a group with the right to write to it, and revokes both", async () => {
        const grant = { connectionId, permission: "sendToGroup", targetName: "tea" };
        const joined = await chat.send("join", { group: "tea" });
        assert.deepEqual(joined.actions, [
            { actionName: "addConnectionToGroup", connectionId, group: "tea" },
            { actionName: "grantPermission", ...grant },
            {
                actionName: "sendToGroup",
                group: "tea",
                excluded: [connectionId],
                sent: { type: "group joined", group: "tea", connectionId, userId: "ann" },
            },
        ]);
        assert.deepEqual(replied(joined.answer), { type: "done", event: "join", group: "tea" });
        const left = await chat.send("leave", { group: "tea" });
        assert.deepEqual(left.actions, [
            { actionName: "revokePermission", ...grant },
            { actionName: "removeConnectionFromGroup", connectionId, group: "tea" },
            {
                actionName: "sendToGroup",
                group: "tea",
                sent: { type: "group left", group: "tea", connectionId, userId: "ann" },
            },
        ]);
    });

    it("refuses bytes and invalid JSON", async () => {
        for (const { data, dataType, error } of [
            { data: "\u0001", dataType: "Binary", error: "data must be text or JSON, not Binary" },
            { data: "{", dataType: "json", error: "data is not JSON" },
        ]) {
            const connectionContext = { connectionId, userId: "ann" };
            const { returned } = await chat.named("echo").invoke({ request: { connectionContext, data, dataType } });
            assert.equal(replied(returned as Record<string, unknown>).error, error);
        }
    });
});
