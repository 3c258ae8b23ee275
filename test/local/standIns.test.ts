import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import { acquireLock } from "../../local/engine/lock";
import { openState } from "../../local/engine/state";
import { recordedLine } from "../../local/engine/unknownType";
import { announce } from "../../local/running";
import { createWorkbench, operations, type Workbench } from "../support/local";

const subscription = "10ca1000-0000-4000-8000-000000000001";
const vaultId = `/subscriptions/${subscription}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/company`;
const vaultStandIn = `
resources:
  - type: azure-native:keyvault:Vault
    id: ${vaultId}
    inputs:
      location: westeurope
      properties: { tenantId: 10ca1000-0000-4000-8000-000000000002, enableRbacAuthorization: true, sku: { family: A, name: standard } }
`;

describe("a program with resources that the local Azure does not emulate", function () {
    this.timeout(60_000);
    let bench: Workbench;
    beforeEach(() => {
        bench = createWorkbench({
            program: "standIns.ts",
            startEmulator: () => startEmulator({ folder: mkdtempSync(join(tmpdir(), "emulator-")) }),
        });
    });
    afterEach(() => bench.close());
    const config = (...parts: string[]) => ({
        config: Object.fromEntries(
            parts.map((part) => part.split("=")).map(([key, value]) => [`fixture:${key}`, value ?? "true"]),
        ),
    });
    const write = (text: string) => writeFileSync(join(bench.projectDir, "azure-realtime.local.yaml"), text);

    it("checks one whose contract it knows as Azure does, and records it", async () => {
        const { outputs } = await bench.once(config("network"));
        assert.equal(
            outputs.networkId,
            `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net`,
        );
        const changed = await bench.once(config("network", "prefix=10.0.2.0/24"));
        assert.deepEqual(operations(changed), { rg: "unchanged", net: "updated" });
        await assert.rejects(
            bench.once(config("network", "typo")),
            /properties.addressSpace.addressPrefixs is not a property of this type/,
        );
    });

    it("records one that it does not know, with its inputs as outputs and an id of Azure's form", async () => {
        const { outputs, resources } = await bench.once(config("database"));
        assert.equal(
            outputs.databaseId,
            `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/mydb`,
        );
        assert.equal(outputs.databaseName, "mydb");
        const types = resources.filter(({ custom }) => custom).map(({ type }) => type);
        assert.equal(recordedLine(types), "resources:ResourceGroup, documentdb:DatabaseAccount");
        assert.equal(operations(await bench.once(config("database"))).db, "unchanged");
        assert.equal(operations(await bench.once(config())).db, "deleted");
    });

    it("refuses both when it is strict", async () => {
        for (const part of ["network", "database"]) {
            const strict = { ...config(part), strict: true };
            await assert.rejects(bench.once(strict), /is not supported by the local Azure.*Without --strict/);
        }
    });

    it("refuses a command by name, and takes its outputs from the file", async () => {
        await assert.rejects(
            bench.once(config("command")),
            /command:local:Command runs commands.*under resources in azure-realtime.local.yaml, by type and name/,
        );
        write("resources: [{ type: 'command:local:Command', name: build, outputs: { stdout: made } }]");
        assert.equal((await bench.once(config("command"))).outputs.stdout, "made");
        assert.equal(operations(await bench.once(config("command"))).build, "unchanged");
    });

    it("refuses a function that it cannot answer by name, and takes the answer from the file", async () => {
        await assert.rejects(bench.once(config("lookup")), /The program failed/);
        const told = bench.events.flatMap((event) => (event.kind === "message" ? [event.text] : [])).join("\n");
        assert.match(
            told,
            /Function azure-native:network:getVirtualNetwork is not supported.*under functions in azure-realtime/,
        );
        write(`
functions:
  - token: azure-native:network:getVirtualNetwork
    result: { location: elsewhere }
  - token: azure-native:network:getVirtualNetwork
    args: { virtualNetworkName: corp }
    result: { location: northeurope }
`);
        assert.equal((await bench.once(config("lookup"))).outputs.corp, "northeurope");
        assert.equal((await bench.once({ ...config("lookup"), preview: true })).outputs.corp, "northeurope");
    });

    it("makes a resource that exists already, and gives the same one to the next run", async () => {
        write(vaultStandIn);
        const first = await bench.start(config("vault"));
        const uri = first.outputs.vaultUri;
        assert.match(String(uri), /^https?:\/\/(localhost|127\.0\.0\.1):\d+\/?$/);
        assert.notEqual(first.emulator, undefined);
        await first.close();
        const second = await bench.once(config("vault"));
        assert.equal(second.outputs.vaultUri, uri);
        assert.deepEqual(operations(second), { rg: "unchanged" });
    });

    it("refuses an existing resource of another subscription, or one that Azure would refuse", async () => {
        const other = "20ca1000-0000-4000-8000-000000000001";
        write(vaultStandIn.replace(subscription, other));
        await assert.rejects(bench.once(config()), new RegExp(`azure-native:subscriptionId to ${other}`));
        const values = config();
        const own = { config: { ...values.config, "azure-native:subscriptionId": other } };
        assert.equal(operations(await bench.once(own)).rg, "created");
        write(vaultStandIn.replace("enableRbacAuthorization: true, ", ""));
        await assert.rejects(bench.once(config()), /keyvault:Vault .*cannot be made: .*enableRbacAuthorization/s);
    });

    it("reads the outputs of another stack from the file", async () => {
        write("stacks: { acme/network/prod: { subnet: apps } }");
        assert.equal((await bench.once(config("stack"))).outputs.subnet, "apps");
    });

    it("reads the outputs of another project's stack while that runs", async () => {
        const home = mkdtempSync(join(tmpdir(), "registry-"));
        const before = process.env.AZURE_REALTIME_HOME;
        process.env.AZURE_REALTIME_HOME = home;
        const folder = join(home, "prod");
        const lock = acquireLock(folder, "prod");
        const conceal = announce({ pid: process.pid, project: "network", stack: "prod", projectDir: home, folder });
        try {
            const other = openState(folder);
            other.state.outputs = { subnet: "theirs" };
            const resources = [...(await bench.once(config())).resources];
            other.state.resources = new Map(resources.map((resource) => [resource.urn, resource]));
            other.save();
            assert.equal((await bench.once(config("stack"))).outputs.subnet, "theirs");
            conceal();
            await assert.rejects(bench.once(config("stack")), /another project: start it there and leave it running/);
        } finally {
            before === undefined
                ? delete process.env.AZURE_REALTIME_HOME
                : Object.assign(process.env, { AZURE_REALTIME_HOME: before });
            lock.release();
            rmSync(home, { recursive: true, force: true });
        }
    });

    it("refuses a stack reference without outputs, with the way to give them", async () => {
        await assert.rejects(
            bench.once(config("stack")),
            /acme\/network\/prod has no outputs on this machine.*another project.*stacks in azure-realtime.local.yaml/,
        );
    });

    for (const { text, message } of [
        { text: "stack: {}", message: /stack is not known: allowed are functions, resources, stacks/ },
        { text: "functions: {}", message: /functions must be a list/ },
        { text: "functions: [{ args: {} }]", message: /functions\[0\].token must be a text/ },
        {
            text: "resources: [{ type: a, id: b, outputs: {} }]",
            message: /resources\[0\].outputs is not known: allowed are type, id, inputs/,
        },
        {
            text: "resources: [{ type: a, outputs: [] }]",
            message: /resources\[0\].name must be a text\n +resources\[0\].outputs must be a map/,
        },
        { text: "stacks: { a: 5 }", message: /stacks.a must be a map/ },
        { text: "{", message: /azure-realtime.local.yaml is not YAML/ },
        { text: "- a", message: /must be a map with functions, resources, stacks/ },
    ]) {
        it(`refuses the file ${JSON.stringify(text)}`, async () => {
            write(text);
            await assert.rejects(bench.once(config()), message);
        });
    }

    it("takes an empty file for none", async () => {
        write("# nothing yet\n");
        assert.equal(operations(await bench.once(config())).rg, "created");
    });
});
