import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import { createWorkbench, type Workbench } from "../support/local";

describe("a project of somebody else", function () {
    this.timeout(60_000);
    let bench: Workbench;
    afterEach(() => bench.close());
    const write = (program: string) => writeFileSync(join(bench.projectDir, "index.ts"), program);
    const told = () => bench.events.flatMap((event) => (event.kind === "message" ? [event.text] : []));

    it("needs no package of the local Azure that nothing in it uses", async () => {
        const startEmulator = async () =>
            ({
                warmUp() {
                    throw new Error("Storage on this machine needs the package azurite");
                },
                close: async () => {},
            }) as unknown as Emulator;
        bench = createWorkbench({ program: "random.ts", startEmulator });
        assert.match(String((await bench.once()).outputs.name), /^app-/);
    });

    it("is told in the preview that Azurite is missing", async () => {
        bench = createWorkbench({ program: "random.ts" });
        write(`import { storage } from "@pulumi/azure-native";
new storage.StorageAccount("it", { resourceGroupName: "group", kind: "StorageV2", sku: { name: "Standard_LRS" } });`);
        const loader = Module as unknown as { _resolveFilename(name: string, ...more: unknown[]): string };
        const resolveFilename = loader._resolveFilename;
        loader._resolveFilename = (name, ...more) => {
            if (name.startsWith("azurite/")) {
                throw new Error(`Cannot find module '${name}'`);
            }
            return resolveFilename(name, ...more);
        };
        try {
            await assert.rejects(
                bench.once({ preview: true }),
                /^UpdateError: azure-native:storage:StorageAccount it: .*needs the package azurite: npm install --save-dev azurite$/,
            );
        } finally {
            loader._resolveFilename = resolveFilename;
        }
        await bench.once({ preview: true });
    });

    it("is told that values of Pulumi ESC are not there", async () => {
        bench = createWorkbench({ program: "random.ts" });
        write("");
        writeFileSync(join(bench.projectDir, "Pulumi.test.yaml"), "environment: [acme/dev]\n");
        await bench.once();
        assert.deepEqual(told(), [
            'stack "test" takes values from Pulumi ESC (environment acme/dev), which the local Azure does not open: ' +
                "give those that the program needs under config.",
        ]);
    });

    it("may change the arguments of every provider function by a transform", async () => {
        bench = createWorkbench({ program: "random.ts" });
        writeFileSync(
            join(bench.projectDir, "azure-realtime.local.yaml"),
            JSON.stringify({
                functions: [
                    { token: "acme:index:look", args: { where: "there" }, result: { found: "it" } },
                    { token: "acme:index:look", args: { where: "here" }, result: { found: "nothing" } },
                ],
            }),
        );
        write(`
            import * as pulumi from "@pulumi/pulumi";
            pulumi.runtime.registerInvokeTransform(async ({ args, opts }) => ({ args: { ...args, where: "there" }, opts }));
            export const answer = pulumi.runtime.invokeOutput("acme:index:look", { where: "here" });
        `);
        assert.deepEqual((await bench.once()).outputs, { answer: { found: "it" } });
    });
});
