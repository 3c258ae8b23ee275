import { RunError } from "@pulumi/pulumi";
import { NetworkExposure, PackageDelivery, PlanSku } from "../components";

type Key =
    | { type: "string"; default: string; allowed?: readonly string[]; pattern?: RegExp; expected?: string }
    | { type: "integer"; default: number; allowed?: readonly number[]; min?: number; max?: number }
    | { type: "boolean"; default: boolean }
    // A list of texts.
    | { type: "array"; default: readonly string[]; pattern: RegExp; expected: string }
    // Pulumi.yaml cannot declare these: the CLI knows no type for them (https://github.com/pulumi/pulumi/issues/11321).
    | {
          type: "object";
          default: Readonly<Record<string, never>>;
          /** Whether its values are secrets, however the stack's file keeps them. */
          secret?: true;
          fault: (value: Record<string, unknown>) => string | undefined;
      };

/** Every key of the project's own namespace; Pulumi.yaml describes the same keys for people and for the Pulumi CLI. */
export const keys = {
    backend: { type: "string", default: "socketio", allowed: ["socketio", "webpubsub", "signalr"] },
    // Empty stands for the chat of the backend.
    codePath: { type: "string", default: "", pattern: /^$|\S/, expected: "the path of a folder, or empty" },
    // Empty stands for one hub: chat with webpubsub, hub with socketio.
    hubs: {
        type: "array",
        default: [],
        pattern: /^[A-Za-z][A-Za-z0-9_]{0,127}$/,
        expected: "a list of hub names, of letters, digits and underscores with a letter first",
    },
    systemEvents: {
        type: "array",
        default: ["auto"],
        pattern: /^(auto|connect|connected|disconnected)$/,
        expected: "[auto], or a list of connect, connected, disconnected",
    },
    // Empty stands for the setting that the service's extension looks for.
    connectionName: {
        type: "string",
        default: "",
        pattern: /^$|^[A-Za-z][A-Za-z0-9_]{0,99}$/,
        expected: "letters, digits and underscores with a letter first, or empty",
    },
    negotiateFunctionName: {
        type: "string",
        default: "negotiate",
        pattern: /^[A-Za-z][A-Za-z0-9_-]{0,127}$/,
        expected: "the name of a function",
    },
    appSettings: { type: "object", default: {}, secret: true, fault: settingsFault },
    cors: { type: "object", default: {}, fault: corsFault },
    sku: { type: "string", default: "Free_F1", allowed: ["Free_F1", "Standard_S1", "Premium_P1", "Premium_P2"] },
    capacity: { type: "integer", default: 1, min: 1, max: 1000 },
    // Empty stands for the plan that the backend defaults to.
    plan: { type: "string", default: "", allowed: ["", "FC1", "Y1", ...Object.values(PlanSku)] },
    instanceMemoryMB: { type: "integer", default: 512, allowed: [512, 2048, 4096] },
    maximumInstanceCount: { type: "integer", default: 40, min: 1, max: 1000 },
    alwaysReadyInstances: { type: "integer", default: 0, min: 0, max: 1000 },
    zoneRedundant: { type: "boolean", default: false },
    // Empty stands for the component's default; the key is for plans of kind Dedicated alone.
    packageDelivery: { type: "string", default: "", allowed: ["", ...Object.values(PackageDelivery)] },
    allowSocketIOTriggerOnFlex: { type: "boolean", default: false },
    roleDelaySeconds: { type: "integer", default: 120, min: 0, max: 1800 },
    keySource: { type: "string", default: "KeyVault", allowed: ["KeyVault", "HostKey", "Discovered"] },
    keyRotation: { type: "string", default: "1" },
    connectionAuth: { type: "string", default: "Identity", allowed: ["Identity", "AccessKey"] },
    heartbeatSchedule: {
        type: "string",
        default: "*/30 * * * * *",
        pattern: /^\S+( \S+){5}$/,
        expected: 'six fields with a space between them, as "*/30 * * * * *"',
    },
    alerts: { type: "boolean", default: false },
    alertEmail: {
        type: "string",
        default: "",
        pattern: /^$|^[^\s@]+@[^\s@]+$/,
        expected: "an e-mail address, or empty",
    },
    alertFailedRequests: { type: "integer", default: 10, min: 0, max: 1_000_000 },
    alertConnectionUtilization: { type: "integer", default: 80, min: 1, max: 100 },
    alertServerLoad: { type: "integer", default: 80, min: 1, max: 100 },
    diagnostics: { type: "boolean", default: false },
    workbook: { type: "boolean", default: false },
    // 0 stands for a fixed number of units.
    autoscaleMaximum: { type: "integer", default: 0, min: 0, max: 1000 },
    // 0 stands for the tier's fewest.
    autoscaleMinimum: { type: "integer", default: 0, min: 0, max: 1000 },
    replicas: {
        type: "array",
        default: [],
        pattern: /^[a-z0-9]{1,20}$/,
        expected: "a list of Azure regions, such as [northeurope]",
    },
    // Empty stands for the component's default, which a private network does not have.
    replicaEndpoints: { type: "string", default: "", allowed: ["", "Enabled", "Disabled"] },
    protectData: { type: "boolean", default: false },
    lockData: { type: "boolean", default: false },
    privateNetwork: { type: "boolean", default: false },
    networkClients: { type: "string", default: "Public", allowed: Object.values(NetworkExposure) },
    networkApp: { type: "string", default: "Public", allowed: Object.values(NetworkExposure) },
    // The component says which addresses Azure takes.
    deployerIpRanges: { type: "array", default: [], pattern: /\S/, expected: "a list of addresses" },
} as const satisfies Record<string, Key>;

type ValueOf<K> = K extends { allowed: readonly (infer V)[] }
    ? V
    : K extends { type: "string" }
      ? string
      : K extends { type: "integer" }
        ? number
        : K extends { type: "array" }
          ? readonly string[]
          : K extends { type: "object" }
            ? Record<string, unknown>
            : boolean;

export type StackConfig = { -readonly [Name in keyof typeof keys]: ValueOf<(typeof keys)[Name]> };

/** All that is wrong with a stack's configuration, in one message. As a `RunError` it is shown without a stack trace. */
export class ConfigError extends RunError {
    constructor(readonly faults: string[]) {
        super(
            `the stack's configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
        );
        this.name = "ConfigError";
    }
}

interface ConfigSource {
    /** The project's name, which is the namespace of its keys. */
    project: string;
    /** The stack's whole configuration as Pulumi hands it to a program: every value as text. */
    values: Readonly<Record<string, string>>;
    /** Keys that the stack's file keeps encrypted; errors do not show their values. */
    secretKeys?: readonly string[];
}

/** Reads and checks the stack's configuration; throws a `ConfigError` that names every fault at once. */
export function readConfig({ project, values, secretKeys = [] }: ConfigSource): StackConfig {
    const prefix = `${project}:`;
    const faults = Object.keys(values)
        .filter((key) => key.startsWith(prefix) && !Object.hasOwn(keys, key.slice(prefix.length)))
        .map((key) => `${key} is unknown; known are ${Object.keys(keys).join(", ")}`);

    const config = Object.fromEntries(
        Object.entries<Key>(keys).map(([name, key]) => {
            const text = values[prefix + name];
            if (text === undefined) {
                return [name, key.default];
            }
            const { value, expected } = parse({ key, text });
            if (value === undefined) {
                const hidden = secretKeys.includes(prefix + name) || (key.type === "object" && key.secret);
                // A list or a map is JSON already.
                const shown = typeof parseJson(text) === "object" ? text : JSON.stringify(text);
                faults.push(`${prefix}${name} is ${hidden ? "a secret" : shown}; it must be ${expected}`);
            }
            return [name, value];
        }),
    );
    faults.push(...eventFaults(prefix, config as StackConfig), ...idleFaults(prefix, config as StackConfig));
    const { alwaysReadyInstances, maximumInstanceCount } = config;
    if (Number(alwaysReadyInstances) > Number(maximumInstanceCount)) {
        faults.push(
            `${prefix}alwaysReadyInstances is ${alwaysReadyInstances}; it must be at most maximumInstanceCount, which is ${maximumInstanceCount}`,
        );
    }
    if (faults.length > 0) {
        throw new ConfigError(faults);
    }
    return config as StackConfig;
}

/** What is wrong with hubs and events together. */
function eventFaults(prefix: string, { backend, hubs = [], systemEvents = [] }: StackConfig): string[] {
    const faults: string[] = [];
    if (systemEvents.length > 1 && systemEvents.includes("auto")) {
        faults.push(`${prefix}systemEvents holds auto and others; auto must be alone`);
    }
    if (backend === "signalr" && hubs.length > 0) {
        faults.push(
            `${prefix}hubs is ${JSON.stringify(hubs)}; with backend signalr it must be [], because any hub is there when it is used`,
        );
    }
    if (backend === "signalr" && systemEvents.join() !== "auto") {
        faults.push(
            `${prefix}systemEvents is ${JSON.stringify(systemEvents)}; with backend signalr it must be [auto], because the service sends every event`,
        );
    }
    return faults;
}

/** Keys that are given and have no effect, because the key that they belong to is off. Pulumi.yaml gives every key its default. */
function idleFaults(prefix: string, config: StackConfig): string[] {
    const onFlex = ["FC1", undefined].includes(config.plan) || (config.plan === "" && config.backend !== "socketio");
    const groups: { names: (keyof StackConfig)[]; isOn: boolean; need: string }[] = [
        {
            names: ["networkClients", "networkApp", "deployerIpRanges"],
            isOn: config.privateNetwork !== false,
            need: "privateNetwork to be true",
        },
        {
            names: ["alertEmail", "alertFailedRequests", "alertConnectionUtilization", "alertServerLoad"],
            isOn: config.alerts !== false,
            need: "alerts to be true",
        },
        { names: ["autoscaleMinimum"], isOn: config.autoscaleMaximum !== 0, need: "autoscaleMaximum to be above 0" },
        { names: ["replicaEndpoints"], isOn: config.replicas?.length !== 0, need: "replicas to name a region" },
        {
            names: ["instanceMemoryMB", "maximumInstanceCount", "alwaysReadyInstances"],
            isOn: onFlex,
            need: "plan to be FC1",
        },
    ];
    return groups.flatMap(({ names, isOn, need }) => {
        const given = names.filter(
            (name) => config[name] !== undefined && String(config[name]) !== String(keys[name].default),
        );
        const all = given.map((name) => prefix + name).join(" and ");
        return isOn || given.length === 0 ? [] : [`${all} need${given.length === 1 ? "s" : ""} ${prefix}${need}`];
    });
}

function settingsFault(settings: Record<string, unknown>): string | undefined {
    const wrong = Object.entries(settings).find(([, value]) => !["string", "number", "boolean"].includes(typeof value));
    if (wrong === undefined) {
        return undefined;
    }
    const [name, value] = wrong;
    const kind = value === null ? "empty" : Array.isArray(value) ? "a list" : "a map";
    return `a map of texts; ${name} is ${kind}`;
}

function corsFault(cors: Record<string, unknown>): string | undefined {
    const { allowedOrigins, supportCredentials, ...others } = cors;
    const isRight =
        Object.keys(others).length === 0 &&
        Array.isArray(allowedOrigins) &&
        allowedOrigins.every((origin) => typeof origin === "string") &&
        (supportCredentials === undefined || typeof supportCredentials === "boolean");
    return isRight || Object.keys(cors).length === 0
        ? undefined
        : "allowedOrigins, a list of texts, with or without supportCredentials, true or false";
}

interface Parsed {
    value?: string | number | boolean | string[] | Record<string, unknown>;
    expected: string;
}

/** The JSON of a structured value; undefined for any other text. */
function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

function parse({ key, text }: { key: Key; text: string }): Parsed {
    if (key.type === "array") {
        const list = parseJson(text);
        const { pattern, expected } = key;
        const fits = Array.isArray(list) && list.every((item) => typeof item === "string" && pattern.test(item));
        return { value: fits ? list : undefined, expected };
    }
    if (key.type === "object") {
        const map = parseJson(text);
        const isMap = typeof map === "object" && map !== null && !Array.isArray(map);
        const fault = isMap ? key.fault(map as Record<string, unknown>) : "a map";
        return { value: fault === undefined ? (map as Record<string, unknown>) : undefined, expected: fault ?? "" };
    }
    if (key.type === "boolean") {
        return { value: text === "true" || (text === "false" ? false : undefined), expected: "true or false" };
    }
    if (key.type === "integer") {
        const { allowed, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = key;
        const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
        const fits = allowed === undefined ? number >= min && number <= max : allowed.includes(number);
        return {
            value: fits ? number : undefined,
            expected: allowed === undefined ? `a whole number from ${min} to ${max}` : `one of ${allowed.join(", ")}`,
        };
    }
    const { allowed, pattern, expected = "text" } = key;
    const fits = (allowed?.includes(text) ?? true) && (pattern?.test(text) ?? true);
    return { value: fits ? text : undefined, expected: allowed === undefined ? expected : oneOf(allowed) };
}

function oneOf(allowed: readonly string[]): string {
    const named = allowed.filter((value) => value !== "");
    const choice = named.length === 1 ? `${named[0]}` : `one of ${named.join(", ")}`;
    return named.length === allowed.length ? choice : `${choice}, or empty`;
}
