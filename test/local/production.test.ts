import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UpdateResult } from "../../local/run";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createWorkbench, operations, type Workbench } from "../support/local";
import { startProgramHere } from "../support/programHere";

const changes = (result: UpdateResult) =>
    Object.fromEntries(Object.entries(operations(result)).filter(([, operation]) => operation !== "unchanged"));

describe("a program that watches and scales its services", function () {
    this.timeout(60_000);
    let bench: Workbench;
    before(() => {
        const takenPorts = new Set<number>();
        bench = createWorkbench({
            program: "production.ts",
            startEmulator: async () => createFakeEmulator({ takenPorts }),
            startProgram: startProgramHere,
        });
    });
    after(() => bench.close());

    const named = (result: UpdateResult, type: string) =>
        result.resources.filter((one) => one.type === `azure-native:${type}`).map(({ name }) => name);

    it("is taken by the checks of the local Azure, which knows every type of it", async () => {
        const preview = await bench.once({ preview: true });
        const first = await bench.once();
        assert.deepEqual(Object.keys(operations(preview)).sort(), Object.keys(operations(first)).sort());
        assert.deepEqual(new Set(Object.values(operations(first))), new Set(["created"]));
        assert.deepEqual(named(first, "monitor:AutoscaleSetting").sort(), [
            "signalr-autoscale",
            "signalr-us-autoscale",
            "socketio-autoscale",
            "socketio-us-autoscale",
        ]);
        assert.equal(named(first, "monitor:DiagnosticSetting").length, 7);
        assert.equal(named(first, "monitor:MetricAlert").length, 18);
        assert.equal(named(first, "applicationinsights:Workbook").length, 2);
        const [replica] = first.resources.filter(({ type }) => type.endsWith(":WebPubSubReplica"));
        assert.match(String(replica?.id), /\/webPubSub\/[^/]+\/replicas\/[^/]+-us$/);
        assert.equal(replica?.outputs.location, "westus2");
    });

    it("changes nothing in a second run", async () => {
        assert.deepEqual(changes(await bench.once()), {});
    });

    it("keeps the units that autoscale gave, in an update of something else", async () => {
        const file = join(bench.folder, "state.json");
        const state = JSON.parse(readFileSync(file, "utf8"));
        // The local Azure reopens a service with the units of its inputs.
        for (const one of state.resources) {
            if (/:(WebPubSub|SignalR)(Replica)?$/.test(one.type)) {
                one.inputs.sku.capacity = one.type.endsWith("Replica") ? 7 : 9;
            }
        }
        writeFileSync(file, JSON.stringify(state));
        const result = await bench.once({ config: { "fixture:team": "games" } });
        const units = result.resources
            .filter(({ type }) => /:(WebPubSub|SignalR)(Replica)?$/.test(type))
            .map(({ name, inputs }) => [name, (inputs.sku as { capacity: number }).capacity]);
        assert.deepEqual(Object.fromEntries(units), { socketio: 9, signalr: 9, "socketio-us": 7, "signalr-us": 7 });
    });

    it("removes a replica and what belongs to it, and nothing else", async () => {
        const result = await bench.once({ config: { "fixture:team": "games", "fixture:withoutReplica": "true" } });
        const deleted = Object.entries(operations(result)).filter(([, operation]) => operation === "deleted");
        assert.ok(deleted.length === 2 * 7, deleted.map(([name]) => name).join(", "));
        assert.ok(deleted.every(([name]) => /-us(-|$)/.test(name)));
        assert.ok(!Object.values(operations(result)).includes("replaced"));
    });
});
