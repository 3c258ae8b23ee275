import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Engine, startMonitor } from "../../local/engine/monitor";
import { startProgram } from "../../local/engine/program";
import { readProject } from "../../local/engine/project";
import { UpdateError } from "../../local/run";
import { createWorkbench } from "../support/local";

const tests = resolve(__dirname, "../../.azure-realtime/tests");

describe("the process of a program", function () {
    this.timeout(60_000);

    // `util.inspect` of Node 20.20 takes half a minute to colour such a frame (lib/internal/util/inspect.js, markNodeModules).
    it("prints an error without colours, for which node would look for ever in a frame of a package", async () => {
        mkdirSync(tests, { recursive: true });
        const directory = mkdtempSync(join(tests, "program-"));
        writeFileSync(join(directory, "Pulumi.yaml"), "name: fixture\nruntime: nodejs\nmain: index.js\n");
        writeFileSync(join(directory, "index.js"), 'module.exports = async () => { throw new Error("late"); };');
        const messages: string[] = [];
        const engine: Engine = {
            register: async () => ({
                urn: "urn:pulumi:s::fixture::pulumi:pulumi:Stack::s",
                id: "",
                values: {},
                secrets: [],
            }),
            registerOutputs: () => undefined,
            read: () => assert.fail("reads"),
            invoke: () => assert.fail("invokes"),
            log: ({ text }) => messages.push(text),
        };
        const monitor = await startMonitor(engine);
        try {
            const { finished } = startProgram({
                project: readProject(directory),
                stack: "s",
                config: {},
                secretKeys: [],
                address: monitor.address,
                preview: false,
                onLine: () => undefined,
            });
            assert.equal(await finished, 32);
            assert.match(messages.join("\n"), /Error: late\n\s+at .*index\.js:1/);
            assert.equal(messages.join("\n").includes("\u001b"), false);
        } finally {
            monitor.close();
            rmSync(directory, { recursive: true, force: true });
        }
    });

    for (const { title, program, message, told } of [
        {
            title: "names the signal that ended it",
            program: 'process.kill(process.pid, "SIGKILL");',
            message: /^The program was ended by the signal SIGKILL\.$/,
            told: /^$/,
        },
        {
            title: "is told what only the Pulumi CLI does, in the words of the local Azure",
            program: 'new (require("@pulumi/pulumi").ResourceHook)("hook", async () => {});',
            message: /^The program failed\.$/,
            told: /Error: The local Azure does not support resource hooks\. Leave that out where pulumi\.getStack\(\) is/,
        },
        {
            title: "is told which of its resources have only their inputs as outputs",
            program: `
                const pulumi = require("@pulumi/pulumi");
                const key = new pulumi.CustomResource("tls:index/privateKey:PrivateKey", "key", { pem: undefined });
                key.pem.apply((pem: string) => pem.trim());`,
            message:
                /^The program failed\. What the local Azure only records has its inputs as outputs \(tls:index\/privateKey:PrivateKey\): if the program needs others, give them under resources in azure-realtime\.local\.yaml\.$/,
            told: /TypeError: Cannot read properties of undefined \(reading 'trim'\)/,
        },
        {
            title: "prints an error with a resource as its text and its place in the program",
            program: `
                const pulumi = require("@pulumi/pulumi");
                const fail = (resource: unknown) => { throw new pulumi.ResourceError("it is broken", resource); };
                fail(new pulumi.ComponentResource("acme:index:Thing", "thing"));`,
            message: /^The program failed\.$/,
            told: /^ResourceError: it is broken(\n\s+at .*index\.ts:\d+:\d+\)?)+$/,
        },
        {
            title: "prints the causes of an error, their own members, and nothing of the resources in them",
            program: `
                const pulumi = require("@pulumi/pulumi");
                const thing = new pulumi.ComponentResource("acme:index:Thing", "thing");
                const cause = Object.assign(new Error("inner"), { thing, status: 404, late: Promise.resolve(1) });
                throw new AggregateError([Object.assign(new Error("one"), { thing })], "outer", { cause });`,
            message: /^The program failed\.$/,
            told: /outer(?=[\s\S]*\binner\b)(?=[\s\S]*\bone\b)(?=[\s\S]*status: 404)(?![\s\S]*(__name|Promise \{|OutputImpl))/,
        },
    ]) {
        it(title, async () => {
            const bench = createWorkbench({ program: "random.ts" });
            try {
                writeFileSync(join(bench.projectDir, "index.ts"), program);
                await assert.rejects(bench.once(), (error) => {
                    assert(error instanceof UpdateError);
                    assert.match(error.message, message);
                    return true;
                });
                const texts = bench.events.flatMap((event) => (event.kind === "message" ? [event.text] : []));
                assert.match(texts.join("\n"), told);
            } finally {
                await bench.close();
            }
        });
    }
});
