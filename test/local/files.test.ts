import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeStack } from "../../local/down";
import { acquireLock } from "../../local/engine/lock";
import { openState, type ResourceState } from "../../local/engine/state";
import { watchProject } from "../../local/watch";

const resource: ResourceState = {
    urn: "urn:a",
    type: "azure-native:web:WebApp",
    name: "app",
    custom: true,
    id: "/id",
    inputs: {},
    outputs: {},
    secrets: [],
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    retainOnDelete: false,
    keep: {},
};

describe("the folder of a stack", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "local-state-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("keeps the state as it was written", () => {
        const file = openState(folder);
        file.state.resources.set(resource.urn, resource);
        file.save();
        assert.deepEqual([...openState(folder).state.resources.values()], [resource]);
    });

    it("refuses an unreadable state, and says how to continue", () => {
        writeFileSync(join(folder, "state.json"), "{");
        assert.throws(() => openState(folder), /state\.json cannot be used: .*Run `npm run down`, or delete the file/s);
    });

    it("is deleted by down, which reports the newest resource first", () => {
        const file = openState(folder);
        for (const name of ["first", "second"]) {
            file.state.resources.set(name, { ...resource, urn: name, name });
        }
        file.save();
        const deleted: string[] = [];
        removeStack({ folder, stack: "s", on: (event) => event.kind === "finished" && deleted.push(event.step.name) });
        assert.deepEqual(deleted, ["second", "first"]);
        assert.equal(existsSync(folder), false);
    });

    it("stays when a resource is protected or the stack runs", () => {
        const file = openState(folder);
        file.state.resources.set("a", { ...resource, protect: true });
        file.save();
        assert.throws(() => removeStack({ folder, stack: "s", on: () => {} }), /has protected resources: app/);
        const lock = acquireLock(folder, "s");
        assert.throws(() => removeStack({ folder, stack: "s", on: () => {} }), /already running/);
        lock.release();
        assert.equal(existsSync(join(folder, "state.json")), true);
    });

    it("is no longer locked after a lock is released", () => {
        acquireLock(folder, "s").release();
        assert.equal(acquireLock(folder, "s").takenOverFrom, undefined);
    });
});

describe("watching a project", () => {
    let projectDir: string;
    beforeEach(() => {
        projectDir = mkdtempSync(join(tmpdir(), "local-watch-"));
        for (const path of ["stacks", "functions/app/dist"]) {
            mkdirSync(join(projectDir, path), { recursive: true });
        }
        writeFileSync(
            join(projectDir, "Pulumi.yaml"),
            "name: p\nruntime: nodejs\nmain: stacks/index.ts\nstackConfigDir: stacks\n",
        );
        writeFileSync(join(projectDir, "stacks/index.ts"), "");
    });
    afterEach(() => rmSync(projectDir, { recursive: true, force: true }));

    it("reports saved sources once, and ignores what a build writes", async () => {
        const calls: string[][] = [];
        let called = () => {};
        const first = new Promise<void>((resolve) => {
            called = resolve;
        });
        const watching = watchProject({
            projectDir,
            stack: "dev",
            async onChange(files) {
                calls.push(files.sort());
                called();
            },
        });
        try {
            await watching.ready;
            writeFileSync(join(projectDir, "functions/app/dist/index.js"), "built");
            writeFileSync(join(projectDir, "functions/app/index.ts"), "source");
            writeFileSync(join(projectDir, "stacks/index.ts"), "program");
            await first;
            assert.deepEqual(calls, [["functions/app/index.ts", "stacks/index.ts"]]);
        } finally {
            await watching.close();
        }
    });
});
