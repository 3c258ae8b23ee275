import assert from "node:assert/strict";
import { startProgram } from "../../local/engine/program";
import { webPubSubChat } from "../support/chatStack";
import { describeCutWires, otherAddress, otherHandler, saidOfHandlers, withoutRole } from "../support/cutWires";

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
        // One Deploy stores the package with the app's identity on Flex Consumption, which this chat runs on.
        it("without the storage role cannot store its code, and names the role", () =>
            assert.rejects(
                bench().start({ cut: withoutRole("b7e6dc6d-f1e8-4753-8033-0f276bb0955b"), startProgram }),
                /does not have role "Storage Blob Data (Owner|Contributor)"/,
            ));

        it("with no connect event listed admits a banned client without asking the app, and reports this", async () => {
            const cut = otherHandler((handler) => ({ ...handler, systemEvents: ["connected", "disconnected"] }));
            const chat = await bench().start({ cut });
            const banned = await chat.join({ name: "eve", query: { banned: "true" } });
            await banned.next("welcome");
            await chat.hears(/event 'connect' is in no handler's systemEvents/);
        });

        it("with an event that no handler's pattern matches fails only that event", async () => {
            const cut = otherHandler((handler) => ({ ...handler, userEventPattern: "echo" }));
            const chat = await bench().start({ cut });
            const ann = await chat.join({ name: "ann" });
            await ann.client.sendEvent("echo", "still there", "text");
            assert.deepEqual(await ann.next("text"), ["still there"]);
            await assert.rejects(ann.ask("message", "to nobody"));
        });
    },
});
