import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../../local/engine/values";
import { readContact } from "../../local/plugin/contact";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createServerBench, type RunningServer } from "../support/pluginServer";
import { createProviderClient, secretOf } from "../support/providerClient";

const groupType = "azure-native:resources:ResourceGroup";
const vaultType = "azure-native:keyvault:Vault";
const secretType = "azure-native:keyvault:Secret";
const urn = (type: string) => `urn:pulumi:test::fixture::${type}::thing`;
const inGroup = { resourceGroupName: "rg" };
const vaultInputs = {
    ...inGroup,
    vaultName: "keys-vault",
    properties: {
        tenantId: "10ca1000-0000-4000-8000-000000000002",
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
    },
};

describe("the server of a stack", () => {
    let bench: ReturnType<typeof createServerBench>;
    beforeEach(() => {
        bench = createServerBench();
    });
    afterEach(() => bench.close());

    async function make({ client }: RunningServer, type: string, news: Properties) {
        const { inputs, failures } = await client.check({ urn: urn(type), news });
        assert.deepEqual(failures, []);
        return { inputs, ...(await client.create({ urn: urn(type), inputs })) };
    }
    const diffOf = ({ client }: RunningServer, type: string, made: { id: string; inputs: Properties }) =>
        client.diff({ urn: urn(type), id: made.id, before: made.inputs, after: made.inputs });

    it("refuses calls without its secret", async () => {
        const started = await bench.start();
        const stranger = createProviderClient(readContact(bench.folder)!.address);
        await assert.rejects(stranger.check({ urn: urn(groupType), news: {} }), /does not carry the secret/);
        await assert.rejects(started.openSession("0".repeat(64)), /does not carry the secret/);
        stranger.close();
    });

    it("refuses a second server for the same stack", async () => {
        await bench.start();
        await assert.rejects(bench.start(), /already running in process/);
    });

    it("ends a minute after the last plugin when it has no resources, and removes its address", async () => {
        const started = await bench.start();
        const session = await started.openSession();
        await bench.clock.advance(120_000);
        assert.ok(readContact(bench.folder), "it stays while a plugin is there");
        session.close();
        while (bench.clock.pending().length === 0) {
            await new Promise(setImmediate);
        }
        assert.deepEqual(bench.clock.pending(), [60_000]);
        await bench.clock.advance(60_000);
        await started.server.ended;
        assert.equal(readContact(bench.folder), undefined);
        assert.equal(existsSync(join(bench.folder, "lock")), false);
    });

    it("stays while it has a resource", async () => {
        const started = await bench.start();
        await make(started, groupType, inGroup);
        await bench.clock.advance(600_000);
        assert.ok(readContact(bench.folder));
    });

    it("gives the emulator the host of function apps that it is started with, and tells it to the plugins", async () => {
        const hosts: unknown[] = [];
        const started = await bench.start(undefined, {
            functionsHost: "func",
            startEmulator: async ({ functionsHost }) => {
                hosts.push(functionsHost);
                return createFakeEmulator();
            },
        });
        await make(started, groupType, inGroup);
        assert.deepEqual(hosts, ["func"]);
        assert.equal(readContact(bench.folder)?.functionsHost, "func");
    });

    it("reopens resources on their ports", async () => {
        const first = await bench.start();
        await make(first, groupType, inGroup);
        const vault = await make(first, vaultType, vaultInputs);
        await first.close();

        const emulator = createFakeEmulator();
        const second = await bench.start(emulator);
        assert.deepEqual(emulator.calls, ["openVault keys-vault"]);
        assert.equal((await diffOf(second, vaultType, vault)).changes, "none");
        assert.deepEqual((await second.client.read({ urn: urn(vaultType), id: vault.id })).outputs, vault.outputs);
    });

    it("asks for an update of a resource that had to move, which returns the new address", async () => {
        const first = await bench.start();
        await make(first, groupType, inGroup);
        await make(first, vaultType, vaultInputs);
        const vault = await make(first, vaultType, { ...vaultInputs, vaultName: "other-vault" });
        await first.close();

        const second = await bench.start(createFakeEmulator({ takenPorts: new Set([40_002]) }));
        const moved = await diffOf(second, vaultType, vault);
        assert.deepEqual([moved.changes, moved.replaces], ["some", []]);
        const place = { urn: urn(vaultType), id: vault.id, before: vault.inputs, after: vault.inputs };
        const { vaultUri: before } = vault.outputs.properties as Properties;
        const { vaultUri: now } = (await second.client.update(place)).properties as Properties;
        assert.notEqual(now, before);
        assert.equal((await diffOf(second, vaultType, vault)).changes, "none");
    });

    it("asks to recreate a lost resource, and reads it as deleted", async () => {
        const started = await bench.start();
        const lost = {
            id: "/subscriptions/10ca1000-0000-4000-8000-000000000001/resourceGroups/rg",
            inputs: { ...inGroup, location: "northeurope" },
        };
        const difference = await diffOf(started, groupType, lost);
        assert.deepEqual(difference.replaces, ["resourceGroupName"]);
        assert.equal(difference.deleteBeforeReplace, true);
        assert.equal((await started.client.read({ urn: urn(groupType), id: lost.id })).id, "");
        await assert.rejects(
            started.client.update({ urn: urn(groupType), id: lost.id, before: lost.inputs, after: lost.inputs }),
            /does not exist in the local Azure any more. Run pulumi refresh first/,
        );
    });

    it("deletes a resource with everything inside it", async () => {
        const emulator = createFakeEmulator();
        const started = await bench.start(emulator);
        const group = await make(started, groupType, inGroup);
        await make(started, vaultType, vaultInputs);
        const secret = { ...inGroup, vaultName: "keys-vault", secretName: "key", properties: { value: "x" } };
        const { id } = await make(started, secretType, secret);
        await started.client.remove({ urn: urn(groupType), id: group.id });
        assert.equal((await started.client.read({ urn: urn(secretType), id })).id, "");
        assert.deepEqual(emulator.calls.slice(-2), ["deleteSecret key", "removeVault keys-vault"]);
    });

    describe("after a command that was killed before it wrote its state", () => {
        let started: RunningServer;
        let vault: Awaited<ReturnType<typeof make>>;
        beforeEach(async () => {
            started = await bench.start();
            await make(started, groupType, inGroup);
            vault = await make(started, vaultType, vaultInputs);
        });

        it("refuses to create what exists, in the provider's words", async () => {
            const told = new RegExp(`cannot create already existing resource '${vault.id}'`);
            await assert.rejects(make(started, vaultType, vaultInputs), told);
            await assert.rejects(make(started, groupType, inGroup), /cannot create already existing resource/);
            const secret = { ...inGroup, vaultName: "keys-vault", secretName: "key", properties: { value: "x" } };
            await make(started, secretType, secret);
            await assert.rejects(make(started, secretType, secret), /\/secrets\/key'/);
        });

        it("reads it by its id with the inputs that a program must have, as an import and a refresh do", async () => {
            const read = await started.client.read({ urn: urn(vaultType), id: vault.id });
            assert.deepEqual(read, { id: vault.id, inputs: vault.inputs, outputs: vault.outputs });
            assert.equal((await diffOf(started, vaultType, vault)).changes, "none");
        });

        it("tells no secret to an import, which would print it, as Azure does not", async () => {
            const secret = { ...inGroup, vaultName: "keys-vault", secretName: "key" };
            const properties = { value: secretOf("hush"), contentType: "text/plain" };
            const made = await make(started, secretType, { ...secret, properties });
            const read = await started.client.read({ urn: urn(secretType), id: made.id });
            assert.deepEqual(read.inputs.properties, secretOf({ contentType: "text/plain" }));
            const template = { parameters: { key: { type: "securestring" }, name: { type: "string" } }, resources: [] };
            const parameters = { key: { value: "hush" }, name: { value: "shown" } };
            const type = "azure-native:resources:Deployment";
            const deployment = await make(started, type, {
                ...inGroup,
                properties: secretOf({ mode: "Incremental", template, parameters }),
            });
            const found = await started.client.read({ urn: urn(type), id: deployment.id });
            const told = secretOf({ mode: "Incremental", template, parameters: { name: { value: "shown" } } });
            assert.deepEqual(found.inputs.properties, told);
            assert.ok(!JSON.stringify([read, found]).includes("hush"));
        });

        it("refuses a secret that a template has written", async () => {
            const template = {
                resources: [
                    {
                        type: "Microsoft.KeyVault/vaults/secrets",
                        name: "keys-vault/key",
                        properties: { value: "x" },
                    },
                ],
            };
            const properties = { mode: "Incremental", template };
            await make(started, "azure-native:resources:Deployment", { ...inGroup, properties });
            const secret = { ...inGroup, vaultName: "keys-vault", secretName: "key", properties: { value: "x" } };
            await assert.rejects(make(started, secretType, secret), /cannot create already existing resource/);
        });

        it("sets what comes into being with its parent", async () => {
            await make(started, "azure-native:web:WebApp", { ...inGroup, name: "app", kind: "functionapp" });
            const settings = { ...inGroup, name: "app", properties: { A: "1" } };
            const type = "azure-native:web:WebAppApplicationSettings";
            const first = await make(started, type, settings);
            assert.equal((await make(started, type, settings)).id, first.id);
        });
    });

    it("ends when its folder is deleted, and leaves a new server there alone", async () => {
        const first = await bench.start();
        await make(first, groupType, inGroup);
        rmSync(bench.folder, { recursive: true });
        await first.server.ended;
        assert.equal(existsSync(bench.folder), false, "it writes nothing more");
        await bench.start();
        assert.ok(readContact(bench.folder));
    });

    it("reopens a resource that was updated to depend on one created after it", async () => {
        const first = await bench.start();
        await make(first, groupType, inGroup);
        const service = await make(first, "azure-native:webpubsub:WebPubSub", {
            ...inGroup,
            resourceName: "chat",
            kind: "SocketIO",
            socketIO: { serviceMode: "Serverless" },
            sku: { name: "Free_F1", capacity: 1 },
        });
        const identity = await make(first, "azure-native:managedidentity:UserAssignedIdentity", {
            ...inGroup,
            resourceName: "id",
        });
        const place = { urn: urn("azure-native:webpubsub:WebPubSub"), id: service.id };
        const after = {
            ...service.inputs,
            identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        };
        await first.client.update({ ...place, before: service.inputs, after });
        await first.close();

        const second = await bench.start();
        assert.equal((await second.client.diff({ ...place, before: after, after })).changes, "none");
    });
});
