import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../../local/engine/values";
import type { UpdateResult } from "../../local/run";
import { createFakeEmulator } from "../support/fakeEmulator";
import { functionFolder, smallestAppFor } from "../support/functionFolder";
import { createTestAzure, createWorkbench, operations } from "../support/local";
import { startProgramHere } from "../support/programHere";

const changes = (result: UpdateResult) =>
    Object.fromEntries(Object.entries(operations(result)).filter(([, operation]) => operation !== "unchanged"));

describe("a backend with a staging slot on the local Azure", function () {
    this.timeout(60_000);

    for (const { plan, planSku, deployed } of [
        { plan: "ElasticPremium", planSku: "EP1", deployed: { "chat-app-slot-settings": "updated" } },
        { plan: "Dedicated", planSku: "S1", deployed: { "chat-code-staging": "updated" } },
    ]) {
        it(`on ${plan} gives new code to the slot alone, and keeps what the app runs`, async () => {
            const emulator = createFakeEmulator();
            const bench = createWorkbench({
                program: "stagingSlot.ts",
                startEmulator: async () => emulator,
                startProgram: startProgramHere,
            });
            const codePath = functionFolder(smallestAppFor("webpubsub"));
            const config = { "fixture:plan": plan, "fixture:planSku": planSku, "fixture:codePath": codePath };
            const packageOf = (which: "app" | "slot") =>
                [...emulator.settings].find(([app]) => app.endsWith("-staging") === (which === "slot"))?.[1]
                    .WEBSITE_RUN_FROM_PACKAGE;
            const fromUrl = plan === "ElasticPremium";
            const edit = (text: string) => writeFileSync(join(codePath, "note.txt"), text);
            try {
                const preview = await bench.once({ config, preview: true });
                const first = await bench.once({ config });
                assert.deepEqual(new Set(Object.values(operations(first))), new Set(["created"]));
                assert.deepEqual(Object.keys(operations(preview)).sort(), Object.keys(operations(first)).sort());
                assert.deepEqual(changes(await bench.once({ config })), {});
                assert.equal(emulator.settings.size, 2);
                assert.equal(packageOf("slot"), packageOf("app"));
                assert.equal(packageOf("app") !== undefined, fromUrl);

                emulator.calls.length = 0;
                edit("second");
                const before = packageOf("app");
                const second = changes(await bench.once({ config }));
                assert.deepEqual(second, { "chat-code-package": "replaced", ...deployed });
                assert.equal(packageOf("app"), before);
                assert.equal(packageOf("slot") !== before, fromUrl);
                const deleted = emulator.calls.filter((call) => call.startsWith("deleteBlob"));
                assert.equal(deleted.length, fromUrl ? 0 : 1, "an app may run from the earlier package");

                // Other changes reach both, and the app keeps its package with them.
                const greeted = { ...config, "fixture:greeting": "good day" };
                assert.deepEqual(changes(await bench.once({ config: greeted })), {
                    "chat-app-settings": "updated",
                    "chat-app-slot-settings": "updated",
                });
                assert.equal(packageOf("app"), before);

                const without = changes(await bench.once({ config: { ...greeted, "fixture:slot": "none" } }));
                assert.equal(without["chat-app-slot"], "deleted");
                assert.equal(without["chat-staging-chat_staging"], "deleted");
                assert.equal(without[fromUrl ? "chat-app-settings" : "chat-code"], "updated");
                assert.equal(packageOf("app") !== before, fromUrl);
            } finally {
                await bench.close();
            }
        });
    }
});

describe("deployment slots in the local Azure", () => {
    const inGroup = { resourceGroupName: "rg" };
    const site = (serverFarmId: string): Properties => ({
        ...inGroup,
        name: "app",
        serverFarmId,
        kind: "functionapp,linux",
        reserved: true,
    });

    async function createAzure(size: string) {
        const azure = createTestAzure(createFakeEmulator());
        await azure.make("ResourceGroup", { ...inGroup, location: "northeurope" });
        const { id } = await azure.make("AppServicePlan", {
            ...inGroup,
            name: "plan",
            reserved: true,
            sku: { name: size },
        });
        return { azure, planId: id };
    }

    for (const size of ["EP1", "S1", "P0v3"]) {
        it(`open on ${size} as an app of their own, with settings of their own`, async () => {
            const { azure, planId } = await createAzure(size);
            const app = await azure.make("WebApp", site(planId));
            const slot = await azure.make("WebAppSlot", { ...site(planId), slot: "staging" });
            assert.equal(slot.id, `${app.id}/slots/staging`);
            assert.equal(slot.outputs.name, "app/staging");
            assert.notEqual(slot.outputs.defaultHostName, app.outputs.defaultHostName);
            const place = { ...inGroup, name: "app" };
            await azure.make("WebAppApplicationSettings", { ...place, properties: { Greeting: "app" } });
            await azure.make("WebAppApplicationSettingsSlot", {
                ...place,
                slot: "staging",
                properties: { Greeting: "slot" },
            });
            assert.deepEqual((await azure.call("listWebAppApplicationSettings", place)).properties, {
                Greeting: "app",
            });
            assert.equal((await azure.call("getWebAppSlot", { ...place, slot: "staging" })).id, slot.id);
            await assert.rejects(azure.call("getWebAppSlot", { ...place, slot: "other" }), /does not exist/);
            await azure.make("WebAppSlotConfigurationNames", { ...place, appSettingNames: ["Greeting"] });
            await azure.make("WebAppFtpAllowedSlot", { ...place, slot: "staging", allow: false });
            await azure.make("WebAppScmAllowedSlot", { ...place, slot: "staging", allow: false });
        });
    }

    // Source: learn, azure-resource-manager/management/azure-subscription-service-limits, and azure-functions/flex-consumption-plan.
    for (const size of ["B1", "F1", "D1"]) {
        it(`are refused on ${size}`, async () => {
            const { azure, planId } = await createAzure(size);
            await azure.make("WebApp", site(planId));
            await assert.rejects(
                azure.make("WebAppSlot", { ...site(planId), slot: "staging" }),
                new RegExp(`size ${size} of plan "plan" has no deployment slots. Use a plan from size S1 on`),
            );
        });
    }

    it("are refused on Flex Consumption, and for an app that is not there", async () => {
        const { azure, planId } = await createAzure("S1");
        await assert.rejects(azure.make("WebAppSlot", { ...site(planId), slot: "staging" }), /does not exist/);
        const flex = await azure.make("AppServicePlan", {
            ...inGroup,
            name: "flex",
            reserved: true,
            sku: { name: "FC1" },
        });
        await azure.make("WebApp", site(planId));
        await assert.rejects(
            azure.make("WebAppSlot", { ...site(flex.id), slot: "staging" }),
            /plan "flex" is FlexConsumption, which has no deployment slots/,
        );
    });
});
