import assert from "node:assert/strict";
import { FunctionApp, type FunctionAppArgs, FunctionCode, type FunctionCodeArgs } from "../../../components";
import { functionFolder } from "../../support/functionFolder";
import { failureOf, type ProgramRun, plain, type RunOptions, runProgram } from "../../support/pulumi";

const planType = "azure-native:web:AppServicePlan";
const appType = "azure-native:web:WebApp";
const settingsType = "azure-native:web:WebAppApplicationSettings";
const packageUri = "https://packages.blob.core.windows.net/packages/x/released-package.zip";
const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const identityId = `${subscription}/resourceGroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app-identity-abc123`;

const run = (args: Partial<FunctionAppArgs> = {}, options?: RunOptions) =>
    runProgram(() => new FunctionApp("app", { resourceGroupName: "group", ...args }), options);
const inputsOf = (made: ProgramRun<unknown>, type: string, keys: string[]) =>
    Object.fromEntries(keys.map((key) => [key, plain(made.find(type), key)]));
const settingsOf = (made: ProgramRun<unknown>) =>
    plain(made.find(settingsType), "properties") as Record<string, string>;

interface Expected {
    args: Partial<FunctionAppArgs>;
    plan: Record<string, unknown>;
    kind: string;
    reserved: boolean;
    siteConfig: Record<string, unknown> | undefined;
    /** Settings that differ from plan to plan; none of the others that are named anywhere here is there. */
    settings: Record<string, string>;
    container: boolean;
}

// What is not said here is added by the SDK.
const secure = { ftpsState: "Disabled", minTlsVersion: "1.2", http20Enabled: true, localMySqlEnabled: false };
const linuxSite = { ...secure, linuxFxVersion: "Node|22", netFrameworkVersion: "v4.6" };
const linux = { FUNCTIONS_EXTENSION_VERSION: "~4", FUNCTIONS_WORKER_RUNTIME: "node" };
const fromUrl = { WEBSITE_RUN_FROM_PACKAGE: packageUri, WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identityId };
const basic = {
    plan: { kind: "linux", reserved: true, sku: { name: "B1", tier: "Basic", capacity: 1 } },
    kind: "functionapp,linux",
    reserved: true,
    siteConfig: { ...linuxSite, alwaysOn: true },
    container: false,
};

const plans: Record<string, Expected> = {
    FC1: {
        args: {},
        plan: { kind: "functionapp", reserved: true, sku: { name: "FC1", tier: "FlexConsumption" } },
        kind: "functionapp,linux",
        reserved: true,
        siteConfig: undefined,
        settings: {},
        container: true,
    },
    Y1: {
        args: { plan: "Consumption", packageUri, maximumInstanceCount: 20 },
        plan: { kind: "functionapp", reserved: false, sku: { name: "Y1", tier: "Dynamic" } },
        kind: "functionapp",
        reserved: false,
        siteConfig: {
            ...secure,
            netFrameworkVersion: "v8.0",
            use32BitWorkerProcess: false,
            functionAppScaleLimit: 20,
        },
        settings: { ...linux, ...fromUrl, WEBSITE_NODE_DEFAULT_VERSION: "~22" },
        container: false,
    },
    EP1: {
        args: { plan: "ElasticPremium", packageUri },
        plan: {
            kind: "elastic",
            reserved: true,
            sku: { name: "EP1", tier: "ElasticPremium", capacity: 1 },
            maximumElasticWorkerCount: 20,
        },
        kind: "functionapp,linux",
        reserved: true,
        siteConfig: { ...linuxSite, minimumElasticInstanceCount: 1 },
        settings: { ...linux, ...fromUrl },
        container: false,
    },
    "B1, extracted": { ...basic, args: { plan: "Dedicated" }, settings: linux },
    "B1, mounted": {
        ...basic,
        args: { plan: "Dedicated", packageDelivery: "Mounted" },
        settings: { ...linux, WEBSITE_RUN_FROM_PACKAGE: "1" },
    },
    "B1 with a URL": {
        ...basic,
        args: { plan: "Dedicated", packageDelivery: "Url", packageUri },
        settings: { ...linux, ...fromUrl },
    },
};

/** Settings of one plan or another, and those that hold an account key or a share. */
const settingsOfPlans = [
    ...new Set(Object.values(plans).flatMap(({ settings }) => Object.keys(settings))),
    "AzureWebJobsStorage",
    "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTSHARE",
];

describe("FunctionApp", () => {
    for (const [name, expected] of Object.entries(plans)) {
        it(`on ${name} has the plan, the app and the settings that Azure wants there`, async () => {
            const made = await run(expected.args);
            const { plan, kind, reserved, siteConfig } = expected;
            const keys = ["kind", "reserved", "sku", "maximumElasticWorkerCount"];
            assert.deepEqual(inputsOf(made, planType, keys), { maximumElasticWorkerCount: undefined, ...plan });
            assert.deepEqual(inputsOf(made, appType, ["kind", "reserved", "siteConfig"]), {
                kind,
                reserved,
                siteConfig,
            });
            assert.equal("functionAppConfig" in made.find(appType).inputs, siteConfig === undefined);
            const settings = Object.entries(settingsOf(made)).filter(([key]) => settingsOfPlans.includes(key));
            assert.deepEqual(Object.fromEntries(settings), expected.settings);
            const containers = made.names("azure-native:storage:BlobContainer");
            assert.deepEqual(containers, expected.container ? ["app-deployments"] : []);
        });
    }

    it("reads its package with its own identity where it has no other, and says so", async () => {
        const made = await run({ plan: "Consumption", packageUri, identityType: "SystemAssigned" });
        assert.equal(settingsOf(made).WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID, "SystemAssigned");
    });

    for (const [args, sku, minimum] of [
        [{}, { name: "FC1", tier: "FlexConsumption" }, undefined],
        [{ plan: "ElasticPremium", packageUri }, { name: "EP1", tier: "ElasticPremium", capacity: 2 }, 2],
        [{ plan: "Dedicated", planSku: "P1v3" }, { name: "P1v3", tier: "PremiumV3", capacity: 2 }, undefined],
    ] as [Partial<FunctionAppArgs>, object, number | undefined][]) {
        it(`over zones on ${args.plan ?? "FlexConsumption"} has two instances, and its storage survives a zone too`, async () => {
            const made = await run({ ...args, zoneRedundant: true });
            assert.deepEqual(inputsOf(made, planType, ["sku", "zoneRedundant"]), { sku, zoneRedundant: true });
            assert.equal(plain(made.find(appType), "siteConfig.minimumElasticInstanceCount"), minimum);
            const storage = (one: ProgramRun<unknown>) =>
                plain(one.find("azure-native:storage:StorageAccount"), "sku.name");
            assert.equal(storage(made), "Standard_ZRS");
            assert.equal(storage(await run(args)), "Standard_LRS");
        });
    }

    it("is replaced as a whole, the old one first, by another plan or delivery, and by no other size", async () => {
        const triggers = async (args: Partial<FunctionAppArgs>) => {
            const made = await run(args);
            for (const type of [planType, appType]) {
                assert.equal(made.find(type).deleteBeforeReplace, true);
            }
            return [made.find(planType).replacementTrigger, made.find(appType).replacementTrigger];
        };
        const dedicated = await triggers({ plan: "Dedicated" });
        assert.deepEqual(await triggers({ plan: "Dedicated", planSku: "S1" }), dedicated);
        const [plan, app] = await triggers({ plan: "Dedicated", packageDelivery: "Mounted" });
        assert.equal(plan, dedicated[0]);
        assert.notEqual(app, dedicated[1]);
        const [otherPlan, otherApp] = await triggers({});
        assert.notEqual(otherPlan, dedicated[0]);
        assert.notEqual(otherApp, dedicated[1]);
    });

    it("is told how to take up new code, when somebody says so", async () => {
        const strategy = async (args: Partial<FunctionAppArgs>) =>
            plain((await run(args)).find(appType), "functionAppConfig.siteUpdateStrategy");
        assert.deepEqual(await strategy({ siteUpdateStrategy: "RollingUpdate" }), { type: "RollingUpdate" });
        assert.equal(await strategy({}), undefined);
    });

    it("warns of what Azure may refuse, and creates all the same", async () => {
        const warned = async (args: Partial<FunctionAppArgs>) => (await run(args)).warnings;
        assert.deepEqual(await warned({ runtimeVersion: "18" }), [
            'FunctionApp "app": runtimeVersion: "18" is not a known version of node, so Azure may refuse it. Known: 22, 24.',
        ]);
        assert.deepEqual(await warned({ maximumInstanceCount: 39 }), [
            `FunctionApp "app": maximumInstanceCount: 39 is below 40, and Azure's own pages disagree whether that is allowed.`,
        ]);
        assert.deepEqual(await warned({ maximumInstanceCount: 40 }), []);
        assert.deepEqual(await warned({ plan: "Consumption", packageUri, maximumInstanceCount: 1 }), []);
    });

    it("says its storage account's name in the public cloud, and nowhere else", async () => {
        const account = (blob: string) => ({
            name: "appabc123",
            primaryEndpoints: { blob, queue: "https://q/", table: "https://t/" },
        });
        const nameIn = async (blob: string) => {
            const answer = (type: string) => (type.endsWith(":StorageAccount") ? account(blob) : undefined);
            return settingsOf(await run({}, { answer })).AzureWebJobsStorage__accountName;
        };
        assert.equal(await nameIn("https://appabc123.blob.core.windows.net/"), "appabc123");
        assert.equal(await nameIn("https://appabc123.blob.core.chinacloudapi.cn/"), undefined);
        assert.equal(await nameIn("http://127.0.0.1:10000/appabc123/"), undefined);
    });

    it("writes what is below the app one after another, because Azure takes one change of a site at a time", async () => {
        const made = await run();
        const [ftp, scm, settings] = ["FtpAllowed", "ScmAllowed", "ApplicationSettings"].map((type) =>
            made.find(`azure-native:web:WebApp${type}`),
        );
        assert.ok(ftp && scm && settings);
        assert.ok(made.comesAfter(scm, ftp));
        assert.ok(made.comesAfter(settings, scm));
    });
});

describe("An app on a plan that exists already", () => {
    const planId = `${subscription}/resourceGroups/other/providers/Microsoft.Web/serverfarms/flex`;
    const withSites = (numberOfSites: number, serverFarmId?: string): RunOptions => ({
        invoke: (token) => {
            if (token.endsWith("getAppServicePlan")) {
                return { id: planId, numberOfSites };
            }
            return token.endsWith("getWebApp") && serverFarmId !== undefined ? { serverFarmId } : undefined;
        },
    });

    it("is the only one on Flex Consumption", async () => {
        assert.equal(plain((await run({ planId }, withSites(0))).find(appType), "serverFarmId"), planId);
        for (const serverFarmId of [undefined, planId.replace("flex", "another")]) {
            const error = await failureOf(() => run({ planId }, withSites(1, serverFarmId)));
            assert.match(
                error.message,
                /planId: the plan has an app already, and a Flex Consumption plan takes one app/,
            );
        }
    });

    it("may be the one that the plan has", async () => {
        const made = await run({ planId }, withSites(1, planId.toUpperCase()));
        assert.equal(plain(made.find(appType), "serverFarmId"), planId);
    });

    it("may be one of many on the other plans, which are not asked", async () => {
        const made = await run({ planId, plan: "Dedicated" }, withSites(5));
        assert.equal(made.invokes.filter(({ token }) => token.endsWith("getAppServicePlan")).length, 0);
        assert.equal(plain(made.find(appType), "serverFarmId"), planId);
    });
});

describe("FunctionCode", () => {
    const bodyOf = async (args: Partial<FunctionCodeArgs>) => {
        const codePath = functionFolder();
        const made = await runProgram(
            () => new FunctionCode("code", { resourceGroupName: "group", codePath, functionAppName: "app", ...args }),
        );
        const [resource] = plain(made.find("azure-native:resources:Deployment"), "properties.template.resources") as {
            type: string;
            name: string;
            properties: { packageUri: string };
        }[];
        assert.equal(resource?.type, "Microsoft.Web/sites/extensions");
        assert.equal(resource.name, "[concat(parameters('appName'), '/onedeploy')]");
        const { packageUri: uri, ...rest } = resource.properties;
        assert.match(uri, /^\[concat\(parameters\('packageUrl'\), '\?', listServiceSas\(/);
        return rest;
    };

    it("is told to Azure as each plan takes it", async () => {
        assert.deepEqual(await bodyOf({}), { remoteBuild: false });
        const dedicated = { type: "zip", clean: true, restart: true };
        assert.deepEqual(await bodyOf({ plan: "Dedicated" }), dedicated);
        assert.deepEqual(await bodyOf({ plan: "Dedicated", packageDelivery: "Mounted" }), dedicated);
    });

    it("may be built on Azure, on Flex Consumption", async () => {
        assert.deepEqual(await bodyOf({ remoteBuild: true }), { remoteBuild: true });
    });
});
