import assert from "node:assert/strict";
import type { HubBackendArgs } from "../../../components";
import {
    deploymentType,
    difference,
    hubBackends,
    hubType,
    kinds,
    ofFlex,
    ofUrl,
    ofVaultKeys,
    roleType,
    secretType,
    serviceIdIn,
    settingsOf,
    settingsType,
    urlOf,
    withoutVaultKeys,
} from "../../support/backend";
import { failureOf, holdsSecret, known, type ProgramRun, plain } from "../../support/pulumi";

for (const backend of hubBackends) {
    describe(`${backend.component}, by choice,`, () => {
        const changes = (made: ProgramRun<unknown>) => difference(made, backend.byDefault);

        it("names its user-assigned identity in the connection and in the key store", async () => {
            const made = await backend.run({ identityType: "UserAssigned" });
            assert.deepEqual(changes(made), { more: [], less: [] });
            const settings = settingsOf(made);
            const client = "client of chat-app-identity-abc123";
            assert.equal(settings[`${backend.connection}__clientId`], client);
            assert.equal(settings.AzureWebJobsSecretStorageKeyVaultClientId, client);
        });

        it("uses the identities that come with app and service, and their roles come after these", async () => {
            const made = await backend.run({ identityType: "SystemAssigned", serviceIdentityType: "SystemAssigned" });
            assert.deepEqual(changes(made), {
                more: [],
                less: ["UserAssignedIdentity chat-app", "UserAssignedIdentity chat-service"],
            });
            const role = (name: string) => made.find(roleType, name);
            assert.ok(made.comesAfter(role("chat-app-blob-owner"), made.find("azure-native:web:WebApp")));
            assert.ok(
                made.comesAfter(role("chat-service-vault-reader"), made.find("azure-native:webpubsub:WebPubSub")),
            );
            assert.equal(plain(role("chat-service-vault-reader"), "principalId"), "service-principal");
            assert.equal(`${backend.connection}__clientId` in settingsOf(made), false);
        });

        it("connects by access key through the vault, secret all the way, with no data role", async () => {
            const made = await backend.run({ connectionAuth: "AccessKey" });
            assert.deepEqual(changes(made), {
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

        it("creates a vault for the access key when the webhook's key needs no vault", async () => {
            const made = await backend.run({ connectionAuth: "AccessKey", keySource: "HostKey" });
            assert.deepEqual(changes(made).more, [
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

        it("accepts a connection name, and keeps the default one, which the extension looks for", async () => {
            const settings = settingsOf(await backend.run({ connectionName: "Chat" }));
            const endpoint = "https://chat-service-abc123.webpubsub.azure.com";
            assert.equal(settings[backend.address.replace(backend.connection, "Chat")], endpoint);
            assert.equal(settings.Chat__credential, "managedidentity");
            assert.equal(settings[backend.address], endpoint);
        });

        it("with HostKey sets a secret key in the host and creates no vault", async () => {
            const made = await backend.run({ keySource: "HostKey" });
            assert.deepEqual(changes(made), { more: ["Deployment chat-keys"], less: withoutVaultKeys });
            assert.equal(
                urlOf(made),
                `https://chat-app-abc123.azurewebsites.net/runtime/webhooks/${backend.extension}?code=password%20of%20chat-keys-extension-key`,
            );
            assert.equal(holdsSecret(made.find(hubType).inputs), true);
            const keys = made.find(deploymentType, "chat-keys");
            assert.ok(made.comesAfter(keys, made.find(settingsType)));
            assert.ok(made.comesAfter(made.find(hubType), keys));
            assert.equal("AzureWebJobsSecretStorageType" in settingsOf(made), false);
            // The host takes a key while it runs, and an app that fetches its code runs once it has the code.
            const dedicated = await backend.run({ keySource: "HostKey", plan: "Dedicated" });
            const [ownKeys, code] = ["chat-keys", "chat-code"].map((name) => dedicated.find(deploymentType, name));
            assert.ok(ownKeys && code && dedicated.comesAfter(ownKeys, code));
        });

        it("waits for the code with Discovered only", async () => {
            const made = await backend.run({ keySource: "Discovered" });
            assert.deepEqual(changes(made), { more: [], less: ofVaultKeys });
            assert.ok(made.comesAfter(made.find(hubType), made.find(settingsType)));
            const dedicated = await backend.run({ keySource: "Discovered", plan: "Dedicated" });
            assert.ok(dedicated.comesAfter(dedicated.find(hubType), dedicated.find(deploymentType, "chat-code")));
            assert.equal(holdsSecret(made.find(hubType).inputs), true);
            assert.match(String(urlOf(made)), /\?code=found-key%3D%3D$/);
        });

        it("rotates the extension's key with one input", async () => {
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
            assert.deepEqual(
                kinds(made).filter((one) => ofFlex.includes(one)),
                [],
            );
            assert.deepEqual(
                kinds(made).filter((one) => ofUrl.includes(one)),
                ofUrl,
            );
            assert.ok(made.comesAfter(made.find(settingsType), made.find("azure-native:storage:Blob")));
            assert.equal(settingsOf(made).WEBSITE_RUN_FROM_PACKAGE, await known(made.result.nodes.code.packageUri));
            assert.match(
                String(plain(made.find(roleType, "chat-app-package-reader"), "scope")),
                /storageAccounts\/chatcodeabc123$/,
            );
        });

        it("creates several hubs, each with its own handlers", async () => {
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
                ["RandomString chat-service-suffix", "UserAssignedIdentity chat-service", "WebPubSub chat-service"],
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
                "an identity",
                {
                    identityType: "UserAssigned",
                    userAssignedIdentityId: `${id}/Microsoft.ManagedIdentity/userAssignedIdentities/old`,
                },
                ["UserAssignedIdentity chat-app"],
            ],
        ];
        for (const [what, args, less] of adopted) {
            it(`uses ${what} that exists already instead of a new one`, async () => {
                assert.deepEqual(changes(await backend.run(args)), { more: [], less });
            });
        }

        it("writes the keys into a vault that exists already by one deployment, which no deletion undoes", async () => {
            const vaultId = `${id}/Microsoft.KeyVault/vaults/old-vault`;
            const made = await backend.run({ vaultId });
            assert.deepEqual(changes(made), {
                more: ["Deployment chat-keys-secrets"],
                less: [
                    "RandomString chat-keys-suffix",
                    ...backend.byDefault.filter((one) => one.startsWith("Secret ")),
                    "Vault chat-keys",
                ],
            });
            assert.match(
                String(urlOf(made)),
                /SecretUri=https:\/\/old-vault\.vault\.azure\.net\/secrets\/host--systemKey--/,
            );
            const withKey = await backend.run({ vaultId, connectionAuth: "AccessKey" });
            assert.deepEqual(withKey.names(secretType), []);
            assert.ok(withKey.names(deploymentType).includes("chat-secrets"));
        });

        it("assigns no role when somebody else does", async () => {
            const made = await backend.run({ assignRoles: false });
            assert.deepEqual(changes(made), {
                more: [],
                less: backend.byDefault.filter((one) => one.startsWith("RoleAssignment ")),
            });
        });

        it("says which principal needs which role on which resource, when the identities are new", async () => {
            const eventHubId =
                "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/eventhubs/e";
            const eventListeners = [
                { name: "archive", eventHubId, fullyQualifiedNamespace: "n.servicebus.windows.net" },
            ];
            const made = await backend.run({ assignRoles: false, hubs: [{ name: "hub", eventListeners }] });
            const advice = made.warnings.filter((warning) => warning.includes("assignRoles")).sort();
            assert.equal(advice.length, 2);
            const [ofApp = "", ofService = ""] = advice;
            const assigned = await backend.run({ hubs: [{ name: "hub", eventListeners }] });
            // Every role that the component would assign is named, on its resource, to its principal.
            for (const name of assigned.names(roleType)) {
                const { principalId, scope, roleDefinitionId } = assigned.find(roleType, name).inputs as Record<
                    string,
                    string
                >;
                const told = name.startsWith("chat-app-") ? ofApp : ofService;
                assert.ok(told.includes(`principal ${principalId} `), told);
                assert.ok(told.includes(`(${roleDefinitionId?.split("/").at(-1)}) on ${scope}`), `${name}: ${told}`);
            }
            assert.match(
                ofApp,
                /^FunctionApp "chat-app": assignRoles is false and the identity is new\. .*Storage Blob Data Owner \(/,
            );
            assert.match(
                ofService,
                /^service of "chat": .*Or give an identity that has them: serviceUserAssignedIdentityId\.$/,
            );
        });

        it("uses the identities that are given and says nothing of roles then", async () => {
            const id =
                "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/old";
            const made = await backend.run({
                assignRoles: false,
                userAssignedIdentityId: id,
                serviceUserAssignedIdentityId: id,
            });
            assert.deepEqual(made.warnings, []);
            assert.ok(!made.types().includes("azure-native:managedidentity:UserAssignedIdentity"));
        });

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

        it("copies events to event hubs, each with one role, which the hubs wait for", async () => {
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
                assert.equal(plain(role, "principalId"), "principal of chat-service-identity-abc123");
                for (const hub of ["chat-lobby", "chat-games"]) {
                    assert.ok(made.comesAfter(made.find(hubType, hub), role), `${hub} after ${name}`);
                }
            }
            const listeners = plain(made.find(hubType, "chat-games"), "properties.eventListeners") as unknown[];
            assert.equal(listeners.length, 2);
        });
    });
}
