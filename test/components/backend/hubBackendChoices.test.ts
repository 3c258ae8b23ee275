import assert from "node:assert/strict";
import type { HubBackendArgs } from "../../../components";
import {
    deploymentType,
    difference,
    hubBackends,
    hubType,
    ofVaultKeys,
    roleType,
    secretType,
    serviceIdIn,
    settingsOf,
    settingsType,
    urlOf,
    withoutVaultKeys,
} from "../../support/backend";
import { failureOf, holdsSecret, known, plain } from "../../support/pulumi";

for (const backend of hubBackends) {
    describe(`${backend.component}, by choice,`, () => {
        it("names its user-assigned identity in the connection and in the key store", async () => {
            const made = await backend.run({ identityType: "UserAssigned" });
            assert.deepEqual(difference(made), { more: ["UserAssignedIdentity chat-app"], less: [] });
            const settings = settingsOf(made);
            const client = "client of chat-app-identity-abc123";
            assert.equal(settings[`${backend.connection}__clientId`], client);
            assert.equal(settings.AzureWebJobsSecretStorageKeyVaultClientId, client);
        });

        it("connects by access key through the vault, secret all the way, with no data role", async () => {
            const made = await backend.run({ connectionAuth: "AccessKey" });
            assert.deepEqual(difference(made), {
                more: ["RoleAssignment chat-app-vault-reader", "Secret chat-connection"],
                less: ["RoleAssignment chat-app-service-owner"],
            });
            assert.equal(
                settingsOf(made)[backend.connection],
                `@Microsoft.KeyVault(SecretUri=https://chat-keys-abc123.vault.azure.net/secrets/${backend.connection}/v1)`,
            );
            assert.equal(backend.address in settingsOf(made), false);
            assert.equal(holdsSecret(made.find(secretType, "chat-connection").inputs), true);
            assert.equal(plain(made.find("azure-native:webpubsub:WebPubSub"), "disableLocalAuth"), false);
            assert.doesNotMatch(JSON.stringify(made.find(settingsType).inputs), /AccessKey=/);
        });

        it("keeps an access key in a vault of its own when the key of the webhook is not in one", async () => {
            const made = await backend.run({ connectionAuth: "AccessKey", keySource: "HostKey" });
            assert.deepEqual(difference(made).more, [
                "Deployment chat-keys",
                "RandomString chat-vault-suffix",
                "RoleAssignment chat-app-vault-reader",
                "Secret chat-connection",
                "Vault chat-vault",
            ]);
        });

        it("names the secret of an access key without underscores, which a vault refuses", async () => {
            const made = await backend.run({ connectionAuth: "AccessKey", connectionName: "My_Chat" });
            assert.equal(plain(made.find(secretType, "chat-connection"), "secretName"), "My-Chat");
        });

        it("takes a connection name, and keeps the default one that the extension looks for", async () => {
            const settings = settingsOf(await backend.run({ connectionName: "Chat" }));
            const endpoint = "https://chat-service-abc123.webpubsub.azure.com";
            assert.equal(settings[backend.address.replace(backend.connection, "Chat")], endpoint);
            assert.equal(settings.Chat__credential, "managedidentity");
            assert.equal(settings[backend.address], endpoint);
        });

        it("with HostKey hands the key to the host, secret, and has no vault", async () => {
            const made = await backend.run({ keySource: "HostKey" });
            assert.deepEqual(difference(made), { more: ["Deployment chat-keys"], less: withoutVaultKeys });
            assert.equal(
                urlOf(made),
                `https://chat-app-abc123.azurewebsites.net/runtime/webhooks/${backend.extension}?code=password%20of%20chat-keys-extension-key`,
            );
            assert.equal(holdsSecret(made.find(hubType).inputs), true);
            const [keys, code] = [made.find(deploymentType, "chat-keys"), made.find(deploymentType, "chat-code")];
            assert.ok(made.comesAfter(keys, made.find(settingsType)));
            // The host takes a key while it runs, and on Flex Consumption it runs once it has its code.
            assert.ok(made.comesAfter(keys, code));
            assert.ok(made.comesAfter(made.find(hubType), keys));
            assert.equal("AzureWebJobsSecretStorageType" in settingsOf(made), false);
        });

        it("with Discovered waits for the code, and only then", async () => {
            const made = await backend.run({ keySource: "Discovered" });
            assert.deepEqual(difference(made), { more: [], less: ofVaultKeys });
            assert.ok(made.comesAfter(made.find(hubType), made.find(deploymentType, "chat-code")));
            assert.equal(holdsSecret(made.find(hubType).inputs), true);
            assert.match(String(urlOf(made)), /\?code=found-key%3D%3D$/);
        });

        it("rotates the extension's key by one input", async () => {
            const made = await backend.run({ keyRotation: "2" });
            const passwords = made.resources.filter(
                (one) => one.type.endsWith("RandomPassword") && plain(one, "keepers"),
            );
            assert.deepEqual(
                passwords.map((one) => one.name),
                ["chat-keys-extension-key"],
            );
        });

        it("on Elastic Premium uploads first, reads the package by role, and deploys nothing", async () => {
            const made = await backend.run({ plan: "ElasticPremium" });
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
            const made = await backend.run({
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
            assert.match(String(handlers[1]?.urlTemplate), /runtime\/webhooks\//);
            assert.deepEqual(handlers[1]?.systemEvents, ["connect"]);
            assert.deepEqual(await known(made.result.hubNames), ["lobby", "games"]);
        });

        const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
        const adopted: [string, Partial<HubBackendArgs>, string[]][] = [
            ["a resource group", { resourceGroupName: "old" }, ["RandomString chat-suffix", "ResourceGroup chat"]],
            [
                "a service",
                { serviceId: serviceIdIn("group", "old-chat") },
                ["RandomString chat-service-suffix", "WebPubSub chat-service"],
            ],
            ["a plan", { planId: `${id}/Microsoft.Web/serverfarms/old` }, ["AppServicePlan chat-app"]],
            [
                "a workspace",
                { workspaceId: `${id}/Microsoft.OperationalInsights/workspaces/old` },
                ["Workspace chat-app"],
            ],
            [
                "a storage account",
                { storageAccountId: `${id}/Microsoft.Storage/storageAccounts/oldstorage` },
                ["StorageAccount chat-app"],
            ],
            [
                "a vault",
                { vaultId: `${id}/Microsoft.KeyVault/vaults/old-vault` },
                ["RandomString chat-keys-suffix", "Vault chat-keys"],
            ],
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
                assert.deepEqual(difference(await backend.run(args)), { more: [], less });
            });
        }

        it("puts hubs and roles on an existing service where it is", async () => {
            const made = await backend.run({
                serviceId: serviceIdIn("other", "old-chat"),
            });
            assert.equal(plain(made.find(hubType), "resourceGroupName"), "other");
            assert.equal(plain(made.find(hubType), "resourceName"), "old-chat");
            assert.match(String(plain(made.find(roleType, "chat-app-service-owner"), "scope")), /webPubSub\/old-chat$/);
        });

        it("refuses an existing service that cannot read the vault", async () => {
            const error = await failureOf(() =>
                backend.run(
                    { serviceId: serviceIdIn("group", "old-chat") },
                    {
                        invoke: (token) =>
                            token.endsWith("getWebPubSub")
                                ? { id: `${id}/x/y/z`, name: "old-chat", hostName: "h", ...backend.existing }
                                : undefined,
                    },
                ),
            );
            assert.match(error.message, /the service has no identity, so it cannot read the key/);
        });

        it("copies events to event hubs, each with one role that the hubs wait for", async () => {
            const eventHub = (name: string) => `${id}/Microsoft.EventHub/namespaces/events/eventhubs/${name}`;
            const made = await backend.run({
                hubs: [
                    { name: "lobby", eventListeners: [{ name: "archive", eventHubId: eventHub("all") }] },
                    {
                        name: "games",
                        eventListeners: [
                            { name: "archive", eventHubId: eventHub("all"), userEventPattern: "move" },
                            { name: "score", eventHubId: eventHub("score"), systemEvents: ["disconnected"] },
                        ],
                    },
                ],
            });
            const senders = made.names(roleType).filter((name) => name.endsWith("-sender"));
            assert.deepEqual(senders, ["chat-games-score-sender", "chat-lobby-archive-sender"]);
            for (const name of senders) {
                const role = made.find(roleType, name);
                assert.match(String(plain(role, "roleDefinitionId")), /2b629674-e913-4c01-ae53-ef4638d8f975$/);
                assert.equal(plain(role, "principalId"), "service-principal");
                for (const hub of ["chat-lobby", "chat-games"]) {
                    assert.ok(made.comesAfter(made.find(hubType, hub), role), `${hub} after ${name}`);
                }
            }
            const listeners = plain(made.find(hubType, "chat-games"), "properties.eventListeners") as unknown[];
            assert.equal(listeners.length, 2);
        });
    });
}
