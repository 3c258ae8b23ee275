import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { type ProgramRun, plain, runProgram } from "../support/pulumi";
import { recordStack, type StackVariant } from "../support/recorder";
import { repositoryRoot } from "../support/registeredFunctions";

const program = join(repositoryRoot, "stacks", "index.ts");

/** Runs the program with a stack's own file and what is given besides; the result is the error it ended with, if any. */
function run(stack: string, values: Record<string, string> = {}): Promise<ProgramRun<unknown>> {
    const file = parse(readFileSync(join(repositoryRoot, "stacks", `Pulumi.${stack}.yaml`), "utf8"));
    return runProgram(() => {
        const given = Object.entries({ ...file.config, ...prefixed(values) });
        const ours = given.map(([key, value]) => [
            key.replace("azure-realtime:", `${pulumi.getProject()}:`),
            String(value),
        ]);
        pulumi.runtime.setAllConfig(Object.fromEntries(ours));
        delete require.cache[program];
        try {
            require(program);
            return undefined;
        } catch (error) {
            return error;
        }
    });
}

const prefixed = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`azure-realtime:${key}`, value]));

const service = "azure-native:webpubsub:WebPubSub";
const signalR = "azure-native:signalrservice:SignalR";
const alert = "azure-native:monitor:MetricAlert";

describe("the program of the stacks", function () {
    this.timeout(60_000);

    for (const { stack, sku, capacity, memory, zones, alerts } of [
        { stack: "dev", sku: "Free_F1", capacity: 1, memory: 512, zones: false, alerts: 0 },
        { stack: "staging", sku: "Standard_S1", capacity: 1, memory: 2048, zones: false, alerts: 0 },
        { stack: "prod", sku: "Premium_P1", capacity: 2, memory: 2048, zones: true, alerts: 2 },
        { stack: "local", sku: "Free_F1", capacity: 1, memory: 512, zones: false, alerts: 0 },
    ]) {
        it(`makes of ${stack} a service ${sku}, an app of ${memory} MB and ${alerts} alerts`, async () => {
            const { result, find, names } = await run(stack);
            assert.equal(result, undefined);
            assert.deepEqual(
                [plain(find(service), "kind"), plain(find(service), "sku.name"), plain(find(service), "sku.capacity")],
                ["SocketIO", sku, capacity],
            );
            const app = find("azure-native:web:WebApp");
            assert.equal(plain(app, "functionAppConfig.scaleAndConcurrency.instanceMemoryMB"), memory);
            assert.equal(plain(find("azure-native:web:AppServicePlan"), "zoneRedundant") ?? false, zones);
            assert.equal(names(alert).length, alerts);
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
            const { result, types, names } = await run(stack, values);
            assert.equal(result, undefined);
            assert.equal(names(type).length, 1);
            assert.deepEqual(
                types().filter((name) => name.endsWith("Backend")),
                [`azure-realtime:index:${component}`],
            );
        });
    }

    it("names the hub of the chat on Web PubSub, and sends no tick there", async () => {
        const { find } = await run("local-webpubsub");
        assert.equal(plain(find("azure-native:webpubsub:WebPubSubHub"), "hubName"), "chat");
        const settings = find("azure-native:web:WebAppApplicationSettings");
        assert.equal(plain(settings, "properties.HeartbeatSchedule"), undefined);
    });

    it("counts the connections of a SignalR Service by that service's own metric", async () => {
        const { find, names } = await run("prod", { backend: "signalr" });
        const name = names(alert).find((one) => one.endsWith("-connections"));
        const [criterion] = plain(find(alert, name), "criteria.allOf") as Record<string, unknown>[];
        assert.equal(criterion?.metricNamespace, "Microsoft.SignalRService/SignalR");
        assert.equal(criterion?.metricName, "ConnectionCount");
    });

    it("sends the tick as the stack says, through the app's settings", async () => {
        const { find } = await run("local");
        const settings = find("azure-native:web:WebAppApplicationSettings");
        assert.equal(plain(settings, "properties.HeartbeatSchedule"), "*/5 * * * * *");
    });

    it("alerts on server errors of the app and on a full service, by mail when there is an address", async () => {
        const { find, names } = await run("prod", { alertEmail: "ops@example.test", alertServerErrors: "7" });
        const group = find("azure-native:monitor:ActionGroup");
        assert.deepEqual(plain(group, "emailReceivers"), [
            { name: "operator", emailAddress: "ops@example.test", useCommonAlertSchema: true },
        ]);
        assert.match(String(plain(group, "groupShortName")), /^.{1,12}$/);
        const alerts = names(alert).map((name) => {
            const [scope] = plain(find(alert, name), "scopes") as string[];
            const [criterion] = plain(find(alert, name), "criteria.allOf") as Record<string, unknown>[];
            const { metricNamespace, metricName, timeAggregation, threshold } = criterion ?? {};
            return [
                scope?.toLowerCase().includes(`/${metricNamespace}/`.toLowerCase()),
                metricName,
                timeAggregation,
                threshold,
            ];
        });
        assert.deepEqual(alerts, [
            [true, "TotalConnectionCount", "Maximum", 1600],
            [true, "Http5xx", "Total", 7],
        ]);
    });

    for (const { values, vaults, deployments, localAuthOff } of [
        { values: { keySource: "HostKey" }, vaults: 0, deployments: 2, localAuthOff: true },
        { values: { keySource: "Discovered" }, vaults: 0, deployments: 1, localAuthOff: true },
        { values: { plan: "EP1" }, vaults: 1, deployments: 0, localAuthOff: true },
        { values: { connectionAuth: "AccessKey" }, vaults: 1, deployments: 1, localAuthOff: false },
    ]) {
        it(`hands ${JSON.stringify(values)} on to the backend`, async () => {
            const { result, find, names } = await run("dev", values);
            assert.equal(result, undefined);
            assert.equal(names("azure-native:keyvault:Vault").length, vaults);
            // One for the code on Flex Consumption, one for a key that is handed to the host.
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
            const { result, resources } = await run("dev", values);
            assert.match(String(result), message);
            assert.deepEqual(
                resources.filter(({ custom }) => custom),
                [],
            );
        });
    }

    it("is the same whether it is compiled as stacks/tsconfig.json says or as Pulumi does by default", async () => {
        const folder = mkdtempSync(join(tmpdir(), "tsconfig-"));
        const tsconfig = join(folder, "tsconfig.json");
        // Without a rootDir, TypeScript 6 takes the folder of this file. All else is as Pulumi has it.
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
