import assert from "node:assert/strict";
import { socketIOChat } from "../support/chatStack";
import { describeCutWires, otherAddress, otherHandler, saidOfHandlers, withoutRole } from "../support/cutWires";

describeCutWires({
    title: "a chat on Socket.IO",
    kind: socketIOChat,
    dataRole: {
        id: "12cf5a90-567b-43ae-8102-96cf46c7d9b4",
        said: /does not have role "Web PubSub Service Owner" on \S+\/webPubSub\//i,
    },
    setting: {
        name: "WebPubSubForSocketIOConnectionString__endpoint",
        said: /WebPubSubForSocketIOConnectionString/,
    },
    extension: "socketio",
    otherUrl: otherAddress(otherHandler),
    async refused(chat) {
        const client = await chat.join({ name: "ann" });
        await client.next("connect_error");
    },
    said: saidOfHandlers,
    bundle: "Microsoft.Azure.Functions.ExtensionBundle",
    more(bench) {
        it("without the role to read its package runs no function, and names the role", async () => {
            const chat = await bench().start({ cut: withoutRole("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1") });
            await assert.rejects(chat.join({ name: "ann" }));
            await chat.hears(/does not have role "Storage Blob Data (Reader|Owner|Contributor)"/);
        });

        it("with no connect event listed admits a banned client without asking the app, and reports this", async () => {
            const cut = otherHandler((handler) => ({ ...handler, systemEvents: ["connected", "disconnected"] }));
            const chat = await bench().start({ cut });
            const banned = await chat.join({ name: "eve", query: { banned: "true" } });
            await banned.next("welcome");
            await chat.hears(/event 'connect' is in no handler's systemEvents/);
        });
    },
});
