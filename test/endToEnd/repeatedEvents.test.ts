import assert from "node:assert/strict";
import { runCheck } from "../../local/check";
import type { InboxOptions, Seen } from "../../local/check/inbox";
import type { Properties } from "../../local/engine/values";
import {
    type ChatBench,
    type ChatKind,
    createBench,
    signalRChat,
    socketIOChat,
    webPubSubChat,
} from "../support/chatStack";
import { openRepeatingProxy, type RepeatingProxy } from "../support/repeatingProxy";

interface Suite<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }> {
    backend: string;
    kind: ChatKind<C, O>;
    /** Type of the resource that says where events go. */
    holder: string;
    /** The inputs with every URL of an event handler changed. */
    redirect(inputs: Properties, through: (url: string) => string): Properties;
    /** Joins a room, leaves it, and sends to it. */
    join(client: C): Promise<unknown>;
    leave(client: C): Promise<unknown>;
    sendToRoom(client: C): Promise<unknown>;
    roomMessage: string;
    /** How often a message to the room arrives that is sent once. */
    copies: number;
    /** Which answer the service gets. */
    answer: "first" | "second";
}

type Urls = { urlTemplate: string }[];
const redirected = (urls: Urls, through: (url: string) => string) =>
    urls.map((one) => ({ ...one, urlTemplate: through(one.urlTemplate) }));

/**
 * A service repeats an event whose answer it did not get, so the samples must bear one that comes twice. Source:
 * https://learn.microsoft.com/azure/azure-web-pubsub/howto-develop-eventhandler.
 */
function describeRepeated<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }>(
    suite: Suite<C, O>,
): void {
    describe(`${suite.backend}-chat gets every event twice`, function () {
        this.timeout(90_000);
        let bench: ChatBench<C, O>;
        let proxy: RepeatingProxy;
        before(async () => {
            proxy = await openRepeatingProxy({ passesOn: suite.answer });
            bench = createBench(suite.kind);
        });
        after(async () => {
            await bench.close();
            await proxy.close();
        });

        it("and every binding works as if each came once; who is in a room is the same, and a message goes out again", async () => {
            const change = (inputs: Properties) => suite.redirect(inputs, proxy.through);
            const chat = await bench.start({ cut: { type: suite.holder, change } });
            const lines: string[] = [];
            const passed = await runCheck({ outputs: chat.running.outputs, print: (line) => lines.push(line) });
            assert(passed, lines.join("\n"));
            assert(proxy.repeated.length > 20, `${proxy.repeated.length} events`);

            const seen: Seen[] = [];
            const ann = await chat.join({ name: "ann", onSeen: (one: Seen) => seen.push(one) } as never);
            const bob = await chat.join({ name: "bob" } as never);
            const messages = () => seen.filter(({ event }) => event === suite.roomMessage).length;
            await suite.join(ann);
            await suite.join(bob);
            await suite.sendToRoom(bob);
            // Events of one client come in order, so an answer says that what was sent to the client before has arrived.
            await suite.join(ann);
            assert.equal(messages(), suite.copies, "once for each delivery, though ann joined twice");
            await suite.leave(ann);
            await suite.sendToRoom(bob);
            await suite.join(ann);
            assert.equal(messages(), suite.copies, "ann has left, though she had joined several times");
        });
    });
}

describeRepeated({
    backend: "socketio",
    kind: socketIOChat,
    holder: "webpubsub:WebPubSubHub",
    redirect: redirectHub,
    join: (client) => client.ask("join room", "twice"),
    leave: (client) => client.ask("leave room", "twice"),
    sendToRoom: (client) => client.ask("to room", "twice", "hello"),
    roomMessage: "room message",
    copies: 2,
    answer: "second",
});

describeRepeated({
    backend: "webpubsub",
    kind: webPubSubChat,
    holder: "webpubsub:WebPubSubHub",
    redirect: redirectHub,
    join: (client) => client.ask("join", { group: "twice" }),
    leave: (client) => client.ask("leave", { group: "twice" }),
    // Sent past the app, so it comes once.
    sendToRoom: (client) => client.client.sendToGroup("twice", { type: "room message" }, "json"),
    roomMessage: "room message",
    copies: 1,
    answer: "second",
});

describeRepeated({
    backend: "signalr",
    kind: signalRChat,
    holder: "signalrservice:SignalR",
    redirect: (inputs, through) => {
        const { templates } = inputs.upstream as { templates: Urls };
        return { ...inputs, upstream: { templates: redirected(templates, through) } };
    },
    join: (client) => client.ask("joinGroup", "twice"),
    leave: (client) => client.ask("leaveGroup", "twice"),
    sendToRoom: (client) => client.ask("sendToGroup", "twice", "hello"),
    roomMessage: "groupMessage",
    copies: 2,
    // SignalR Service repeats nothing, says the vendor's emulator. A repeated event must still leave the state as it was; its own answer may
    // be an error, because the service refuses to remove a connection from a group that it has left.
    answer: "first",
});

function redirectHub(inputs: Properties, through: (url: string) => string): Properties {
    const properties = inputs.properties as { eventHandlers: Urls };
    return { ...inputs, properties: { ...properties, eventHandlers: redirected(properties.eventHandlers, through) } };
}
