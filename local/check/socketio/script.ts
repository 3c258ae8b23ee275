import assert from "node:assert/strict";
import { type CheckStage, type CheckStep, field, having, servesPage } from "../step";
import { type CheckClient, type ClientOptions, openClient } from "./client";

type Who = Pick<ClientOptions, "name" | "transports" | "namespace" | "query">;

/** Exercises every binding of the chat on Web PubSub for Socket.IO, with a few people as clients. */
export async function* socketIoSteps(stage: CheckStage): AsyncGenerator<CheckStep> {
    const clients: CheckClient[] = [];
    const join = async (who: Who) => {
        const client = await openClient({ ...stage, ...who, onSeen: (seen) => stage.onSeen(who.name, seen) });
        clients.push(client);
        return client;
    };
    const enter = async (who: Who) => {
        const client = await join(who);
        const welcome = await client.next("welcome");
        assert.equal(field(welcome, "socketId"), client.socket.id, "welcome names another socket");
        return client;
    };
    const refuse = async (who: Who) => {
        const client = await join(who);
        await client.next("connect_error");
    };
    let ann!: CheckClient;
    let bob!: CheckClient;

    try {
        yield servesPage(stage);
        yield {
            title: "ann negotiates, connects over WebSocket and is welcomed",
            async run() {
                ann = await enter({ name: "ann", transports: ["websocket"] });
            },
        };
        yield {
            title: "bob connects over polling, and ann is told",
            async run() {
                bob = await enter({ name: "bob", transports: ["polling"] });
                await ann.next("joined", having({ socketId: bob.socket.id }));
            },
        };
        yield {
            title: "the connect handler rejects a banned client",
            run: () => refuse({ name: "eve", query: { banned: "true" } }),
        };
        yield {
            title: "a message reaches everybody and is acknowledged",
            async run() {
                const ack = await bob.ask("message", "hello all");
                assert.equal(field(ack, "delivered"), true);
                for (const client of [ann, bob]) {
                    await client.next("message", having({ text: "hello all" }));
                }
            },
        };
        yield {
            title: "joining a room is acknowledged, and the others in it are told",
            async run() {
                assert.deepEqual(await ann.ask("join room", "tea"), ["joined", "tea"]);
                assert.deepEqual(await bob.ask("join room", "tea"), ["joined", "tea"]);
                await ann.next("room joined", having({ socketId: bob.socket.id }));
            },
        };
        yield {
            title: "a message to a room reaches the others in it",
            async run() {
                await bob.ask("to room", "tea", "hello room");
                await ann.next("room message", having({ text: "hello room" }));
            },
        };
        yield {
            title: "a message to two rooms reaches both",
            async run() {
                await ann.ask("join room", "milk");
                await bob.ask("to rooms", ["tea", "milk"], "hello rooms");
                await ann.next("rooms message", having({ text: "hello rooms" }));
            },
        };
        yield {
            title: "a client that left a room gets none of its messages",
            async run() {
                assert.deepEqual(await ann.ask("leave room", "milk"), ["left", "milk"]);
                await bob.ask("to room", "milk", "too late");
                // Messages keep their order, so the arrival of this one proves that "too late" was not delivered.
                await bob.ask("whisper", ann.socket.id, "psst");
                await ann.next("whisper", having({ text: "psst" }));
                assert.ok(
                    !ann.has("room message", having({ text: "too late" }).fits),
                    "ann still got a message of the room",
                );
            },
        };
        yield {
            title: "the timer's tick reaches both clients",
            async run() {
                // The timer fires every 30 s unless the stack configures another schedule.
                const patience = { milliseconds: 45_000 };
                await Promise.all([ann.next("tick", patience), bob.next("tick", patience)]);
            },
        };
        yield {
            title: "only an admin may enter the namespace /admin",
            run: () => refuse({ name: "mallory", namespace: "/admin" }),
        };
        yield {
            title: "an announcement from /admin reaches everybody in /",
            async run() {
                const admin = await enter({ name: "admin-ada", namespace: "/admin" });
                await admin.ask("announce", "tea is ready");
                for (const client of [ann, bob]) {
                    await client.next("announcement", having({ text: "tea is ready" }));
                }
                admin.close();
            },
        };
        yield {
            title: "a kicked client is disconnected, and the others are told why",
            async run() {
                const { id } = bob.socket;
                await ann.ask("kick", id);
                await bob.next("disconnect");
                await ann.next("left", having({ socketId: id }));
            },
        };
        yield {
            title: "a client kicked hard loses its connection",
            async run() {
                const eve = await enter({ name: "eve", transports: ["websocket"] });
                await ann.ask("kick hard", eve.socket.id);
                await eve.next("disconnect");
            },
        };
    } finally {
        for (const client of clients) {
            client.close();
        }
    }
}
