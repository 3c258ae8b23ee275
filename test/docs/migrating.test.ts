import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { WebPubSubBackend, type WebPubSubBackendArgs } from "../../components";
import { handlers } from "../../local/azure";
import { changedPaths, touches } from "../../local/engine/diff";
import type { Properties } from "../../local/engine/values";
import { allOptions } from "../support/allOptions";
import { codePaths } from "../support/backend";
import { type Registered, runProgram } from "../support/pulumi";
import { repositoryRoot } from "../support/registeredFunctions";

type Args = Partial<WebPubSubBackendArgs>;

const clientId = "11111111-aaaa-bbbb-cccc-222222222222";
const naming = { template: "{kind}-{name}-{suffix}", name: "acme" };
const certificate = "https://certificates.vault.azure.net/secrets/";
const domain = { name: "own", domainName: "chat.example.com", certificateSecretUri: `${certificate}chat` };
const premium: Args = { sku: "Premium_P1", roleDelaySeconds: 0 };
const elastic: Args = { plan: "ElasticPremium" };
const everything: Args = allOptions({ codePath: codePaths.webpubsub, network: {} });

/** Changes of options, in the words of the page. */
const changes: Record<string, [Args, Args]> = {
    "`sku` Standard_S1 to Premium_P1": [{}, { sku: "Premium_P1" }],
    "`capacity` 1 to 2": [{}, { capacity: 2 }],
    "`serviceName` given": [{}, { serviceName: "acme-chat" }],
    "`plan` FlexConsumption to ElasticPremium": [{}, { plan: "ElasticPremium" }],
    "`plan` ElasticPremium to Dedicated": [{ plan: "ElasticPremium" }, { plan: "Dedicated" }],
    "`planSku` EP1 to EP2": [{ plan: "ElasticPremium" }, { plan: "ElasticPremium", planSku: "EP2" }],
    "`functionAppName` given": [{}, { functionAppName: "acme-app" }],
    "`identityType` UserAssigned to SystemAssigned": [{}, { identityType: "SystemAssigned" }],
    "`keySource` KeyVault to HostKey": [{}, { keySource: "HostKey" }],
    "`keyRotation` another text": [{ keyRotation: "1" }, { keyRotation: "2" }],
    "`connectionAuth` Identity to AccessKey": [{}, { connectionAuth: "AccessKey" }],
    "`hubs` one more": [{}, { hubs: [{ name: "hub" }, { name: "other" }] }],
    "`eventAuth` given": [{}, { eventAuth: { clientId } }],
    "`lockData` true": [{}, { lockData: true }],
    "`protectData` true": [{}, { protectData: true }],
    "`customDomains` one": [premium, { ...premium, customDomains: [domain] }],
    "`certificateSecretUri` another": [
        { ...premium, customDomains: [domain] },
        { ...premium, customDomains: [{ ...domain, certificateSecretUri: `${certificate}new` }] },
    ],
    "`domainName` another": [
        { ...premium, customDomains: [domain] },
        { ...premium, customDomains: [{ ...domain, domainName: "new.example.com" }] },
    ],
    "`stagingSlot` given": [elastic, { ...elastic, stagingSlot: {} }],
    "`stagingSlot` given with `eventAuth` and `privateNetwork`": [
        { ...elastic, eventAuth: { clientId }, privateNetwork: {} },
        { ...elastic, eventAuth: { clientId }, privateNetwork: {}, stagingSlot: {} },
    ],
    "`stagingSlot.name` another": [
        { ...elastic, stagingSlot: {} },
        { ...elastic, stagingSlot: { name: "next" } },
    ],
    "`siteUpdateStrategy` given": [{}, { siteUpdateStrategy: "RollingUpdate" }],
    "`zoneRedundant` true": [{}, { zoneRedundant: true }],
    "`cors` given": [{}, { cors: { allowedOrigins: ["https://chat.example.com"] } }],
    "`privateNetwork` given": [elastic, { ...elastic, privateNetwork: {} }],
    "`privateNetwork.app` Private": [
        { ...elastic, privateNetwork: {} },
        { ...elastic, privateNetwork: { app: "Private" } },
    ],
    "`privateNetwork.clients` Private": [
        { ...elastic, privateNetwork: {} },
        { ...elastic, privateNetwork: { clients: "Private" } },
    ],
    "`diagnostics` given": [{}, { diagnostics: {} }],
    "`alerts` given": [{}, { alerts: {} }],
    "`workbook` given": [{}, { workbook: {} }],
    "`autoscale` given": [premium, { ...premium, autoscale: { maximumCapacity: 10 } }],
    "`replicas` one": [premium, { ...premium, replicas: [{ name: "us", location: "westus2" }] }],
    "`naming` given": [{}, { naming }],
    "`naming` given with every option of production": [
        { ...everything, naming: undefined },
        { ...everything, naming },
    ],
    "`tags` given": [{}, { tags: { team: "chat" } }],
};

const record = async (args: Args) => {
    const { resources } = await runProgram(
        () => new WebPubSubBackend("chat", { codePath: codePaths.webpubsub, ...args }),
    );
    return new Map(resources.filter(({ custom }) => custom).map((one) => [`${one.type} ${one.name}`, one]));
};

function isReplaced(before: Registered, after: Registered): boolean {
    const handler = handlers.find(({ token }) => token === after.type);
    const changed = changedPaths({ before: before.inputs as Properties, after: after.inputs as Properties });
    return (
        touches(changed, [...(handler?.replaceOn ?? [])]) ||
        JSON.stringify(before.replacementTrigger) !== JSON.stringify(after.replacementTrigger)
    );
}

/** The row of the page's table for a change. */
async function rowOf(label: string): Promise<string> {
    const [from, to] = changes[label] ?? [];
    assert.ok(from && to);
    // One after the other, because programs share the SDK's monitor.
    const before = await record(from);
    const after = await record(to);
    const kindsOf = (keys: string[]) => {
        const all = [...new Set(keys.map((key) => (key.split(" ")[0] ?? "").split(":").at(-1) ?? ""))].sort();
        return all.length === 0 ? "nothing" : all.join(", ");
    };
    const kept = [...after.keys()].filter((key) => before.has(key));
    const replaced = kept.filter((key) => isReplaced(before.get(key) as Registered, after.get(key) as Registered));
    const has = (type: string) =>
        replaced.some((key) => key.startsWith(`azure-native:${type} `)) ? "another" : "kept";
    const made = kindsOf([...after.keys()].filter((key) => !before.has(key)));
    const gone = kindsOf([...before.keys()].filter((key) => !after.has(key)));
    return `| ${label} | ${has("webpubsub:WebPubSub")} | ${has("web:WebApp")} | ${kindsOf(replaced)} | ${made} | ${gone} |`;
}

const page = readFileSync(join(repositoryRoot, "docs/migrating.md"), "utf8");

describe("docs/migrating.md", function () {
    this.timeout(60_000);

    for (const label of Object.keys(changes)) {
        it(`says what changes with ${label}`, async () => {
            const row = await rowOf(label);
            assert.ok(page.includes(row), row);
        });
    }

    it("has a row for each of these changes and no other", () => {
        assert.equal(
            [...page.matchAll(/^\| `.* \| (kept|another) \| (kept|another) \|/gm)].length,
            Object.keys(changes).length,
        );
    });

    it("takes over resources by their ids, under the names that they have", async () => {
        const group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/chat-group";
        const ids: Record<string, string> = {
            "azure-native:webpubsub:WebPubSub": `${group}/providers/Microsoft.SignalRService/webPubSub/acme-chat`,
            "azure-native:webpubsub:WebPubSubHub": `${group}/providers/Microsoft.SignalRService/webPubSub/acme-chat/hubs/hub`,
        };
        const takeOver: pulumi.ResourceTransformation = ({ type, props, opts }) => ({
            props,
            opts: ids[type] === undefined ? opts : { ...opts, import: ids[type] },
        });
        const taken = await runProgram(
            () =>
                new WebPubSubBackend(
                    "chat",
                    { codePath: codePaths.webpubsub, resourceGroupName: "chat-group", serviceName: "acme-chat" },
                    { transformations: [takeOver] },
                ),
        );
        const imported = taken.resources.filter(({ importId }) => importId !== "");
        assert.deepEqual(Object.fromEntries(imported.map(({ type, importId }) => [type, importId])), ids);
        for (const { type, inputs, importId } of imported) {
            const handler = handlers.find(({ token }) => token === type);
            const settings = { subscriptionId: "11111111-2222-3333-4444-555555555555", tenantId: "tenant" };
            // The id that these inputs have is the imported one, so nothing is replaced.
            assert.equal(handler?.id({ inputs: inputs as Properties, settings }), importId);
        }
    });
});
