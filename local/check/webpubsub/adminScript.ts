import assert from "node:assert/strict";
import { type CheckStep, having } from "../step";
import type { CheckClient } from "./client";
import type { People } from "./script";

/** What only an admin may do; at the end nobody else is connected. */
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
        title: "an admin does any of the service's actions",
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
            assert.match(String(reason), /sent out by ann/);
            await ann.next("left", having({ userId: "bob" }));
        },
    };
    yield {
        title: "a dissolved group's connections are closed, but not the one that did it",
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
        title: "a cleared hub has nobody but the one who cleared it",
        async run() {
            await admin.ask("clear");
            await people.ann.next("stopped");
            assert.equal((await admin.ask("message", "alone")).type, "delivered");
        },
    };
}
