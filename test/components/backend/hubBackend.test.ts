import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    deploymentType,
    hubBackends,
    hubType,
    kinds,
    roleType,
    secretType,
    serviceIdIn,
    settingsOf,
    settingsType,
    urlOf,
} from "../../support/backend";
import { holdsSecret, known, plain } from "../../support/pulumi";

for (const backend of hubBackends) {
    describe(backend.component, () => {
        it("creates exactly one backend, each part under its component", async () => {
            const made = await backend.run();
            assert.deepEqual(kinds(made).sort(), backend.byDefault);
            const components = made.resources
                .filter((one) => !one.custom)
                .map((one) => `${one.type} ${one.name} in ${one.parent}`);
            const parent = `in azure-realtime:index:${backend.component} chat`;
            assert.deepEqual(components, [
                `azure-realtime:index:${backend.component} chat in `,
                `azure-realtime:index:HostKeys chat-keys ${parent}`,
                `azure-realtime:index:${backend.serviceComponent} chat-service ${parent}`,
                `azure-realtime:index:FunctionCode chat-code ${parent}`,
                `azure-realtime:index:FunctionApp chat-app ${parent}`,
                `azure-realtime:index:WebPubSubHub chat-hub ${parent}`,
            ]);
        });

        it("shows every resource in a preview before anything exists", async () => {
            for (const args of [{}, { keySource: "HostKey" as const }, { connectionAuth: "AccessKey" as const }]) {
                assert.deepEqual(
                    kinds(await backend.run(args, { preview: true })).sort(),
                    kinds(await backend.run(args)).sort(),
                );
            }
            assert.deepEqual(
                kinds(await backend.run({ keySource: "Discovered" }, { preview: true })).length,
                kinds(await backend.run({ keySource: "Discovered" })).length,
            );
        });

        it("makes the hub when the app runs its code and the service may read the key", async () => {
            for (const plan of ["Consumption", "Dedicated"] as const) {
                const made = await backend.run({ plan });
                const hub = made.find(hubType);
                assert.ok(made.comesAfter(hub, made.find(settingsType)));
                assert.ok(made.comesAfter(hub, made.find("azure-native:storage:Blob")));
                assert.ok(made.comesAfter(hub, made.find(roleType, "chat-service-vault-reader")));
                for (const code of made.names(deploymentType)) {
                    assert.ok(made.comesAfter(hub, made.find(deploymentType, code)));
                    assert.ok(made.comesAfter(made.find(deploymentType, code), made.find(settingsType)));
                }
            }
        });

        it("lets the service and its role wait for neither the app nor the code", async () => {
            const made = await backend.run();
            const app = made.find("azure-native:web:WebApp");
            for (const [type, name] of [
                ["azure-native:webpubsub:WebPubSub", "chat-service"],
                [roleType, "chat-service-vault-reader"],
                ["azure-native:storage:Blob", "chat-code-package"],
            ] as const) {
                assert.equal(made.comesAfter(made.find(type, name), app), false, name);
            }
        });

        it("sets the settings after every role of the app and every key", async () => {
            const made = await backend.run();
            const settings = made.find(settingsType);
            for (const name of made.names(roleType).filter((role) => role.startsWith("chat-app-"))) {
                assert.ok(made.comesAfter(settings, made.find(roleType, name)), name);
            }
            for (const name of made.names(secretType)) {
                assert.ok(made.comesAfter(settings, made.find(secretType, name)), name);
            }
        });

        it("points the hub at the app's real host name, with a reference to exactly this version of the key", async () => {
            const made = await backend.run();
            assert.equal(
                urlOf(made),
                `https://chat-app-abc123.azurewebsites.net/runtime/webhooks/${backend.extension}?code=` +
                    `{@Microsoft.KeyVault(SecretUri=https://chat-keys-abc123.vault.azure.net/secrets/host--systemKey--${backend.extension}-095extension/v1)}`,
            );
            assert.equal(holdsSecret(made.find(hubType).inputs), false);
        });

        it("connects by identity, with the data role on this service only", async () => {
            const made = await backend.run();
            const settings = settingsOf(made);
            assert.equal(settings[backend.address], "https://chat-service-abc123.webpubsub.azure.com");
            assert.equal(settings[`${backend.connection}__credential`], "managedidentity");
            assert.equal(settings[`${backend.connection}__clientId`], "client of chat-app-identity-abc123");
            assert.equal(backend.connection in settings, false);
            const role = made.find(roleType, "chat-app-service-owner");
            assert.match(String(plain(role, "scope")), /webPubSub\/chat-service-abc123$/);
            assert.match(String(plain(role, "roleDefinitionId")), /12cf5a90-567b-43ae-8102-96cf46c7d9b4$/);
            const service = made.find("azure-native:webpubsub:WebPubSub");
            assert.equal(plain(service, "disableLocalAuth"), true);
            assert.equal(plain(service, "kind"), backend.kind);
        });

        it("returns the addresses and names that a program exports", async () => {
            const { result } = await backend.run();
            assert.equal(await known(result.negotiateUrl), "https://chat-app-abc123.azurewebsites.net/api/negotiate");
            assert.equal(await known(result.endpoint), "https://chat-service-abc123.webpubsub.azure.com");
            assert.deepEqual(await known(result.hubNames), ["hub"]);
            assert.equal(await known(result.functionAppName), "chat-app-abc123");
            assert.equal(await known(result.functionAppHostName), "chat-app-abc123.azurewebsites.net");
            assert.equal(await known(result.serviceName), "chat-service-abc123");
            assert.match(await known(result.serviceId), /webPubSub\/chat-service-abc123$/);
            assert.equal(await known(result.resourceGroupName), "chat-abc123");
            assert.equal(await known(result.principalId), "principal of chat-app-identity-abc123");
        });

        it("returns secret local settings for the same service", async () => {
            for (const [args, expected] of [
                [
                    { appSettings: { Greeting: "hi" } },
                    { [backend.address]: "https://chat-service-abc123.webpubsub.azure.com" },
                ],
                [
                    { appSettings: { Greeting: "hi" }, connectionAuth: "AccessKey" as const },
                    {
                        [backend.connection]:
                            "Endpoint=https://chat-service-abc123.webpubsub.azure.com;AccessKey=key;Version=1.0;",
                    },
                ],
            ] as const) {
                const { localSettings } = (await backend.run(args)).result;
                assert.equal(await pulumi.isSecret(localSettings), true);
                assert.deepEqual(JSON.parse(await known(localSettings)), {
                    IsEncrypted: false,
                    Values: {
                        FUNCTIONS_WORKER_RUNTIME: "node",
                        AzureWebJobsStorage: "UseDevelopmentStorage=true",
                        Greeting: "hi",
                        [backend.hubSetting]: "hub",
                        ...expected,
                    },
                });
            }
        });

        it("writes https addresses on this machine too", async () => {
            const made = await backend.run(
                { serviceId: serviceIdIn("group", "local-chat") },
                {
                    invoke: (token) =>
                        token.endsWith("getWebPubSub")
                            ? {
                                  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.SignalRService/webPubSub/z",
                                  name: "local-chat",
                                  hostName: "localhost:8080",
                                  identity: { principalId: "p" },
                                  ...backend.existing,
                              }
                            : undefined,
                },
            );
            assert.equal(await known(made.result.endpoint), "https://localhost:8080");
            assert.equal(settingsOf(made)[backend.address], "https://localhost:8080");
        });
    });
}
