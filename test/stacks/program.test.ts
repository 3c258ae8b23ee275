import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { plain } from "../support/pulumi";
import { recordStack, type StackVariant } from "../support/recorder";
import { repositoryRoot } from "../support/registeredFunctions";
import { runStack } from "../support/stackProgram";

const service = "azure-native:webpubsub:WebPubSub";
const signalR = "azure-native:signalrservice:SignalR";
const alert = "azure-native:monitor:MetricAlert";
const logAlert = "azure-native:monitor:ScheduledQueryRule";
const planType = "azure-native:web:AppServicePlan";

describe("the program of the stacks", function () {
    this.timeout(60_000);

    for (const { stack, sku, capacity, plan, zones, alerts } of [
        { stack: "dev", sku: "Free_F1", capacity: 1, plan: "Y1", zones: false, alerts: 0 },
        { stack: "staging", sku: "Standard_S1", capacity: 1, plan: "EP1", zones: false, alerts: 0 },
        { stack: "prod", sku: "Premium_P1", capacity: 2, plan: "EP1", zones: true, alerts: 6 },
        { stack: "local", sku: "Free_F1", capacity: 1, plan: "Y1", zones: false, alerts: 0 },
    ]) {
        it(`makes of ${stack} a service ${sku}, an app on ${plan} and ${alerts} alerts`, async () => {
            const { result, find, names } = await runStack(stack);
            assert.equal(result, undefined);
            assert.deepEqual(
                [plain(find(service), "kind"), plain(find(service), "sku.name"), plain(find(service), "sku.capacity")],
                ["SocketIO", sku, capacity],
            );
            assert.equal(plain(find(planType), "sku.name"), plan);
            const scale = plain(find("azure-native:web:WebApp"), "functionAppConfig.scaleAndConcurrency");
            assert.equal(scale, undefined);
            assert.equal(plain(find(planType), "zoneRedundant") ?? false, zones);
            assert.equal(names(alert).length + names(logAlert).length, alerts);
            assert.deepEqual(names("azure-realtime:index:SocketIOBackend"), [`chat-${pulumi.getStack()}`]);
        });
    }

    for (const { stack, values, component, type } of [
        { stack: "dev", values: { backend: "webpubsub" }, component: "WebPubSubBackend", type: service },
        { stack: "local-webpubsub", values: {}, component: "WebPubSubBackend", type: service },
        { stack: "prod", values: { backend: "signalr" }, component: "SignalRBackend", type: signalR },
        { stack: "local-signalr", values: {}, component: "SignalRBackend", type: signalR },
    ]) {
        it(`makes of ${stack} with ${JSON.stringify(values)} a ${component} and nothing of the others`, async () => {
            const { result, types, names } = await runStack(stack, values);
            assert.equal(result, undefined);
            assert.equal(names(type).length, 1);
            assert.deepEqual(
                types().filter((name) => name.endsWith("Backend")),
                [`azure-realtime:index:${component}`],
            );
        });
    }

    for (const [stack, isWatched] of [
        ["dev", false],
        ["staging", false],
        ["prod", true],
        ["private", true],
    ] as const) {
        it(`${isWatched ? "locks what holds data and logs all of" : "neither locks nor logs"} ${stack}`, async () => {
            const { names } = await runStack(stack);
            assert.equal(names("azure-native:authorization:ManagementLockByScope").length, isWatched ? 4 : 0);
            assert.equal(names("azure-native:monitor:DiagnosticSetting").length, isWatched ? 5 : 0);
            assert.equal(names("azure-native:applicationinsights:Workbook").length, isWatched ? 1 : 0);
        });
    }

    it("protects the same data where a stack says so, and hands on whether replicas take clients", async () => {
        const values = { protectData: "true", replicas: '["westus2"]', replicaEndpoints: "Disabled" };
        const { resources, find } = await runStack("prod", values);
        assert.equal(resources.filter(({ protect }) => protect).length, 4);
        assert.equal(plain(find("azure-native:webpubsub:WebPubSubReplica"), "regionEndpointEnabled"), "Disabled");
    });

    it("names the hub of the chat on Web PubSub, and sends no tick there", async () => {
        const { find } = await runStack("local-webpubsub");
        assert.equal(plain(find("azure-native:webpubsub:WebPubSubHub"), "hubName"), "chat");
        const settings = find("azure-native:web:WebAppApplicationSettings");
        assert.equal(plain(settings, "properties.HeartbeatSchedule"), undefined);
    });

    it("sends the tick as the stack says, through the app's settings", async () => {
        const { find } = await runStack("local");
        const settings = find("azure-native:web:WebAppApplicationSettings");
        assert.equal(plain(settings, "properties.HeartbeatSchedule"), "*/5 * * * * *");
    });

    for (const { backend, values, sku, kind, scale } of [
        { backend: "socketio", values: {}, sku: "Y1", kind: "Consumption", scale: undefined },
        { backend: "socketio", values: { plan: "B1" }, sku: "B1", kind: "Dedicated", scale: undefined },
        { backend: "socketio", values: { plan: "EP2" }, sku: "EP2", kind: "ElasticPremium", scale: undefined },
        {
            backend: "webpubsub",
            values: {},
            sku: "FC1",
            kind: "FlexConsumption",
            scale: { instanceMemoryMB: 512, maximumInstanceCount: 40, alwaysReady: [] },
        },
        {
            backend: "signalr",
            values: { plan: "FC1", instanceMemoryMB: "2048", maximumInstanceCount: "5", alwaysReadyInstances: "2" },
            sku: "FC1",
            kind: "FlexConsumption",
            scale: {
                instanceMemoryMB: 2048,
                maximumInstanceCount: 5,
                alwaysReady: [{ name: "http", instanceCount: 2 }],
            },
        },
        { backend: "signalr", values: { plan: "Y1" }, sku: "Y1", kind: "Consumption", scale: undefined },
        { backend: "webpubsub", values: { plan: "P0v3" }, sku: "P0v3", kind: "Dedicated", scale: undefined },
    ]) {
        it(`takes ${JSON.stringify(values)} with ${backend} for plan ${kind} of size ${sku}`, async () => {
            const { result, find } = await runStack("dev", { backend, ...values });
            assert.equal(result, undefined);
            assert.equal(plain(find(planType), "sku.name"), sku);
            assert.ok(String(find(planType).replacementTrigger).startsWith(kind));
            const app = find("azure-native:web:WebApp");
            assert.deepEqual(plain(app, "functionAppConfig.scaleAndConcurrency"), scale);
        });
    }

    it("does not put Socket.IO on Flex Consumption, which answers its events with 404", async () => {
        const { result, resources } = await runStack("dev", { plan: "FC1" });
        assert.match(String(result), /has a Socket\.IO trigger, which FlexConsumption does not start/);
        assert.deepEqual(
            resources.filter(({ custom }) => custom),
            [],
        );
    });

    for (const { values, vaults, deployments, localAuthOff } of [
        { values: { keySource: "HostKey" }, vaults: 0, deployments: 1, localAuthOff: true },
        { values: { keySource: "HostKey", plan: "B1" }, vaults: 0, deployments: 2, localAuthOff: true },
        { values: { keySource: "Discovered", plan: "B1" }, vaults: 0, deployments: 1, localAuthOff: true },
        { values: { plan: "EP1" }, vaults: 1, deployments: 0, localAuthOff: true },
        { values: { connectionAuth: "AccessKey" }, vaults: 1, deployments: 0, localAuthOff: false },
    ]) {
        it(`hands ${JSON.stringify(values)} on to the backend`, async () => {
            const { result, find, names } = await runStack("dev", values);
            assert.equal(result, undefined);
            assert.equal(names("azure-native:keyvault:Vault").length, vaults);
            // One for the code where the app fetches it once, one for a key that is handed to the host.
            assert.equal(names("azure-native:resources:Deployment").length, deployments);
            assert.equal(plain(find(service), "disableLocalAuth"), localAuthOff);
        });
    }

    for (const { values, message } of [
        { values: { skus: "Free_F1" }, message: /:skus is unknown; known are backend, / },
        { values: { capacity: "0" }, message: /:capacity is "0"; it must be a whole number from 1 to 1000/ },
        { values: { capacity: "2" }, message: /capacity/ },
        {
            values: { backend: "signalr", keySource: "Discovered" },
            message: /keySource: a SignalR Service needs the key before the app runs/,
        },
        { values: { codePath: "functions/nowhere" }, message: /functions\/nowhere/ },
    ]) {
        it(`creates nothing with ${JSON.stringify(values)}`, async () => {
            const { result, resources } = await runStack("dev", values);
            assert.match(String(result), message);
            assert.deepEqual(
                resources.filter(({ custom }) => custom),
                [],
            );
        });
    }

    it("registers the same resources with tsconfig.json and with Pulumi's default compiler options", async () => {
        const folder = mkdtempSync(join(tmpdir(), "tsconfig-"));
        const tsconfig = join(folder, "tsconfig.json");
        // Pulumi's default options. They lack a rootDir, for which TypeScript 6 takes the folder of this file.
        writeFileSync(tsconfig, JSON.stringify({ compilerOptions: { rootDir: repositoryRoot } }));
        try {
            const variant = { label: "dev", stack: "dev", overrides: {} };
            const names = async (one: StackVariant) => (await recordStack(one)).map(({ urn }) => urn).sort();
            const byDefault = await names({ ...variant, label: "dev by default", project: { tsconfig } });
            assert.deepEqual(byDefault, await names(variant));
        } finally {
            rmSync(folder, { recursive: true });
        }
    }).timeout(60_000);
});
