import assert from "node:assert/strict";
import { messageOf } from "../../../emulator/core/errors";
import { type CheckStage, type CheckStep, having, negotiate, servesPage } from "../step";
import { type CheckClient, type ClientOptions, openClient } from "./client";

type Who = Pick<ClientOptions, "name" | "transport" | "messagePack">;

interface People {
    ann: CheckClient;
    bob: CheckClient;
    join(who: Who): Promise<CheckClient>;
    /** Connects a client and waits until the app welcomes it. */
    enter(who: Who): Promise<CheckClient>;
}

/** Exercises every binding of the chat on SignalR Service, with a few people as clients. */
export async function* signalRSteps(stage: CheckStage): AsyncGenerator<CheckStep> {
    const clients: CheckClient[] = [];
    const people = {
        async join(who) {
            const client = await openClient({
                ...stage,
                ...who,
                onSeen: (seen) => stage.onSeen(who.name, seen),
            });
            clients.push(client);
            return client;
        },
        async enter(who) {
            const client = await people.join(who);
            await client.next("welcome", having({ connectionId: client.connectionId(), userId: who.name }));
            return client;
        },
    } as People;

    try {
        yield servesPage(stage);
        yield {
            title: "a user signed in to App Service gets a token for that name",
            async run() {
                const login = new URL("login/negotiate", stage.negotiateUrl);
                const headers = { "x-ms-client-principal-name": "ann" };
                const { accessToken } = await negotiate<{ accessToken: string }>(login, { method: "POST", headers });
                const [, claims = ""] = accessToken.split(".");
                assert.equal(JSON.parse(Buffer.from(claims, "base64url").toString())["asrs.s.uid"], "ann");
            },
        };
        yield {
            title: "ann negotiates, connects over WebSockets and is welcomed",
            async run() {
                people.ann = await people.enter({ name: "ann" });
            },
        };
        yield {
            title: "bob connects over long polling with MessagePack, and ann is told",
            async run() {
                people.bob = await people.enter({ name: "bob", transport: "LongPolling", messagePack: true });
                await people.ann.next("joined", having({ connectionId: people.bob.connectionId() }));
            },
        };
        yield {
            title: "the connected handler rejects a client without a name",
            async run() {
                // The service closes the connection during its start or right after.
                const nobody = await people.join({ name: "" }).catch((error: unknown) => {
                    if (!/error on close/.test(messageOf(error))) {
                        throw error;
                    }
                });
                await nobody?.next("closed");
            },
        };
        yield* messageSteps(people);
        yield* groupSteps(people);
        yield {
            title: "the others are told when a client over server-sent events leaves",
            async run() {
                const carol = await people.enter({ name: "carol", transport: "ServerSentEvents" });
                carol.close();
                await people.ann.next("left", having({ userId: "carol" }));
            },
        };
    } finally {
        for (const client of clients) {
            client.close();
        }
    }
}

async function* messageSteps(people: People): AsyncGenerator<CheckStep> {
    yield {
        title: "a message reaches everybody, and the call returns",
        async run() {
            const { ann, bob } = people;
            assert.equal(((await bob.ask("broadcast", "hello all")) as { delivered: boolean }).delivered, true);
            for (const client of [ann, bob]) {
                await client.next("message", having({ from: "bob", text: "hello all" }));
            }
        },
    };
    yield {
        title: "a message to one connection or one user reaches only that one",
        async run() {
            const { ann, bob } = people;
            await bob.ask("sendToConnection", ann.connectionId(), "psst");
            await ann.next("whisper", having({ from: "bob", text: "psst" }));
            await ann.ask("sendToUser", "bob", "what?");
            await bob.next("whisper", having({ from: "ann", text: "what?" }));
        },
    };
    yield {
        title: "a call returns its result, in JSON and in MessagePack",
        async run() {
            for (const client of [people.ann, people.bob]) {
                assert.deepEqual(await client.ask("echo", { a: [1, "2", null] }), { a: [1, "2", null] });
            }
        },
    };
    yield {
        title: "an invalid call returns a reason, and a call of an unknown method fails",
        async run() {
            const refused = (await people.ann.ask("broadcast", "")) as { error?: string };
            assert.match(refused.error ?? "", /text/);
            await assert.rejects(people.ann.ask("noSuchMethod"));
        },
    };
    yield {
        title: "only an admin may announce",
        async run() {
            const { ann, bob } = people;
            assert.match(((await ann.ask("announce", "free tea")) as { error?: string }).error ?? "", /admins/);
            const admin = await people.enter({ name: "admin-ada" });
            await admin.ask("announce", "tea is ready");
            for (const client of [ann, bob]) {
                await client.next("announcement", having({ text: "tea is ready" }));
            }
            admin.close();
        },
    };
}

async function* groupSteps(people: People): AsyncGenerator<CheckStep> {
    const groupText = (text: string) => having({ group: "tea", text });
    yield {
        title: "the others in a group are told who joined, and a message to the group reaches them",
        async run() {
            const { ann, bob } = people;
            assert.deepEqual(await ann.ask("joinGroup", "tea"), { joined: "tea" });
            assert.deepEqual(await bob.ask("joinGroup", "tea"), { joined: "tea" });
            await ann.next("groupJoined", having({ group: "tea", userId: "bob" }));
            await bob.ask("sendToGroup", "tea", "hello group");
            await ann.next("groupMessage", groupText("hello group"));
        },
    };
    yield {
        title: "a client that left the group gets none of its messages",
        async run() {
            const { ann, bob } = people;
            assert.deepEqual(await ann.ask("leaveGroup", "tea"), { left: "tea" });
            await bob.next("groupLeft", having({ group: "tea", userId: "ann" }));
            await bob.ask("sendToGroup", "tea", "too late");
            // Messages keep their order, so the arrival of this one proves that "too late" was not delivered.
            await bob.ask("sendToUser", "ann", "are you there?");
            await ann.next("whisper", having({ text: "are you there?" }));
            assert.ok(!ann.has("groupMessage", groupText("too late").fits), "ann still got a message of the group");
        },
    };
    yield {
        title: "a user is added to a group, removed from it, and leaves all groups",
        async run() {
            const { ann, bob } = people;
            await bob.ask("invite", "ann", "tea");
            await ann.next("invited", having({ group: "tea", from: "bob" }));
            await bob.ask("sendToGroup", "tea", "welcome back");
            await ann.next("groupMessage", groupText("welcome back"));
            await bob.ask("dismiss", "ann", "tea");
            await ann.next("dismissed", having({ group: "tea", from: "bob" }));
            assert.deepEqual(await bob.ask("leaveAllGroups"), { left: "all" });
            await ann.ask("sendToGroup", "tea", "anybody?");
            await ann.ask("sendToUser", "bob", "are you there?");
            await bob.next("whisper", having({ text: "are you there?" }));
            assert.ok(!bob.has("groupMessage", groupText("anybody?").fits), "bob still got a message of the group");
        },
    };
}
