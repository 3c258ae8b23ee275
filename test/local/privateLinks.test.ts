import assert from "node:assert/strict";
import { vaultAudience } from "../../emulator/identity";
import { networkFault } from "../../local/azure/privateLinks";
import type { Properties } from "../../local/engine/values";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createTestAzure } from "../support/local";

const message = "chat reads its key";
const inGroup = { resourceGroupName: "rg" };

const approvalTemplate = (connectionName: string, type: string, target: string): Properties => ({
    ...inGroup,
    deploymentName: "approval",
    properties: {
        mode: "Incremental",
        template: {
            $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            contentVersion: "1.0.0.0",
            resources: [
                {
                    type: `${type}/privateEndpointConnections`,
                    apiVersion: "2024-11-01",
                    name: `${target}/${connectionName}`,
                    properties: { privateLinkServiceConnectionState: { status: "Approved", description: message } },
                },
            ],
        },
    },
});

/** A service with an identity that may read a vault, which is closed to the internet. */
async function closedVault(azure: ReturnType<typeof createTestAzure>) {
    await azure.make("ResourceGroup", { resourceGroupName: "rg", location: "northeurope" });
    const identity = await azure.make("UserAssignedIdentity", { ...inGroup, resourceName: "reader" });
    const vault = await azure.make("Vault", {
        ...inGroup,
        vaultName: "keys",
        properties: {
            tenantId: "00000000-0000-0000-0000-000000000001",
            sku: { family: "A", name: "standard" },
            enableRbacAuthorization: true,
            publicNetworkAccess: "Disabled",
        },
    });
    await azure.make("Secret", { ...inGroup, vaultName: "keys", secretName: "code", properties: { value: "s3cret" } });
    await azure.make("WebPubSub", {
        ...inGroup,
        resourceName: "chat",
        sku: { name: "Standard_S1", capacity: 1 },
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
    });
    const principalId = String(identity.outputs.principalId);
    await azure.make("RoleAssignment", {
        roleAssignmentName: "11111111-2222-3333-4444-555555555555",
        scope: vault.id,
        principalId,
        principalType: "ServicePrincipal",
        roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
    });
    const link = {
        ...inGroup,
        resourceName: "chat",
        sharedPrivateLinkResourceName: "vault",
        groupId: "vault",
        privateLinkResourceId: vault.id,
        requestMessage: message,
    };
    const vaultUri = String((vault.outputs.properties as Properties).vaultUri);
    return { principalId, vaultId: vault.id, vaultUri, link };
}

/** Status and inner code of the vault's own answer to a caller with a role. */
async function callVault({ emulator }: TestEmulator, { uri, principalId }: Record<"uri" | "principalId", string>) {
    const token = await emulator.identity.issueToken({ principalId, audience: vaultAudience });
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${uri}secrets/code?api-version=7.4`, { headers });
    const { error } = (await response.json()) as { error?: { innererror?: { code: string } } };
    return [response.status, error?.innererror?.code];
}

interface Shown {
    id: string;
    privateLinkServiceConnectionState: { status: string; description: string };
}

const shownBy = async (azure: ReturnType<typeof createTestAzure>) => {
    const { properties } = await azure.call("getVault", { ...inGroup, vaultName: "keys" });
    return ((properties as Properties).privateEndpointConnections ?? []) as unknown as Shown[];
};
const linkStatus = async (azure: ReturnType<typeof createTestAzure>) => {
    const names = { ...inGroup, resourceName: "chat", sharedPrivateLinkResourceName: "vault" };
    return (await azure.call("getWebPubSubSharedPrivateLinkResource", names)).status;
};

describe("a vault that is closed to the internet, on the local Azure", () => {
    let test: TestEmulator;
    before(async () => {
        test = await startTestEmulator();
    });
    after(() => test.close());

    it("is read by a service only through a shared private link that is approved", async () => {
        const azure = createTestAzure(test.emulator);
        const { principalId, vaultUri, link } = await closedVault(azure);
        const text = "@Microsoft.KeyVault(VaultName=keys;SecretName=code)";
        const read = () => test.emulator.references.resolve({ text, principalId });
        assert.throws(read, /closed to the internet.*the service has no approved shared private link/);
        const call = () => callVault(test, { uri: vaultUri, principalId });
        assert.deepEqual(await call(), [403, "ForbiddenByConnection"]);

        const made = await azure.make("WebPubSubSharedPrivateLinkResource", link);
        assert.equal(made.outputs.status, "Pending");
        assert.throws(read, /no approved shared private link/);
        const [connection] = await shownBy(azure);
        assert.deepEqual(connection?.privateLinkServiceConnectionState, {
            status: "Pending",
            description: message,
            actionsRequired: "None",
        });

        const name = connection?.id.split("/").at(-1) ?? "";
        await azure.make("Deployment", approvalTemplate(name, "Microsoft.KeyVault/vaults", "keys"));
        assert.equal(read(), "s3cret");
        assert.deepEqual(await call(), [200, undefined]);
        assert.equal(await linkStatus(azure), "Approved");
        const [approved] = await shownBy(azure);
        assert.equal(approved?.id, connection?.id);
        assert.equal(approved?.privateLinkServiceConnectionState.description, message);

        await azure.find("WebPubSubSharedPrivateLinkResource").remove({
            world: azure.world,
            made: { id: made.id, outputs: made.outputs, keep: made.keep ?? {} },
            inputs: made.inputs,
        });
        assert.throws(read, /no approved shared private link/);
        assert.deepEqual(await shownBy(azure), []);
    });
});

describe("private endpoint connections on the local Azure", () => {
    let azure: ReturnType<typeof createTestAzure>;
    let vaultId: string;
    let link: Properties;
    beforeEach(async () => {
        azure = createTestAzure(createFakeEmulator());
        ({ vaultId, link } = await closedVault(azure));
    });

    const endpoint = (groupId: string, target: string): Properties => ({
        ...inGroup,
        privateEndpointName: "way",
        subnet: { id: "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/n/subnets/s" },
        privateLinkServiceConnections: [{ name: groupId, privateLinkServiceId: target, groupIds: [groupId] }],
    });

    it("of a private endpoint are approved at once, and go with it", async () => {
        const made = await azure.make("PrivateEndpoint", endpoint("vault", vaultId));
        assert.equal((await shownBy(azure))[0]?.privateLinkServiceConnectionState.status, "Approved");
        const { id, outputs, keep = {}, inputs } = made;
        await azure.find("PrivateEndpoint").remove({ world: azure.world, made: { id, outputs, keep }, inputs });
        assert.deepEqual(await shownBy(azure), []);
    });

    it("need a target that exists and has the group", async () => {
        await assert.rejects(azure.make("PrivateEndpoint", endpoint("blob", vaultId)), /groupId is "blob".*vault/);
        await assert.rejects(azure.make("PrivateEndpoint", endpoint("vault", `${vaultId}2`)), /does not exist/);
        const wrong = { ...link, groupId: "sites" };
        await assert.rejects(azure.make("WebPubSubSharedPrivateLinkResource", wrong), /groupId is "sites"/);
    });

    // Source: learn, app-service/overview-private-endpoint; terraform-provider-azurerm#25866.
    it("of a slot have the id of its app, and no shared private link leads to a slot", async () => {
        const plan = await azure.make("AppServicePlan", {
            ...inGroup,
            name: "plan",
            reserved: true,
            sku: { name: "EP1" },
        });
        const site = { ...inGroup, name: "app", serverFarmId: plan.id, kind: "functionapp,linux", reserved: true };
        const app = await azure.make("WebApp", site);
        const early = azure.make("PrivateEndpoint", endpoint("sites-staging", app.id));
        await assert.rejects(early, /groupId is "sites-staging": a Microsoft.Web\/sites has sites$/m);
        const slot = await azure.make("WebAppSlot", { ...site, slot: "staging" });
        await azure.make("PrivateEndpoint", endpoint("sites-staging", app.id));
        await assert.rejects(azure.make("PrivateEndpoint", endpoint("sites-other", app.id)), /sites, sites-staging/);
        const toSlot = { ...link, sharedPrivateLinkResourceName: "slot", privateLinkResourceId: app.id };
        await assert.rejects(
            azure.make("WebPubSubSharedPrivateLinkResource", { ...toSlot, groupId: "sites-staging" }),
            /groupId is "sites-staging"/,
        );
        assert.equal(slot.id, `${app.id}/slots/staging`);
    });

    it("are approved under the name that Azure gave them and no other", async () => {
        await azure.make("WebPubSubSharedPrivateLinkResource", link);
        const guess = approvalTemplate("vault", "Microsoft.KeyVault/vaults", "keys");
        await assert.rejects(azure.make("Deployment", guess), /private endpoint connection 'vault' was not found/);
    });

    it("keep their name and state when their link is written again", async () => {
        const made = await azure.make("WebPubSubSharedPrivateLinkResource", link);
        const [connection] = await shownBy(azure);
        const name = connection?.id.split("/").at(-1) ?? "";
        await azure.make("Deployment", approvalTemplate(name, "Microsoft.KeyVault/vaults", "keys"));
        const before = { id: made.id, outputs: made.outputs, keep: made.keep ?? {} };
        const handler = azure.find("WebPubSubSharedPrivateLinkResource");
        await handler.resume({ world: azure.world, inputs: made.inputs, before });
        assert.equal(await linkStatus(azure), "Approved");
        assert.equal((await shownBy(azure))[0]?.id, connection?.id);
    });

    it("of an app show in its generic lookup, in Azure Resource Manager's form", async () => {
        await azure.make("StorageAccount", {
            ...inGroup,
            accountName: "store",
            kind: "StorageV2",
            sku: { name: "Standard_LRS" },
        });
        const app = await azure.make("WebApp", { ...inGroup, name: "app", kind: "functionapp,linux" });
        await azure.make("WebPubSubSharedPrivateLinkResource", {
            ...link,
            sharedPrivateLinkResourceName: "sites",
            groupId: "sites",
            privateLinkResourceId: app.id,
        });
        const { properties } = await azure.call("getResource", {
            ...inGroup,
            apiVersion: "2025-05-01",
            resourceProviderNamespace: "Microsoft.Web",
            parentResourcePath: "",
            resourceType: "sites",
            resourceName: "app",
        });
        const [connection] = (properties as Properties).privateEndpointConnections as Properties[];
        assert.deepEqual(connection?.properties, {
            provisioningState: "Succeeded",
            privateLinkServiceConnectionState: { status: "Pending", description: message, actionsRequired: "None" },
        });
    });

    it("let an app read a closed vault from a subnet, once the vault has a private endpoint", async () => {
        const identity = await azure.make("UserAssignedIdentity", { ...inGroup, resourceName: "app" });
        const principalId = String(identity.outputs.principalId);
        const fault = () => networkFault(azure.world, vaultId, principalId);
        const app = {
            ...inGroup,
            name: "app",
            kind: "functionapp,linux",
            identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        };
        const made = await azure.make("WebApp", app);
        assert.match(fault() ?? "", /the app has no subnet, or the vault no approved private endpoint/);
        const virtualNetworkSubnetId =
            "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/n/subnets/a";
        const before = { id: made.id, outputs: made.outputs, keep: made.keep ?? {} };
        const inputs = { ...made.inputs, virtualNetworkSubnetId };
        await azure.find("WebApp").update({ world: azure.world, inputs, before });
        assert.match(fault() ?? "", /the vault no approved private endpoint/);
        await azure.make("PrivateEndpoint", endpoint("vault", vaultId));
        assert.equal(fault(), undefined);
    });

    it("are refused to a service of the free tier", async () => {
        await azure.make("WebPubSub", { ...inGroup, resourceName: "free", sku: { name: "Free_F1", capacity: 1 } });
        const free = { ...link, resourceName: "free" };
        await assert.rejects(azure.make("WebPubSubSharedPrivateLinkResource", free), /need Standard_S1/);
    });
});
