import assert from "node:assert/strict";
import { type ChatBench, createBench, webPubSubChat } from "../support/chatStack";
import { otherAddress, otherHandler } from "../support/cutWires";

describe("a chat on Web PubSub whose events go to an HTTP function of the app", function () {
    this.timeout(60_000);
    let bench: ChatBench<Awaited<ReturnType<typeof webPubSubChat.open>>, Parameters<typeof webPubSubChat.open>[0]>;

    beforeEach(() => {
        bench = createBench(webPubSubChat);
    });
    afterEach(() => bench.close());

    it("admits clients and answers them, with the validation request and the function key", async () => {
        const cut = otherAddress(otherHandler)((url) =>
            url
                .replace("/runtime/webhooks/webpubsub", "/api/eventhandler")
                .replace(/host--systemKey--webpubsub-095extension\/\w+/, "host--functionKey--default"),
        );
        const chat = await bench.start({ cut });
        const ann = await chat.join({ name: "ann" });
        const answer = await ann.ask("message", "hello");
        assert.deepEqual(
            { ...answer, at: undefined },
            { type: "delivered", event: "message", received: "hello", at: undefined },
        );
        await assert.rejects(chat.join({ name: "eve", query: { banned: "true" } }));
    });
});
