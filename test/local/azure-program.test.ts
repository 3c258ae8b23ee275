import assert from "node:assert/strict";
import type { UpdateResult } from "../../local/run";
import { createFakeEmulator, type FakeEmulator } from "../support/fakeEmulator";
import { createWorkbench, operations, type Workbench } from "../support/local";
import { startProgramHere } from "../support/programHere";

/** The steps of an update whose resource changed. */
function changes(result: UpdateResult): Record<string, string> {
    return Object.fromEntries(Object.entries(operations(result)).filter(([, operation]) => operation !== "unchanged"));
}

describe("a program with one of everything", function () {
    this.timeout(60_000);
    let bench: Workbench;
    let fake: FakeEmulator;
    let takenPorts: Set<number>;
    before(() => {
        takenPorts = new Set();
        const startEmulator = async () => {
            fake = createFakeEmulator({ takenPorts });
            return fake;
        };
        bench = createWorkbench({ program: "azure.ts", startEmulator, startProgram: startProgramHere });
    });
    after(() => bench.close());

    it("previews every resource before anything exists", async () => {
        const preview = await bench.once({ preview: true });
        assert.equal(new Set(Object.values(operations(preview))).size, 1);
        assert.equal(Object.keys(operations(preview)).length, 18);
    });

    it("creates every resource, and changes none in a second run", async () => {
        const first = await bench.once();
        assert.deepEqual(new Set(Object.values(operations(first))), new Set(["created"]));
        assert.match(String(first.outputs.hostName), /^localhost:\d+$/);
        assert.deepEqual(first.secretOutputs, ["keys"]);
        const second = await bench.once();
        assert.deepEqual(changes(second), {});
        assert.deepEqual(second.outputs, first.outputs);
        // Resources inherit the region of their resource group.
        const { outputs } = second.resources.find(({ name }) => name === "vault") ?? assert.fail();
        assert.equal(outputs.location, "northeurope");
        assert(!fake.calls.some((call) => call.startsWith("deploy ")), "nothing changed, so nothing is deployed");
    });

    it("changes the secret and its users when the key changes, and the preview says the same", async () => {
        const config = { "fixture:key": "second" };
        const expected = { secret: "updated", settings: "updated" };
        assert.deepEqual(changes(await bench.once({ config, preview: true })), expected);
        const result = await bench.once({ config });
        assert.deepEqual(changes(result), expected);
    });

    it("deploys only the code that changed", async () => {
        const result = await bench.once({ config: { "fixture:key": "second", "fixture:code": "two" } });
        assert.deepEqual(changes(result), { package: "replaced", deploy: "updated" });
        assert(fake.calls.some((call) => call.startsWith("deploy ") && call.includes("two.zip")));
        assert(fake.calls.includes("deleteBlob packages/one.zip"));
    });

    it("reports the addresses that change when a port is taken, and the resources that use them", async () => {
        const config = { "fixture:key": "second", "fixture:code": "two" };
        const { resources } = await bench.once({ config });
        const port = resources.find(({ name }) => name === "app")?.keep.port;
        takenPorts.add(Number(port));
        const result = await bench.once({ config });
        assert.deepEqual(changes(result), { app: "updated", hub: "updated" });
        const step = result.steps.find(({ name }) => name === "app");
        assert.match(step?.reason ?? "", /defaultHostName.* changed, because the port was taken/);
    });
});
