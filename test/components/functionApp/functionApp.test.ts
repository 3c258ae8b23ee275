import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FunctionApp, type FunctionAppArgs } from "../../../components";
import { roleAssignmentName } from "../../../components/shared/roles";
import { failureOf, known, Probe, plain, runProgram } from "../../support/pulumi";

const make = (args: Partial<FunctionAppArgs> = {}) => new FunctionApp("app", { resourceGroupName: "group", ...args });
const roleType = "azure-native:authorization:RoleAssignment";
const appType = "azure-native:web:WebApp";
const settingsType = "azure-native:web:WebAppApplicationSettings";
const ownRoles = ["app-blob-owner", "app-metrics-publisher", "app-queue-contributor", "app-table-contributor"];
const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const identityId = `${subscription}/resourceGroups/other/providers/Microsoft.ManagedIdentity/userAssignedIdentities/known`;
const clientId = "client of app-identity-abc123";
const connection = {
    service: "socketio" as const,
    serviceId: `${subscription}/resourceGroups/g/providers/Microsoft.SignalRService/webPubSub/chat`,
    endpoint: pulumi.output("https://chat.example.com"),
    connectionName: "Chat",
};

describe("FunctionApp", () => {
    it("makes exactly what an app on Flex Consumption needs", async () => {
        const run = await runProgram(() => make());
        assert.deepEqual(
            run.resources.map((one) => `${one.type} ${one.name}`).sort(),
            [
                "azure-native:applicationinsights:Component app",
                ...ownRoles.map((name) => `${roleType} ${name}`),
                "azure-native:managedidentity:UserAssignedIdentity app",
                "azure-native:operationalinsights:Workspace app",
                "azure-native:storage:BlobContainer app-deployments",
                "azure-native:storage:StorageAccount app",
                "azure-native:web:AppServicePlan app",
                "azure-native:web:WebApp app",
                "azure-native:web:WebAppApplicationSettings app-settings",
                "azure-native:web:WebAppFtpAllowed app-ftp",
                "azure-native:web:WebAppScmAllowed app-scm",
                "azure-realtime:index:FunctionApp app",
                "random:index/randomString:RandomString app-suffix",
            ].sort(),
        );
        for (const one of run.resources.filter(({ custom }) => custom)) {
            assert.equal(one.parent, "azure-realtime:index:FunctionApp app", one.name);
        }
    });

    it("gives Flex no siteConfig, and its runtime and scale in functionAppConfig", async () => {
        const run = await runProgram(() =>
            make({
                runtime: "python",
                instanceMemoryMB: 512,
                maximumInstanceCount: 40,
                alwaysReady: [{ name: "http", instanceCount: 2 }],
            }),
        );
        const app = run.find(appType);
        assert.equal("siteConfig" in app.inputs, false);
        assert.deepEqual(plain(app, "functionAppConfig.runtime"), { name: "python", version: "3.13" });
        assert.deepEqual(plain(app, "functionAppConfig.scaleAndConcurrency"), {
            instanceMemoryMB: 512,
            maximumInstanceCount: 40,
            alwaysReady: [{ name: "http", instanceCount: 2 }],
        });
        assert.deepEqual(plain(app, "functionAppConfig.deployment.storage"), {
            type: "blobContainer",
            value: "https://appabc123.blob.core.windows.net/app-deployments-abc123",
            authentication: {
                type: "UserAssignedIdentity",
                userAssignedIdentityResourceId: plain(app, "identity.userAssignedIdentities.0"),
            },
        });
        assert.equal(plain(app, "httpsOnly"), true);
        assert.deepEqual(plain(run.find("azure-native:web:AppServicePlan"), "sku"), {
            name: "FC1",
            tier: "FlexConsumption",
        });
    });

    it("lets pages of other origins call, with nothing else in Flex's siteConfig", async () => {
        const cors = { allowedOrigins: ["http://localhost:5173"], supportCredentials: true };
        const flex = await runProgram(() => make({ cors }));
        assert.deepEqual(plain(flex.find(appType), "siteConfig"), { cors });
        const dedicated = await runProgram(() => make({ plan: "Dedicated", cors: pulumi.output(cors) }));
        assert.deepEqual(plain(dedicated.find(appType), "siteConfig.cors"), cors);
        assert.equal(plain(dedicated.find(appType), "siteConfig.alwaysOn"), true);
    });

    it("refuses an origin that is known late and that no browser sends", async () => {
        const cors = pulumi.output({ allowedOrigins: ["http://localhost:5173/"] });
        assert.match(
            (await failureOf(() => runProgram(() => make({ cors })))).message,
            /FunctionApp "app": cors: "http:\/\/localhost:5173\/" ends with a slash/,
        );
    });

    it("has no key anywhere: not in its storage, not in its settings, not for publishing", async () => {
        const run = await runProgram(() => make());
        assert.equal(plain(run.find("azure-native:storage:StorageAccount"), "allowSharedKeyAccess"), false);
        assert.equal(plain(run.find("azure-native:storage:StorageAccount"), "allowBlobPublicAccess"), false);
        assert.equal(plain(run.find("azure-native:storage:StorageAccount"), "minimumTlsVersion"), "TLS1_2");
        assert.equal(plain(run.find("azure-native:applicationinsights:Component"), "disableLocalAuth"), true);
        assert.equal(plain(run.find("azure-native:web:WebAppFtpAllowed"), "allow"), false);
        assert.equal(plain(run.find("azure-native:web:WebAppScmAllowed"), "allow"), false);
        assert.deepEqual(plain(run.find(settingsType), "properties"), {
            APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `Authorization=AAD;ClientId=${clientId}`,
            APPLICATIONINSIGHTS_CONNECTION_STRING: "InstrumentationKey=app-insights-abc123",
            AzureWebJobsStorage__accountName: "appabc123",
            AzureWebJobsStorage__clientId: clientId,
            AzureWebJobsStorage__blobServiceUri: "https://appabc123.blob.core.windows.net/",
            AzureWebJobsStorage__credential: "managedidentity",
            AzureWebJobsStorage__queueServiceUri: "https://appabc123.queue.core.windows.net/",
            AzureWebJobsStorage__tableServiceUri: "https://appabc123.table.core.windows.net/",
        });
    });

    it("gives each role to the app's own identity, on one resource, as a service principal", async () => {
        const run = await runProgram(() =>
            make({
                identityType: "SystemAssigned",
                roles: [{ name: "reader", role: "11111111-0000-4000-8000-000000000001", scope: `${subscription}/x` }],
            }),
        );
        assert.deepEqual(run.names(roleType), [...ownRoles, "app-reader"].sort());
        const reader = run.find(roleType, "app-reader");
        assert.deepEqual(reader.inputs, {
            roleAssignmentName: roleAssignmentName([
                `${subscription}/x`,
                "app-principal",
                "11111111-0000-4000-8000-000000000001",
            ]),
            principalId: "app-principal",
            principalType: "ServicePrincipal",
            roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/11111111-0000-4000-8000-000000000001`,
            scope: `${subscription}/x`,
        });
        assert.match(String(plain(run.find(roleType, "app-blob-owner"), "scope")), /storageAccounts\/appabc123$/);
    });

    it("sets the settings after every role, and gives its name after the settings", async () => {
        const run = await runProgram(() => {
            const app = make({
                roles: [{ name: "reader", role: "11111111-0000-4000-8000-000000000002", scope: `${subscription}/x` }],
            });
            new Probe("Name", { name: app.functionAppName });
            new Probe("Host", { host: app.functionAppHostName });
        });
        const settings = run.find(settingsType);
        for (const name of run.names(roleType)) {
            assert.ok(run.comesAfter(settings, run.find(roleType, name)), name);
        }
        assert.ok(run.comesAfter(run.find("test:index:Name"), settings));
        assert.equal(run.comesAfter(run.find("test:index:Host"), settings), false);
    });

    it("with a user-assigned identity of its own starts after its roles, and says everywhere which it is", async () => {
        const run = await runProgram(() =>
            make({
                identityType: "UserAssigned",
                connections: [connection],
            }),
        );
        assert.equal(plain(run.find(appType), "httpsOnly"), true);
        const app = run.find(appType);
        const id = plain(app, "identity.userAssignedIdentities.0");
        assert.match(String(id), /userAssignedIdentities\/app-identity-abc123$/);
        assert.equal(plain(app, "identity.type"), "UserAssigned");
        assert.equal(plain(app, "keyVaultReferenceIdentity"), id);
        assert.equal(
            plain(app, "functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"),
            id,
        );
        for (const name of ownRoles) {
            assert.ok(run.comesAfter(app, run.find(roleType, name)), name);
            assert.equal(plain(run.find(roleType, name), "principalId"), "principal of app-identity-abc123");
        }
        const settings = plain(run.find(settingsType), "properties") as Record<string, string>;
        const client = clientId;
        assert.equal(settings.AzureWebJobsStorage__clientId, client);
        assert.equal(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING, `Authorization=AAD;ClientId=${client}`);
        assert.equal(settings.Chat__clientId, client);
    });

    it("uses a user-assigned identity that exists already", async () => {
        const run = await runProgram(() => make({ userAssignedIdentityId: identityId }));
        assert.deepEqual(run.names("azure-native:managedidentity:UserAssignedIdentity"), []);
        assert.deepEqual(run.invokes, [
            { token: "azure-native:authorization:getClientConfig", inputs: {} },
            {
                token: "azure-native:managedidentity:getUserAssignedIdentity",
                inputs: { resourceGroupName: "other", resourceName: "known" },
            },
        ]);
        assert.equal(await known(run.result.principalId), "principal of known");
        assert.equal(plain(run.find(appType), "identity.userAssignedIdentities.0"), identityId);
    });

    it("uses a plan, a workspace and a storage account that exist already", async () => {
        const planId = `${subscription}/resourceGroups/g/providers/Microsoft.Web/serverfarms/p`;
        const workspaceId = `${subscription}/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w`;
        const run = await runProgram(() =>
            make({
                planId,
                workspaceId,
                storageAccountId: `${subscription}/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/shared`,
            }),
        );
        for (const type of [
            "azure-native:web:AppServicePlan",
            "azure-native:operationalinsights:Workspace",
            "azure-native:storage:StorageAccount",
        ]) {
            assert.deepEqual(run.names(type), [], type);
        }
        assert.equal(plain(run.find(appType), "serverFarmId"), planId);
        assert.equal(plain(run.find("azure-native:applicationinsights:Component"), "workspaceResourceId"), workspaceId);
        assert.equal(plain(run.find("azure-native:storage:BlobContainer"), "resourceGroupName"), "other");
        assert.match(String(plain(run.find(roleType, "app-blob-owner"), "scope")), /storageAccounts\/shared$/);
    });

    it("on Elastic Premium runs from its package, without a deployment container", async () => {
        const run = await runProgram(() =>
            make({
                plan: "ElasticPremium",
                planSku: "EP2",
                zoneRedundant: true,
                packageUri: "https://packages/x.zip",
                identityType: "UserAssigned",
            }),
        );
        assert.deepEqual(run.names("azure-native:storage:BlobContainer"), []);
        const app = run.find(appType);
        assert.equal("functionAppConfig" in app.inputs, false);
        assert.equal(plain(app, "siteConfig.linuxFxVersion"), "Node|22");
        const settings = plain(run.find(settingsType), "properties") as Record<string, string>;
        assert.equal(settings.WEBSITE_RUN_FROM_PACKAGE, "https://packages/x.zip");
        assert.match(settings.WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID ?? "", /app-identity-abc123$/);
        assert.equal(settings.FUNCTIONS_EXTENSION_VERSION, "~4");
        assert.equal(settings.FUNCTIONS_WORKER_RUNTIME, "node");
        const plan = run.find("azure-native:web:AppServicePlan");
        assert.deepEqual(plain(plan, "sku"), { name: "EP2", tier: "ElasticPremium", capacity: 2 });
        assert.equal(plain(plan, "zoneRedundant"), true);
    });

    it("merges the caller's settings, and refuses one that a part owns although it is known late", async () => {
        const run = await runProgram(() => make({ appSettings: { Greeting: "hi" }, connections: [connection] }));
        const settings = plain(run.find(settingsType), "properties") as Record<string, string>;
        assert.equal(settings.Greeting, "hi");
        assert.equal(settings.Chat__endpoint, "https://chat.example.com");
        const error = await failureOf(() =>
            runProgram(() => make({ appSettings: pulumi.output({ chat: "mine" }), connections: [connection] })),
        );
        assert.match(
            error.message,
            /FunctionApp "app": appSettings: chat belongs to the connection to the service\. Remove or rename what you gave\.$/,
        );
    });

    it("gives the settings and one role for each realtime service", async () => {
        const signalR = {
            service: "signalr" as const,
            serviceId: `${subscription}/resourceGroups/g/providers/Microsoft.SignalRService/signalR/signal`,
            endpoint: "https://signal",
        };
        const run = await runProgram(() => make({ connections: [connection, signalR] }));
        const settings = plain(run.find(settingsType), "properties") as Record<string, string>;
        const socketIO = "WebPubSubForSocketIOConnectionString";
        for (const name of ["Chat", socketIO]) {
            assert.equal(settings[`${name}__endpoint`], "https://chat.example.com");
            assert.equal(settings[`${name}__credential`], "managedidentity");
        }
        assert.equal(settings.AzureSignalRConnectionString__serviceUri, "https://signal");
        assert.deepEqual(run.names(roleType), [...ownRoles, "app-service-owner", "app-service-owner-2"].sort());
        assert.equal(plain(run.find(roleType, "app-service-owner"), "scope"), connection.serviceId);
        assert.equal(plain(run.find(roleType, "app-service-owner-2"), "scope"), signalR.serviceId);
    });

    it("reads an access key and its own keys from the vault that holds them", async () => {
        const vaultId = `${subscription}/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v`;
        const run = await runProgram(() =>
            make({
                connections: [{ ...connection, secretUri: "https://v/secrets/Chat/v1", vaultId }],
                keyStore: { vaultId, vaultUri: "https://v/" },
            }),
        );
        const settings = plain(run.find(settingsType), "properties") as Record<string, string>;
        assert.equal(settings.Chat, "@Microsoft.KeyVault(SecretUri=https://v/secrets/Chat/v1)");
        assert.equal(settings.AzureWebJobsSecretStorageType, "keyvault");
        assert.equal(settings.AzureWebJobsSecretStorageKeyVaultUri, "https://v/");
        assert.deepEqual(run.names(roleType), [...ownRoles, "app-key-store", "app-vault-reader"].sort());
    });

    it("may read the account of its package", async () => {
        const packageAccountId = `${subscription}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/packages`;
        const run = await runProgram(() =>
            make({ plan: "ElasticPremium", packageUri: "https://packages/x.zip", packageAccountId }),
        );
        assert.equal(plain(run.find(roleType, "app-package-reader"), "scope"), packageAccountId);
    });
});
