import assert from "node:assert/strict";
import { signalRChat } from "../support/chatStack";
import { describeCutWires, otherAddress, otherTemplate } from "../support/cutWires";

describeCutWires({
    title: "a chat on SignalR",
    kind: signalRChat,
    dataRole: {
        id: "7e4f1700-ea5a-4f59-8f37-079cfe29dce3",
        said: /does not have role "SignalR Service Owner" or "SignalR App Server" on \S+\/signalR\//i,
    },
    setting: { name: "AzureSignalRConnectionString__serviceUri", said: /AzureSignalRConnectionString/ },
    extension: "signalr",
    otherUrl: otherAddress(otherTemplate),
    // SignalR admits a client without asking the app. The connection is then closed, or its calls get no answer.
    refused: (chat) =>
        assert.rejects(async () => {
            const client = await chat.join({ name: "ann" });
            await client.ask("echo", "anybody?");
        }),
    said: { 401: /answered 401/, 403: /answered 403/, 404: /answered 404/ },
    bundle: "Microsoft.Azure.Functions.ExtensionBundle.Workflows",
    more(bench) {
        it("with messages in no template's category fails calls, and reports that no template matches", async () => {
            const cut = otherTemplate((template) => ({ ...template, categoryPattern: "connections" }));
            const chat = await bench().start({ cut });
            const ann = await chat.join({ name: "ann" });
            await ann.next("welcome");
            await assert.rejects(ann.ask("echo", "anybody?"));
            await chat.hears(/'echo' .*template/);
        });

        it("with one event in its template fails every other event", async () => {
            const cut = otherTemplate((template) => ({ ...template, eventPattern: "connected,echo" }));
            const chat = await bench().start({ cut });
            const ann = await chat.join({ name: "ann" });
            await ann.next("welcome");
            assert.equal(await ann.ask("echo", "still there"), "still there");
            await assert.rejects(ann.ask("broadcast", "to nobody"));
        });

        it("with another hub in its template welcomes nobody", async () => {
            const cut = otherTemplate((template) => ({ ...template, hubPattern: "lobby" }));
            const chat = await bench().start({ cut });
            const ann = await chat.join({ name: "ann" });
            await assert.rejects(ann.ask("echo", "anybody?"));
            assert.ok(!ann.has("welcome", () => true));
        });
    },
});
