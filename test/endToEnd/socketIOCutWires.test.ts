import assert from "node:assert/strict";
import { startProgram } from "../../local/engine/program";
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
        // The same code for every service, so it is cut here only.
        it("without the storage role cannot store its code, and names the role", () =>
            assert.rejects(
                bench().start({ cut: withoutRole("b7e6dc6d-f1e8-4753-8033-0f276bb0955b"), startProgram }),
                /does not have role "Storage Blob Data (Owner|Contributor)"/,
            ));

        it("with no connect event listed asks nobody before it lets a banned client in, and says so", async () => {
            const cut = otherHandler((handler) => ({ ...handler, systemEvents: ["connected", "disconnected"] }));
            const chat = await bench().start({ cut });
            const banned = await chat.join({ name: "eve", query: { banned: "true" } });
            await banned.next("welcome");
            await chat.hears(/event 'connect' is in no handler's systemEvents/);
        });
    },
});
