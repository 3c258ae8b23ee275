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
        const states = [app, settings, role];
        const references = {
            resolve: ({ text, principalId }: { text: string; principalId?: string }) => {
                assert.equal(principalId, "p1");
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
        assert.equal(message, "2 same, 1 updated, 1 deleted");
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
