import assert from "node:assert/strict";
import { webPubSubChat } from "../support/chatStack";
import { describeCutWires, otherAddress, otherHandler, saidOfHandlers } from "../support/cutWires";

describeCutWires({
    title: "a chat on Web PubSub",
    kind: webPubSubChat,
    dataRole: {
        id: "12cf5a90-567b-43ae-8102-96cf46c7d9b4",
        said: /does not have role "Web PubSub Service Owner" on \S+\/webPubSub\//i,
    },
    setting: { name: "WebPubSubConnectionString__serviceUri", said: /WebPubSubConnectionString/ },
    extension: "webpubsub",
    otherUrl: otherAddress(otherHandler),
    refused: (chat) => assert.rejects(chat.join({ name: "ann" })),
    said: saidOfHandlers,
    bundle: "Microsoft.Azure.Functions.ExtensionBundle.Workflows",
    more(bench) {
        it("with no connect event listed asks nobody before it lets a banned client in, and says so", async () => {
            const cut = otherHandler((handler) => ({ ...handler, systemEvents: ["connected", "disconnected"] }));
            const chat = await bench().start({ cut });
            const banned = await chat.join({ name: "eve", query: { banned: "true" } });
            await banned.next("welcome");
            await chat.hears(/event 'connect' is in no handler's systemEvents/);
        });

        it("with an event that no handler's pattern has fails that event, and no other", async () => {
            const cut = otherHandler((handler) => ({ ...handler, userEventPattern: "echo" }));
            const chat = await bench().start({ cut });
            const ann = await chat.join({ name: "ann" });
            await ann.client.sendEvent("echo", "still there", "text");
            assert.deepEqual(await ann.next("text"), ["still there"]);
            await assert.rejects(ann.ask("message", "to nobody"));
        });
    },
});
