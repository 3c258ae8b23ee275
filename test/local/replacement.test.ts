import assert from "node:assert/strict";
import { createFakeEmulator, type FakeEmulator } from "../support/fakeEmulator";
import { createWorkbench, operations, type Workbench } from "../support/local";

const config = (values: Record<string, string>) => ({
    config: Object.fromEntries(Object.entries(values).map(([key, value]) => [`fixture:${key}`, value])),
});

describe("replacements and deletions", function () {
    this.timeout(60_000);
    let bench: Workbench;
    let fake: FakeEmulator;
    beforeEach(async () => {
        const startEmulator = async () => {
            fake = createFakeEmulator();
            return fake;
        };
        bench = createWorkbench({ program: "replacement.ts", startEmulator });
        await bench.once();
    });
    afterEach(() => bench.close());

    const deletions = () => fake.calls.filter((call) => /^(delete|remove|close)(?!$)/.test(call));
    const changes = (all: Record<string, string>) =>
        Object.fromEntries(Object.entries(all).filter(([, operation]) => operation !== "unchanged"));

    it("replace an app whose trigger changed, with everything that its name is an identity of, in preview too", async () => {
        const other = config({ kind: "two" });
        const expected = { app: "replaced", settings: "replaced", ftp: "replaced", deploy: "replaced" };
        const preview = await bench.once({ ...other, preview: true });
        // A preview does not know the new app's outputs, so for it the plan's tag may change.
        assert.deepEqual(changes(operations(preview)), { ...expected, plan: "updated" });
        const result = await bench.once(other);
        assert.deepEqual(changes(operations(result)), expected);
        assert.equal(result.steps.find(({ name }) => name === "app")?.reason, "its replacement trigger changed");
        const app = fake.calls.filter((call) => /App|deploy/.test(call) && !/resume/.test(call));
        assert.deepEqual(app.slice(-4), [
            "closeApp app",
            "openApp app",
            "setAppSettings app",
            "deploy http://store/package.zip",
        ]);
        assert.deepEqual(changes(operations(await bench.once(other))), {});
    });

    it("replace nothing when the trigger is new or gone", async () => {
        assert.deepEqual(changes(operations(await bench.once(config({ kind: "one" })))), {});
    });

    it("refuse to replace a protected resource", async () => {
        await bench.once(config({ protect: "true" }));
        await assert.rejects(
            bench.once(config({ kind: "two", protect: "true" })),
            /the resource app is protected, and this change replaces it/,
        );
    });

    it("leave a resource to the deletion of the one that it is deleted with", async () => {
        const result = await bench.once(config({ vault: "false" }));
        assert.deepEqual(changes(operations(result)), {
            second: "deleted",
            "gone-with-vault": "deleted",
            vault: "deleted",
        });
        assert.deepEqual(deletions(), ["removeVault keys-vault"]);
    });

    it("delete such a resource when the other one stays", async () => {
        const result = await bench.once(config({ second: "false" }));
        assert.deepEqual(changes(operations(result)), { second: "deleted" });
        assert.deepEqual(deletions(), ["deleteSecret second"]);
    });

    it("refuse a second resource with the id of the first, as the provider does", async () => {
        await assert.rejects(
            bench.once(config({ twin: "true" })),
            /twin: cannot create already existing resource '\/subscriptions\/.*\/serverfarms\/plan'/,
        );
    });

    it("replace secrets with their vault without deleting them", async () => {
        const result = await bench.once(config({ vaultLocation: "westus" }));
        assert.deepEqual(changes(operations(result)), {
            vault: "replaced",
            "gone-with-vault": "replaced",
            second: "replaced",
        });
        assert.deepEqual(deletions(), ["removeVault keys-vault"]);
        assert.deepEqual(fake.calls.filter((call) => call.startsWith("setSecret")).length, 4, "reopened, then written");
    });
});
