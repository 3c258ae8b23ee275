import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Seen } from "../inbox";
import { type CheckStage, type CheckStep, field, having, negotiate, servesPage } from "../step";
import { adminSteps } from "./adminScript";
import { openClient, openPlainClient, type People, type PlainClient, type Who } from "./client";

/** Exercises every binding of the chat on Web PubSub, with a few people as clients. */
export async function* webPubSubSteps(stage: CheckStage): AsyncGenerator<CheckStep> {
    const opened: { close(): void }[] = [];
    const optionsFor = (who: Who) => ({
        ...stage,
        ...who,
        onSeen: (seen: Seen) => stage.onSeen(who.name || "somebody", seen),
    });
    const enter = async (who: Who) => {
        const client = await openClient(optionsFor(who));
        opened.push(client);
        await client.next("welcome", having({ connectionId: client.connectionId(), userId: who.name }));
        return client;
    };
    const enterPlain = async (who: Who) => {
        const client = await openPlainClient(optionsFor(who));
        opened.push(client);
        return client;
    };
    const people = { enter } as People;

    try {
        yield servesPage(stage);
        yield {
            title: "a user signed in to App Service gets a token for that name",
            async run() {
                const login = new URL("login", stage.negotiateUrl);
                const headers = { "x-ms-client-principal-name": "ann" };
                const { accessToken } = await negotiate<{ accessToken: string }>(login, { headers });
                const [, claims = ""] = accessToken.split(".");
                assert.equal(JSON.parse(Buffer.from(claims, "base64url").toString()).sub, "ann");
            },
        };
        yield {
            title: "ann negotiates, connects with the reliable protocol and is welcomed",
            async run() {
                people.ann = await enter({ name: "ann" });
            },
        };
        yield {
            title: "bob connects with the JSON protocol, and ann is told",
            async run() {
                people.bob = await enter({ name: "bob", protocol: "json" });
                await people.ann.next("joined", having({ connectionId: people.bob.connectionId() }));
            },
        };
        yield* doorSteps({ enterPlain, people });
        yield* messageSteps(people);
        yield* groupSteps(people);
        yield* adminSteps(people);
    } finally {
        for (const client of opened) {
            client.close();
        }
    }
}

type Plain = { enterPlain(who: Who): Promise<PlainClient>; people: People };

async function* doorSteps({ enterPlain, people }: Plain): AsyncGenerator<CheckStep> {
    yield {
        title: "a plain WebSocket without a name is admitted as a guest, and its message reaches everybody",
        async run() {
            const guest = await enterPlain({ name: "" });
            const [welcome] = await guest.next("welcome");
            const name = String(field([welcome], "userId"));
            assert.match(name, /^guest-/);
            guest.send("hello from a socket");
            await guest.next("delivered", having({ event: "message", sent: 1 }));
            await people.ann.next("message", having({ from: name, text: "hello from a socket" }));
            guest.close();
            await people.ann.next("left", having({ userId: name }));
        },
    };
    yield {
        title: "the connect handler rejects a banned client, with status and message",
        async run() {
            const eve = await enterPlain({ name: "eve", query: { banned: "true" } });
            const [refusal] = await eve.next("refused");
            assert.equal(field([refusal], "status"), 401);
            assert.match(String(field([refusal], "body")), /banned/);
        },
    };
}

async function* messageSteps(people: People): AsyncGenerator<CheckStep> {
    yield {
        title: "a message reaches everybody else, and the connection's state counts the messages sent",
        async run() {
            const { ann, bob } = people;
            for (const sent of [1, 2]) {
                assert.equal((await bob.ask("message", `hello ${sent}`)).sent, sent);
                await ann.next("message", having({ from: "bob", text: `hello ${sent}` }));
            }
            assert.ok(!bob.has("message", having({ from: "bob" }).fits), "bob got his own message");
        },
    };
    yield {
        title: "a message to one connection or one user reaches only that one",
        async run() {
            const { ann, bob } = people;
            await bob.ask("whisper", { connectionId: ann.connectionId(), text: "psst" });
            await ann.next("whisper", having({ from: "bob", text: "psst" }));
            await ann.ask("tell", { userId: "bob", text: "what?" });
            await bob.next("whisper", having({ from: "ann", text: "what?" }));
        },
    };
    yield {
        title: "text, JSON and bytes come back as answers",
        async run() {
            const { ann } = people;
            await ann.client.sendEvent("echo", "a text", "text");
            assert.deepEqual(await ann.next("text"), ["a text"]);
            await ann.client.sendEvent("echo", { a: [1, null] }, "json");
            assert.deepEqual(await ann.next("json"), [{ a: [1, null] }]);
            await ann.client.sendEvent("digest", "bytes", "text");
            const [digest] = await ann.next("binary");
            assert.deepEqual(digest, createHash("sha256").update("bytes").digest());
        },
    };
    yield {
        title: "an unusable event is refused with a reason, and reaches nobody",
        async run() {
            const answer = await people.ann.ask("whisper", { text: "to nobody" });
            assert.equal(answer.type, "refused");
            assert.match(String(answer.error), /connectionId/);
        },
    };
}

async function* groupSteps(people: People): AsyncGenerator<CheckStep> {
    yield {
        title: "the others in a group are told who joined, and a member may write to it without the app",
        async run() {
            const { ann, bob } = people;
            await assert.rejects(bob.client.sendToGroup("tea", { text: "too early" }, "json"), /Forbidden|Failed/);
            assert.deepEqual(await ann.ask("join", { group: "tea" }), { type: "done", event: "join", group: "tea" });
            await bob.ask("join", { group: "tea" });
            await ann.next("group joined", having({ group: "tea", userId: "bob" }));
            await bob.client.sendToGroup("tea", { text: "hello group" }, "json", { noEcho: true });
            await ann.next("group text", having({ group: "tea", fromUserId: "bob", text: "hello group" }));
        },
    };
    yield {
        title: "a client that left the group gets none of its messages and may no longer write to it",
        async run() {
            const { ann, bob } = people;
            await ann.ask("leave", { group: "tea" });
            await bob.next("group left", having({ group: "tea", userId: "ann" }));
            await assert.rejects(ann.client.sendToGroup("tea", { text: "from outside" }, "json"), /Forbidden|Failed/);
            await bob.client.sendToGroup("tea", { text: "too late" }, "json");
            // Messages keep their order, so the arrival of this one proves that "too late" was not delivered.
            await bob.ask("tell", { userId: "ann", text: "are you there?" });
            await ann.next("whisper", having({ text: "are you there?" }));
            assert.ok(
                !ann.has("group text", having({ text: "too late" }).fits),
                "ann still got a message of the group",
            );
        },
    };
    yield {
        title: "a user is added to a group, removed from it, and leaves all groups",
        async run() {
            const { ann, bob } = people;
            await bob.ask("invite", { userId: "ann", group: "tea" });
            await ann.next("invited", having({ group: "tea", from: "bob" }));
            await bob.client.sendToGroup("tea", { text: "welcome back" }, "json");
            await ann.next("group text", having({ text: "welcome back" }));
            await bob.ask("dismiss", { userId: "ann", group: "tea" });
            await ann.next("dismissed", having({ group: "tea", from: "bob" }));
            assert.equal((await bob.ask("quit")).userId, "bob");
        },
    };
}
