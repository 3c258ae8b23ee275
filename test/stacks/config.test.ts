import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError, keys, readConfig } from "../../stacks/config";
import { repositoryRoot } from "../support/registeredFunctions";

const project = "azure-realtime";

function read(values: Record<string, string>) {
    return readConfig({
        project,
        values: Object.fromEntries(Object.entries(values).map(([name, value]) => [`${project}:${name}`, value])),
    });
}

function faultsOf(values: Record<string, string>): string[] {
    try {
        read(values);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.faults;
    }
    return [];
}

describe("the configuration of a stack", () => {
    it("takes the default of every key that is not set", () => {
        const config = read({});
        assert.deepEqual(config, Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.default])));
    });

    it("reads text, whole numbers and booleans", () => {
        const config = read({
            sku: "Premium_P1",
            capacity: "2",
            zoneRedundant: "true",
            alerts: "true",
            alertEmail: "ops@example.test",
        });
        const { sku, capacity, zoneRedundant, alertEmail } = config;
        assert.deepEqual(
            { sku, capacity, zoneRedundant, alertEmail },
            { sku: "Premium_P1", capacity: 2, zoneRedundant: true, alertEmail: "ops@example.test" },
        );
    });

    it("reads lists and maps, which Pulumi hands to a program as JSON", () => {
        const { hubs, systemEvents, appSettings, cors } = read({
            hubs: '["sample_funcchat"]',
            systemEvents: "[]",
            appSettings: '{"TIMER_SCHEDULE":"*/5 * * * * *","PORT":3000}',
            cors: '{"allowedOrigins":["http://localhost:5173"]}',
        });
        assert.deepEqual(
            { hubs, systemEvents, appSettings, cors },
            {
                hubs: ["sample_funcchat"],
                systemEvents: [],
                appSettings: { TIMER_SCHEDULE: "*/5 * * * * *", PORT: 3000 },
                cors: { allowedOrigins: ["http://localhost:5173"] },
            },
        );
    });

    it("ignores the keys of other namespaces", () => {
        assert.doesNotThrow(() => readConfig({ project, values: { "azure-native:location": "westeurope" } }));
    });

    for (const { values, fault } of [
        {
            values: { backend: "grpc" },
            fault: 'backend is "grpc"; it must be one of socketio, webpubsub, signalr',
        },
        { values: { codePath: " " }, fault: 'codePath is " "; it must be the path of a folder, or empty' },
        {
            values: { sku: "free_f1" },
            fault: 'sku is "free_f1"; it must be one of Free_F1, Standard_S1, Premium_P1, Premium_P2',
        },
        {
            values: { backend: "webpubsub", hubs: "chat" },
            fault: 'hubs is "chat"; it must be a list of hub names, of letters, digits and underscores with a letter first',
        },
        {
            values: { hubs: '["my-hub"]' },
            fault: 'hubs is ["my-hub"]; it must be a list of hub names, of letters, digits and underscores with a letter first',
        },
        {
            values: { backend: "signalr", hubs: '["chat"]' },
            fault: 'hubs is ["chat"]; with backend signalr it must be [], because any hub is there when it is used',
        },
        {
            values: { systemEvents: '["message"]' },
            fault: 'systemEvents is ["message"]; it must be [auto], or a list of connect, connected, disconnected',
        },
        {
            values: { systemEvents: '["auto","connect"]' },
            fault: "systemEvents holds auto and others; auto must be alone",
        },
        {
            values: { backend: "signalr", systemEvents: "[]" },
            fault: "systemEvents is []; with backend signalr it must be [auto], because the service sends every event",
        },
        {
            values: { connectionName: "a:b" },
            fault: 'connectionName is "a:b"; it must be letters, digits and underscores with a letter first, or empty',
        },
        {
            values: { negotiateFunctionName: "" },
            fault: 'negotiateFunctionName is ""; it must be the name of a function',
        },
        // The settings are secrets, so no error shows one.
        { values: { appSettings: "x" }, fault: "appSettings is a secret; it must be a map" },
        {
            values: { appSettings: '{"KEY":"s3cret","A":["s3cret"]}' },
            fault: "appSettings is a secret; it must be a map of texts; A is a list",
        },
        {
            values: { appSettings: '{"KEY":"s3cret","A":{"B":"s3cret"}}' },
            fault: "appSettings is a secret; it must be a map of texts; A is a map",
        },
        {
            values: { appSettings: '{"KEY":"s3cret","A":null}' },
            fault: "appSettings is a secret; it must be a map of texts; A is empty",
        },
        {
            values: { cors: '{"origins":["http://localhost:5173"]}' },
            fault: 'cors is {"origins":["http://localhost:5173"]}; it must be allowedOrigins, a list of texts, with or without supportCredentials, true or false',
        },
        { values: { capacity: "0" }, fault: 'capacity is "0"; it must be a whole number from 1 to 1000' },
        { values: { capacity: "1001" }, fault: 'capacity is "1001"; it must be a whole number from 1 to 1000' },
        { values: { capacity: "two" }, fault: 'capacity is "two"; it must be a whole number from 1 to 1000' },
        { values: { capacity: "1.5" }, fault: 'capacity is "1.5"; it must be a whole number from 1 to 1000' },
        { values: { capacity: "" }, fault: 'capacity is ""; it must be a whole number from 1 to 1000' },
        {
            values: { plan: "Y2" },
            fault: 'plan is "Y2"; it must be one of FC1, Y1, EP1, EP2, EP3, B1, B2, B3, S1, S2, S3, P0v3, P1v3, P2v3, P3v3, or empty',
        },
        {
            values: { instanceMemoryMB: "1024" },
            fault: 'instanceMemoryMB is "1024"; it must be one of 512, 2048, 4096',
        },
        {
            values: { maximumInstanceCount: "0" },
            fault: 'maximumInstanceCount is "0"; it must be a whole number from 1 to 1000',
        },
        {
            values: { plan: "FC1", alwaysReadyInstances: "41" },
            fault: "alwaysReadyInstances is 41; it must be at most maximumInstanceCount, which is 40",
        },
        { values: { zoneRedundant: "yes" }, fault: 'zoneRedundant is "yes"; it must be true or false' },
        { values: { alerts: "toString" }, fault: 'alerts is "toString"; it must be true or false' },
        {
            values: { keySource: "Vault" },
            fault: 'keySource is "Vault"; it must be one of KeyVault, HostKey, Discovered',
        },
        {
            values: { heartbeatSchedule: "*/5 * * * *" },
            fault: 'heartbeatSchedule is "*/5 * * * *"; it must be six fields with a space between them, as "*/30 * * * * *"',
        },
        { values: { alertEmail: "ops" }, fault: 'alertEmail is "ops"; it must be an e-mail address, or empty' },
        {
            values: { networkApp: "Private", deployerIpRanges: '["203.0.113.7"]' },
            fault: `networkApp and ${project}:deployerIpRanges need ${project}:privateNetwork to be true`,
        },
        {
            values: { alertEmail: "ops@example.com" },
            fault: `alertEmail needs ${project}:alerts to be true`,
        },
        {
            values: { autoscaleMinimum: "2" },
            fault: `autoscaleMinimum needs ${project}:autoscaleMaximum to be above 0`,
        },
        {
            values: { replicaEndpoints: "Enabled" },
            fault: `replicaEndpoints needs ${project}:replicas to name a region`,
        },
        {
            values: { plan: "EP1", instanceMemoryMB: "4096", maximumInstanceCount: "5" },
            fault: `instanceMemoryMB and ${project}:maximumInstanceCount need ${project}:plan to be FC1`,
        },
        { values: { maximumInstanceCount: "5" }, fault: `maximumInstanceCount needs ${project}:plan to be FC1` },
        { values: { unit: "1" }, fault: `unit is unknown; known are ${Object.keys(keys).join(", ")}` },
        { values: { toString: "1" }, fault: `toString is unknown; known are ${Object.keys(keys).join(", ")}` },
    ]) {
        it(`refuses ${JSON.stringify(values)} and names the key and the allowed values`, () => {
            assert.deepEqual(faultsOf(values), [`${project}:${fault}`]);
        });
    }

    it("shows no value that the stack's file keeps encrypted", () => {
        const values = { "azure-realtime:alertEmail": "s3cret", "azure-realtime:sku": "Free" };
        const given = { project, values, secretKeys: ["azure-realtime:alertEmail"] };
        assert.throws(
            () => readConfig(given),
            (error) =>
                error instanceof ConfigError &&
                /sku is "Free".*\n.*alertEmail is a secret; it must be an e-mail address/.test(error.message) &&
                !error.message.includes("s3cret"),
        );
    });

    it("reports all faults in one message", () => {
        assert.throws(() => read({ capacity: "0", skus: "Free_F1", alerts: "no" }), {
            name: "ConfigError",
            message: [
                "the stack's configuration has 3 faults:",
                `  - azure-realtime:skus is unknown; known are ${Object.keys(keys).join(", ")}`,
                '  - azure-realtime:capacity is "0"; it must be a whole number from 1 to 1000',
                '  - azure-realtime:alerts is "no"; it must be true or false',
            ].join("\n"),
        });
    });
});

describe("Pulumi.yaml", () => {
    interface Declared {
        type: string;
        description: string;
        default: unknown;
    }
    const file = parse(readFileSync(join(repositoryRoot, "Pulumi.yaml"), "utf8"));

    it("declares the keys, types and defaults that the program reads", () => {
        const { "azure-native:location": _location, ...declared } = file.config as Record<string, Declared>;
        assert.deepEqual(
            Object.entries(declared).map(([name, { type, default: value }]) => ({ name, type, default: value })),
            // The CLI knows no type for maps: https://github.com/pulumi/pulumi/issues/11321
            Object.entries(keys)
                .filter(([, { type }]) => type !== "object")
                .map(([name, { type, default: value }]) => ({ name, type, default: value })),
        );
    });

    it("describes every key and its allowed values", () => {
        for (const [name, key] of Object.entries(keys)) {
            const { description = "" } = (file.config as Record<string, Declared | undefined>)[name] ?? {};
            for (const value of "allowed" in key ? key.allowed : []) {
                assert.ok(description.includes(String(value)), `${name} does not say that ${value} is allowed`);
            }
        }
    });

    it("names the program's file, because Pulumi would run the library if main were a folder", () => {
        assert.equal(file.main, "stacks/index.ts");
    });
});

describe("every stack", () => {
    const folder = join(repositoryRoot, "stacks");
    const stacks = readdirSync(folder).filter((name) => /^Pulumi\..+\.yaml$/.test(name));

    it("is an environment, or local with one of the backends", () => {
        assert.deepEqual(stacks.sort(), [
            "Pulumi.dev.yaml",
            "Pulumi.local-signalr.yaml",
            "Pulumi.local-webpubsub.yaml",
            "Pulumi.local.yaml",
            "Pulumi.private.yaml",
            "Pulumi.prod.yaml",
            "Pulumi.staging.yaml",
        ]);
    });

    for (const stack of stacks) {
        it(`${stack} holds only known keys with allowed values`, () => {
            const { config } = parse(readFileSync(join(folder, stack), "utf8")) as { config: Record<string, unknown> };
            const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));
            assert.doesNotThrow(() => readConfig({ project, values }));
        });
    }
});
