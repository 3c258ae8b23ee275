import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { createRegistry } from "../../local/azure/world";
import type { ResourceState } from "../../local/engine/state";
import { showDeployment } from "../../local/inspection";
import { isSecretSetting } from "../../local/secretSetting";
import { openTestInspector, type TestInspector } from "../support/inspector";

const site = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app";

function resource(type: string, name: string, more: Partial<ResourceState>): ResourceState {
    return {
        urn: `urn:pulumi:test::p::${type}::${name}`,
        type,
        name,
        custom: true,
        id: `/${name}`,
        inputs: {},
        outputs: {},
        secrets: [],
        dependencies: [],
        propertyDependencies: {},
        protect: false,
        retainOnDelete: false,
        keep: {},
        ...more,
    };
}

describe("the deployment in the inspector", () => {
    let inspector: TestInspector;
    let asked: [secret: string, principal: string | undefined][];
    beforeEach(async () => {
        inspector = await openTestInspector();
        const principals = createRegistry<{ principalId: string; clientId: string; resourceId: string }>(
            "Managed identity",
        );
        principals.add(site, { principalId: "p1", clientId: "c1", resourceId: site });
        const app = resource("azure-native:web:WebApp", "app", { id: site });
        const settings = resource("azure-native:web:WebAppApplicationSettings", "settings", {
            dependencies: [app.urn],
            inputs: {
                name: "app",
                properties: {
                    WebPubSubConnectionString__serviceUri: "https://localhost:1",
                    ApiKey: "hush-hush",
                    Good: "@Microsoft.KeyVault(SecretUri=https://v/secrets/good)",
                    Bad: "@Microsoft.KeyVault(SecretUri=https://v/secrets/bad)",
                },
            },
        });
        const role = resource("azure-native:authorization:RoleAssignment", "role", {
            inputs: {
                principalId: "p1",
                roleDefinitionId: "/x/12cf5a90-567b-43ae-8102-96cf46c7d9b4",
                scope: "/scope",
            },
        });
        const identity = "/identities/service";
        principals.add(identity, { principalId: "p2", clientId: "c2", resourceId: identity });
        const service = resource("azure-native:webpubsub:WebPubSub", "service", {
            id: "/x/webPubSub/service",
            inputs: { identity: { type: "UserAssigned", userAssignedIdentities: [identity] } },
        });
        const keyOf = (name: string) => `{@Microsoft.KeyVault(SecretUri=https://v/secrets/${name}/1)}`;
        const hub = resource("azure-native:webpubsub:WebPubSubHub", "hub", {
            inputs: {
                resourceName: "service",
                properties: {
                    eventHandlers: [
                        { urlTemplate: `http://localhost:1/runtime/webhooks/socketio?code=${keyOf("good")}` },
                        { urlTemplate: `http://localhost:1/x?code=${keyOf("bad")}&sig=AbcDef123456789` },
                        { urlTemplate: "http://localhost:1/y?code=AbcDef123456789" },
                    ],
                },
            },
        });
        const signalr = resource("azure-native:signalrservice:SignalR", "signalr", {
            id: "/x/signalR/signalr",
            inputs: {
                identity: { type: "SystemAssigned" },
                upstream: { templates: [{ urlTemplate: `http://localhost:1/z?code=${keyOf("good")}` }] },
            },
        });
        principals.add(signalr.id, { principalId: "p3", clientId: "c3", resourceId: signalr.id });
        const slot = resource("azure-native:web:WebAppSlot", "slot", { id: `${site}/slots/staging` });
        principals.add(slot.id, { principalId: "p4", clientId: "c4", resourceId: slot.id });
        const slotSettings = resource("azure-native:web:WebAppApplicationSettingsSlot", "slotSettings", {
            inputs: {
                name: "app",
                slot: "staging",
                properties: { Good: "@Microsoft.KeyVault(SecretUri=https://v/secrets/slot)" },
            },
        });
        const states = [app, settings, role, service, hub, signalr, slot, slotSettings];
        asked = [];
        const references = {
            resolve: ({ text, principalId }: { text: string; principalId?: string }) => {
                asked.push([/secrets\/(\w+)/.exec(text)?.[1] ?? text, principalId]);
                if (text.includes("bad")) {
                    throw new Error("there is no such secret");
                }
                return "the secret itself";
            },
        };
        showDeployment({
            emulator: { inspector: inspector.inspector, references } as unknown as Emulator,
            world: { principals },
            project: "p",
            stack: "test",
            resources: new Map(states.map((state) => [state.urn, state])),
            steps: [
                { ...step("settings", settings), operation: "updated", changed: ["properties.Good"] },
                { ...step("old", resource("azure-native:web:WebApp", "old", {})), operation: "deleted" },
            ],
            now: () => 5,
        });
    });
    afterEach(() => inspector.close());

    const step = (name: string, { urn, type }: ResourceState) => ({
        urn,
        type,
        name,
        custom: true,
        seconds: 0,
        changed: [] as string[],
    });

    it("shows resources, what the update did, settings, references and roles, without a secret", async () => {
        const { deployment } = await inspector.state();
        const named = new Map(deployment?.resources.map((one) => [one.name, one]));
        assert.deepEqual([deployment?.project, deployment?.stack, deployment?.updated], ["p", "test", 5]);
        assert.deepEqual(
            [...named].map(([name, { last }]) => [name, last]),
            [
                ["app", "same"],
                ["settings", "updated"],
                ["role", "same"],
                ["service", "same"],
                ["hub", "same"],
                ["signalr", "same"],
                ["slot", "same"],
                ["slotSettings", "same"],
                ["old", "deleted"],
            ],
        );
        assert.deepEqual(named.get("settings")?.changed, ["properties.Good"]);
        assert.deepEqual(named.get("settings")?.settings, [
            { name: "WebPubSubConnectionString__serviceUri", value: "https://localhost:1", secret: false },
            { name: "ApiKey", secret: true },
            {
                name: "Good",
                value: "@Microsoft.KeyVault(SecretUri=https://v/secrets/good)",
                secret: false,
                reference: "resolved",
            },
            {
                name: "Bad",
                value: "@Microsoft.KeyVault(SecretUri=https://v/secrets/bad)",
                secret: false,
                reference: "unresolved",
                reason: "there is no such secret",
            },
        ]);
        assert.deepEqual(named.get("app")?.roles, [
            { principal: site, role: "Web PubSub Service Owner", scope: "/scope" },
        ]);
        assert.doesNotMatch(
            JSON.stringify([await inspector.state(), await inspector.events()]),
            /hush|the secret itself/,
        );
        const { message } = await inspector.event(({ kind }) => kind === "deployment", "the update");
        assert.equal(message, "7 same, 1 updated, 1 deleted");
    });

    it("tells of the URLs of events whether the service can read their keys, and shows no key", async () => {
        const { deployment } = await inspector.state();
        const settingsOf = (wanted: string) => deployment?.resources.find(({ name }) => name === wanted)?.settings;
        const [good, bad, bare] = settingsOf("hub") ?? [];
        assert.deepEqual(
            [good?.name, good?.secret, good?.reference],
            ["eventHandlers[0].urlTemplate", false, "resolved"],
        );
        assert.match(good?.value ?? "", /^http:\/\/localhost:1\/runtime\/webhooks\/socketio\?code=\{@Microsoft/);
        assert.deepEqual(bad, {
            name: "eventHandlers[1].urlTemplate",
            secret: true,
            reference: "unresolved",
            reason: "there is no such secret",
        });
        assert.deepEqual(bare, { name: "eventHandlers[2].urlTemplate", secret: true });
        assert.equal(settingsOf("signalr")?.[0]?.reference, "resolved");
        assert.equal(settingsOf("slotSettings")?.[0]?.reference, "resolved");
        assert.doesNotMatch(JSON.stringify(deployment), /AbcDef123456789/);
        assert.deepEqual(
            new Set(asked.map((one) => one.join(" "))),
            new Set(["good p1", "bad p1", "good p2", "bad p2", "good p3", "slot p4"]),
        );
    });

    it("gives a secret only when it is asked for", async () => {
        const { deployment } = await inspector.state();
        const urn = deployment?.resources.find(({ name }) => name === "settings")?.urn ?? "";
        const ask = (setting: string) =>
            inspector.call(`/api/secret?${new URLSearchParams({ resource: urn, setting })}`);
        assert.deepEqual(await (await ask("ApiKey")).json(), { value: "hush-hush" });
        assert.equal((await ask("constructor")).status, 404);
    });

    for (const [name, value, expected] of [
        ["FUNCTIONS_WORKER_RUNTIME", "node", false],
        ["WEBSITE_RUN_FROM_PACKAGE", "https://a.blob/c/p.zip?sv=1&sig=abc", true],
        ["WEBSITE_RUN_FROM_PACKAGE", "1", false],
        ["AzureWebJobsStorage", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==", true],
        ["AzureWebJobsStorage__accountName", "store", false],
        ["AzureWebJobsSecretStorageKeyVaultUri", "https://v.vault.azure.net/", false],
        ["Endpoint", "https://user:word@host/", true],
        ["Opaque", "q9Zk3T0vWb8yXn2LhR7mPd5s", true],
        ["DB_PASSWORD", "x", true],
        ["service__accessKey", "x", true],
        ["APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=1-2", true],
        ["AzureWebJobsSecretStorageType", "keyvault", false],
        ["AzureWebJobsSecretStorageKeyVaultClientId", "89d50a23-aeae-4672-a765-7ff1fb8c2969", false],
        ["AzureWebJobsStorage__clientId", "89d50a23-aeae-4672-a765-7ff1fb8c2969", false],
        ["STRIPE_SECRET_VALUE", "hunter2", true],
        ["UserId", "sk1live9aB3cD4eF5gH6iJ7kL8m", true],
        ["CallbackUrl", "https://example.com/hook?code=abc", true],
    ] as const) {
        it(`${expected ? "masks" : "shows"} ${name}=${value}`, () => {
            assert.equal(isSecretSetting(name, value), expected);
        });
    }
});
