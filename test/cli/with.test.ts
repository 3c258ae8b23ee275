import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildPackage } from "../support/build";
import { createProviderClient } from "../support/providerClient";
import { hasCli } from "../support/pulumiCli";

const command = resolve(__dirname, "../../dist/cli/azure-realtime.js");

describe("azure-realtime with", function () {
    this.timeout(120_000);
    let folder: string;
    before(buildPackage);
    beforeEach(() => {
        folder = realpathSync(mkdtempSync(join(tmpdir(), "with-")));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

    async function runWith(args: string[], env: NodeJS.ProcessEnv = {}, options: string[] = []) {
        const child = spawn(process.execPath, [command, "with", "-C", folder, ...options, "--", ...args], {
            env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        child.stdout.on("data", (chunk) => (output += chunk));
        child.stderr.on("data", (chunk) => (output += chunk));
        const [code] = await once(child, "close");
        return { code, output };
    }
    const show = "console.log(JSON.stringify({ cwd: process.cwd(), env: process.env }))";

    it("sets the backend, the providers and the data folder for the command, and nothing outside", async () => {
        const { code, output } = await runWith([process.execPath, "-e", show]);
        assert.equal(code, 0, output);
        const { cwd, env } = JSON.parse(output);
        assert.equal(cwd, folder);
        assert.equal(env.PULUMI_BACKEND_URL, `file://${folder}/.azure-realtime/pulumi`);
        assert.equal(env.AZURE_REALTIME_DATA, join(folder, ".azure-realtime/stacks"));
        assert.equal(env.PULUMI_CONFIG_PASSPHRASE, "");
        assert.ok(env.PATH.startsWith(`${join(folder, ".azure-realtime/bin")}:`), env.PATH);
        assert.equal(existsSync(join(folder, ".azure-realtime/.gitignore")), true);
    });

    it("leaves a passphrase alone that the user has set", async () => {
        const { output } = await runWith([process.execPath, "-e", show], { PULUMI_CONFIG_PASSPHRASE_FILE: "/mine" });
        const { env } = JSON.parse(output);
        assert.deepEqual([env.PULUMI_CONFIG_PASSPHRASE, env.PULUMI_CONFIG_PASSPHRASE_FILE], [undefined, "/mine"]);
    });

    it("asks for a host of function apps only where the option names one", async () => {
        const hostOf = async (...options: string[]) =>
            JSON.parse((await runWith([process.execPath, "-e", show], {}, options)).output).env
                .AZURE_REALTIME_FUNCTIONS_HOST;
        assert.equal(await hostOf("--functions-host", "func"), "func");
        assert.equal(await hostOf(), undefined);
        const { code, output } = await runWith(["true"], {}, ["--functions-host", "docker"]);
        assert.equal(code, 2);
        assert.match(output, /'docker' is invalid\. Allowed choices are auto, func\./);
    });

    it("ends with the command's own exit code", async () => {
        assert.equal((await runWith([process.execPath, "-e", "process.exit(7)"])).code, 7);
        assert.equal((await runWith([process.execPath, "-e", "process.kill(process.pid, 'SIGKILL')"])).code, 137);
    });

    it("names a folder that is not there, and does not make it", async () => {
        const { code, output } = await runWith(["true"], {}, ["--cwd", join(folder, "none")]);
        assert.equal(code, 2);
        assert.match(output, /^error: --cwd is .*none, which is not a folder\. Name the folder of the project\.\n$/);
        assert.equal(existsSync(join(folder, "none")), false);
    });

    it("names a command that is not there", async () => {
        const { code, output } = await runWith(["no-such-command"]);
        assert.equal(code, 2);
        assert.equal(output, "error: no-such-command is not found in PATH. Install it, or name its path after `--`.\n");
    });

    for (const name of ["azure-native", "random"]) {
        it(`puts a provider for ${name} into PATH that speaks to the CLI`, async () => {
            const { output } = await runWith([process.execPath, "-e", show]);
            const { env } = JSON.parse(output);
            const provider = spawn(join(folder, ".azure-realtime/bin", `pulumi-resource-${name}`), [], { env });
            try {
                const [port] = await once(provider.stdout, "data");
                const client = createProviderClient(`127.0.0.1:${String(port).trim()}`);
                const schema = await client.schema();
                assert.equal(schema.name, name);
                client.close();
            } finally {
                provider.kill();
                await once(provider, "close");
            }
        });
    }

    (hasCli ? it : it.skip)("deploys a program in YAML with the real CLI (needs pulumi in PATH)", async () => {
        writeFileSync(
            join(folder, "Pulumi.yaml"),
            `name: yaml-program
runtime: yaml
resources:
  group: { type: "azure-native:resources:ResourceGroup", properties: { location: westeurope } }
  chat:
    type: azure-native:webpubsub:WebPubSub
    properties: { resourceGroupName: "\${group.name}", sku: { name: Free_F1 } }
outputs: { host: "\${chat.hostName}" }
`,
        );
        const pulumi = (...args: string[]) =>
            runWith(["pulumi", ...args, "--non-interactive"], { PULUMI_HOME: join(folder, "home") });
        assert.equal((await pulumi("stack", "select", "--create", "local")).code, 0);
        const up = await pulumi("up", "--yes", "--skip-preview");
        assert.match(up.output, /host: "localhost:\d+".*3 created/s);
        const again = await pulumi("up", "--yes", "--skip-preview");
        assert.match(again.output, /3 unchanged/);
        assert.equal((await pulumi("destroy", "--yes", "--skip-preview")).code, 0);
    });
});
