import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeDynamic } from "../../local/downDynamic";
import { openState } from "../../local/engine/state";
import type { UpdateResult } from "../../local/run";
import { createWorkbench, operations, type Workbench } from "../support/local";
import { startProgramHere } from "../support/programHere";

/** A program whose resource writes down what is asked of it. */
const program = `
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const log = config.require("log");
const write = (line: string) => require("node:fs").appendFileSync(log, line + "\\n");

class File extends pulumi.dynamic.Resource {
    declare readonly size: pulumi.Output<number>;
    declare readonly mode: pulumi.Output<string>;
    constructor(name: string, args: object, opts?: pulumi.CustomResourceOptions) {
        super(provider, name, { size: undefined, mode: undefined, ...args }, opts);
    }
}

class Provider implements pulumi.dynamic.ResourceProvider {
    private mode = "";
    async configure({ config: settings }: pulumi.dynamic.ConfigureRequest) {
        this.mode = settings.get("mode") ?? "none";
    }
    async check(_olds: any, news: any) {
        return news.text === "bad"
            ? { failures: [{ property: "text", reason: "it is bad" }, { property: "text", reason: "and wrong" }] }
            : { inputs: { ...news, checked: true } };
    }
    async diff(id: string, olds: any, news: any) {
        return {
            changes: olds.text !== news.text || olds.path !== news.path || news.text === "always",
            replaces: olds.path === news.path ? [] : ["path"],
            deleteBeforeReplace: news.first === true,
        };
    }
    async create(inputs: any) {
        write("create " + inputs.path);
        if (inputs.text === "break") {
            throw new Error("the disk is full");
        }
        if (inputs.text.startsWith("half")) {
            const outs = { ...inputs, size: 1, mode: "half" };
            const failed = { message: "it does not answer", id: "id-" + inputs.path, properties: outs, reasons: ["no route"] };
            throw inputs.text === "half" ? failed : { ...failed, properties: undefined, reasons: undefined };
        }
        if (inputs.text === "end") {
            process.exit(3);
        }
        console.log("writes " + inputs.path);
        return { id: "id-" + inputs.path, outs: { ...inputs, size: inputs.text.length, mode: this.mode } };
    }
    async update(id: string, olds: any, news: any) {
        write("update " + id + " " + olds.text + " to " + news.text);
        if (news.text === "half") {
            throw { message: "it does not answer", id, properties: { ...news, size: 2, mode: "half" } };
        }
        return { outs: { ...news, size: news.text.length, mode: this.mode } };
    }
    async delete(id: string, props: any) {
        if (props.text === "stuck") {
            throw new Error("the file is in use");
        }
        write("delete " + id + " " + props.text);
    }
}
const provider = new Provider();

const text = config.get("secret") ? pulumi.secret(config.require("text")) : config.require("text");
const path = config.get("path") ?? "a";
if (config.get("gone") === undefined) {
    const file = new File("file", { text, path, first: config.get("first") === "true" });
    const after = new File("after", { text: pulumi.interpolate\`\${file.size}\`, path: "b" });
    module.exports = { id: file.id, size: file.size, mode: file.mode, after: after.size, text: (file as any).text };
}
`;

describe("dynamic resources", function () {
    this.timeout(120_000);
    let bench: Workbench;
    let log: string;
    beforeEach(() => {
        bench = createWorkbench({ program: "random.ts" });
        writeFileSync(join(bench.projectDir, "index.ts"), program);
        log = join(bench.projectDir, "log");
    });
    afterEach(() => bench.close());

    const asked = () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []);
    const config = (values: Record<string, string>) => ({
        config: Object.fromEntries(
            Object.entries({ log, ...values }).map(([key, value]) => [`fixture:${key}`, value] as const),
        ),
    });
    const once = (values: Record<string, string>, preview = false) =>
        bench.once({ ...config(values), preview, startProgram: startProgramHere });
    /** A program that fails needs a process of its own. */
    const apart = (values: Record<string, string>, preview = false) => bench.once({ ...config(values), preview });
    const reasonOf = ({ steps }: UpdateResult, resource: string) => steps.find(({ name }) => name === resource)?.reason;

    it("are created, updated and deleted by their own code, with the stack's config", async () => {
        const first = await once({ text: "one", mode: "0600" });
        assert.deepEqual(operations(first), { file: "created", after: "created" });
        assert.deepEqual(first.outputs, { id: "id-a", size: 3, mode: "0600", after: 1, text: "one" });
        const told = bench.events.flatMap((event) => (event.kind === "message" ? [event.text] : []));
        assert.deepEqual(told, ["writes a", "writes b"]);
        assert.deepEqual(operations(await once({ text: "one" })), { file: "unchanged", after: "unchanged" });
        const second = await once({ text: "longer text" });
        assert.deepEqual(operations(second), { file: "updated", after: "updated" });
        assert.deepEqual([second.outputs.size, second.outputs.after], [11, 2]);
        assert.deepEqual(operations(await once({ text: "-", gone: "true" })), { after: "deleted", file: "deleted" });
        assert.deepEqual(asked(), [
            "create a",
            "create b",
            "update id-a one to longer text",
            "update id-b 3 to 11",
            "delete id-b 11",
            "delete id-a longer text",
        ]);
    });

    it("are replaced as their diff says: the new one first, or the old one", async () => {
        await once({ text: "one" });
        assert.equal(operations(await once({ text: "one", path: "c" })).file, "replaced");
        assert.equal(operations(await once({ text: "one", path: "d", first: "true" })).file, "replaced");
        assert.deepEqual(asked().slice(2), ["create c", "delete id-a one", "delete id-c one", "create d"]);
    });

    it("are updated where only their diff finds a difference", async () => {
        await once({ text: "always" });
        const again = await once({ text: "always" });
        assert.equal(operations(again).file, "updated");
        assert.equal(reasonOf(again, "file"), "its provider found a difference");
    });

    it("are checked and compared by a preview, which carries out nothing and knows no new output", async () => {
        const first = await once({ text: "one" }, true);
        assert.deepEqual(operations(first), { file: "created", after: "created" });
        assert.deepEqual(asked(), []);
        await assert.rejects(apart({ text: "bad" }, true), /file: text: it is bad\ntext: and wrong$/);
        await once({ text: "one" });
        assert.equal(operations(await once({ text: "one", path: "c" }, true)).file, "replaced");
        assert.equal(operations(await once({ text: "two" }, true)).file, "updated");
        assert.deepEqual(operations(await once({ text: "one" }, true)), { file: "unchanged", after: "unchanged" });
        assert.deepEqual(asked(), ["create a", "create b"]);
    });

    it("are deleted by down, which keeps the stack when their code fails", async () => {
        writeFileSync(join(bench.projectDir, "Pulumi.test.yaml"), JSON.stringify({ config: { log } }));
        await once({ text: "stuck" });
        const steps: string[] = [];
        const down = () =>
            removeDynamic({
                projectDir: bench.projectDir,
                folder: bench.folder,
                stack: "test",
                on: (event) => event.kind === "finished" && steps.push(event.step.name),
            });
        await assert.rejects(
            down(),
            /Stack "test" has dynamic resources.*: after, file\. That failed: the file is in use$/,
        );
        await once({ text: "free" });
        await down();
        assert.deepEqual(steps, ["after", "after", "file"]);
        const left = [...openState(bench.folder).state.resources.values()].map(({ name }) => name);
        assert.deepEqual(left, ["fixture-test"]);
        assert.deepEqual(asked().slice(-2), ["delete id-b 4", "delete id-a free"]);
    });

    // As Pulumi's engine keeps init errors in its state: pkg/resource/deploy/step.go and step_generator.go of pulumi/pulumi.
    it("are kept where their initialisation fails after their creation, and updated by the next run", async () => {
        const state = () => [...openState(bench.folder).state.resources.values()].find(({ name }) => name === "file");
        await assert.rejects(
            apart({ text: "half" }),
            /file: it exists as id-a, and its initialisation failed: it does not answer; no route\. The next update tries again\.$/,
        );
        assert.deepEqual([state()?.id, state()?.outputs.size, state()?.initFailed], ["id-a", 1, true]);
        assert.equal(operations(await once({ text: "half" }, true)).file, "updated");
        await assert.rejects(apart({ text: "half" }), /file: it exists as id-a/);
        assert.deepEqual([state()?.outputs.size, state()?.initFailed], [2, true]);
        assert.deepEqual(asked(), ["create a", "update id-a half to half"]);
        const mended = await once({ text: "good" });
        assert.equal(operations(mended).file, "updated");
        assert.equal(state()?.initFailed, undefined);
        assert.equal(operations(await once({ text: "good" })).file, "unchanged");
    });

    it("are deleted when they are replaced by one whose initialisation fails, and when that one goes", async () => {
        await once({ text: "one" });
        await assert.rejects(apart({ text: "half without outputs", path: "c" }), /file: it exists as id-c/);
        assert.deepEqual(
            openState(bench.folder).state.condemned.map(({ id }) => id),
            ["id-a"],
        );
        await once({ text: "-", gone: "true" });
        assert.deepEqual(asked().slice(2), ["create c", "delete id-a one", "delete id-b 3", "delete id-c undefined"]);
    });

    it("keep a secret input secret in their outputs", async () => {
        const { secretOutputs, resources } = await once({ text: "hidden", secret: "true" });
        assert.deepEqual(secretOutputs, ["text"]);
        assert.equal(resources.find(({ name }) => name === "file")?.secrets.includes("text"), true);
    });

    it("fail with the reason of their check, of their code, and of a process that their code ends", async () => {
        await assert.rejects(apart({ text: "bad" }), /dynamic:Resource file: text: it is bad\ntext: and wrong$/);
        await assert.rejects(apart({ text: "break" }), /dynamic:Resource file: the disk is full$/);
        await assert.rejects(apart({ text: "end" }), /file: its code ended the process of the provider$/);
        assert.equal(operations(await once({ text: "good" })).file, "created");
    });
});
