import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InterruptedError, UpdateError } from "../../local/run";
import { createWorkbench, operations, type Workbench } from "../support/local";
import { startProgramHere } from "../support/programHere";

const config = (values: Record<string, string>) => ({
    config: Object.fromEntries(Object.entries(values).map(([key, value]) => [`fixture:${key}`, value])),
});
// For programs that succeed. The first test, and programs that fail, are interrupted or have transforms, use a process.
const here = { startProgram: startProgramHere };

describe("runStack", function () {
    this.timeout(60_000);
    let bench: Workbench;
    beforeEach(() => {
        bench = createWorkbench({ program: "random.ts" });
    });
    afterEach(() => bench.close());

    it("creates new resources, keeps unchanged ones, and deletes those that the program no longer has", async () => {
        const first = await bench.once(config({ extra: "true" }));
        assert.deepEqual(operations(first), {
            suffix: "created",
            password: "created",
            extra: "created",
            "pair-left": "created",
        });
        assert.deepEqual(first.secretOutputs, ["secret"]);
        // Only the owner may read the file.
        assert.equal(statSync(join(bench.folder, "state.json")).mode & 0o777, 0o600);
        const second = await bench.once(here);
        assert.deepEqual(operations(second), {
            suffix: "unchanged",
            password: "unchanged",
            "pair-left": "unchanged",
            extra: "deleted",
        });
        assert.deepEqual(second.outputs, first.outputs);
    });

    it("previews a replacement without carrying it out, and then carries it out", async () => {
        const first = await bench.once(here);
        const expected = { suffix: "replaced", password: "replaced", "pair-left": "unchanged" };
        const preview = await bench.once({ ...config({ length: "9" }), ...here, preview: true });
        assert.deepEqual(operations(preview), expected);
        const second = await bench.once({ ...config({ length: "9" }), ...here });
        assert.deepEqual(operations(second), expected);
        assert.equal(String(second.outputs.name).length, "app-".length + 9);
        assert.notEqual(second.outputs.secret, first.outputs.secret);
    });

    it("finds a resource under the alias of a component that was renamed", async () => {
        await bench.once(here);
        const renamed = await bench.once({ ...config({ pair: "duo" }), ...here });
        assert.equal(operations(renamed)["duo-left"], "unchanged");
        assert.equal(Object.values(operations(renamed)).includes("deleted"), false);
        assert.equal(
            renamed.resources.some(({ urn, parent = "" }) => /::pair/.test(urn + parent)),
            false,
        );
    });

    it("lets a transform on a component change the component's children", async () => {
        await bench.once(here);
        assert.equal(operations(await bench.once(config({ side: "right" })))["pair-left"], "replaced");
    });

    for (const { flag, message } of [
        {
            flag: "twice",
            message: /twin: duplicate resource URN .*two resources of one type and parent are named "twin"/,
        },
        { flag: "invalid", message: /RandomString bad: length is 0: it must be a whole number of at least 1/ },
    ]) {
        it(`fails with the resource and the reason: ${flag}`, async () => {
            await assert.rejects(bench.once(config({ [flag]: "true" })), (error) => {
                assert(error instanceof UpdateError);
                assert.match(error.message, message);
                return true;
            });
            // The failure is reported once, without the SDK's own message about it.
            assert.deepEqual(
                bench.events.filter((event) => event.kind === "message"),
                [],
            );
        });
    }

    it("refuses a type that it does not know when it is strict, and records the type otherwise", async () => {
        const unknown = { ...config({ unknown: "true" }), strict: true };
        const message =
            /strange:index:Thing is not supported by the local Azure. Supported are: .*WebPubSub.*Without --strict/;
        await assert.rejects(bench.once(unknown), message);
        const result = await bench.once({ ...unknown, strict: false });
        const thing = result.resources.find(({ type }) => type === "strange:index:Thing");
        assert.deepEqual(thing?.outputs, {});
        assert.equal(operations(await bench.once({ ...unknown, strict: false }))[thing?.name ?? ""], "unchanged");
    });

    it("shows the program's own error without frames of packages, and deletes nothing", async () => {
        await bench.once(here);
        await assert.rejects(bench.once(config({ throws: "true" })), /The program failed/);
        const [message] = bench.events.flatMap((event) => (event.kind === "message" ? [event.text] : []));
        assert.match(message ?? "", /Error: the program is broken\n\s+at .*index\.ts:\d+/);
        assert.doesNotMatch(message ?? "", /node_modules|node:internal/);
        assert.equal(Object.values(operations(await bench.once(here))).includes("created"), false);
    });

    // As the engine's SameStep: https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/step.go
    it("keeps the outputs of a component whose new ones wait for a resource that failed", async () => {
        const outputsOfPair = () => {
            const { resources } = JSON.parse(readFileSync(join(bench.folder, "state.json"), "utf8"));
            const pair = resources.find(({ type }: { type: string }) => type === "fixture:index:Pair");
            return { outputs: pair.outputs, secrets: pair.secrets };
        };
        await bench.once({ ...config({ right: "4" }), ...here });
        const before = outputsOfPair();
        assert.deepEqual(Object.keys(before.outputs), ["right"]);
        assert.deepEqual(before.secrets, ["right"]);
        for (let run = 0; run < 2; run += 1) {
            await assert.rejects(bench.once(config({ right: "0" })), /length is 0/);
            assert.deepEqual(outputsOfPair(), before);
        }
    });

    it("can be interrupted while the program starts, and started again", async () => {
        const controller = new AbortController();
        const started = bench.start({ signal: controller.signal });
        controller.abort();
        await assert.rejects(started, InterruptedError);
        assert.equal(operations(await bench.once(here)).suffix, "created");
    });

    it("can be interrupted between two resources, and the state has the first one", async () => {
        const controller = new AbortController();
        const interrupted = bench.start({
            signal: controller.signal,
            on: (event) => {
                if (event.kind === "finished" && event.step.name === "suffix") {
                    controller.abort();
                }
            },
        });
        await assert.rejects(interrupted, InterruptedError);
        const result = await bench.once(here);
        assert.deepEqual([operations(result).suffix, operations(result).password], ["unchanged", "created"]);
    });

    it("runs a TypeScript program with Pulumi's defaults", async () => {
        writeFileSync(join(bench.projectDir, "Pulumi.yaml"), "name: fixture\nruntime: nodejs\nmain: index.ts\n");
        assert.equal(operations(await bench.once()).suffix, "created");
    });

    it("refuses a second start while the first serves, but not a preview", async () => {
        await bench.start(here);
        assert.equal(operations(await bench.once({ ...here, preview: true })).suffix, "unchanged");
        await assert.rejects(bench.start(), new RegExp(`Stack "test" is already running in process ${process.pid}`));
    });

    it("takes over from a process that no longer runs, and says so", async () => {
        writeFileSync(join(bench.folder, "lock"), "999999999");
        await bench.once(here);
        const messages = bench.events.flatMap((event) => (event.kind === "message" ? [event.text] : []));
        const told = 'Process 999999999 ended without releasing stack "test". This run takes it over.';
        assert.deepEqual(messages, [told]);
    });

    it("runs the program again on update, and keeps running when it fails", async () => {
        const stack = await bench.start();
        const file = join(bench.projectDir, "index.ts");
        const program = readFileSync(file, "utf8");
        writeFileSync(file, "this is no program");
        await assert.rejects(stack.update(), UpdateError);
        writeFileSync(file, `${program}\nnew RandomUuid("added");\n`);
        const result = await stack.update();
        assert.equal(operations(result).added, "created");
        assert.equal(operations(result).suffix, "unchanged");
    });
});

describe("runStack, before anything is started", () => {
    for (const { title, yaml, message } of [
        {
            title: "a main that is no path",
            yaml: "name: fixture\nruntime: nodejs\nmain: [index.ts]\n",
            message: /main must be a file or folder that exists, such as stacks\/index.ts, not index.ts/,
        },
        {
            title: "another runtime",
            yaml: "name: fixture\nruntime: python\nmain: index.ts\n",
            message: /runtime is python, and this command runs nodejs programs.*azure-realtime with -- pulumi up/,
        },
        {
            title: "a runtime option of the wrong type",
            yaml: "name: fixture\nruntime: {name: nodejs, options: {typescript: maybe}}\nmain: index.ts\n",
            message: /runtime.options.typescript must be true or false, not maybe/,
        },
        {
            title: "a tsconfig that is no path",
            yaml: "name: fixture\nruntime: {name: nodejs, options: {tsconfig: [a]}}\nmain: index.ts\n",
            message: /runtime.options.tsconfig must be the path of a file, not a/,
        },
        {
            title: "arguments for node in quotes",
            yaml: "name: fixture\nruntime: {name: nodejs, options: {nodeargs: '--title \"a b\"'}}\nmain: index.ts\n",
            message: /runtime.options.nodeargs must be words without quotes, not --title "a b"/,
        },
        {
            title: "a missing program file",
            yaml: "name: fixture\nruntime: nodejs\nmain: x.ts\n",
            message: /main must be a file or folder that exists, such as stacks\/index.ts, not x.ts/,
        },
        {
            title: "missing config",
            yaml: "name: fixture\nruntime: nodejs\nmain: index.ts\nconfig:\n  who: {type: string}\n",
            message: /fixture:who is missing/,
        },
        {
            title: "a default of the wrong type",
            yaml: "name: fixture\nruntime: nodejs\nmain: index.ts\nconfig:\n  length: {type: integer, default: many}\n  who: {type: string}\n",
            message:
                /The config that Pulumi.yaml declares is invalid: the default of fixture:length is many: it must be of type integer/,
        },
    ]) {
        it(`refuses ${title}`, async () => {
            const bench = createWorkbench({ program: "random.ts", yaml });
            try {
                await assert.rejects(bench.start(), message);
            } finally {
                await bench.close();
            }
        });
    }
});
