import assert from "node:assert/strict";
import { type CheckStep, having } from "../step";
import type { CheckClient, People } from "./client";

/** Exercises the events that only an admin may send. Afterwards the admin is the only client connected. */
export async function* adminSteps(people: People): AsyncGenerator<CheckStep> {
    let admin!: CheckClient;
    yield {
        title: "only an admin may announce",
        async run() {
            const { ann, bob, enter } = people;
            const mallory = await enter({ name: "mallory" });
            await assert.rejects(mallory.ask("announce", "free tea"));
            mallory.close();
            admin = await enter({ name: "admin-ada" });
            await admin.ask("announce", "tea is ready");
            for (const client of [ann, bob]) {
                await client.next("announcement", having({ from: "admin-ada", text: "tea is ready" }));
            }
        },
    };
    yield {
        title: "an admin may request any action of the service",
        async run() {
            const action = { actionName: "sendToUser", userId: "ann", dataType: "json", data: { type: "note", n: 1 } };
            assert.deepEqual(await admin.ask("action", action), {
                type: "done",
                event: "action",
                actionName: "sendToUser",
            });
            await people.ann.next("note", having({ n: 1 }));
        },
    };
    yield {
        title: "a kicked client is disconnected, with the reason",
        async run() {
            const { ann, bob } = people;
            await ann.ask("kick", { connectionId: bob.connectionId() });
            const [reason] = await bob.next("disconnected");
            assert.match(String(reason), /removed by ann/);
            await ann.next("left", having({ userId: "bob" }));
        },
    };
    yield {
        title: "dissolving a group closes its connections, except the admin's own",
        async run() {
            const carol = await people.enter({ name: "carol" });
            for (const client of [carol, admin]) {
                await client.ask("join", { group: "milk" });
            }
            await admin.ask("dissolve", { group: "milk" });
            await carol.next("stopped");
            assert.equal((await admin.ask("message", "still here")).type, "delivered");
        },
    };
    yield {
        title: "clearing the hub closes every connection except the admin's own",
        async run() {
            await admin.ask("clear");
            await people.ann.next("stopped");
            assert.equal((await admin.ask("message", "alone")).type, "delivered");
        },
    };
}
