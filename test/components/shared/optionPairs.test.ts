import assert from "node:assert/strict";
import { type Args, idOf, isAdvice, outcomeOf, placesOf, quietly, schema, typeOf, working } from "./argumentPlaces";

const subnetId = idOf("Microsoft.Network/virtualNetworks/chat/subnets/apps");
const vaultId = idOf("Microsoft.KeyVault/vaults/chat");

/** What an argument may be; each takes the first of these that it does not refuse for its own sake. */
const candidates: unknown[] = [
    ...[true, {}, 1, 100, 512, "chat1", "k".repeat(40), "10.1.0.0/24", "ops@example.com", "https://chat.example.com"],
    "11111111-aaaa-bbbb-cccc-222222222222",
    ...["SignalRService/webPubSub", "SignalRService/signalR", "Storage/storageAccounts", "Web/serverfarms", "Web/sites"]
        .concat("ManagedIdentity/userAssignedIdentities", "OperationalInsights/workspaces")
        .map((type) => idOf(`Microsoft.${type}/chat`)),
    ...[vaultId, subnetId, ["chat"], ["https://chat.example.com"], ["203.0.113.0/24"]],
    ...[{ clientId: "11111111-aaaa-bbbb-cccc-222222222222" }, { maximumCapacity: 10 }, { subnetId }],
    ...[
        { template: "{kind}-{name}-{suffix}", name: "chat" },
        { vaultId, vaultUri: "https://chat.example.com" },
    ],
    ...[[{ name: "http", instanceCount: 1 }], [{ name: "us", location: "westus2" }], []],
];

/** Plans and tiers that have what the usual ones do not. */
const settings: Args[] = [
    ...[{}, { plan: "FlexConsumption" }, { plan: "ElasticPremium" }, { plan: "Dedicated", planSku: "S1" }],
    ...[{ plan: "Dedicated" }, { sku: "Premium_P1" }, { service: "signalr" }],
];

/** Each argument with values that it takes: every choice of a closed one, one value of any other. */
async function takenBy(component: string): Promise<[string, unknown[]][]> {
    const about = schema.resources[`azure-realtime:index:${component}`]?.inputProperties ?? {};
    const places = settings.filter((setting) => Object.keys(setting).every((name) => name in about));
    const isTaken = async (name: string, value: unknown): Promise<boolean> => {
        for (const place of places) {
            const { refused } = await outcomeOf(component, { ...working[component], ...place, [name]: value });
            if (!refused?.some(({ propertyPath }) => propertyPath.startsWith(name))) {
                return true;
            }
        }
        return false;
    };
    const found: [string, unknown[]][] = [];
    for (const [name, property] of Object.entries(about)) {
        const choices = typeOf(property)?.enum?.map(({ value }) => value);
        const values: unknown[] = [];
        for (const value of choices ?? candidates) {
            if ((choices !== undefined || values.length === 0) && (await isTaken(name, value))) {
                values.push(value);
            }
        }
        found.push([name, values]);
    }
    return found;
}

async function tryPairs(component: string): Promise<void> {
    const taken = await takenBy(component);
    for (const [index, [name, values]] of taken.entries()) {
        for (const [other, others] of taken.slice(0, index)) {
            for (const [one, two] of values.flatMap((value) => others.map((beside) => [value, beside]))) {
                const args = { ...working[component], [name]: one, [other]: two };
                const seen = `${component} ${name} ${JSON.stringify(one)} ${other} ${JSON.stringify(two)}`;
                const { refused = [], late } = await outcomeOf(component, args);
                assert.deepEqual(late, [], seen);
                const reasons = refused.map(({ reason }) => reason);
                assert.equal(new Set(reasons).size, reasons.length, `${seen}: told twice: ${reasons}`);
                for (const reason of reasons) {
                    assert.ok(isAdvice(reason), `${seen}: does not say what to do: ${reason}`);
                }
            }
        }
    }
}

/** Texts that any value will do for: what a caller's own key stands for, and what only has to change. */
const anyText = /\.key$|^keyRotation$/;

async function tryNothings(component: string): Promise<void> {
    const plans =
        schema.resources[`azure-realtime:index:${component}`]?.inputProperties?.plan === undefined
            ? [{}]
            : [...[{ plan: "FlexConsumption" }, { plan: "ElasticPremium" }]];
    for (const { path, property, put } of placesOf(component).filter((place) => !anyText.test(place.path))) {
        const kind = typeOf(property)?.type ?? property.type;
        const nothings = kind === "string" ? ["", " \n"] : kind === "integer" || kind === "number" ? [-1.5, 1e12] : [];
        for (const value of nothings) {
            for (const plan of plans) {
                const { refused } = await outcomeOf(component, { ...plan, ...put(value) });
                assert.ok(refused !== undefined, `${component} ${path} = ${JSON.stringify(value)}: accepted`);
            }
        }
    }
}

describe("options", () => {
    for (const component of Object.keys(working)) {
        it(`of ${component} that do not go together are refused with what to do`, async function () {
            this.timeout(60_000);
            await quietly(() => tryPairs(component));
        });

        it(`of ${component} take no text without a sign and no number without a sense`, async function () {
            this.timeout(60_000);
            await quietly(() => tryNothings(component));
        });
    }
});
