import assert from "node:assert/strict";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    symlinkSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { removeStack } from "../../local/down";
import { acquireLock } from "../../local/engine/lock";
import { openState, type ResourceState } from "../../local/engine/state";
import { codeFoldersOf, watchProject } from "../../local/watch";

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

    it("refuses a damaged state, says how to continue, and writes nothing over it", () => {
        const path = join(folder, "state.json");
        const whole = { version: 1, resources: [resource], condemned: [], outputs: {}, secretOutputs: [], answers: {} };
        for (const [text, message] of [
            ["{", /state\.json is not JSON.*Run `azure-realtime down`/s],
            ["", /state\.json is empty\. Run `azure-realtime down`/],
            ["[]", /state\.json is damaged: it is not an object/],
            ['{"version":1}', /state\.json is damaged: "resources" is no list/],
            ['{"version":2}', /its version is 2, and this release reads version 1/],
            [JSON.stringify({ ...whole, answers: [] }), /"answers" is no object/],
            [JSON.stringify({ ...whole, resources: [{ urn: "urn:a" }] }), /resource 1 lacks a member/],
            [JSON.stringify({ ...whole, condemned: [null] }), /resource 2 lacks a member/],
            ...Object.entries({
                secrets: [5],
                dependencies: [{}],
                propertyDependencies: { a: 5 },
                parent: 5,
                deletedWith: [],
                custom: "yes",
                inputs: [],
                replaceOnChanges: "x",
            }).map(([name, value]): [string, RegExp] => [
                JSON.stringify({ ...whole, resources: [{ ...resource, [name]: value }] }),
                /resource 1 lacks a member, or has one of another type/,
            ]),
            [JSON.stringify({ ...whole, adopted: 5 }), /"adopted" is no list of resources/],
            [JSON.stringify({ ...whole, adopted: [null] }), /"adopted" is no list of resources/],
            [JSON.stringify({ ...whole, secretOutputs: [null] }), /"secretOutputs" is no list of texts/],
            [JSON.stringify({ ...whole, answers: { x: 5 } }), /the answer "x" is no object/],
        ] satisfies [string, RegExp][]) {
            writeFileSync(path, text);
            assert.throws(() => openState(folder), message);
            assert.equal(readFileSync(path, "utf8"), text);
        }
    });

    it("refuses a state that cannot be read: only a file that is not there is no state", () => {
        mkdirSync(join(folder, "state.json"));
        assert.throws(() => openState(folder), /state\.json cannot be read: it is a folder/);
        assert.throws(() => removeStack({ folder, stack: "s", on: () => {} }), /cannot be read: it is a folder/);
        assert.equal(existsSync(folder), true);
    });

    it("is deleted by down although its state is damaged, which down says", () => {
        writeFileSync(join(folder, "state.json"), "{");
        const texts: string[] = [];
        removeStack({ folder, stack: "s", on: (event) => event.kind === "message" && texts.push(event.text) });
        assert.match(texts.join(), /state\.json is not JSON/);
        assert.equal(existsSync(folder), false);
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

    it("reports a change of deployed code outside of the project, in a folder that a build writes too", async () => {
        const code = mkdtempSync(join(tmpdir(), "local-code-"));
        const dist = join(code, "dist");
        mkdirSync(dist);
        let watching: ReturnType<typeof watchProject> | undefined;
        try {
            const changed = new Promise<string[]>((resolve) => {
                watching = watchProject({
                    projectDir,
                    stack: "dev",
                    codeFolders: () => [dist],
                    onChange: async (files) => resolve(files),
                });
            });
            await watching?.ready;
            // Later than the start of the watch, as a build's file is.
            const later = new Date(Date.now() + 1000);
            writeFileSync(join(code, "index.js"), "not deployed");
            writeFileSync(join(dist, "index.js"), "built");
            utimesSync(join(dist, "index.js"), later, later);
            assert.deepEqual(await changed, [relative(projectDir, join(dist, "index.js"))]);
        } finally {
            await watching?.close();
            rmSync(code, { recursive: true, force: true });
        }
    });

    it("knows the folders of deployed code by the outputs of FunctionCode, seen from the program", () => {
        const resource = { type: "azure-realtime:index:FunctionCode", outputs: { codePath: "../functions/app" } };
        const found = codeFoldersOf([resource as unknown as ResourceState], projectDir);
        assert.deepEqual(found, [join(projectDir, "functions/app")]);
    });

    it("reports sources beside the program's folder and a stack's file that is new, and no other file there", async () => {
        mkdirSync(join(projectDir, "lib"));
        let called = (_files: string[]) => {};
        const changed = new Promise<string[]>((resolve) => {
            called = resolve;
        });
        const watching = watchProject({
            codeFolders: () => [],
            projectDir,
            stack: "dev",
            onChange: async (files) => called(files.sort()),
        });
        try {
            await watching.ready;
            writeFileSync(join(projectDir, "notes.md"), "text");
            writeFileSync(join(projectDir, "lib/names.ts"), "source");
            writeFileSync(join(projectDir, "stacks/Pulumi.dev.yaml"), "config: {}");
            writeFileSync(join(projectDir, "stacks/motd.txt"), "read by the program");
            assert.deepEqual(await changed, ["lib/names.ts", "stacks/Pulumi.dev.yaml", "stacks/motd.txt"]);
        } finally {
            await watching.close();
        }
    });

    it("reports a change of packages of the workspace, also of one that another one takes, and what their builds write", async () => {
        const root = mkdtempSync(join(tmpdir(), "local-workspace-"));
        const write = (path: string, text: string) => {
            mkdirSync(join(root, path, ".."), { recursive: true });
            writeFileSync(join(root, path), text);
        };
        write("infra/package.json", JSON.stringify({ dependencies: { "@acme/lib": "*", installed: "1.0.0" } }));
        write("infra/Pulumi.yaml", "name: p\nruntime: nodejs\n");
        write("lib/package.json", JSON.stringify({ dependencies: { base: "*" } }));
        write("lib/dist/index.js", "");
        write("base/package.json", JSON.stringify({ dependencies: { "@acme/lib": "*" } }));
        write("other/package.json", "{}");
        write("node_modules/.store/installed/package.json", "{}");
        mkdirSync(join(root, "node_modules/@acme"));
        symlinkSync(join(root, "lib"), join(root, "node_modules/@acme/lib"));
        symlinkSync(join(root, "base"), join(root, "node_modules/base"));
        symlinkSync(join(root, "node_modules/.store/installed"), join(root, "node_modules/installed"));
        const wanted = ["../base/index.ts", "../lib/dist/index.js"];
        const seen = new Set<string>();
        let done = () => {};
        const all = new Promise<void>((resolve) => {
            done = resolve;
        });
        const watching = watchProject({
            codeFolders: () => [],
            projectDir: join(root, "infra"),
            stack: "dev",
            async onChange(files) {
                files.forEach((file) => void seen.add(file));
                if (wanted.every((file) => seen.has(file))) {
                    done();
                }
            },
        });
        try {
            await watching.ready;
            const later = new Date(Date.now() + 1000);
            write("other/index.ts", "not taken");
            write("node_modules/.store/installed/index.js", "not a source");
            write("base/index.ts", "source");
            write("lib/dist/index.js", "built");
            utimesSync(join(root, "lib/dist/index.js"), later, later);
            await all;
            assert.deepEqual([...seen].sort(), wanted);
        } finally {
            await watching.close();
            rmSync(root, { recursive: true, force: true });
        }
    });

    it("reports saved sources once, and ignores what a build writes", async () => {
        const calls: string[][] = [];
        let called = () => {};
        const first = new Promise<void>((resolve) => {
            called = resolve;
        });
        const watching = watchProject({
            codeFolders: () => [],
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
