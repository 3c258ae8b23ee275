import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceError } from "@grpc/grpc-js";
import { definitionOf, type PackageSchema, type SchemaType } from "../../docs/generate/packageSchema";
import { isObject, type Properties, type Value } from "../../local/engine/values";
import { allOptions } from "../support/allOptions";
import { codePaths } from "../support/backend";
import { componentNames } from "../support/exportedComponents";
import { readStoredSchema } from "../support/packageSchema";
import { type PackagePlugin, startPlugin } from "../support/plugin";
import { repositoryRoot } from "../support/registeredFunctions";

const codePath = codePaths.socketio;
const otherCode = new Map([
    ["azure-realtime:index:WebPubSubBackend", codePaths.webpubsub],
    ["azure-realtime:index:SignalRBackend", codePaths.signalr],
]);

const idOf = (type: string) => `/subscriptions/sub/resourceGroups/rg/providers/${type}/the-one`;
const serviceId = idOf("Microsoft.SignalRService/webPubSub");

/** Values of properties that do not take any text. */
const samples = new Map<string, Value>([
    ["serviceId", serviceId],
    ["functionAppId", idOf("Microsoft.Web/sites")],
    ["workspaceId", idOf("Microsoft.OperationalInsights/workspaces")],
    ["targetId", idOf("Microsoft.KeyVault/vaults")],
    ["groupId", "vault"],
    ["groupIds", ["blob"]],
    ["resourceIds", { service: serviceId }],
]);

/** The smallest value that a property accepts. */
function sample(schema: PackageSchema, name: string, type: SchemaType): Value {
    const own = samples.get(name);
    if (own !== undefined) {
        return own;
    }
    const definition = definitionOf(schema, type);
    if (definition?.enum !== undefined) {
        return definition.enum[0]?.value ?? null;
    }
    assert.equal(type.type, "string", `${name} needs a sample of its own`);
    return name === "codePath" ? codePath : `the-${name}`;
}

/** Whether a description is text. A link in a doc comment makes Pulumi's analyzer write objects instead. */
const isSentence = (text = "") => text !== "" && !text.includes("[object Object]");

describe("the package in every Pulumi language", function () {
    this.timeout(60_000);
    let plugin: PackagePlugin;
    let schema: PackageSchema;

    before(async () => {
        plugin = await startPlugin();
        schema = (await plugin.schema()) as unknown as PackageSchema;
    });
    after(() => plugin?.close());

    it("returns the stored schema, with the version and description from package.json", () => {
        const { version, description } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"));
        const own = JSON.parse(readFileSync(join(repositoryRoot, "plugin/package.json"), "utf8"));
        assert.deepEqual(schema, { ...readStoredSchema(), version, description });
        assert.deepEqual([own.name, own.version], [schema.name, version]);
    });

    it("takes less than 200 MB until something is constructed", function () {
        const peak = plugin.peakMegabytes();
        if (peak === undefined) {
            this.skip();
        }
        assert.ok(peak < 200, `${peak} MB`);
    });

    it("constructs every component from its required inputs, with children and every promised output", async () => {
        const components = Object.entries(schema.resources);
        assert.ok(components.length >= 6);
        const secrets: string[] = [];
        for (const [type, { inputProperties = {}, requiredInputs = [], required = [] }] of components) {
            const inputs: Properties = {};
            for (const name of requiredInputs) {
                inputs[name] = sample(schema, name, inputProperties[name] ?? {});
            }
            if (requiredInputs.includes("codePath")) {
                inputs.codePath = otherCode.get(type) ?? codePath;
            }
            const { urn, outputs, resources, secretOutputs } = await plugin.construct({ type, name: "mine", inputs });
            secrets.push(...secretOutputs.map((name) => `${type.split(":")[2]}.${name}`));
            assert.equal(urn, `urn:pulumi:stack::project::${type}::mine`);
            assert.equal(resources[0]?.type, type);
            assert.ok(
                resources.filter(({ custom }) => custom).length > 0 || type.endsWith("HostKeys"),
                `${type} makes nothing`,
            );
            assert.deepEqual(
                required.filter((name) => outputs[name] === undefined),
                [],
                `${type} has outputs that never come`,
            );
            assert.deepEqual(
                resources
                    .slice(1)
                    .filter(({ parent }) => !parent?.includes(type))
                    .map(({ name }) => name),
                [],
            );
        }
        assert.deepEqual(secrets.sort(), [
            "HostKeys.key",
            "SignalRBackend.localSettings",
            "SocketIOBackend.localSettings",
            "WebPubSubBackend.localSettings",
        ]);
    });

    it("passes on every option of a production backend as the other language gives it", async () => {
        for (const type of Object.keys(schema.resources).filter((one) => one.endsWith("Backend"))) {
            const options = allOptions({ codePath: otherCode.get(type) ?? codePath, network: { app: "Private" } });
            const { resources } = await plugin.construct({ type, name: "chat", inputs: options as never });
            const made = new Set(resources.map((one) => one.type.split(":").at(-1)));
            for (const part of ["Alerts", "Diagnostics", "Workbook", "PrivateNetwork", "SharedPrivateLink"]) {
                assert.ok(made.has(part), `${type} makes no ${part}`);
            }
            for (const part of ["ManagementLockByScope", "WebAppAuthSettingsV2", "AutoscaleSetting"]) {
                assert.ok(made.has(part), `${type} makes no ${part}`);
            }
        }
    });

    it("marks no output as secret in the schema, which would break the SDKs of C# and Java", () => {
        const marked = Object.values(schema.resources).flatMap(({ properties = {} }) =>
            Object.entries(properties).filter(([, { secret }]) => secret),
        );
        assert.deepEqual(marked, []);
    });

    it("marks secret outputs as secret for other languages", async () => {
        const { secretOutputs, resources } = await plugin.construct({
            type: "azure-realtime:index:SocketIOBackend",
            name: "chat",
            inputs: { codePath },
        });
        assert.deepEqual(secretOutputs, ["localSettings"]);
        const secrets = resources.filter(({ type }) => type === "azure-native:keyvault:Secret");
        assert.equal(secrets.length, 3);
        assert.ok(secrets.every(({ secretInputs }) => secretInputs.includes("properties")));
    });

    it("passes on structures, enums and lists as the other language gives them", async () => {
        const { resources } = await plugin.construct({
            type: "azure-realtime:index:SocketIOBackend",
            name: "chat",
            inputs: {
                codePath,
                sku: "Premium_P1",
                capacity: 5,
                hubs: [{ name: "lobby" }, { name: "games", anonymousConnectPolicy: "allow" }],
            },
        });
        const service = resources.find(({ type }) => type === "azure-native:webpubsub:WebPubSub");
        assert.deepEqual(isObject(service?.inputs.sku) && [service.inputs.sku.name, service.inputs.sku.capacity], [
            "Premium_P1",
            5,
        ]);
        const hubs = resources.filter(({ type }) => type === "azure-native:webpubsub:WebPubSubHub");
        assert.deepEqual(
            hubs.map(({ inputs }) => [
                inputs.hubName,
                isObject(inputs.properties) && inputs.properties.anonymousConnectPolicy,
            ]),
            [
                ["lobby", "deny"],
                ["games", "allow"],
            ],
        );
    });

    it("refuses bad inputs with the property and the allowed values, and creates nothing", async () => {
        const bad = plugin.construct({
            type: "azure-realtime:index:SocketIOBackend",
            name: "chat",
            inputs: { codePath, sku: "Free_F1", capacity: 2 },
        });
        await assert.rejects(bad, ({ metadata }: ServiceError) => {
            // The protocol sends the faults of inputs in a separate field, each with its property.
            const details = metadata.get("grpc-status-details-bin").map(String).join();
            assert.match(details, /capacity/);
            assert.match(details, /Free_F1/);
            return true;
        });
    });

    it("offers every exported component and nothing else", () => {
        assert.deepEqual(
            Object.keys(schema.resources).sort(),
            componentNames().map((name) => `azure-realtime:index:${name}`),
        );
    });

    it("contains no private name, any or union", () => {
        const faults: string[] = [];
        const look = (place: string, type: SchemaType) => {
            const shapeless =
                type.$ref?.startsWith("pulumi.json#/Any") || (type.type === undefined && type.$ref === undefined);
            if (type.oneOf !== undefined) {
                faults.push(`${place} is a union`);
            } else if (shapeless || (type.type === "object" && type.additionalProperties === undefined)) {
                faults.push(`${place} is any`);
            }
            if (type.items !== undefined) {
                look(`${place}[]`, type.items);
            }
            if (type.additionalProperties !== undefined) {
                look(`${place}{}`, type.additionalProperties);
            }
        };
        const lookAll = (place: string, properties: Record<string, SchemaType> = {}) => {
            for (const [name, type] of Object.entries(properties)) {
                if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
                    faults.push(`${place}.${name} is no public name`);
                }
                look(`${place}.${name}`, type);
            }
        };
        for (const [type, { inputProperties, properties }] of Object.entries(schema.resources)) {
            lookAll(type, inputProperties);
            lookAll(type, properties);
        }
        for (const [type, { properties, enum: values }] of Object.entries(schema.types)) {
            if (values === undefined) {
                lookAll(type, properties);
            }
        }
        assert.deepEqual(faults, []);
    });

    it("calls every number a whole one, because every one is", () => {
        const numbers = (properties: Record<string, SchemaType> = {}) =>
            Object.entries(properties).filter(([, { type }]) => type === "number");
        const all = [...Object.values(schema.resources), ...Object.values(schema.types)];
        assert.deepEqual(
            all.flatMap((definition) => [
                ...numbers("inputProperties" in definition ? definition.inputProperties : {}),
                ...numbers(definition.properties),
            ]),
            [],
        );
        const { capacity } = schema.resources["azure-realtime:index:SocketIOBackend"]?.inputProperties ?? {};
        assert.equal(capacity?.type, "integer");
    });

    it("describes every type, its properties and its values, and names none twice over", () => {
        const faults = Object.entries(schema.types).flatMap(
            ([type, { description, properties = {}, enum: values }]) => [
                ...(isSentence(description) ? [] : [type]),
                ...(/Args$/.test(type) ? [`${type}Args in other languages`] : []),
                ...Object.entries(properties)
                    .filter(([, { description: words }]) => !isSentence(words))
                    .map(([name]) => `${type}.${name}`),
                ...(values ?? [])
                    .filter(({ description: words }) => !isSentence(words))
                    .map(({ value }) => `${type} ${value}`),
            ],
        );
        assert.deepEqual(faults, []);
    });

    it("describes every component and every property", () => {
        const bare = Object.entries(schema.resources).flatMap(
            ([type, { description, inputProperties, properties }]) => [
                ...(isSentence(description) ? [] : [type]),
                ...Object.entries({ ...inputProperties, ...properties })
                    .filter(([, { description: words }]) => !isSentence(words))
                    .map(([name]) => `${type}.${name}`),
            ],
        );
        assert.deepEqual(bare, []);
    });
});
