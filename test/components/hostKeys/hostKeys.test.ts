import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { HostKeys, type HostKeysArgs } from "../../../components";
import { failureOf, holdsSecret, known, Probe, plain, runProgram, unwrap } from "../../support/pulumi";

const make = (args: Partial<HostKeysArgs> = {}) =>
    new HostKeys("keys", { resourceGroupName: "group", extension: "socketio", ...args });
const vaultIn = (group: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/old-vault`;
const secretType = "azure-native:keyvault:Secret";
const passwordType = "random:index/randomPassword:RandomPassword";
const secretNames = ["host--functionKey--default", "host--masterKey--master", "host--systemKey--socketio-095extension"];

describe("HostKeys from a vault", () => {
    it("create a vault that only roles open, with the whole set of keys", async () => {
        const run = await runProgram(() => make());
        assert.deepEqual(run.types(), [
            "azure-native:keyvault:Secret",
            "azure-native:keyvault:Vault",
            "azure-realtime:index:HostKeys",
            passwordType,
            "random:index/randomString:RandomString",
        ]);
        const vault = run.find("azure-native:keyvault:Vault");
        assert.equal(plain(vault, "properties.enableRbacAuthorization"), true);
        assert.equal(plain(vault, "properties.enablePurgeProtection"), true);
        assert.equal(plain(vault, "properties.tenantId"), "tenant");
        assert.equal(plain(vault, "vaultName"), "keys-abc123");
        const secrets = run.resources.filter((one) => one.type === secretType);
        assert.deepEqual(secrets.map((one) => plain(one, "secretName")).sort(), secretNames);
    });

    it("are long, consist of letters and digits, and are always secret", async () => {
        const run = await runProgram(() => make());
        for (const password of run.resources.filter((one) => one.type === passwordType)) {
            assert.ok(Number(plain(password, "length")) >= 40);
            assert.equal(plain(password, "special"), false);
        }
        for (const secret of run.resources.filter((one) => one.type === secretType)) {
            assert.equal(holdsSecret(secret.inputs.properties), true);
        }
        assert.equal(await pulumi.isSecret(run.result.key), true);
        assert.equal(await known(run.result.key), "password of keys-extension-key");
    });

    it("have a versioned reference that contains no key", async () => {
        const { result } = await runProgram(() => make());
        assert.equal(
            await known(result.code),
            "{@Microsoft.KeyVault(SecretUri=https://keys-abc123.vault.azure.net/secrets/host--systemKey--socketio-095extension/v1)}",
        );
        assert.equal(await pulumi.isSecret(result.code), false);
    });

    it("return the settings that make the host use them, after all keys exist", async () => {
        const run = await runProgram(() => {
            const keys = make();
            new Probe("After", { settings: keys.appSettings });
            return keys;
        });
        assert.deepEqual(await known(run.result.appSettings), {
            AzureWebJobsSecretStorageType: "keyvault",
            AzureWebJobsSecretStorageKeyVaultUri: "https://keys-abc123.vault.azure.net/",
        });
        for (const name of run.names(secretType)) {
            assert.ok(run.comesAfter(run.find("test:index:After"), run.find(secretType, name)), name);
        }
    });

    it("rotate the extension's key alone", async () => {
        const run = await runProgram(() => make({ keyRotation: "2" }));
        const keepers = (name: string) => plain(run.find(passwordType, name), "keepers");
        assert.deepEqual(keepers("keys-extension-key"), { rotation: "2" });
        assert.equal(keepers("keys-master-key"), undefined);
        assert.equal(keepers("keys-default-key"), undefined);
    });

    it("use an existing vault in its own resource group", async () => {
        const run = await runProgram(() => make({ vaultId: vaultIn("other") }));
        assert.deepEqual(run.names("azure-native:keyvault:Vault"), []);
        assert.deepEqual(run.invokes, [
            { token: "azure-native:authorization:getClientConfig", inputs: {} },
            { token: "azure-native:keyvault:getVault", inputs: { vaultName: "old-vault", resourceGroupName: "other" } },
        ]);
        assert.deepEqual(run.names(secretType), []);
        const deployment = run.find("azure-native:resources:Deployment", "keys-secrets");
        assert.equal(plain(deployment, "resourceGroupName"), "other");
        assert.equal(plain(deployment, "deploymentName"), undefined);
        assert.equal(plain(deployment, "properties.parameters.vaultName.value"), "old-vault");
        const template = plain(deployment, "properties.template") as {
            parameters: Record<string, { type: string }>;
            resources: { type: string; name: string; properties: { value: string } }[];
        };
        assert.deepEqual(
            template.resources.map(({ name }) => name).sort(),
            secretNames.map((name) => `[concat(parameters('vaultName'), '/${name}')]`),
        );
        for (const { type, properties } of template.resources) {
            assert.equal(type, "Microsoft.KeyVault/vaults/secrets");
            const [, parameter = ""] = /^\[parameters\('(\w+)'\)\]$/.exec(properties.value) ?? [];
            assert.equal(template.parameters[parameter]?.type, "securestring");
        }
        const { properties } = deployment.inputs as { properties: { parameters: unknown; template: unknown } };
        assert.equal(holdsSecret(deployment.inputs), true);
        assert.doesNotMatch(JSON.stringify(unwrap(properties.template)), /password of/);
        assert.equal(
            await known(run.result.code),
            "{@Microsoft.KeyVault(SecretUri=https://old-vault.vault.azure.net/secrets/host--systemKey--socketio-095extension/v1)}",
        );
        assert.equal(await pulumi.isSecret(run.result.code), false);
    });

    it("go with their vault, since deleting one takes a role that an Owner does not have", async () => {
        const run = await runProgram(() => make());
        for (const name of run.names(secretType)) {
            assert.equal(run.find(secretType, name).deletedWith, "azure-native:keyvault:Vault keys", name);
        }
    });

    it("refuse a vault that roles do not open", async () => {
        const error = await failureOf(() =>
            runProgram(() => make({ vaultId: vaultIn("group") }), {
                invoke: (token) =>
                    token.endsWith("getVault")
                        ? { id: "", name: "old-vault", properties: { enableRbacAuthorization: false } }
                        : undefined,
            }),
        );
        assert.match(error.message, /vaultId: the vault is opened by access policies/);
    });
});

describe("HostKeys handed to the host", () => {
    const args = { source: "HostKey" as const, functionAppName: "my-app" };

    it("create one key and one deployment that sets the key, and no vault", async () => {
        const run = await runProgram(() => make(args));
        assert.deepEqual(run.types(), [
            "azure-native:resources:Deployment",
            "azure-realtime:index:HostKeys",
            passwordType,
        ]);
        const deployment = run.find("azure-native:resources:Deployment");
        assert.deepEqual(plain(deployment, "properties.parameters"), {
            appName: { value: "my-app" },
            keyName: { value: "socketio_extension" },
            keyValue: { value: "password of keys-extension-key" },
        });
        assert.equal(plain(deployment, "properties.template.parameters.keyValue.type"), "securestring");
        assert.equal(plain(deployment, "deploymentName"), "my-app-socketio_extension");
        for (const output of [run.result.vaultId, run.result.vaultName, run.result.vaultUri]) {
            assert.equal(await known(output), "");
        }
        assert.deepEqual(await known(run.result.appSettings), {});
    });

    it("are secret in the deployment, as key and as code", async () => {
        const run = await runProgram(() => make(args));
        assert.equal(holdsSecret(run.find("azure-native:resources:Deployment").inputs.properties), true);
        assert.equal(await pulumi.isSecret(run.result.key), true);
        assert.equal(await pulumi.isSecret(run.result.code), true);
    });

    it("are used only after the host has them", async () => {
        const run = await runProgram(() => {
            const keys = make(args);
            new Probe("After", { code: keys.code });
        });
        const deployment = run.find("azure-native:resources:Deployment");
        assert.ok(run.comesAfter(run.find("test:index:After"), deployment));
    });
});

describe("HostKeys with a key of the caller's", () => {
    const key = "a-key-of-two-apps_".repeat(2);

    it("put it into the vault as a secret, and make none", async () => {
        const run = await runProgram(() => make({ key }));
        const secret = run.resources.find((one) => plain(one, "secretName") === secretNames[2]);
        assert.equal(plain(secret!, "properties.value"), key);
        assert.equal(holdsSecret(secret!.inputs.properties), true);
        assert.equal(await pulumi.isSecret(run.result.key), true);
        assert.equal(await known(run.result.key), key);
        const passwords = run.resources.filter((one) => one.type === passwordType).map((one) => one.name);
        assert.deepEqual(passwords.sort(), ["keys-default-key", "keys-master-key"]);
        assert.equal(run.result.nodes.extensionKey, undefined);
    });

    it("hand it to the host as a secret", async () => {
        const run = await runProgram(() => make({ key, source: "HostKey", functionAppName: "my-app" }));
        const deployment = run.find("azure-native:resources:Deployment");
        assert.equal(plain(deployment, "properties.parameters.keyValue.value"), key);
        assert.equal(holdsSecret(deployment.inputs.properties), true);
        assert.equal(run.resources.length, 2);
    });

    it("refuse one that is known late, without showing it", async () => {
        const error = await failureOf(() => runProgram(() => make({ key: pulumi.secret("known late, and wrong") })));
        assert.match(error.message, /HostKeys "keys": key: the value given is not a key/);
        assert.doesNotMatch(error.message, /known late/);
    });
});

describe("HostKeys discovered", () => {
    const args = { source: "Discovered" as const, functionAppName: "my-app" };

    it("read the extension's key as a secret, encode it in the code, and create nothing", async () => {
        const run = await runProgram(() => make(args));
        assert.deepEqual(run.types(), ["azure-realtime:index:HostKeys"]);
        assert.equal(await known(run.result.key), "found-key==");
        assert.equal(await known(run.result.code), "found-key%3D%3D");
        assert.equal(await pulumi.isSecret(run.result.key), true);
        assert.equal(await pulumi.isSecret(run.result.code), true);
    });

    it("try once in a preview, and report a missing key", async () => {
        const error = await failureOf(() =>
            runProgram(() => make(args), { preview: true, invoke: () => ({ systemKeys: {} }) }),
        );
        assert.match(error.message, /made no system key "socketio_extension": the host has no system keys/);
    });

    it("read nothing while the app's name is not known", async () => {
        const run = await runProgram(
            () => {
                const app = new Probe("App", {});
                return make({ ...args, functionAppName: app.id });
            },
            { preview: true },
        );
        assert.deepEqual(run.invokes, []);
    });
});
