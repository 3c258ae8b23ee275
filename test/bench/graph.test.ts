import assert from "node:assert/strict";
import { durationOf } from "../../bench/graph/durations";
import { toOperations } from "../../bench/graph/operations";
import { drawChain } from "../../bench/graph/picture";
import { longestChain, type Operation, schedule } from "../../bench/graph/schedule";
import { vendorOrder } from "../../bench/graph/vendorOrder";
import type { Recorded } from "../../local/engine/recorder";
import { allOptions } from "../support/allOptions";
import { backends, codePaths } from "../support/backend";
import { runProgram } from "../support/pulumi";

const unlimited = { atOnce: Number.POSITIVE_INFINITY };

function operations(...lines: [id: string, seconds: number, after?: string][]): Operation[] {
    return lines.map(([id, seconds, after]) => ({
        id,
        name: id,
        type: `p:m:${id.toUpperCase()}`,
        seconds,
        after: after?.split(" ") ?? [],
    }));
}

describe("the bench's deployment graph", () => {
    const diamond = operations(["a", 1], ["b", 5, "a"], ["c", 2, "a"], ["d", 3, "b c"]);

    it("takes as long as the longest chain when independent operations run at once", () => {
        const { seconds, chain } = schedule(diamond, unlimited);
        assert.equal(seconds, 9);
        assert.deepEqual(
            chain.map(({ id, start, end }) => [id, start, end]),
            [
                ["a", 0, 1],
                ["b", 1, 6],
                ["d", 6, 9],
            ],
        );
    });

    it("takes as long as all operations together when one runs at a time", () => {
        assert.equal(schedule(diamond, { atOnce: 1 }).seconds, 11);
    });

    it("counts the operations of the chain, except those of 0 seconds", () => {
        assert.equal(longestChain([...diamond, ...operations(["e", 0, "d"])]), 3);
    });

    it("does not count an operation of 0 seconds as running", () => {
        assert.equal(schedule(operations(["a", 4], ["b", 0], ["c", 1, "b"]), { atOnce: 1 }).seconds, 5);
    });

    it("refuses a circle and names its operations", () => {
        assert.throws(() => schedule(operations(["a", 1, "b"], ["b", 1, "a"]), unlimited), /wait for each other: a, b/);
    });

    it("holds settings back until the roles before them are in force, and nothing else", () => {
        const roleType = "azure-native:authorization:RoleAssignment";
        const resource = (name: string, type: string, dependencies: string[] = []) =>
            ({ urn: name, name, type, custom: true, dependencies, inputs: {} }) as unknown as Recorded;
        const recorded = [
            resource("role", roleType),
            resource("settings", "azure-native:web:WebAppApplicationSettings", ["role"]),
            resource("group", "azure-native:resources:ResourceGroup", ["role"]),
        ];
        assert.equal(schedule(toOperations(recorded), unlimited).seconds, 10);
        const { chain } = schedule(toOperations(recorded, { roleDelay: 120 }), unlimited);
        assert.deepEqual(
            chain.map(({ id, end }) => [id, end]),
            [
                ["role", 5],
                ["settings roles", 125],
                ["settings", 130],
            ],
        );
    });

    it("takes no type for free that the table does not hold", () => {
        assert.equal(durationOf("random:index/randomString:RandomString"), 0);
        assert.throws(() => durationOf("azure-native:web:Unknown"), /holds no duration of azure-native:web:Unknown/);
    });

    for (const { Backend, extension } of backends) {
        it(`knows how long each resource of a ${Backend.name} takes, with every option`, async () => {
            const args = allOptions({ codePath: codePaths[extension], network: { app: "Private" } });
            const { resources } = await runProgram(() => new Backend("chat", args as never));
            for (const { type } of resources.filter(({ custom }) => custom)) {
                assert.ok(durationOf(type) >= 0, type);
            }
        });
    }

    it("publishes after the whole template, then reads the key, then creates the hub", () => {
        const { chain } = schedule(vendorOrder("azure-native:webpubsub:WebPubSub"), unlimited);
        assert.deepEqual(
            chain.slice(-3).map(({ name }) => name),
            ["publish", "read key", "hub"],
        );
    });

    it("draws each operation at its time", () => {
        const drawn = drawChain({ title: "x", schedule: schedule(diamond, unlimited), longest: 60 });
        assert.deepEqual(drawn.split("\n"), ["x: 9 s", "  A a  = 1 s", "  B b   ===== 5 s", "  D d        === 3 s"]);
    });
});
