import assert from "node:assert/strict";
import { SocketIOBackend, type SocketIOBackendArgs } from "../../components";
import {
    codePath,
    deploymentType,
    difference,
    hubType,
    ofVaultKeys,
    roleType,
    runBackend,
    secretType,
    settingsOf,
    settingsType,
    urlOf,
    withoutVaultKeys,
} from "../support/backend";
import { failureOf, holdsSecret, known, plain, runProgram } from "../support/pulumi";

describe("SocketIOBackend, by choice,", () => {
    it("names its user-assigned identity in the connection and in the key store", async () => {
        const made = await runBackend({ identityType: "UserAssigned" });
        assert.deepEqual(difference(made), { more: ["UserAssignedIdentity chat-app"], less: [] });
        const settings = settingsOf(made);
        const client = "client of chat-app-identity-abc123";
        assert.equal(settings.WebPubSubForSocketIOConnectionString__clientId, client);
        assert.equal(settings.AzureWebJobsSecretStorageKeyVaultClientId, client);
    });

    it("connects by access key through the vault, secret all the way, with no data role", async () => {
        const made = await runBackend({ connectionAuth: "AccessKey" });
        assert.deepEqual(difference(made), {
            more: ["RoleAssignment chat-app-vault-reader", "Secret chat-connection"],
            less: ["RoleAssignment chat-app-service-owner"],
        });
        assert.equal(
            settingsOf(made).WebPubSubForSocketIOConnectionString,
            "@Microsoft.KeyVault(SecretUri=https://chat-keys-abc123.vault.azure.net/secrets/WebPubSubForSocketIOConnectionString/v1)",
        );
        assert.equal("WebPubSubForSocketIOConnectionString__endpoint" in settingsOf(made), false);
        assert.equal(holdsSecret(made.find(secretType, "chat-connection").inputs), true);
        assert.equal(plain(made.find("azure-native:webpubsub:WebPubSub"), "disableLocalAuth"), false);
        assert.doesNotMatch(JSON.stringify(made.find(settingsType).inputs), /AccessKey=/);
    });

    it("keeps an access key in a vault of its own when the key of the webhook is not in one", async () => {
        const made = await runBackend({ connectionAuth: "AccessKey", keySource: "HostKey" });
        assert.deepEqual(difference(made).more, [
            "Deployment chat-keys",
            "RandomString chat-vault-suffix",
            "RoleAssignment chat-app-vault-reader",
            "Secret chat-connection",
            "Vault chat-vault",
        ]);
    });

    it("takes a connection name, and keeps the default one that the extension looks for", async () => {
        const settings = settingsOf(await runBackend({ connectionName: "Chat" }));
        const endpoint = "https://chat-service-abc123.webpubsub.azure.com";
        assert.equal(settings.Chat__endpoint, endpoint);
        assert.equal(settings.Chat__credential, "managedidentity");
        assert.equal(settings.WebPubSubForSocketIOConnectionString__endpoint, endpoint);
    });

    it("with HostKey hands the key to the host, secret, and has no vault", async () => {
        const made = await runBackend({ keySource: "HostKey" });
        assert.deepEqual(difference(made), { more: ["Deployment chat-keys"], less: withoutVaultKeys });
        assert.equal(
            urlOf(made),
            "https://chat-app-abc123.azurewebsites.net/runtime/webhooks/socketio?code=password%20of%20chat-keys-extension-key",
        );
        assert.equal(holdsSecret(made.find(hubType).inputs), true);
        const [keys, code] = [made.find(deploymentType, "chat-keys"), made.find(deploymentType, "chat-code")];
        assert.ok(made.comesAfter(keys, made.find(settingsType)));
        assert.equal(made.comesAfter(keys, code), false);
        assert.ok(made.comesAfter(made.find(hubType), keys));
        assert.equal("AzureWebJobsSecretStorageType" in settingsOf(made), false);
    });

    it("with Discovered waits for the code, and only then", async () => {
        const made = await runBackend({ keySource: "Discovered" });
        assert.deepEqual(difference(made), { more: [], less: ofVaultKeys });
        assert.ok(made.comesAfter(made.find(hubType), made.find(deploymentType, "chat-code")));
        assert.equal(holdsSecret(made.find(hubType).inputs), true);
        assert.match(String(urlOf(made)), /\?code=found-key%3D%3D$/);
    });

    it("rotates the extension's key by one input", async () => {
        const made = await runBackend({ keyRotation: "2" });
        const passwords = made.resources.filter((one) => one.type.endsWith("RandomPassword") && plain(one, "keepers"));
        assert.deepEqual(
            passwords.map((one) => one.name),
            ["chat-keys-extension-key"],
        );
    });

    it("on Elastic Premium uploads first, reads the package by role, and deploys nothing", async () => {
        const made = await runBackend({ plan: "ElasticPremium" });
        assert.deepEqual(difference(made), {
            more: ["RoleAssignment chat-app-package-reader"],
            less: ["BlobContainer chat-app-deployments", "Deployment chat-code"],
        });
        assert.equal(settingsOf(made).WEBSITE_RUN_FROM_PACKAGE, await known(made.result.nodes.code.packageUri));
        assert.match(
            String(plain(made.find(roleType, "chat-app-package-reader"), "scope")),
            /storageAccounts\/chatcodeabc123$/,
        );
    });

    it("makes several hubs, each with its own choice of handlers", async () => {
        const made = await runBackend({
            hubs: [
                { name: "lobby" },
                {
                    name: "games",
                    anonymousConnectPolicy: "allow",
                    eventHandlers: [
                        { urlTemplate: "https://other.example.com", userEventPattern: "move" },
                        { systemEvents: ["connect"] },
                    ],
                },
            ],
        });
        assert.deepEqual(made.names(hubType), ["chat-games", "chat-lobby"]);
        const handlers = plain(made.find(hubType, "chat-games"), "properties.eventHandlers") as Record<
            string,
            unknown
        >[];
        assert.equal(handlers[0]?.urlTemplate, "https://other.example.com");
        assert.equal(handlers[0]?.userEventPattern, "move");
        assert.match(String(handlers[1]?.urlTemplate), /runtime\/webhooks\/socketio/);
        assert.deepEqual(handlers[1]?.systemEvents, ["connect"]);
        assert.deepEqual(await known(made.result.hubNames), ["lobby", "games"]);
    });

    const id = "/subscriptions/s/resourceGroups/g/providers";
    const adopted: [string, Partial<SocketIOBackendArgs>, string[]][] = [
        ["a resource group", { resourceGroupName: "old" }, ["RandomString chat-suffix", "ResourceGroup chat"]],
        [
            "a service",
            { existingServiceName: "old-chat" },
            ["RandomString chat-service-suffix", "WebPubSub chat-service"],
        ],
        ["a plan", { planId: `${id}/Microsoft.Web/serverfarms/old` }, ["AppServicePlan chat-app"]],
        ["a workspace", { workspaceId: `${id}/Microsoft.OperationalInsights/workspaces/old` }, ["Workspace chat-app"]],
        ["a storage account", { existingStorageAccountName: "oldstorage" }, ["StorageAccount chat-app"]],
        ["a vault", { existingVaultName: "old-vault" }, ["RandomString chat-keys-suffix", "Vault chat-keys"]],
        [
            "an identity",
            {
                identityType: "UserAssigned",
                userAssignedIdentityId: `${id}/Microsoft.ManagedIdentity/userAssignedIdentities/old`,
            },
            [],
        ],
    ];
    for (const [what, args, less] of adopted) {
        it(`uses ${what} that exists already instead of a new one`, async () => {
            assert.deepEqual(difference(await runBackend(args)), { more: [], less });
        });
    }

    it("puts hubs and roles on an existing service where it is", async () => {
        const made = await runBackend({ existingServiceName: "old-chat", existingServiceResourceGroupName: "other" });
        assert.equal(plain(made.find(hubType), "resourceGroupName"), "other");
        assert.equal(plain(made.find(hubType), "resourceName"), "old-chat");
        assert.match(String(plain(made.find(roleType, "chat-app-service-owner"), "scope")), /webPubSub\/old-chat$/);
    });

    it("refuses an existing service that cannot read the vault", async () => {
        const error = await failureOf(() =>
            runProgram(() => new SocketIOBackend("chat", { codePath, existingServiceName: "old-chat" }), {
                invoke: (token) =>
                    token.endsWith("getWebPubSub")
                        ? {
                              id: `${id}/x/y/z`,
                              name: "old-chat",
                              hostName: "h",
                              kind: "SocketIO",
                              socketIO: { serviceMode: "Serverless" },
                          }
                        : undefined,
            }),
        );
        assert.match(error.message, /the service has no identity, so it cannot read the key/);
    });
});
