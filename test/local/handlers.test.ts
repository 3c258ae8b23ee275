import assert from "node:assert/strict";
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
            assert.deepEqual([...emulator.roles.values()], [{ id, principalId, roleId: serviceOwner, scope }]);
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

        it("refuse a second assignment of the same role", async () => {
            await azure.make("RoleAssignment", assignment());
            await assert.rejects(
                azure.make("RoleAssignment", assignment()),
                /already gives this role to this principal/,
            );
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
    });
});
