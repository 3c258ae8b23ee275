import assert from "node:assert/strict";
import type { Properties } from "../../local/engine/values";
import { createFakeEmulator, type FakeEmulator } from "../support/fakeEmulator";
import { createTestAzure } from "../support/local";

const sizes = { flex: "FC1", consumption: "Y1", premium: "EP1", dedicated: "B1", free: "F1", windows: "B1" } as const;
type Size = keyof typeof sizes;
const onWindows = new Set<Size>(["consumption", "windows"]);

const identityId = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id";
const storage = {
    type: "blobContainer",
    value: "https://store.blob.core.windows.net/app-package",
    authentication: { type: "SystemAssignedIdentity" },
};
const flexConfig = (change: Properties = {}): Properties => ({
    functionAppConfig: {
        deployment: { storage: { ...storage, ...change } },
        runtime: { name: "node", version: "22" },
        scaleAndConcurrency: { instanceMemoryMB: 2048, maximumInstanceCount: 100 },
    },
});

describe("apps on their plans in the local Azure", () => {
    let emulator: FakeEmulator;
    let azure: ReturnType<typeof createTestAzure>;
    const inGroup = { resourceGroupName: "rg" };

    beforeEach(async () => {
        emulator = createFakeEmulator();
        azure = createTestAzure(emulator);
        await azure.make("ResourceGroup", { resourceGroupName: "rg", location: "northeurope" });
    });

    async function plan(size: Size, name: string = size): Promise<string> {
        const reserved = !onWindows.has(size);
        return (await azure.make("AppServicePlan", { ...inGroup, name, reserved, sku: { name: sizes[size] } })).id;
    }

    const site = (serverFarmId: string, change: Properties = {}): Properties => ({
        ...inGroup,
        name: "app",
        serverFarmId,
        identity: { type: "SystemAssigned" },
        ...change,
    });

    const linux = { kind: "functionapp,linux", reserved: true };
    const windows = { kind: "functionapp", reserved: false };
    const accepted: [size: Size, change: Properties][] = [
        ["flex", { ...linux, ...flexConfig() }],
        ["consumption", { ...windows, siteConfig: { netFrameworkVersion: "v8.0", use32BitWorkerProcess: false } }],
        ["premium", { ...linux, siteConfig: { linuxFxVersion: "Node|22", minimumElasticInstanceCount: 1 } }],
        ["dedicated", { ...linux, siteConfig: { linuxFxVersion: "Node|22", alwaysOn: true } }],
    ];
    for (const [size, change] of accepted) {
        it(`open with the kind of plan ${sizes[size]}`, async () => {
            const { keep } = await azure.make("WebApp", site(await plan(size), change));
            assert.equal(
                keep?.planSku,
                { flex: "FlexConsumption", consumption: "Dynamic", premium: "ElasticPremium" }[size as string] ??
                    "Dedicated",
            );
            assert(emulator.calls.includes("openApp app"));
        });
    }

    // Sources: error 51021 in Azure/azure-cli#31414, error 01020 in microsoft/HealthBotContainerSample#51, and learn:
    // functions-infrastructure-as-code, flex-consumption-plan, supported-languages.
    const refused: [title: string, size: Size, change: Properties, message: RegExp][] = [
        ["no functionAppConfig on FC1", "flex", linux, /functionAppConfig is missing: plan "flex" is FlexConsumption/],
        [
            "linuxFxVersion on FC1",
            "flex",
            { ...linux, ...flexConfig(), siteConfig: { linuxFxVersion: "Node|22" } },
            /siteConfig.linuxFxVersion is "Node\|22".*FlexConsumption.*Remove it/,
        ],
        [
            "alwaysOn on FC1",
            "flex",
            { ...linux, ...flexConfig(), siteConfig: { alwaysOn: true } },
            /siteConfig.alwaysOn is true.*Remove it/,
        ],
        [
            "functionAppConfig on another plan",
            "premium",
            { ...linux, ...flexConfig() },
            /functionAppConfig is given, but plan "premium" is ElasticPremium: only FlexConsumption.*Remove it/,
        ],
        [
            "alwaysOn on Y1",
            "consumption",
            { ...windows, siteConfig: { alwaysOn: true } },
            /siteConfig.alwaysOn is true: size Y1 of plan "consumption" does not allow it/,
        ],
        ["alwaysOn on F1", "free", { ...linux, siteConfig: { alwaysOn: true } }, /alwaysOn is true: size F1/],
        [
            "a Linux app on a Windows plan",
            "consumption",
            linux,
            /reserved is true.*Linux app, but plan.*Make both the same/,
        ],
        ["a Windows app on a Linux plan", "dedicated", windows, /reserved is false.*Windows app, but plan/],
        ["a kind of Linux on a Windows plan", "windows", { kind: "functionapp,linux" }, /kind is "functionapp,linux"/],
        [
            "linuxFxVersion on a Windows plan",
            "windows",
            { siteConfig: { linuxFxVersion: "Node|22" } },
            /linuxFxVersion is "Node\|22": plan "windows" runs Windows/,
        ],
        [
            "Python on Windows in the site's settings",
            "windows",
            { ...windows, siteConfig: { appSettings: [{ name: "FUNCTIONS_WORKER_RUNTIME", value: "python" }] } },
            /FUNCTIONS_WORKER_RUNTIME is "python": plan "windows" runs Windows, where allowed are.*node/,
        ],
    ];
    for (const [title, size, change, message] of refused) {
        it(`refuse ${title}`, async () => {
            const planId = await plan(size);
            await assert.rejects(azure.make("WebApp", site(planId, change)), message);
            assert(!emulator.calls.some((call) => call.startsWith("openApp")));
        });
    }

    const refusedAlone: [title: string, change: Properties, message: RegExp][] = [
        [
            "linuxFxVersion on Windows",
            { ...windows, siteConfig: { linuxFxVersion: "Node|22" } },
            /linuxFxVersion is "Node\|22": an app with reserved false/,
        ],
        [
            "a storage value without container",
            { ...linux, ...flexConfig({ value: "https://store.blob.core.windows.net/" }) },
            /storage.value is "https:\/\/store.*must be the URL of a blob container/,
        ],
        ["a storage value that is a name", { ...linux, ...flexConfig({ value: "store" }) }, /storage.value is "store"/],
        [
            "user-assigned authentication without its identity",
            { ...linux, ...flexConfig({ authentication: { type: "UserAssignedIdentity" } }) },
            /userAssignedIdentityResourceId is missing/,
        ],
        [
            "a storage value that is a resource id",
            {
                ...linux,
                ...flexConfig({
                    value: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a",
                }),
            },
            /storage\.value is "\/subscriptions.*must be the URL of a blob container/,
        ],
        [
            "the system's identity for the package where the app has none",
            { ...linux, ...flexConfig(), identity: { type: "UserAssigned", userAssignedIdentities: [identityId] } },
            /authentication\.type is "SystemAssignedIdentity", but the app has no such identity/,
        ],
        [
            "user-assigned identities without an id",
            { ...linux, identity: { type: "UserAssigned" } },
            /identity\.userAssignedIdentities is missing: type "UserAssigned" needs the resource id of at least one identity/,
        ],
        [
            "both kinds of identities without an id",
            { ...linux, identity: { type: "SystemAssigned, UserAssigned", userAssignedIdentities: [] } },
            /identity\.userAssignedIdentities is missing/,
        ],
    ];
    for (const [title, change, message] of refusedAlone) {
        it(`refuse ${title} before anything is made`, () =>
            assert.throws(() => azure.check("WebApp", site(identityId, change)), message));
    }

    // Sources: learn, app-service/configure-common; Azure/azure-functions-host#11908; polymind-inc/acmebot#254 for the words.
    for (const [name, size, isRefused] of [
        ["ServiceBus:ConnectionString", "dedicated", true],
        ["a-b", "dedicated", true],
        ["a b", "dedicated", true],
        ["a/b", "dedicated", true],
        ["é", "dedicated", true],
        ["ServiceBus__ConnectionString", "dedicated", false],
        ["AzureWebJobs.fn.Disabled", "dedicated", false],
        ["_a1", "dedicated", false],
        ["ServiceBus:ConnectionString", "windows", false],
        ["a-b", "windows", false],
        ["a b", "windows", true],
    ] as const) {
        it(`${isRefused ? "refuse" : "take"} the setting '${name}' on a ${size} plan`, async () => {
            const system = size === "windows" ? windows : linux;
            const siteConfig = { appSettings: [{ name, value: "1" }] };
            const made = azure.make("WebApp", site(await plan(size), { ...system, siteConfig }));
            if (isRefused) {
                await assert.rejects(made, new RegExp(`AppSetting with name '${name}' is not allowed`));
            } else {
                await made;
            }
        });
    }

    // Source: Azure/azure-cli#13673 and microsoft/azure-pipelines-tasks#14689: 409, also for names that differ by case alone.
    for (const size of ["dedicated", "windows"] as const) {
        it(`refuse two settings of one name on a ${size} plan, whatever their case`, async () => {
            const siteConfig = {
                appSettings: [
                    { name: "MODE", value: "s3cret" },
                    { name: "Mode", value: "s3cret" },
                ],
            };
            const system = size === "windows" ? windows : linux;
            const made = azure.make("WebApp", site(await plan(size), { ...system, siteConfig }));
            await assert.rejects(made, (error: Error) => {
                assert.match(error.message, /Parameter with name Mode already exists: names ignore case/);
                assert.doesNotMatch(error.message, /s3cret/);
                return true;
            });
        });
    }

    it("name all faults at once", async () => {
        const planId = await plan("flex");
        const change = { ...windows, siteConfig: { alwaysOn: true } };
        await assert.rejects(azure.make("WebApp", site(planId, change)), /reserved is false.*missing.*alwaysOn/s);
    });

    it("refuse a plan that does not exist", () =>
        assert.rejects(
            azure.make("WebApp", site("/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Web/serverfarms/none")),
            /Resource "none" in resource group "rg" does not exist/,
        ));

    it("are one to a Flex plan, which says how many it has", async () => {
        const planId = await plan("flex");
        const sites = async () => (await azure.call("getAppServicePlan", { ...inGroup, name: "flex" })).numberOfSites;
        assert.equal(await sites(), 0);
        const first = await azure.make("WebApp", site(planId, { ...linux, ...flexConfig() }));
        assert.equal(await sites(), 1);
        const second = site(planId, { ...linux, ...flexConfig(), name: "second" });
        await assert.rejects(
            azure.make("WebApp", second),
            /serverFarmId is plan "flex", which has an app already \(.*\/app\)/,
        );
        const made = { id: first.id, outputs: first.outputs, keep: first.keep ?? {} };
        await azure.find("WebApp").update({ world: azure.world, inputs: first.inputs, before: made });
        assert.equal(await sites(), 1);
        await azure.find("WebApp").remove({ world: azure.world, made, inputs: first.inputs });
        assert.equal(await sites(), 0);
        await azure.make("WebApp", second);
    });

    it("are many to another plan", async () => {
        const planId = await plan("dedicated");
        await azure.make("WebApp", site(planId, linux));
        await azure.make("WebApp", site(planId, { ...linux, name: "second" }));
        assert.equal((await azure.call("getAppServicePlan", { ...inGroup, name: "dedicated" })).numberOfSites, 2);
    });

    it("refuse another kind of plan in place, and follow another size", async () => {
        const { id, outputs, keep, inputs } = await azure.make("WebApp", site(await plan("dedicated"), linux));
        const before = { id, outputs, keep: keep ?? {} };
        const update = (serverFarmId: string) =>
            azure.find("WebApp").update({ world: azure.world, before, inputs: { ...inputs, serverFarmId } });
        await assert.rejects(
            update(await plan("premium")),
            /serverFarmId changes the plan from Dedicated to ElasticPremium: Azure does not do this in place.*Replace the app/,
        );
        await update(await plan("dedicated", "other"));
        assert.equal((await azure.call("getAppServicePlan", { ...inGroup, name: "dedicated" })).numberOfSites, 0);
    });

    it("refuse to let a plan become another kind", async () => {
        const { id, outputs, keep, inputs } = await azure.make("AppServicePlan", {
            ...inGroup,
            name: "plan",
            sku: { name: "Y1" },
        });
        const before = { id, outputs, keep: keep ?? {} };
        const update = (name: string) =>
            azure.find("AppServicePlan").update({ world: azure.world, before, inputs: { ...inputs, sku: { name } } });
        await assert.rejects(update("EP1"), /sku.name changes the plan from Dynamic to ElasticPremium/);
    });

    it("refuse a Flex plan on Windows", () =>
        assert.throws(
            () => azure.check("AppServicePlan", { ...inGroup, name: "p", sku: { name: "FC1" } }),
            /reserved is missing: size FC1.*Set it to true/,
        ));

    it("refuse settings that the plan or the app's past does not allow", async () => {
        await azure.make("WebApp", site(await plan("windows"), windows));
        const settings = (properties: Properties) =>
            azure.make("WebAppApplicationSettings", { ...inGroup, name: "app", properties });
        await assert.rejects(settings({ FUNCTIONS_WORKER_RUNTIME: "python" }), /runs Windows, where allowed are/);
        const { id, outputs, keep, inputs } = await settings({ WEBSITE_RUN_FROM_PACKAGE: "1" });
        const change = { ...inputs, properties: { WEBSITE_RUN_FROM_PACKAGE: "https://store/c/b.zip" } };
        await assert.rejects(
            azure
                .find("WebAppApplicationSettings")
                .update({ world: azure.world, before: { id, outputs, keep: keep ?? {} }, inputs: change }),
            /app setting WEBSITE_RUN_FROM_PACKAGE is a URL.*replace the app/,
        );
    });
});
