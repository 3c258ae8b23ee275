import assert from "node:assert/strict";
import { once } from "node:events";
import { statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Properties, unknownValue } from "../../local/engine/values";
import { createPluginBench, gone, type PluginBench } from "../support/pluginProcess";
import { type ProviderClient, secretOf } from "../support/providerClient";

const groupType = "azure-native:resources:ResourceGroup";
const vaultType = "azure-native:keyvault:Vault";
const secretType = "azure-native:keyvault:Secret";
const passwordType = "random:index/randomPassword:RandomPassword";

describe("the provider plugins", () => {
    let bench: PluginBench;
    let azure: ProviderClient & { end(): Promise<void> };
    let random: ProviderClient & { end(): Promise<void> };
    let urn: PluginBench["urn"];

    async function make(type: string, name: string, news: Properties) {
        const { inputs, failures } = await azure.check({ urn: urn(type, name), news });
        assert.deepEqual(failures, []);
        return { inputs, ...(await azure.create({ urn: urn(type, name), inputs })) };
    }
    const makeVault = (vaultName: string, resourceGroupName = "rg") =>
        make(vaultType, "vault", {
            resourceGroupName,
            vaultName,
            properties: {
                tenantId: "10ca1000-0000-4000-8000-000000000002",
                sku: { family: "A", name: "standard" },
                enableRbacAuthorization: true,
            },
        });

    before(async () => {
        bench = await createPluginBench("plugins");
        urn = bench.urn;
        [azure, random] = await Promise.all([bench.start("azure-native"), bench.start("random")]);
        await Promise.all([
            azure.configure(urn("pulumi:providers:azure-native", "default"), { location: "northeurope" }),
            random.configure(urn("pulumi:providers:random", "default")),
        ]);
    });
    after(() => bench.close());

    it("say that they keep secrets secret", async () => {
        assert.equal((await azure.handshake()).acceptSecrets, true);
    });

    it("report the versions of the installed SDKs", async () => {
        const { version: azureVersion } = require("@pulumi/azure-native/package.json") as { version: string };
        const { version: randomVersion } = require("@pulumi/random/package.json") as { version: string };
        assert.equal(await azure.version(), azureVersion);
        assert.equal(await random.version(), randomVersion);
    });

    it("list in their schema what the local Azure supports", async () => {
        const { resources, functions } = await azure.schema();
        assert.ok(groupType in (resources as object));
        // `pulumi import` writes code with these names.
        const { inputProperties } = (resources as Record<string, Properties>)["azure-native:storage:StorageAccount"]!;
        for (const input of ["accountName", "resourceGroupName", "sku", "enableHttpsTrafficOnly", "networkRuleSet"]) {
            assert.ok(input in (inputProperties as object), input);
        }
        assert.ok(!(passwordType in (resources as object)));
        assert.ok("azure-native:web:listWebAppHostKeys" in (functions as object));
    });

    it("refuse a CLI that does not name its stack", () =>
        assert.rejects(azure.configure(""), /does not send the URN of the provider/));

    it("share one server, and print its process id and its log once", () => {
        assert.equal(bench.said.length, 1);
        assert.ok(bench.said[0]!.includes(`process ${bench.serverPid()}`), bench.said[0]);
        assert.ok(bench.said[0]!.includes(join(bench.folder, "server.log")), bench.said[0]);
    });

    it("keep the server's address and secret to this user", () => {
        assert.equal(statSync(join(bench.folder, "server.json")).mode & 0o777, 0o600);
    });

    describe("check", () => {
        it("fills in a name and the configured region", async () => {
            const { inputs } = await azure.check({ urn: urn(groupType, "group"), news: {} });
            assert.match(String(inputs.resourceGroupName), /^group[0-9a-f]{8}$/);
            assert.equal(inputs.location, "northeurope");
        });

        it("keeps the name of the last update", async () => {
            const olds = { resourceGroupName: "group1", location: "northeurope" };
            const { inputs } = await azure.check({ urn: urn(groupType, "group"), news: {}, olds });
            assert.deepEqual(inputs, olds);
        });

        it("keeps secrets wrapped", async () => {
            const news = { resourceGroupName: "rg", vaultName: "v4ult", secretName: "s" };
            const properties = { value: secretOf("hush"), contentType: "text/plain" };
            const { inputs } = await azure.check({ urn: urn(secretType, "s"), news: { ...news, properties } });
            assert.deepEqual(inputs.properties, properties);
        });

        it("returns every fault, with the inputs unchanged", async () => {
            const news = { resourceGroupName: "rg", vaultName: "a", properties: { sku: {} } };
            const { inputs, failures } = await azure.check({ urn: urn(vaultType, "v"), news });
            assert.ok(failures.some((fault) => /enableRbacAuthorization must be true/.test(fault)));
            assert.ok(failures.length > 1, failures.join("\n"));
            assert.deepEqual(inputs, news);
        });

        it("accepts a type that is only recorded", async () => {
            const { failures } = await azure.check({ urn: urn("azure-native:sql:Server", "s"), news: {} });
            assert.deepEqual(failures, []);
        });
    });

    describe("of resources", () => {
        let group: Awaited<ReturnType<typeof make>>;
        before(async () => {
            group = await make(groupType, "rg", { resourceGroupName: "rg", location: "northeurope" });
        });

        it("create nothing in a preview, and return the known outputs", async () => {
            const inputs = { resourceGroupName: "other", location: unknownValue };
            const { id, outputs } = await azure.create({ urn: urn(groupType, "other"), inputs, preview: true });
            assert.equal(id, "");
            assert.deepEqual(outputs, { location: unknownValue });
            const made = "/subscriptions/10ca1000-0000-4000-8000-000000000001/resourceGroups/other";
            assert.equal((await azure.read({ urn: urn(groupType, "other"), id: made })).id, "");
        });

        it("create, find, change and delete", async () => {
            const vault = await makeVault("first-vault");
            const uri = (vault.outputs.properties as Properties).vaultUri;
            assert.match(String(uri), /^https:\/\/first-vault\.vault\.localhost:\d+\/$/);
            const place = { urn: urn(vaultType, "vault"), id: vault.id };

            const found = await azure.read({ ...place, inputs: vault.inputs, outputs: vault.outputs });
            assert.deepEqual(found, { id: vault.id, inputs: vault.inputs, outputs: vault.outputs });
            const same = await azure.diff({ ...place, before: vault.inputs, after: vault.inputs });
            assert.equal(same.changes, "none");

            const after = { ...vault.inputs, tags: { team: "a" } };
            const changed = await azure.diff({ ...place, before: vault.inputs, after });
            assert.deepEqual(changed.detailed, { tags: "ADD" });
            assert.deepEqual(changed.replaces, []);
            const planned = await azure.update({ ...place, before: vault.inputs, after, preview: true });
            assert.deepEqual(planned.tags, { team: "a" });
            assert.equal((await azure.read(place)).outputs.tags, undefined);
            assert.deepEqual((await azure.update({ ...place, before: vault.inputs, after })).tags, { team: "a" });

            await azure.remove(place);
            assert.equal((await azure.read(place)).id, "");
            await azure.remove(place);
        });

        it("are replaced for another name, after deletion when the id would be the same", async () => {
            const place = { urn: urn(groupType, "rg"), id: group.id, before: group.inputs };
            const renamed = await azure.diff({ ...place, after: { ...group.inputs, resourceGroupName: "new" } });
            assert.deepEqual(renamed.replaces, ["resourceGroupName"]);
            assert.deepEqual(renamed.detailed, { resourceGroupName: "UPDATE_REPLACE" });
            assert.equal(renamed.deleteBeforeReplace, false);
            const moved = await azure.diff({ ...place, after: { ...group.inputs, location: "westus" } });
            assert.equal(moved.deleteBeforeReplace, true);
        });

        it("keep a secret's value out of its outputs, and its other outputs secret", async () => {
            await makeVault("secret-vault");
            const news = { resourceGroupName: "rg", vaultName: "secret-vault", secretName: "key" };
            const secret = await make(secretType, "key", { ...news, properties: { value: secretOf("hush") } });
            const { value } = secret.outputs.properties as { value: Properties };
            assert.match(String(value.secretUriWithVersion), /\/secrets\/key\/[0-9a-f]+$/);
            assert.deepEqual(secret.outputs.properties, secretOf(value));
            assert.ok(!JSON.stringify(secret.outputs).includes("hush"));

            const after = { ...secret.inputs, properties: { value: secretOf("other") } };
            const place = { urn: urn(secretType, "key"), id: secret.id, before: secret.inputs, after };
            assert.deepEqual((await azure.diff(place)).detailed, { "properties.value": "UPDATE" });
            const preview = await azure.update({ ...place, preview: true });
            assert.equal(preview.properties, undefined, "the version is not known before the update");
        });

        it("say why they cannot be created", () =>
            assert.rejects(
                make(secretType, "lost", {
                    resourceGroupName: "rg",
                    vaultName: "nowhere",
                    secretName: "key",
                    properties: { value: "x" },
                }),
                /Key Vault "nowhere" in resource group "rg" does not exist in the local Azure/,
            ));

        it("refuse to touch a resource of a real subscription", async () => {
            const id = "/subscriptions/5e4dc3ab-0000-4000-8000-000000000000/resourceGroups/live";
            const place = { urn: urn(groupType, "live"), id };
            const told = /resource of Azure subscription 5e4dc3ab-.*, and this is the local Azure/;
            await assert.rejects(azure.diff({ ...place, before: {}, after: {} }), told);
            await assert.rejects(azure.update({ ...place, before: {}, after: {} }), told);
            await assert.rejects(azure.read(place), told);
            await assert.rejects(azure.remove(place), told);
        });
    });

    describe("of random values", () => {
        it("have a secret result, and a new one when an input changes", async () => {
            const place = { urn: urn(passwordType, "key") };
            const { inputs } = await random.check({ ...place, news: { length: 20, keepers: { rotation: "1" } } });
            const { id, outputs } = await random.create({ ...place, inputs });
            const { value } = outputs.result as { value: string };
            assert.equal(value.length, 20);
            assert.deepEqual(outputs.result, secretOf(value));
            const after = { length: 20, keepers: { rotation: "2" } };
            const change = await random.diff({ ...place, id, before: inputs, after });
            assert.deepEqual(change.detailed, { "keepers.rotation": "UPDATE_REPLACE" });
            assert.deepEqual(change.replaces, ["keepers"]);
            assert.deepEqual((await random.read({ ...place, id, inputs, outputs })).outputs, outputs);
        });
    });

    describe("of functions", () => {
        it("return the user who deploys", async () => {
            const { subscriptionId } = await azure.invoke("azure-native:authorization:getClientConfig");
            assert.equal(subscriptionId, "10ca1000-0000-4000-8000-000000000001");
        });

        it("look a resource up", async () => {
            const group = await azure.invoke("azure-native:resources:getResourceGroup", { resourceGroupName: "rg" });
            assert.equal(group.location, "northeurope");
        });

        it("name one that is not supported", () =>
            assert.rejects(
                azure.invoke("azure-native:sql:getServer"),
                /azure-native:sql:getServer is not supported by the local Azure. Supported are: .*getClientConfig/,
            ));
    });

    describe("after the server was stopped and a port was taken", function () {
        this.timeout(120_000);

        it("say at the resource that moved what changed and why, until it is updated", async () => {
            const group = await make(groupType, "moving", { resourceGroupName: "moving", location: "northeurope" });
            const vault = await makeVault("moving-vault", "moving");
            const { vaultUri: old } = vault.outputs.properties as { vaultUri: string };
            const pid = bench.serverPid()!;
            process.kill(pid);
            await gone(pid);
            const holder = createServer().listen(Number(new URL(old).port), "127.0.0.1");
            try {
                await once(holder, "listening");
                await Promise.all([azure.end(), random.end()]);
                [azure, random] = await Promise.all([bench.start("azure-native"), bench.start("random")]);
                await azure.configure(urn("pulumi:providers:azure-native", "default"), { location: "northeurope" });
                await random.configure(urn("pulumi:providers:random", "default"));
                const place = { urn: urn(vaultType, "vault"), id: vault.id, before: vault.inputs, after: vault.inputs };
                const heard = bench.heard("again");
                assert.equal((await azure.diff(place)).changes, "some");
                assert.deepEqual(await heard, {
                    urn: urn(vaultType, "vault"),
                    text: "Since the local Azure started again: properties.vaultUri changed, because the port was taken.",
                });
                const { vaultUri } = (await azure.update(place)).properties as Properties;
                assert.notEqual(vaultUri, old);
                assert.equal((await azure.diff(place)).changes, "none");
                await azure.remove({ urn: urn(groupType, "moving"), id: group.id });
            } finally {
                holder.close();
            }
        });
    });

    describe("in the end", () => {
        it("let the server end with the command that deletes the last resource", async () => {
            const pid = bench.serverPid()!;
            const id = "/subscriptions/10ca1000-0000-4000-8000-000000000001/resourceGroups/rg";
            await azure.remove({ urn: urn(groupType, "rg"), id });
            await Promise.all([azure.end(), random.end()]);
            await gone(pid);
            assert.equal(bench.serverPid(), undefined);
        });
    });
});
