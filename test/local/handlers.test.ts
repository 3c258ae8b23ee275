import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../emulator/core/clock";
import { openVault } from "../../emulator/vault/vault";
import type { Properties } from "../../local/engine/values";
import { createFakeEmulator, type FakeEmulator } from "../support/fakeEmulator";
import { createTestAzure } from "../support/local";

const rg = "/subscriptions/sub/resourceGroups/rg";
const serviceOwner = "12cf5a90-567b-43ae-8102-96cf46c7d9b4";

function asset(text: string): Properties {
    return { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text, hash: text };
}

describe("resource handlers", () => {
    let emulator: FakeEmulator;
    let azure: ReturnType<typeof createTestAzure>;
    const inGroup = { resourceGroupName: "rg" };
    const serviceInputs = {
        ...inGroup,
        resourceName: "chat",
        kind: "SocketIO",
        socketIO: { serviceMode: "Serverless" },
        sku: { name: "Standard_S1", capacity: 1 },
        identity: { type: "SystemAssigned" },
    };

    beforeEach(async () => {
        emulator = createFakeEmulator();
        azure = createTestAzure(emulator);
        await azure.make("ResourceGroup", { resourceGroupName: "rg", location: "northeurope" });
    });

    async function makeApp(): Promise<Properties> {
        await azure.make("StorageAccount", {
            ...inGroup,
            accountName: "store",
            kind: "StorageV2",
            sku: { name: "Standard_LRS" },
        });
        const { outputs } = await azure.make("WebApp", {
            ...inGroup,
            name: "app",
            kind: "functionapp,linux",
            identity: { type: "SystemAssigned" },
        });
        return outputs;
    }

    it("refuses a resource in a group that does not exist", async () => {
        await assert.rejects(
            azure.make("AppServicePlan", { resourceGroupName: "other", name: "p" }),
            /Resource "other".* does not exist in the local Azure/,
        );
    });

    it("generates a missing name from the logical name, and keeps it", () => {
        const handler = azure.find("AppServicePlan");
        const settings = { subscriptionId: "sub", tenantId: "tenant" };
        const first = handler.check({ logicalName: "plan", inputs: inGroup, preview: false, settings });
        assert.match(String(first.name), /^plan[0-9a-f]{8}$/);
        const again = handler.check({ logicalName: "plan", inputs: inGroup, preview: false, settings, before: first });
        assert.equal(again.name, first.name);
    });

    it("opens a realtime service with its own identity, and returns the outputs that Azure returns", async () => {
        const { id, outputs, keep } = await azure.make("WebPubSub", serviceInputs);
        assert.equal(id, `${rg}/providers/Microsoft.SignalRService/webPubSub/chat`);
        assert.equal(outputs.name, "chat");
        assert.equal(outputs.hostName, `localhost:${keep?.port}`);
        assert.equal(outputs.resourceGroupName, undefined);
        const { principalId } = outputs.identity as Properties;
        assert.equal(emulator.principals.get(String(principalId))?.resourceId, id);
        assert.deepEqual(emulator.calls, ["openService chat with identity"]);
    });

    it("reopens the service on its port, with its keys and its principal", async () => {
        const made = await azure.make("WebPubSub", serviceInputs);
        const later = createTestAzure(createFakeEmulator());
        await later.make("ResourceGroup", { resourceGroupName: "rg", location: "northeurope" });
        const before = { id: made.id, outputs: made.outputs, keep: made.keep ?? {} };
        const resumed = await later.find("WebPubSub").resume({ world: later.world, inputs: made.inputs, before });
        assert.deepEqual(resumed.outputs, made.outputs);
        assert.deepEqual(resumed.keep, made.keep);
    });

    for (const { title, change, message } of [
        { title: "a kind that does not exist", change: { kind: "MQTT" }, message: /kind is "MQTT": allowed are/ },
        { title: "the default service mode", change: { socketIO: {} }, message: /socketIO.serviceMode is "Default"/ },
        {
            title: "an unknown tier",
            change: { sku: { name: "Gold" } },
            message: /sku.name is "Gold": allowed are Free_F1, /,
        },
        {
            title: "a tier with a name that every object inherits",
            change: { sku: { name: "constructor" } },
            message: /sku.name is "constructor": allowed are Free_F1, /,
        },
        {
            title: "units that the tier does not allow",
            change: { sku: { name: "Free_F1", capacity: 2 } },
            message: /sku.capacity is 2: Free_F1 allows 1/,
        },
        { title: "a bad name", change: { resourceName: "a" }, message: /name is "a"/ },
    ]) {
        it(`refuses a service with ${title}`, () =>
            assert.throws(() => azure.check("WebPubSub", { ...serviceInputs, ...change }), message));
    }

    it("adds a hub to its service, and removes it", async () => {
        await azure.make("WebPubSub", serviceInputs);
        const properties = { eventHandlers: [{ urlTemplate: "http://localhost/x" }] };
        const inputs = { ...inGroup, resourceName: "chat", hubName: "hub", properties };
        const { id, outputs, inputs: checked } = await azure.make("WebPubSubHub", inputs);
        assert.deepEqual(outputs.properties, properties);
        await azure
            .find("WebPubSubHub")
            .remove({ world: azure.world, made: { id, outputs, keep: {} }, inputs: checked });
        assert.deepEqual(emulator.calls.slice(1), ["setHub hub http://localhost/x", "removeHub hub"]);
    });

    describe("of roles", () => {
        let principalId: string;
        let scope: string;
        const assignment = (change: Properties = {}) => ({
            principalId,
            principalType: "ServicePrincipal",
            roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${serviceOwner}`,
            scope,
            ...change,
        });
        beforeEach(async () => {
            const { outputs } = await azure.make("UserAssignedIdentity", { ...inGroup, resourceName: "id" });
            principalId = String(outputs.principalId);
            scope = (await azure.make("WebPubSub", serviceInputs)).id;
        });

        it("admit a token exactly while they are assigned", async () => {
            const { id, outputs, inputs } = await azure.make("RoleAssignment", assignment());
            // Long ago, so that no program waits for the role to take effect: here it does at once.
            const createdOn = Date.UTC(2000, 0, 1);
            assert.equal(outputs.createdOn, new Date(createdOn).toISOString());
            assert.deepEqual(
                [...emulator.roles.values()],
                [{ id, principalId, roleId: serviceOwner, scope, createdOn }],
            );
            await azure.find("RoleAssignment").remove({ world: azure.world, made: { id, outputs, keep: {} }, inputs });
            assert.equal(emulator.roles.size, 0);
        });

        it("refuse the default principal type for a managed identity, as Azure does", () =>
            assert.rejects(
                azure.make("RoleAssignment", assignment({ principalType: "User" })),
                /must be "ServicePrincipal"/,
            ));

        it("refuse a principal that does not exist", () =>
            assert.rejects(
                azure.make("RoleAssignment", assignment({ principalId: "nobody" })),
                /the local Azure has no identity with this id/,
            ));

        it("refuse a second assignment of the same role, in Azure's words", async () => {
            const roleAssignmentName = "11111111-2222-4333-8444-555555555555";
            await azure.make("RoleAssignment", assignment({ roleAssignmentName }));
            const told =
                /^Error: Status=409 Code="RoleAssignmentExists" Message="The role assignment already exists. The ID of the existing role assignment is 11111111222243338444555555555555."/;
            await assert.rejects(azure.make("RoleAssignment", assignment()), told);
            await assert.rejects(
                azure.make("RoleAssignment", assignment()),
                /already gives this role to this principal/,
            );
        });

        it("refuse the name of an assignment of another role", async () => {
            const roleAssignmentName = "11111111-2222-4333-8444-555555555555";
            await azure.make("RoleAssignment", assignment({ roleAssignmentName }));
            const roleDefinitionId =
                "/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
            await assert.rejects(
                azure.make("RoleAssignment", assignment({ roleAssignmentName, roleDefinitionId })),
                /Status=400 Code="RoleAssignmentUpdateNotPermitted" Message="Tenant ID, application ID, principal ID, and scope are/,
            );
        });

        it("count from now when the local Azure takes its time, and keep that time", async () => {
            azure.world.azureTiming = { roleDelayMilliseconds: 60_000, secretRefreshMilliseconds: 1_800_000 };
            const { id, outputs, inputs } = await azure.make("RoleAssignment", assignment());
            assert.equal(outputs.createdOn, new Date(azure.world.now()).toISOString());
            azure.world.now = () => Date.UTC(2027, 0, 1);
            const before = { id, outputs, keep: {} };
            const resumed = await azure.find("RoleAssignment").resume({ world: azure.world, inputs, before });
            assert.deepEqual(resumed.outputs, outputs);
        });

        for (const azureTiming of [
            undefined,
            { roleDelayMilliseconds: 60_000, secretRefreshMilliseconds: 1_800_000 },
        ]) {
            it(`are in force after the clock was set back, ${azureTiming ? "as on Azure" : "at once"}`, async () => {
                azure.world.azureTiming = azureTiming;
                const { id, outputs, inputs } = await azure.make("RoleAssignment", assignment());
                const before = { id, outputs: { ...outputs, createdOn: "2127-01-01T00:00:00.000Z" }, keep: {} };
                const resumed = await azure.find("RoleAssignment").resume({ world: azure.world, inputs, before });
                const time = azureTiming ? azure.world.now() : Date.UTC(2000, 0, 1);
                assert.equal(resumed.outputs.createdOn, new Date(time).toISOString());
                assert.equal(emulator.roles.get(id)?.createdOn, time);
            });
        }

        it("go with the resource that they are assigned on", async () => {
            const vaultProperties = {
                tenantId: "10ca1000-0000-4000-8000-000000000002",
                sku: { family: "A", name: "standard" },
                enableRbacAuthorization: true,
            };
            const inputs = { ...inGroup, vaultName: "keys-vault", properties: vaultProperties };
            const vault = await azure.make("Vault", inputs);
            await azure.make("RoleAssignment", assignment({ scope: vault.id }));
            const made = { id: vault.id, outputs: vault.outputs, keep: {} };
            await azure.find("Vault").remove({ world: azure.world, made, inputs: vault.inputs });
            assert.equal(emulator.roles.size, 0);
            await azure.make("Vault", inputs);
            await azure.make("RoleAssignment", assignment({ scope: vault.id }));
        });

        it("refuse a role without its GUID", () =>
            assert.throws(
                () => azure.check("RoleAssignment", assignment({ roleDefinitionId: "Owner" })),
                /must end with the role's GUID/,
            ));
    });

    it("writes a secret and returns its versioned URI, without the value", async () => {
        const sku = { family: "A", name: "standard" };
        const vault = {
            ...inGroup,
            vaultName: "vault",
            properties: { tenantId: "00000000-0000-0000-0000-000000000001", sku, enableRbacAuthorization: true },
        };
        const { outputs: vaultOutputs } = await azure.make("Vault", vault);
        const { vaultUri } = vaultOutputs.properties as Properties;
        const { outputs } = await azure.make("Secret", {
            ...inGroup,
            vaultName: "vault",
            secretName: "key",
            properties: { value: "v" },
        });
        const properties = outputs.properties as Properties;
        assert.match(String(properties.secretUriWithVersion), new RegExp(`^${vaultUri}secrets/key/[0-9a-f]{32}$`));
        assert.equal(properties.secretUri, `${vaultUri}secrets/key`);
        assert.equal(properties.value, undefined);
    });

    describe("of a vault that is as strict as Azure's", () => {
        const vaultInputs = (change: Properties = {}) => ({
            ...inGroup,
            vaultName: "keys-vault",
            properties: {
                tenantId: "10ca1000-0000-4000-8000-000000000002",
                sku: { family: "A", name: "standard" },
                enableRbacAuthorization: true,
                ...change,
            },
        });
        let folder: string;
        beforeEach(() => {
            folder = mkdtempSync(join(tmpdir(), "strict-vault-"));
            azure.world.folder = folder;
            azure.world.azureTiming = { roleDelayMilliseconds: 60_000, secretRefreshMilliseconds: 1_800_000 };
        });
        afterEach(() => rmSync(folder, { recursive: true, force: true }));

        it("delete a secret only for an account with a role in the vault", async () => {
            const vault = await azure.make("Vault", vaultInputs());
            const secret = { ...inGroup, vaultName: "keys-vault", secretName: "key", properties: { value: "hush" } };
            const { id, outputs, inputs } = await azure.make("Secret", secret);
            const checks: object[] = [];
            emulator.identity.requireRole = (check) => {
                checks.push(check);
                if (emulator.roles.size === 0) {
                    throw new Error("principal lacks a role");
                }
            };
            const remove = () =>
                azure.find("Secret").remove({ world: azure.world, made: { id, outputs, keep: {} }, inputs });
            await assert.rejects(
                remove(),
                /^Error: Status=403 Code="Forbidden" Message="Caller is not authorized to perform action on resource\. Action: 'Microsoft\.KeyVault\/vaults\/secrets\/delete'\. principal lacks a role"\. Give the account that deploys the role "Key Vault Secrets Officer"/,
            );
            const deployer = "10ca1000-0000-4000-8000-00000000000d";
            assert.deepEqual(checks, [{ principalId: deployer, anyRole: ["keyVaultSecretsOfficer"], scope: vault.id }]);
            await azure.make("RoleAssignment", {
                principalId: deployer,
                roleDefinitionId:
                    "/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
                scope: vault.id,
            });
            await remove();
            assert.equal(emulator.calls.at(-1), "deleteSecret key");
        });

        for (const { title, change, message } of [
            {
                title: "a deleted vault",
                change: { softDeleteRetentionInDays: 7 },
                message:
                    /Status=409 Code="ConflictError" Message="A vault with the same name already exists in deleted state\. .*The deleted vault "keys-vault" keeps its name until 2026-02-07: purge it/,
            },
            {
                title: "a deleted vault with purge protection",
                change: { enablePurgeProtection: true },
                message: /has purge protection, so nobody can purge it: use another name until 2026-05-01/,
            },
        ]) {
            it(`keep the name of ${title}, until it is recovered or its time is over`, async () => {
                const clock = { ...systemClock, now: () => azure.world.now() };
                const { identity } = emulator;
                emulator.openVault = (options) =>
                    openVault({ ...options, folder, clock, identity, log: () => {}, softDelete: true });
                const { id, inputs, outputs } = await azure.make("Vault", vaultInputs(change));
                await azure.find("Vault").remove({ world: azure.world, made: { id, outputs, keep: {} }, inputs });
                await assert.rejects(azure.make("Vault", vaultInputs()), message);
                const then = azure.world.now();
                azure.world.now = () => then + 100 * 24 * 3_600_000;
                await azure.make("Vault", vaultInputs());
                await azure.find("Vault").remove({ world: azure.world, made: { id, outputs, keep: {} }, inputs });
                await azure.make("Vault", vaultInputs({ createMode: "recover" }));
                await azure.world.vaults.get(id).close();
            });
        }
    });

    it("refuses a vault without roles", () =>
        assert.throws(
            () =>
                azure.check("Vault", {
                    ...inGroup,
                    properties: {
                        tenantId: "00000000-0000-0000-0000-000000000001",
                        sku: { family: "A", name: "standard" },
                    },
                }),
            /enableRbacAuthorization must be true/,
        ));

    it("uploads a blob, but not with a key that the account refuses", async () => {
        const account = { ...inGroup, accountName: "store", kind: "StorageV2", sku: { name: "Standard_LRS" } };
        const { outputs: accountOutputs } = await azure.make("StorageAccount", account);
        const blob = {
            ...inGroup,
            accountName: "store",
            containerName: "c",
            blobName: "b.zip",
            source: asset("bytes"),
        };
        const { outputs } = await azure.make("Blob", blob);
        assert.equal(outputs.url, `${(accountOutputs.primaryEndpoints as Properties).blob}c/b.zip`);
        assert(emulator.calls.includes("putBlob c/b.zip bytes"));
        await azure.make("StorageAccount", { ...account, allowSharedKeyAccess: false });
        await assert.rejects(azure.make("Blob", blob), /"store" has allowSharedKeyAccess false/);
    });

    it("replaces the whole map of app settings", async () => {
        await makeApp();
        await azure.make("WebAppApplicationSettings", { ...inGroup, name: "app", properties: { A: "1", B: "2" } });
        await azure.make("WebAppApplicationSettings", { ...inGroup, name: "app", properties: { B: "3" } });
        assert.deepEqual(emulator.settings.get("app"), { B: "3" });
    });

    it("deploys a package with a link that the template signs", async () => {
        await makeApp();
        const template = {
            parameters: { url: { type: "string" } },
            resources: [
                {
                    type: "Microsoft.Web/sites/extensions",
                    apiVersion: "2024-04-01",
                    name: "app/onedeploy",
                    properties: {
                        packageUri: `[concat(parameters('url'), '?', listServiceSas('${rg}/providers/Microsoft.Storage/storageAccounts/store', '2024-01-01', createObject('canonicalizedResource', '/blob/store/c/b.zip', 'signedResource', 'b', 'signedPermission', 'r', 'signedExpiry', dateTimeAdd(utcNow('u'), 'PT1H'))).serviceSasToken)]`,
                    },
                },
            ],
        };
        const properties = { mode: "Incremental", template, parameters: { url: { value: "http://store/c/b.zip" } } };
        const { outputs } = await azure.make("Deployment", { ...inGroup, deploymentName: "d", properties });
        assert(emulator.calls.includes("deploy http://store/c/b.zip?sig=c-b.zip-r"));
        assert.doesNotMatch(JSON.stringify(outputs), /sig=/, "the signature must not enter the state");
    });

    it("sets a host key in the running host, and lists it", async () => {
        await makeApp();
        const resources = [
            {
                type: "Microsoft.Web/sites/host/systemkeys",
                apiVersion: "2022-09-01",
                name: "app/default/socketio_extension",
                properties: { name: "socketio_extension", value: "[parameters('value')]" },
            },
        ];
        const template = { parameters: { value: { type: "securestring" } }, resources };
        const properties = { mode: "Incremental", template, parameters: { value: { value: "k" } } };
        await azure.make("Deployment", { ...inGroup, deploymentName: "d", properties });
        const keys = await azure.call("listWebAppHostKeys", { ...inGroup, name: "app" });
        assert.deepEqual(keys.systemKeys, { socketio_extension: "k" });
    });

    it("writes secrets into a vault from a template, and returns their URIs without the values", async () => {
        const properties = {
            tenantId: "10ca1000-0000-4000-8000-000000000002",
            sku: { family: "A", name: "standard" },
            enableRbacAuthorization: true,
        };
        const vault = await azure.make("Vault", { ...inGroup, vaultName: "given-vault", properties });
        const reference =
            "reference(resourceId('Microsoft.KeyVault/vaults/secrets', parameters('vaultName'), 'key'), '2024-11-01')";
        const template = {
            parameters: { vaultName: { type: "string" }, keyValue: { type: "securestring" } },
            resources: [
                {
                    type: "Microsoft.KeyVault/vaults/secrets",
                    apiVersion: "2024-11-01",
                    name: "[concat(parameters('vaultName'), '/key')]",
                    tags: { team: "a" },
                    properties: { value: "[parameters('keyValue')]" },
                },
            ],
            outputs: {
                key: { type: "string", value: `[${reference}.secretUriWithVersion]` },
                shown: { type: "securestring", value: "[parameters('keyValue')]" },
            },
        };
        const deploy = async (value: string) => {
            const parameters = { vaultName: { value: "given-vault" }, keyValue: { value } };
            const inputs = { ...inGroup, properties: { mode: "Incremental", template, parameters } };
            return azure.make("Deployment", inputs);
        };
        const first = await deploy("hush");
        const { vaultUri } = vault.outputs.properties as Properties;
        const uriOf = ({ outputs }: { outputs: Properties }) =>
            (((outputs.properties as Properties).outputs as Properties).key as Properties).value;
        assert.match(String(uriOf(first)), new RegExp(`^${vaultUri}secrets/key/[0-9a-f]{32}$`));
        assert.doesNotMatch(JSON.stringify(first.outputs), /hush/);
        assert.match(String(first.inputs.deploymentName), /^deployment[0-9a-f]{8}$/);
        // The same value keeps its version, and another one gets a new version: nothing is refused because it exists.
        assert.equal(uriOf(await deploy("hush")), uriOf(first));
        assert.notEqual(uriOf(await deploy("other")), uriOf(first));
        await azure.find("Deployment").remove({
            world: azure.world,
            made: { id: first.id, outputs: first.outputs, keep: {} },
            inputs: first.inputs,
        });
        assert(!emulator.calls.includes("deleteSecret key"), "the secret outlives its deployment");
    });

    it("names a resource type that a template does not support", async () => {
        const template = { resources: [{ type: "Microsoft.Sql/servers", name: "x" }] };
        await assert.rejects(
            azure.make("Deployment", {
                ...inGroup,
                deploymentName: "d",
                properties: { mode: "Incremental", template },
            }),
            /the local Azure does not support Microsoft.Sql\/servers in a template. Supported are/,
        );
    });

    it("looks up a resource of the stack", async () => {
        const { id, outputs } = await azure.make("WebPubSub", serviceInputs);
        assert.deepEqual(await azure.call("getWebPubSub", { ...inGroup, resourceName: "chat" }), { ...outputs, id });
        await assert.rejects(
            azure.call("getWebPubSub", { ...inGroup, resourceName: "none" }),
            /Resource "none" in resource group "rg" does not exist/,
        );
    });

    it("checks alerts as Azure does", () => {
        const alert = {
            ...inGroup,
            ruleName: "r",
            location: "global",
            severity: 9,
            enabled: true,
            scopes: [rg],
            evaluationFrequency: "PT1M",
            windowSize: "PT5M",
            criteria: { odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria" },
        };
        assert.throws(
            () => azure.check("MetricAlert", alert),
            /^CheckError: properties.severity is 9: it must be <= 4$/,
        );
        assert.equal(azure.check("MetricAlert", { ...alert, severity: 1 }).severity, 1);
        const query = { ...inGroup, ruleName: "q", location: "northeurope", scopes: [rg], severity: 5 };
        assert.throws(() => azure.check("ScheduledQueryRule", query), /^CheckError: properties.severity is 5/);
        assert.equal(azure.check("ScheduledQueryRule", { ...query, severity: 3 }).severity, 3);
    });
});
