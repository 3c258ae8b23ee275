import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { SignalRBackendArgs } from "../../../components";
import {
    deploymentType,
    difference,
    kinds,
    ofFlex,
    ofUrl,
    roleType,
    runSignalR,
    secretType,
    settingsOf,
    settingsType,
    signalRByDefault,
    signalRType,
    withoutVaultKeys,
} from "../../support/backend";
import { holdsSecret, holdsUnknown, known, type ProgramRun, plain } from "../../support/pulumi";

const appType = "azure-native:web:WebApp";
const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const changes = (made: ProgramRun<unknown>) => difference(made, signalRByDefault);
const urlOf = (made: ProgramRun<unknown>) => plain(made.find(signalRType), "upstream.templates.0.urlTemplate");
const rest = "https://chat-app-abc123.azurewebsites.net/runtime/webhooks/signalr?code=";

describe("SignalRBackend", () => {
    it("creates exactly one backend, each part under its component", async () => {
        const made = await runSignalR();
        assert.deepEqual(kinds(made).sort(), signalRByDefault);
        const parent = "in azure-realtime:index:SignalRBackend chat";
        assert.deepEqual(
            made.resources.filter((one) => !one.custom).map((one) => `${one.type} ${one.name} in ${one.parent}`),
            [
                "azure-realtime:index:SignalRBackend chat in ",
                `azure-realtime:index:HostKeys chat-keys ${parent}`,
                `azure-realtime:index:SignalRService chat-service ${parent}`,
                `azure-realtime:index:FunctionCode chat-code ${parent}`,
                `azure-realtime:index:FunctionApp chat-app ${parent}`,
            ],
        );
    });

    for (const args of [{}, { keySource: "HostKey" as const }, { identityType: "SystemAssigned" as const }]) {
        it(`shows every resource in a preview with nothing made yet, with ${JSON.stringify(args)}`, async () => {
            const preview = await runSignalR(args, { preview: true });
            assert.deepEqual(kinds(preview).sort(), kinds(await runSignalR(args)).sort());
            assert.ok(holdsUnknown(preview.find(signalRType).inputs.upstream));
        });
    }

    it("sends events to the app's real host name, with a reference to exactly this version of the key", async () => {
        const made = await runSignalR();
        assert.deepEqual(plain(made.find(signalRType), "upstream.templates"), [
            {
                urlTemplate: `${rest}{@Microsoft.KeyVault(SecretUri=https://chat-keys-abc123.vault.azure.net/secrets/host--systemKey--signalr-095extension/v1)}`,
                hubPattern: "*",
                categoryPattern: "*",
                eventPattern: "*",
            },
        ]);
        assert.equal(holdsSecret(made.find(signalRType).inputs), false);
    });

    it("creates app, service, settings and code in this order, because each needs values of the previous one", async () => {
        const made = await runSignalR();
        const [app, service, settings, code] = [
            made.find(appType),
            made.find(signalRType),
            made.find(settingsType),
            made.find(deploymentType),
        ];
        assert.ok(made.comesAfter(service, app));
        assert.ok(made.comesAfter(settings, service));
        assert.ok(made.comesAfter(code, settings));
        for (const name of made.names(roleType).filter((role) => role.startsWith("chat-app-"))) {
            assert.ok(made.comesAfter(settings, made.find(roleType, name)), name);
        }
    });

    it("lets the service's identity read the vault before the service reads the key", async () => {
        const made = await runSignalR();
        const role = made.find(roleType, "chat-service-vault-reader");
        assert.ok(made.comesAfter(made.find(signalRType), role));
        assert.ok(made.comesAfter(made.find(signalRType), made.find(secretType, "chat-keys-extension")));
        assert.equal(plain(role, "principalId"), "principal of chat-service-abc123");
        assert.match(String(plain(role, "roleDefinitionId")), /4633458b-17de-408a-b874-0445c86b69e6$/);
        assert.deepEqual(plain(made.find(signalRType), "identity"), {
            type: "UserAssigned",
            userAssignedIdentities: [
                `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/chat-service-abc123`,
            ],
        });
    });

    it("connects by identity, with one data role on this service only", async () => {
        const made = await runSignalR();
        const settings = settingsOf(made);
        assert.equal(
            settings.AzureSignalRConnectionString__serviceUri,
            "https://chat-service-abc123.service.signalr.net",
        );
        assert.equal(settings.AzureSignalRConnectionString__credential, "managedidentity");
        assert.equal("AzureSignalRConnectionString" in settings, false);
        const onService = made
            .names(roleType)
            .filter((name) => /signalR\//.test(String(plain(made.find(roleType, name), "scope"))));
        assert.deepEqual(onService, ["chat-app-service-owner"]);
        const role = made.find(roleType, "chat-app-service-owner");
        assert.match(String(plain(role, "scope")), /signalR\/chat-service-abc123$/);
        assert.match(String(plain(role, "roleDefinitionId")), /7e4f1700-ea5a-4f59-8f37-079cfe29dce3$/);
        assert.equal(plain(made.find(signalRType), "disableLocalAuth"), true);
    });

    it("returns the addresses and names that a program exports", async () => {
        const { result } = await runSignalR();
        assert.equal(await known(result.negotiateUrl), "https://chat-app-abc123.azurewebsites.net/api/negotiate");
        assert.equal(await known(result.endpoint), "https://chat-service-abc123.service.signalr.net");
        assert.equal(await known(result.functionAppName), "chat-app-abc123");
        assert.equal(await known(result.functionAppHostName), "chat-app-abc123.azurewebsites.net");
        assert.equal(await known(result.serviceName), "chat-service-abc123");
        assert.match(await known(result.serviceId), /signalR\/chat-service-abc123$/);
        assert.equal(await known(result.resourceGroupName), "chat-abc123");
        assert.equal(await known(result.principalId), "principal of chat-app-identity-abc123");
        assert.equal(await pulumi.isSecret(result.localSettings), true);
        assert.equal(
            JSON.parse(await known(result.localSettings)).Values.AzureSignalRConnectionString__serviceUri,
            "https://chat-service-abc123.service.signalr.net",
        );
    });
});

describe("SignalRBackend, by choice,", () => {
    it("gives a user-assigned identity its role on the service after the app, and all others before", async () => {
        const made = await runSignalR({ identityType: "UserAssigned" });
        assert.deepEqual(changes(made), { more: [], less: [] });
        const app = made.find(appType);
        for (const name of made.names(roleType).filter((role) => role.startsWith("chat-app-"))) {
            assert.equal(made.comesAfter(app, made.find(roleType, name)), name !== "chat-app-service-owner", name);
        }
        assert.equal(settingsOf(made).AzureSignalRConnectionString__clientId, "client of chat-app-identity-abc123");
    });

    it("connects by access key through the vault, always secret, without a data role", async () => {
        const made = await runSignalR({ connectionAuth: "AccessKey" });
        assert.deepEqual(changes(made), {
            more: ["RoleAssignment chat-app-vault-reader", "Secret chat-connection"],
            less: ["RoleAssignment chat-app-service-owner"],
        });
        assert.equal(
            settingsOf(made).AzureSignalRConnectionString,
            "@Microsoft.KeyVault(SecretUri=https://chat-keys-abc123.vault.azure.net/secrets/AzureSignalRConnectionString/v1)",
        );
        assert.match(
            String(plain(made.find(secretType, "chat-connection"), "properties.value")),
            /service\.signalr\.net;AccessKey=key/,
        );
        assert.equal(holdsSecret(made.find(secretType, "chat-connection").inputs), true);
        assert.equal(plain(made.find(signalRType), "disableLocalAuth"), false);
    });

    it("with HostKey uses a secret key before the host has it, and creates no vault", async () => {
        const made = await runSignalR({ keySource: "HostKey" });
        assert.deepEqual(changes(made), {
            more: ["Deployment chat-keys"],
            less: [...withoutVaultKeys, "RandomString chat-service-identity-suffix"].sort(),
        });
        assert.equal(urlOf(made), `${rest}password%20of%20chat-keys-extension-key`);
        assert.equal(holdsSecret(made.find(signalRType).inputs.upstream), true);
        assert.equal(plain(made.find(signalRType), "identity.type"), "UserAssigned");
        const keys = made.find(deploymentType, "chat-keys");
        assert.ok(made.comesAfter(keys, made.find(settingsType)));
        assert.ok(made.comesAfter(made.find(settingsType), made.find(signalRType)));
        assert.equal(made.comesAfter(made.find(signalRType), keys), false);
    });

    it("on Elastic Premium uploads first, reads the package by role, and deploys nothing", async () => {
        assert.deepEqual(changes(await runSignalR({ plan: "ElasticPremium" })), {
            more: ofUrl,
            less: ofFlex,
        });
    });

    it("rotates the extension's key with one input", async () => {
        const made = await runSignalR({ keyRotation: "2" });
        const passwords = made.resources.filter((one) => one.type.endsWith("RandomPassword") && plain(one, "keepers"));
        assert.deepEqual(
            passwords.map((one) => one.name),
            ["chat-keys-extension-key"],
        );
    });

    it("keeps templates in order, and points those without a URL at the app", async () => {
        const made = await runSignalR({
            upstreamTemplates: [
                { hubPattern: "audit", categoryPattern: "messages", urlTemplate: "https://audit.example.com/{event}" },
                {
                    eventPattern: "connected,disconnected",
                    auth: { type: "ManagedIdentity", managedIdentity: { resource: "api://app" } },
                },
            ],
        });
        const templates = plain(made.find(signalRType), "upstream.templates") as Record<string, unknown>[];
        assert.deepEqual(templates[0], {
            hubPattern: "audit",
            categoryPattern: "messages",
            eventPattern: "*",
            urlTemplate: "https://audit.example.com/{event}",
        });
        assert.ok(String(templates[1]?.urlTemplate).startsWith(rest));
        assert.equal(templates[1]?.eventPattern, "connected,disconnected");
        assert.deepEqual(templates[1]?.auth, { type: "ManagedIdentity", managedIdentity: { resource: "api://app" } });
    });

    it("passes the service's arguments on", async () => {
        const made = await runSignalR({
            sku: "Premium_P1",
            capacity: 2,
            allowedOrigins: ["https://chat.example.com"],
            connectionTimeoutInSeconds: 60,
            features: [{ flag: "EnableMessagingLogs", value: "true" }],
            networkACLs: { defaultAction: "Deny" },
            liveTraceConfiguration: { enabled: "true" },
            clientCertEnabled: true,
            publicNetworkAccess: "Disabled",
        });
        const service = made.find(signalRType);
        assert.deepEqual(plain(service, "sku"), { name: "Premium_P1", tier: "Premium", capacity: 2 });
        assert.deepEqual(plain(service, "cors.allowedOrigins"), ["https://chat.example.com"]);
        assert.equal(plain(service, "serverless.connectionTimeoutInSeconds"), 60);
        assert.deepEqual(plain(service, "features"), [
            { flag: "ServiceMode", value: "Serverless" },
            { flag: "EnableMessagingLogs", value: "true" },
        ]);
        assert.equal(plain(service, "networkACLs.defaultAction"), "Deny");
        assert.equal(plain(service, "liveTraceConfiguration.enabled"), "true");
        assert.equal(plain(service, "tls.clientCertEnabled"), true);
        assert.equal(plain(service, "publicNetworkAccess"), "Disabled");
    });

    const identity = `${id}/Microsoft.ManagedIdentity/userAssignedIdentities/old`;
    const adopted: [string, Partial<SignalRBackendArgs>, string[]][] = [
        ["a resource group", { resourceGroupName: "old" }, ["RandomString chat-suffix", "ResourceGroup chat"]],
        ["a plan", { planId: `${id}/Microsoft.Web/serverfarms/old` }, ["AppServicePlan chat-app"]],
        [
            "an identity of the service",
            { serviceUserAssignedIdentityId: identity },
            ["RandomString chat-service-identity-suffix", "UserAssignedIdentity chat-service"],
        ],
        [
            "an identity of the app",
            { identityType: "UserAssigned", userAssignedIdentityId: identity },
            ["UserAssignedIdentity chat-app"],
        ],
    ];
    for (const [what, args, less] of adopted) {
        it(`uses an existing ${what} instead of a new one`, async () => {
            assert.deepEqual(changes(await runSignalR(args)), { more: [], less });
        });
    }

    it("writes the keys into a vault that exists already by one deployment, which no deletion undoes", async () => {
        const made = await runSignalR({ vaultId: `${id}/Microsoft.KeyVault/vaults/old-vault` });
        assert.deepEqual(changes(made), {
            more: ["Deployment chat-keys-secrets"],
            less: [
                "RandomString chat-keys-suffix",
                ...signalRByDefault.filter((one) => one.startsWith("Secret ")),
                "Vault chat-keys",
            ],
        });
        assert.match(
            String(urlOf(made)),
            /SecretUri=https:\/\/old-vault\.vault\.azure\.net\/secrets\/host--systemKey--/,
        );
    });

    it("assigns no role when somebody else does", async () => {
        const made = await runSignalR({ assignRoles: false });
        assert.deepEqual(made.names(roleType), []);
        const advice = made.warnings.filter((warning) => warning.includes("assignRoles"));
        assert.equal(advice.length, 2);
        assert.match(advice.join("\n"), /service of "chat": .* Key Vault Secrets User \(4633458b-.*vaults\/chat-keys/);
        assert.match(advice.join("\n"), /FunctionApp "chat-app": .*SignalR Service Owner \(.*signalR\/chat-service/);
    });

    it("says nothing of roles to identities that are given", async () => {
        const made = await runSignalR({
            assignRoles: false,
            userAssignedIdentityId: identity,
            serviceUserAssignedIdentityId: identity,
        });
        assert.deepEqual([made.warnings, made.names("azure-native:managedidentity:UserAssignedIdentity")], [[], []]);
    });

    it("gives the service an identity of the caller's without a vault too", async () => {
        const made = await runSignalR({ keySource: "HostKey", serviceUserAssignedIdentityId: identity });
        assert.deepEqual(plain(made.find(signalRType), "identity"), {
            type: "UserAssigned",
            userAssignedIdentities: [identity],
        });
    });

    it("gives an existing identity the role on the vault before it creates the service", async () => {
        const made = await runSignalR({ serviceUserAssignedIdentityId: identity });
        const role = made.find(roleType, "chat-service-vault-reader");
        assert.equal(plain(role, "principalId"), "principal of old");
        assert.ok(made.comesAfter(made.find(signalRType), role));
        assert.deepEqual(plain(made.find(signalRType), "identity.userAssignedIdentities"), [identity]);
    });
});
