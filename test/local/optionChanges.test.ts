import assert from "node:assert/strict";
import type { SignalRBackendArgs } from "../../components";
import type { UpdateResult } from "../../local/run";
import { codePaths } from "../support/backend";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createWorkbench, operations, type Workbench } from "../support/local";
import { startProgramHere } from "../support/programHere";

type Options = Partial<SignalRBackendArgs>;

const domain = {
    name: "main",
    domainName: "chat.example.com",
    certificateSecretUri: "https://certificates.vault.azure.net/secrets/chat",
};

/** Options that come to a running stack, one update after another. */
const comes: Options[] = [
    { stagingSlot: {}, diagnostics: {}, replicas: [{ name: "us", location: "westus2", regionEndpointEnabled: false }] },
    { eventAuth: { clientId: "11111111-2222-4333-8444-555555555555" }, alerts: {}, autoscale: { maximumCapacity: 10 } },
    { privateNetwork: {}, cors: { allowedOrigins: ["https://chat.example.com"] }, tags: { team: "chat" } },
    { customDomains: [domain], workbook: {}, protectData: true, lockData: true },
];
/** Other values of options that are there. */
const other: Options = {
    diagnostics: { messagingLogs: true },
    privateNetwork: { clients: "Private" },
    eventAuth: { clientId: "11111111-2222-4333-8444-666666666666" },
    replicas: [{ name: "us", location: "westus2", regionEndpointEnabled: true }],
    autoscale: { minimumCapacity: 2, maximumCapacity: 20 },
    alerts: { emailAddress: "ops@example.com", serverLoad: 60 },
    cors: { allowedOrigins: ["https://other.example.com"] },
    tags: { team: "games" },
};
/** What goes, one update after another. Locks and protection go first: both keep what is to be deleted. */
const goes: (keyof Options)[][] = [
    ["lockData", "protectData"],
    ["privateNetwork", "diagnostics", "customDomains"],
    ["stagingSlot", "alerts", "tags"],
];

const resourcesOf = (result: UpdateResult) => result.resources.map(({ urn }) => urn).sort();

describe("options that come, change and go on a running stack", function () {
    this.timeout(300_000);

    for (const kind of ["webpubsub", "signalr"] as const) {
        describe(kind, () => {
            let bench: Workbench;
            let base: UpdateResult;
            before(() => {
                bench = createWorkbench({
                    program: "options.ts",
                    startEmulator: async () => createFakeEmulator(),
                    startProgram: startProgramHere,
                });
            });
            after(() => bench.close());

            const update = (given: Options) =>
                bench.once({
                    config: {
                        "fixture:kind": kind,
                        "fixture:codePath": codePaths[kind],
                        "fixture:options": JSON.stringify(given),
                    },
                });

            /** Updates, and asserts that everything keeps its name and address. */
            const step = async (given: Options): Promise<void> => {
                const result = await update(given);
                const title = Object.keys(given).join();
                const all = Object.entries(operations(result));
                assert.deepEqual(
                    all.filter(([, operation]) => operation === "replaced"),
                    [],
                    title,
                );
                assert.deepEqual(result.outputs, base.outputs, title);
            };

            it("keep the addresses and replace nothing", async () => {
                base = await update({});
                let all: Options = {};
                for (const some of comes) {
                    all = { ...all, ...some };
                    await step(all);
                }
                const again = operations(await update(all));
                assert.deepEqual(new Set(Object.values(again)), new Set(["unchanged"]));
                all = { ...all, ...other };
                await step(all);
                for (const names of goes) {
                    all = Object.fromEntries(
                        Object.entries(all).filter(([key]) => !names.includes(key as keyof Options)),
                    );
                    await step(all);
                }
                assert.deepEqual(resourcesOf(await update({})), resourcesOf(base));
            });

            it("leave nothing behind when the stack goes", async () => {
                const last = await bench.once({ config: {} });
                assert.deepEqual(
                    last.resources.filter(({ type }) => type.startsWith("azure-native:")),
                    [],
                );
            });
        });
    }
});

describe("an option that Azure cannot change on a running stack", function () {
    this.timeout(60_000);

    it("is refused by the local Azure too: zones, for which Azure does not convert storage in an update", async () => {
        const bench = createWorkbench({
            program: "options.ts",
            startEmulator: async () => createFakeEmulator(),
            startProgram: startProgramHere,
        });
        const update = (options: Options) =>
            bench.once({
                config: {
                    "fixture:kind": "webpubsub",
                    "fixture:codePath": codePaths.webpubsub,
                    "fixture:options": JSON.stringify(options),
                },
            });
        try {
            await update({});
            await assert.rejects(
                update({ zoneRedundant: true }),
                /StorageAccountTypeConversionNotAllowed.*from Standard_LRS to Standard_ZRS/,
            );
        } finally {
            await bench.close();
        }
    });
});
