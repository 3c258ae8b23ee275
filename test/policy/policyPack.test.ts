import assert from "node:assert/strict";
import type { Recorded } from "../../local/engine/recorder";
import { isObject, type Properties } from "../../local/engine/values";
import { rules } from "../../policy/rules";
import { type RunningPolicyPack, startPolicyPack } from "../support/policyPack";
import { recordStackHere } from "../support/recordedStacks";
import { type StackVariant, stackVariants } from "../support/recorder";

/** Violations of each rule: the resource type and the change of its inputs. */
const breaks: Record<string, { type: string; change(inputs: Properties): Properties; says: RegExp }[]> = {
    "local-auth-off": [
        { type: "webpubsub:WebPubSub", change: (i) => ({ ...i, disableLocalAuth: false }), says: /disableLocalAuth/ },
        {
            type: "signalrservice:SignalR",
            change: (i) => ({ ...i, disableLocalAuth: false }),
            says: /disableLocalAuth/,
        },
        {
            type: "applicationinsights:Component",
            change: (i) => ({ ...i, disableLocalAuth: false }),
            says: /disableLocalAuth/,
        },
    ],
    "no-public-blob": [
        {
            type: "storage:StorageAccount",
            change: (i) => ({ ...i, allowBlobPublicAccess: true }),
            says: /allowBlobPublicAccess/,
        },
        {
            type: "storage:BlobContainer",
            change: (i) => ({ ...i, publicAccess: "Blob" }),
            says: /publicAccess must be None/,
        },
    ],
    "no-key-in-settings": [
        {
            type: "web:WebAppApplicationSettings",
            change: (i) => ({ ...i, properties: { ...settings(i), Mine: "Endpoint=https://a;AccessKey=s3cret;" } }),
            says: /^(?!.*s3cret).*Mine must not contain a key/s,
        },
        {
            type: "web:WebApp",
            change: (i) => ({ ...i, siteConfig: { appSettings: [{ name: "Mine", value: "https://a/b?sig=s3cret" }] } }),
            says: /^(?!.*s3cret).*Mine must not contain a key/s,
        },
    ],
    tls: [
        {
            type: "storage:StorageAccount",
            change: (i) => ({ ...i, minimumTlsVersion: "TLS1_0" }),
            says: /TLS1_2 or newer/,
        },
        { type: "web:WebApp", change: (i) => ({ ...i, siteConfig: { minTlsVersion: "1.1" } }), says: /minTlsVersion/ },
    ],
    "https-only": [
        { type: "web:WebApp", change: (i) => ({ ...i, httpsOnly: false }), says: /httpsOnly/ },
        {
            type: "storage:StorageAccount",
            change: (i) => ({ ...i, enableHttpsTrafficOnly: false }),
            says: /enableHttps/,
        },
    ],
    "no-publishing-password": [
        { type: "web:WebAppFtpAllowed", change: (i) => ({ ...i, allow: true }), says: /allow must be false/ },
    ],
    "vault-roles": [
        {
            type: "keyvault:Vault",
            change: (i) => ({ ...i, properties: { ...settings(i), enableRbacAuthorization: false } }),
            says: /enableRbacAuthorization/,
        },
    ],
    "webhook-behind-login": [
        {
            type: "web:WebAppAuthSettingsV2",
            change: (i) => ({ ...i, globalValidation: { ...validation, excludedPaths: ["/api", "/runtime"] } }),
            says: /excludedPaths must not hold \/runtime:/,
        },
        {
            type: "web:WebAppAuthSettingsV2",
            change: (i) => ({ ...i, globalValidation: { ...validation, requireAuthentication: false } }),
            says: /requireAuthentication true/,
        },
        {
            type: "web:WebAppAuthSettingsV2",
            change: (i) => ({ ...i, globalValidation: {} }),
            says: /requireAuthentication true/,
        },
    ],
    "autoscale-on": [
        { type: "monitor:AutoscaleSetting", change: ({ enabled: _on, ...i }) => i, says: /enabled must be true/ },
        { type: "monitor:AutoscaleSetting", change: (i) => ({ ...i, enabled: false }), says: /enabled must be true/ },
    ],
    "role-on-one-resource": [
        {
            type: "authorization:RoleAssignment",
            change: (i) => ({ ...i, scope: "/subscriptions/1/resourceGroups/group" }),
            says: /scope is \/subscriptions\/1\/resourceGroups\/group/,
        },
        {
            type: "authorization:RoleAssignment",
            change: (i) => ({ ...i, scope: "/subscriptions/1" }),
            says: /one resource/,
        },
    ],
    "network-access-said": [
        {
            type: "web:WebApp",
            change: ({ publicNetworkAccess: _said, ...i }) => i,
            says: /publicNetworkAccess must be Enabled or Disabled/,
        },
    ],
    "no-open-range": [
        {
            type: "storage:StorageAccount",
            change: (i) => ({
                ...i,
                networkRuleSet: {
                    defaultAction: "Deny",
                    ipRules: [{ iPAddressOrRange: "0.0.0.0/0", action: "Allow" }],
                },
            }),
            says: /networkRuleSet.ipRules must not hold/,
        },
        {
            type: "keyvault:Vault",
            change: (i) => ({
                ...i,
                properties: {
                    ...settings(i),
                    networkAcls: { defaultAction: "Deny", ipRules: [{ value: "0.0.0.0/1" }] },
                },
            }),
            says: /properties.networkAcls.ipRules must not hold/,
        },
    ],
};

const validation = { requireAuthentication: true, unauthenticatedClientAction: "Return401", excludedPaths: ["/api"] };

/** A stack's resources, App Service authentication, which needs an app registration and so is in no stack, and a setting to scale by. */
async function record(variant: StackVariant): Promise<Recorded[]> {
    const resources = await recordStackHere(variant);
    const policy = resources.find(({ type }) => type.endsWith(":WebAppFtpAllowed"));
    assert.ok(policy);
    const auth = { name: "auth", resourceGroupName: "g", platform: { enabled: true }, globalValidation: validation };
    const scale = { autoscaleSettingName: "scale", resourceGroupName: "g", enabled: true };
    return [
        ...resources,
        { ...policy, type: "azure-native:web:WebAppAuthSettingsV2", inputs: auth },
        { ...policy, type: "azure-native:monitor:AutoscaleSetting", inputs: scale },
    ];
}

const settings = ({ properties }: Properties) => (isObject(properties) ? properties : {});

const variantOf = (label: string) => stackVariants.find((one) => one.label === label) as StackVariant;
const dev = variantOf("dev");
const signalR = variantOf("dev with signalr");

describe("the policy pack", function () {
    this.timeout(60_000);
    let pack: RunningPolicyPack;
    before(async () => {
        pack = await startPolicyPack();
    });
    after(() => pack?.close());

    const violations = async (resources: Recorded[]) => {
        const found = await Promise.all(resources.map((one) => pack.analyze(one)));
        return found.flatMap((list, index) =>
            list.map(({ policy, message }) => `${resources[index]?.name} ${policy}: ${message}`),
        );
    };

    for (const variant of stackVariants) {
        it(`accepts ${variant.label}, and finds every fault of a broken copy`, async () => {
            const resources = await record(variant);
            assert.ok(resources.length > 30);
            assert.deepEqual(await violations(resources), []);
            for (const [policy, ways] of Object.entries(breaks)) {
                const broken = resources.flatMap((resource) => {
                    const way = ways.find(({ type }) => resource.type === `azure-native:${type}`);
                    return way === undefined ? [] : [{ ...resource, inputs: way.change(resource.inputs) }];
                });
                assert.ok(broken.length > 0, policy);
                const found = await violations(broken);
                assert.equal(found.length, broken.length, `${policy}: ${found.join("\n")}`);
            }
        });
    }

    it("has a test that breaks each of its rules", () => {
        assert.deepEqual(Object.keys(breaks).sort(), rules.map(({ name }) => name).sort());
    });

    const slotWays = ([policy, ways]: [string, (typeof breaks)[string]]) =>
        ways.filter(({ type }) => type.startsWith("web:")).map((way) => ({ policy, ...way }));
    for (const { policy, type, change, says } of Object.entries(breaks).flatMap(slotWays)) {
        it(`reports ${policy} for a ${type}Slot that breaks it`, async () => {
            const resource = (await record(dev)).find((one) => one.type === `azure-native:${type}`);
            assert.ok(resource);
            const ofSlot = { ...resource, type: `azure-native:${type}Slot`, inputs: { ...resource.inputs, slot: "s" } };
            assert.deepEqual(await pack.analyze(ofSlot), []);
            const found = await pack.analyze({ ...ofSlot, inputs: change(ofSlot.inputs) });
            assert.deepEqual(
                found.map((one) => one.policy),
                [policy],
            );
            assert.match(found[0]?.message ?? "", says);
        });
    }

    for (const [policy, ways] of Object.entries(breaks)) {
        for (const { type, change, says } of ways) {
            it(`reports only ${policy} for a ${type} that breaks it, with the fix`, async () => {
                const resources = await record(type.startsWith("signalrservice:") ? signalR : dev);
                const resource = resources.find((one) => one.type === `azure-native:${type}`);
                assert.ok(resource, `no stack makes a ${type}`);
                const found = await pack.analyze({ ...resource, inputs: change(resource.inputs) });
                assert.deepEqual(
                    found.map((one) => one.policy),
                    [policy],
                );
                assert.match(found[0]?.message ?? "", says);
            });
        }
    }

    it("accepts a setting that refers to a secret in a vault, and an empty access key", async () => {
        const resource = (await recordStackHere(dev)).find(({ type }) => type.endsWith(":WebAppApplicationSettings"));
        assert.ok(resource);
        const reference = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a/b)";
        const inputs = {
            ...resource.inputs,
            properties: { A: reference, B: "AccessKey=", C: `Endpoint=x;AccessKey=${reference}` },
        };
        assert.deepEqual(await pack.analyze({ ...resource, inputs }), []);
    });
});
