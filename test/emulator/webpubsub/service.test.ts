import assert from "node:assert/strict";
import { armId, startTestEmulator } from "../../support/emulator";
import type { HandlerAnswer } from "../../support/eventHandlerServer";
import { json, reliable, startWebPubSub } from "../../support/webPubSubService";

describe("Web PubSub service", () => {
    it("is opened by the emulator and closed with it", async () => {
        const test = await startTestEmulator();
        const id = armId("Microsoft.SignalRService/webPubSub/chat");
        const service = await test.emulator.openWebPubSubService({ id, name: "chat" });
        assert.equal((await fetch(`${service.endpoint}/api/health`, { method: "HEAD" })).status, 200);
        assert.equal(
            service.keys.primaryConnectionString,
            `Endpoint=http://localhost:${service.port};AccessKey=${service.keys.primaryKey};Version=1.0;`,
        );
        await test.close();
        await assert.rejects(fetch(service.endpoint));
    });

    it("closes at once, with clients connected and a handler that hangs, and logs nothing of it", async () => {
        const test = await startWebPubSub();
        const client = await test.client({ protocols: [json] });
        test.handler.respond = () => "hang";
        client.send({ type: "event", event: "e", data: 1 });
        await test.event("e");
        await test.service.close();
        await client.closed;
        await test.close();
        assert.equal(test.warnings(), "");
    });

    it("refuses a client that was let in while its hub was removed, and tells the handler", async () => {
        const test = await startWebPubSub();
        let letIn: (answer: HandlerAnswer) => void = () => undefined;
        test.handler.respond = ({ headers }) =>
            headers["ce-eventname"] === "connect"
                ? new Promise((resolve) => {
                      letIn = resolve;
                  })
                : {};
        const refused = test.refused({ protocols: [json] });
        await test.event("connect");
        test.service.removeHub("chat");
        letIn({});
        assert.equal(await refused, 503);
        await test.event("disconnected");
        await test.close();
    });

    it("sends a message to every way of speaking that is in a group, each in its own form", async () => {
        const test = await startWebPubSub({ hub: { eventHandlers: [] } });
        const clients = await Promise.all(
            [[], [json], [json], [reliable], [reliable]].map((protocols) => test.client({ protocols, groups: ["g"] })),
        );
        const sender = await test.client({ protocols: [json], userId: "u", roles: ["webpubsub.sendToGroup.g"] });
        sender.send({ type: "sendToGroup", group: "g", dataType: "text", data: "x" });
        const message = { type: "message", from: "group", group: "g", fromUserId: "u", dataType: "text", data: "x" };
        const [simple, ...others] = await Promise.all(clients.map((client) => client.next()));
        assert.equal(simple, "x");
        assert.deepEqual(others.slice(0, 2), [message, message]);
        const numbered = { ...message, sequenceId: 1 };
        assert.deepEqual(others.slice(2), [numbered, numbered]);
        await test.close();
    });
});
