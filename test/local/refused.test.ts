import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createWorkbench, type Workbench } from "../support/local";

const cases: Record<string, { statement: string; message: RegExp }> = {
    "a resource that runs a command": {
        statement: `new pulumi.CustomResource("command:local:Command", "it", { create: "make" });`,
        message: /^command:local:Command it: .*runs commands.* under resources in azure-realtime\.local\.yaml/,
    },
    "a resource that runs a command elsewhere": {
        statement: `new pulumi.CustomResource("command:remote:Command", "it", { create: "make" });`,
        message: /^command:remote:Command it: .*runs commands.* under resources in azure-realtime\.local\.yaml/,
    },
    "a component of a package in another language": {
        statement: `new pulumi.ComponentResource("awsx:ec2:Vpc", "it", { size: 1 }, {}, true);`,
        message: /^awsx:ec2:Vpc it: component .* package of its own.*`azure-realtime with -- pulumi up`\.$/,
    },
    "an import whose id is a secret": {
        statement: `new pulumi.CustomResource("random:index/randomPassword:RandomPassword", "it", {}, { import: "hunter2" });`,
        message: /^random:index\/randomPassword:RandomPassword it: the import option \(\[secret\]\) ((?!hunter2).)*$/,
    },
    "an import": {
        statement: `new pulumi.CustomResource("random:index/randomUuid:RandomUuid", "it", {}, { import: "abc" });`,
        message: /^random:index\/randomUuid:RandomUuid it: the import option \(abc\) .*Leave the option out/,
    },
};

describe("what the local Azure does not run", () => {
    let bench: Workbench;
    beforeEach(() => {
        bench = createWorkbench({ program: "random.ts" });
        rmSync(join(bench.projectDir, "index.ts"));
    });
    afterEach(() => bench.close());

    for (const [what, { statement, message }] of Object.entries(cases)) {
        it(`refuses ${what} in one line that names the way out, and the program says no more`, async () => {
            const program = `import * as pulumi from "@pulumi/pulumi";\n${statement}\n`;
            writeFileSync(join(bench.projectDir, "index.ts"), program);
            await assert.rejects(bench.once(), (error: Error) => {
                assert.match(error.message, message);
                assert.doesNotMatch(error.message, /\n/);
                return true;
            });
            const told = bench.events.filter(({ kind }) => kind === "message");
            assert.deepEqual(told, []);
        });
    }
});
