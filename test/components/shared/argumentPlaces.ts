import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { checkHubBackendArgs, checkSignalRBackendArgs } from "../../../components/backend/check";
import { hubBackendShape, signalRBackendShape } from "../../../components/backend/shape";
import { checkFunctionAppArgs } from "../../../components/functionApp/check";
import { functionAppShape } from "../../../components/functionApp/shape";
import { checkFunctionCodeArgs } from "../../../components/functionCode/check";
import { functionCodeShape } from "../../../components/functionCode/shape";
import { checkHostKeysArgs } from "../../../components/hostKeys/check";
import { hostKeysShape } from "../../../components/hostKeys/shape";
import { checkHubArgs } from "../../../components/hub/check";
import { hubShape } from "../../../components/hub/shape";
import { checkAlertsArgs, checkDiagnosticsArgs, checkWorkbookArgs } from "../../../components/monitoring/check";
import { alertsShape, diagnosticsShape, workbookShape } from "../../../components/monitoring/shape";
import { checkPrivateNetworkArgs, checkSharedPrivateLinkArgs } from "../../../components/network/check";
import { privateNetworkShape, sharedPrivateLinkShape } from "../../../components/network/shape";
import { checkSignalRServiceArgs, checkWebPubSubArgs } from "../../../components/service/check";
import { signalRServiceShape, webPubSubServiceShape } from "../../../components/service/shape";
import { serviceKinds } from "../../../components/shared/serviceKinds";
import type { Shape } from "../../../components/shared/shape";
import type { SchemaType } from "../../../docs/generate/packageSchema";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { readStoredSchema } from "../../support/packageSchema";

export type Args = Record<string, unknown>;

export const schema = readStoredSchema();

export const idOf = (path: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shared/providers/${path}`;

const serviceId = idOf("Microsoft.SignalRService/webPubSub/chat");
const functionAppId = idOf("Microsoft.Web/sites/chat");
const workspaceId = idOf("Microsoft.OperationalInsights/workspaces/chat");

/** Args with which each component works. A new component has to be added. */
export const working: Record<string, Args> = {
    SocketIOBackend: { codePath: functionFolder() },
    WebPubSubBackend: { codePath: functionFolder(smallestAppFor("webpubsub")) },
    SignalRBackend: { codePath: functionFolder(smallestAppFor("signalr")) },
    FunctionApp: { resourceGroupName: "chat" },
    FunctionCode: { resourceGroupName: "chat", codePath: functionFolder() },
    HostKeys: { resourceGroupName: "chat", extension: "socketio" },
    WebPubSubHub: { resourceGroupName: "chat", serviceName: "chat" },
    SocketIOService: { resourceGroupName: "chat" },
    WebPubSubService: { resourceGroupName: "chat" },
    SignalRService: { resourceGroupName: "chat" },
    Diagnostics: { workspaceId, resourceIds: { service: serviceId } },
    Alerts: { resourceGroupName: "chat", service: "webpubsub", serviceId },
    Workbook: { resourceGroupName: "chat", service: "webpubsub", serviceId, functionAppId, workspaceId },
    PrivateNetwork: { resourceGroupName: "chat", groupIds: ["blob"] },
    SharedPrivateLink: {
        resourceGroupName: "chat",
        service: "webpubsub",
        serviceName: "chat",
        groupId: "vault",
        targetId: idOf("Microsoft.KeyVault/vaults/chat"),
    },
};

export const shapes: Record<string, Readonly<Record<string, Shape>>> = {
    SocketIOBackend: hubBackendShape,
    WebPubSubBackend: hubBackendShape,
    SignalRBackend: signalRBackendShape,
    FunctionApp: functionAppShape,
    FunctionCode: functionCodeShape,
    HostKeys: hostKeysShape,
    WebPubSubHub: hubShape,
    SocketIOService: webPubSubServiceShape,
    WebPubSubService: webPubSubServiceShape,
    SignalRService: signalRServiceShape,
    Diagnostics: diagnosticsShape,
    Alerts: alertsShape,
    Workbook: workbookShape,
    PrivateNetwork: privateNetworkShape,
    SharedPrivateLink: sharedPrivateLinkShape,
};

/** Values for what an object must have, so that its other properties can be tried. */
export const samples: Args = {
    name: "http",
    urlTemplate: "https://chat.example.com/events",
    type: "ManagedIdentity",
    resource: "api://chat",
    managedIdentity: { resource: "api://chat" },
    service: "webpubsub",
    serviceId,
    endpoint: "https://chat.example.com",
    vaultId: idOf("Microsoft.KeyVault/vaults/chat"),
    vaultUri: "https://chat.example.com",
    eventHubId: idOf("Microsoft.EventHub/namespaces/chat/eventhubs/chat"),
    role: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    scope: idOf("Microsoft.KeyVault/vaults/chat"),
    flag: "EnableLiveTrace",
    value: "true",
    instanceCount: 1,
    allowedOrigins: ["https://chat.example.com"],
    maximumCapacity: 10,
    location: "westus",
    clientId: "11111111-aaaa-bbbb-cccc-222222222222",
    domainName: "chat.example.com",
    certificateSecretUri: "https://certificates.vault.azure.net/secrets/chat",
    template: "{kind}-{name}",
    principalId: "22222222-aaaa-bbbb-cccc-222222222222",
    subnetId: idOf("Microsoft.Network/virtualNetworks/chat/subnets/endpoints"),
};

export interface Place {
    /** As a caller spells it: `hubs[0].name`. */
    path: string;
    property: SchemaType;
    required: boolean;
    /** The args with this value at this place, and everything else right. */
    put: (value: unknown) => Args;
}

/** Every argument, and every property of what an argument may hold. */
export function placesOf(component: string): Place[] {
    const about = schema.resources[`azure-realtime:index:${component}`];
    return Object.entries(about?.inputProperties ?? {}).flatMap(([name, property]) => {
        const required = about?.requiredInputs?.includes(name) ?? false;
        return placesIn(name, property, { required, put: (value) => ({ ...working[component], [name]: value }) });
    });
}

function placesIn(path: string, property: SchemaType, { required, put }: Pick<Place, "required" | "put">): Place[] {
    const here = { path, property, required, put };
    if (property.items !== undefined) {
        return [here, ...placesIn(`${path}[0]`, property.items, { required: true, put: (value) => put([value]) })];
    }
    if (property.additionalProperties !== undefined) {
        const inMap = { required: false, put: (value: unknown) => put({ key: value }) };
        return [here, ...placesIn(`${path}.key`, property.additionalProperties, inMap)];
    }
    const type = typeOf(property);
    const least = Object.fromEntries((type?.required ?? []).map((name) => [name, samples[name]]));
    const parts = Object.entries(type?.properties ?? {}).flatMap(([name, part]) =>
        placesIn(`${path}.${name}`, part, {
            required: type?.required?.includes(name) ?? false,
            put: (value) => put({ ...least, [name]: value }),
        }),
    );
    return [here, ...parts];
}

/** The named type of a property, where it has one. */
export function typeOf(property: SchemaType): (typeof schema.types)[string] | undefined {
    return schema.types[property.$ref?.replace("#/types/", "") ?? ""];
}

/** Whether a value is of the kind that the schema says; its rules may still refuse it. */
export function fits(value: unknown, property: SchemaType): boolean {
    const type = typeOf(property);
    if (type?.enum !== undefined) {
        return type.enum.some((choice) => choice.value === value);
    }
    const kind = type?.type ?? property.type;
    const kinds: Record<string, (value: unknown) => boolean> = {
        string: (one) => typeof one === "string",
        integer: Number.isInteger,
        number: Number.isFinite,
        boolean: (one) => typeof one === "boolean",
        array: Array.isArray,
        object: (one) => typeof one === "object" && one !== null && !Array.isArray(one),
    };
    return kinds[kind ?? ""]?.(value) ?? false;
}

const circular: Args = {};
circular.self = circular;

/** What a program in JavaScript may give: the value itself, and the value that it has once it is known. */
export const hostile: { name: string; value: () => unknown; known?: unknown; late?: boolean }[] = [
    ...[null, "", 0, -1.5, Number.NaN, true, "text"].map((value) => ({
        name: JSON.stringify(value) === "null" ? String(value) : JSON.stringify(value),
        value: () => value,
        known: value,
    })),
    { name: "[]", value: () => [], known: [] },
    { name: "[null]", value: () => [null], known: [null] },
    { name: "[[]]", value: () => [[]], known: [[]] },
    { name: "{}", value: () => ({}), known: {} },
    { name: "{ a: null }", value: () => ({ a: null }), known: { a: null } },
    { name: "a circle", value: () => circular, known: circular },
    { name: "a bigint", value: () => 5n, known: 5n },
    { name: "a function", value: () => () => 1, known: () => 1 },
    { name: "a symbol", value: () => Symbol("a"), known: Symbol("a") },
    ...[undefined, null, "", 0, "text"].map((value) => ({
        name: `an output of ${JSON.stringify(value)}`,
        value: () => pulumi.output(value),
        known: value,
        late: true,
    })),
    { name: "an output of [null]", value: () => pulumi.output([null]), known: [null], late: true },
    { name: "an output of {}", value: () => pulumi.output({}), known: {}, late: true },
    { name: "[an output of undefined]", value: () => [pulumi.output(undefined)], known: [undefined], late: true },
    { name: "a promise of undefined", value: () => Promise.resolve(undefined), known: undefined, late: true },
    { name: "a promise of 0", value: () => Promise.resolve(0), known: 0, late: true },
];

export interface Outcome {
    /** What an error at once says. */
    refused?: pulumi.InputPropertyErrorDetails[];
    /** What outputs that turned out wrong are refused with. */
    late: string[];
}

export const checkOf: Record<string, (component: string, args: never) => unknown> = {
    SocketIOBackend: (component, args) => checkHubBackendArgs(component, args, serviceKinds.socketio),
    WebPubSubBackend: (component, args) => checkHubBackendArgs(component, args, serviceKinds.webpubsub),
    SignalRBackend: (component, args) => checkSignalRBackendArgs(component, args, serviceKinds.signalr),
    FunctionApp: checkFunctionAppArgs,
    FunctionCode: checkFunctionCodeArgs,
    HostKeys: checkHostKeysArgs,
    WebPubSubHub: checkHubArgs,
    SocketIOService: checkWebPubSubArgs,
    WebPubSubService: checkWebPubSubArgs,
    SignalRService: checkSignalRServiceArgs,
    Diagnostics: checkDiagnosticsArgs,
    Alerts: checkAlertsArgs,
    Workbook: checkWorkbookArgs,
    PrivateNetwork: checkPrivateNetworkArgs,
    SharedPrivateLink: checkSharedPrivateLinkArgs,
};

export async function outcomeOf(component: string, args: unknown): Promise<Outcome> {
    let checked: unknown;
    try {
        checked = checkOf[component]?.(`${component} "chat"`, args as never);
    } catch (error) {
        return { refused: faultsOf(error), late: [] };
    }
    const answers = await Promise.allSettled(outputsIn(checked).map((output) => settled(output)));
    const failures = answers.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
    for (const failure of failures) {
        assert.ok(failure instanceof pulumi.RunError, failure.stack);
    }
    return { late: failures.map(({ message }) => message) };
}

/** The promise behind an output, which the SDK keeps from its types. */
function settled(output: pulumi.Output<unknown>): Promise<unknown> {
    return (output as unknown as { promise(): Promise<unknown> }).promise();
}

function outputsIn(value: unknown): pulumi.Output<unknown>[] {
    if (pulumi.Output.isInstance(value)) {
        return [value as pulumi.Output<unknown>];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(outputsIn) : [];
}

function faultsOf(error: unknown): pulumi.InputPropertyErrorDetails[] {
    assert.doesNotMatch(String(error), /toJSON|toString|Output<T>|\[object/);
    if (pulumi.InputPropertyError.isInstance(error)) {
        return [error];
    }
    assert.ok(pulumi.InputPropertiesError.isInstance(error), (error as Error).stack);
    return error.errors ?? [];
}

/** Whether an error is about the place, a part of the place, or what holds it; or names it beside another one. */
export function isAbout(place: string, { propertyPath, reason }: pulumi.InputPropertyErrorDetails): boolean {
    const [shorter, longer] = propertyPath.length < place.length ? [propertyPath, place] : [place, propertyPath];
    const leaf = place.split(".").at(-1) ?? place;
    return longer.startsWith(shorter) && /^([.[]|$)/.test(longer.slice(shorter.length)) ? true : reason.includes(leaf);
}

/** Whether a refusal says what is allowed, or what to do. */
export function isAdvice(reason: string): boolean {
    return /(?:^|[.:;,] (?:or |and )?)(?:Allowed|Add|Bind|Build|Change|[Gg]ive|Install|Keep|[Ll]eave|[Nn]ame|[Rr]emove|Set|set|[Uu]se|Write)\b/.test(
        reason,
    );
}

/** Works quietly: the SDK rejects several promises for one output that fails, and only the first is looked at. */
export async function quietly(work: () => Promise<void>): Promise<void> {
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", () => undefined);
    const { warn } = pulumi.log;
    Object.assign(pulumi.log, { warn: () => Promise.resolve() });
    try {
        await work();
        await new Promise((resolve) => setImmediate(resolve));
        globalThis.globalStore?.leakCandidates.clear();
    } finally {
        Object.assign(pulumi.log, { warn });
        process.removeAllListeners("unhandledRejection");
        for (const listener of listeners) {
            process.on("unhandledRejection", listener);
        }
    }
}
