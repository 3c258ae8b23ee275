import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { globSync } from "tinyglobby";
import { runStack } from "../../local/run";
import { type Consumer, createConsumer, type Packed, packRepository } from "../support/consumer";
import { functionFolder } from "../support/functionFolder";
import { hasCli } from "../support/pulumiCli";
import { repositoryRoot } from "../support/registeredFunctions";

const run = promisify(execFile);
const example = join(repositoryRoot, "examples/tenants");
const files = Object.fromEntries(
    globSync("*.ts", { cwd: example }).map((path) => [path, readFileSync(join(example, path), "utf8")]),
);
const codePath = functionFolder();
const tenants = ["ann", "bob"];

describe("the example with a backend per tenant", function () {
    this.timeout(300_000);
    let packed: Packed;
    let consumer: Consumer;

    before(async () => {
        packed = await packRepository();
        consumer = createConsumer({
            packed,
            tools: ["typescript", "ts-node", "@types/node"],
            files: {
                ...files,
                "package.json": readFileSync(join(example, "package.json"), "utf8"),
                "Pulumi.yaml": "name: realtime-tenants\nruntime: nodejs\nmain: program.ts\n",
                "program.ts": `import { getStack } from "@pulumi/pulumi";
import { createTenant } from "./tenants";
const { negotiateUrl } = createTenant({ name: getStack(), location: "westeurope", codePath: ${JSON.stringify(codePath)} });
export const url = negotiateUrl;
`,
                "deploy.ts": `import { deployTenant, removeTenant } from "./tenants";
const bin = ${JSON.stringify(join(repositoryRoot, "local/plugin/bin"))};
const providers = ["azure-native", "random"].map((name) => ({ name, path: bin }));
const projectSettings = { name: "realtime-tenants", runtime: "nodejs" as const, plugins: { providers } };
const envVars = { PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_BACKEND_URL: "file://" + __dirname, PULUMI_HOME: __dirname + "/home" };
async function main(): Promise<void> {
    for (const name of ${JSON.stringify(tenants)}) {
        const tenant = { name, location: "westeurope", codePath: ${JSON.stringify(codePath)} };
        console.log(name + " has " + (await deployTenant(tenant, { projectSettings, envVars })));
    }
    for (const name of ${JSON.stringify(tenants)}) {
        await removeTenant({ name, location: "westeurope", codePath: "" + ${JSON.stringify(codePath)} }, { projectSettings, envVars });
    }
}
void main();
`,
            },
        });
    });
    after(() => {
        packed?.remove();
        consumer?.remove();
    });

    it("has no type error", async () => {
        const tsc = join(repositoryRoot, "node_modules/typescript/bin/tsc");
        const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
        const args = [tsc, ...options, "--module", "nodenext", "index.ts", "deploy.ts"];
        const faults = await run(process.execPath, args, { cwd: consumer.folder }).then(
            () => "",
            ({ stdout }: { stdout: string }) => stdout,
        );
        assert.equal(faults, "");
    });

    for (const stack of tenants) {
        it(`creates the backend of ${stack} in the local Azure`, async () => {
            const running = await runStack({
                projectDir: consumer.folder,
                folder: join(consumer.folder, ".azure-realtime", stack),
                stack,
                preview: true,
            });
            await running.close();
            const backends = running.steps.filter(({ type }) => type === "azure-realtime:index:SocketIOBackend");
            assert.deepEqual(
                backends.map(({ name, operation }) => [name, operation]),
                [[stack, "created"]],
            );
        });
    }

    it("deploys and removes each tenant with the Automation API and the Pulumi CLI", async function () {
        if (!hasCli) {
            this.skip();
        }
        const compiler = join(repositoryRoot, "test/support/typescript.js");
        const { stdout } = await run(process.execPath, ["-r", compiler, "deploy.ts"], {
            cwd: consumer.folder,
            maxBuffer: 50_000_000,
        });
        for (const name of tenants) {
            assert.match(stdout, new RegExp(`^${name} has http://localhost:\\d+/api/negotiate$`, "m"));
        }
        assert.equal(stdout.match(/The resources in the stack have been deleted/g)?.length, tenants.length);
    });
});
