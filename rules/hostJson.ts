import { messageOf } from "./errors";
import { checkHostJsonTypes, notConverted } from "./hostJsonTypes";
import { isJsonObject, type JsonObject, parseJsonObject, propertyOf } from "./json";
import type { PlanSku } from "./plan";
import { type RetryPolicy, readRetry } from "./retry";
import { formatTimeSpan, parseTimeSpan } from "./timeSpan";

/** What the host reads from host.json before it looks at a function. */
export interface HostSettings {
    /** Stands before the route of every HTTP function. Empty for none. */
    routePrefix: string;
    functionTimeoutMilliseconds: number;
    /** Names of the functions to run. Defaults to all. */
    functions?: string[];
    /** Largest number of requests whose functions run at a time. Defaults to no limit. */
    maxConcurrentRequests?: number;
    /** Largest number of requests that run or wait. Further ones are answered with 429. Defaults to no limit. */
    maxOutstandingRequests?: number;
    /** Retry policy of functions without one. */
    retry?: RetryPolicy;
}

const second = 1000;
const minute = 60 * second;
const timeouts = { least: second, mostOnConsumption: 10 * minute, ofConsumption: 5 * minute, ofOthers: 30 * minute };

/** Parses the text of a host.json. Throws when the host would not: it has no version, or one that is not 2.0. */
export function parseHostJson(text: string): JsonObject {
    let json: JsonObject;
    try {
        json = parseJsonObject(text);
    } catch (error) {
        throw new Error(
            `Unable to parse host configuration file 'host.json'. host.json is not valid JSON: ${messageOf(error)}`,
        );
    }
    // The host writes a default over an empty object.
    if (Object.keys(json).length > 0) {
        checkVersion(json);
    }
    return json;
}

/** Source: HostJsonFileConfigurationSource.cs of azure-functions-host, InitializeHostConfig. */
function checkVersion({ version }: JsonObject): void {
    if (version === undefined || version === null || version === "") {
        throw new Error(
            "The host.json file is missing the required 'version' property. " +
                "See https://aka.ms/functions-hostjson for steps to migrate the configuration file.",
        );
    }
    // The number 2.0 is refused too: JToken.Value<string>() of Newtonsoft.Json writes it as 2.
    const text = String(version);
    if (text !== "2.0") {
        const confused = text.startsWith("3")
            ? "This does not correspond to the function runtime version, only to the schema version of the host.json file. "
            : "";
        throw new Error(
            `'${text}' is an invalid value for host.json 'version' property. We recommend you set the 'version' property to ` +
                `'2.0'. ${confused}See https://aka.ms/functions-hostjson for more information on this configuration file.`,
        );
    }
}

/**
 * The content of host.json as .NET's configuration holds it, with app settings over it: a text for each path. Names ignore case, a colon
 * in a name stands between two of them, the last of several values counts, a list has its places as names, and what is empty is not
 * there. `AzureFunctionsJobHost__functions__0` is the first of a list. Source: HostJsonFileConfigurationSource.cs of
 * azure-functions-host, ProcessToken.
 */
export function configurationOf(json: JsonObject, settings: Readonly<Record<string, string>> = {}): JsonObject {
    return [...leavesOf(json), ...leavesOf(settings)].reduce<JsonObject>(put, {});
}

type Leaf = [path: string[], text: string];

function leavesOf(value: unknown, path: string[] = []): Leaf[] {
    if (typeof value === "object" && value !== null) {
        return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, ...name.split(":")]));
    }
    return value === undefined ? [] : [[path, toText(value)]];
}

function put(section: JsonObject, [[name = "", ...rest], text]: Leaf): JsonObject {
    const entries = new Map(Object.entries(section));
    const known = [...entries.keys()].find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
    const inner = entries.get(known);
    if (rest.length > 0) {
        entries.set(known, put(isJsonObject(inner) ? inner : {}, [rest, text]));
    } else if (!isJsonObject(inner)) {
        entries.set(known, text);
    }
    return Object.fromEntries(entries);
}

/** Whether host.json lets a function run: it lists the function, or none at all. */
export function isListed(functions: readonly string[] | undefined, name: string): boolean {
    return functions === undefined || functions.some((listed) => listed.toLowerCase() === name.toLowerCase());
}

/** Reads the values that decide how the app starts. Throws in the host's words. */
export function readHostSettings(options: { configuration: JsonObject; sku?: PlanSku }): HostSettings {
    const { configuration, sku = "Dedicated" } = options;
    const value = (...path: string[]): unknown =>
        path.reduce<unknown>((at, name) => (isJsonObject(at) ? propertyOf(at, name) : undefined), configuration);
    checkHostJsonTypes(value);
    const prefix = value("extensions", "http", "routePrefix");
    const functions = value("functions");
    const retry = value("retry");
    const policy = isJsonObject(retry) ? readRetryOf(retry) : undefined;
    return {
        routePrefix: typeof prefix === "string" ? prefix : "api",
        functionTimeoutMilliseconds: readTimeout(value("functionTimeout"), sku),
        // .NET takes the values of an object as a list too.
        ...(isJsonObject(functions) && {
            functions: Object.values(functions).filter((name) => typeof name === "string"),
        }),
        ...readLimit("maxConcurrentRequests", value("extensions", "http", "maxConcurrentRequests")),
        ...readLimit("maxOutstandingRequests", value("extensions", "http", "maxOutstandingRequests")),
        ...(policy && { retry: policy }),
    };
}

function readRetryOf(retry: JsonObject): RetryPolicy | undefined {
    try {
        return readRetry(retry);
    } catch (error) {
        throw new Error(`host.json: ${messageOf(error)}`);
    }
}

type Limit = "maxConcurrentRequests" | "maxOutstandingRequests";

function readLimit(name: Limit, value: unknown): Pick<HostSettings, Limit> {
    if (typeof value !== "string") {
        return {};
    }
    const count = /^\s*-?\d+\s*$/.test(value) ? Number(value) : 0;
    if (count === 0 || count < -1) {
        const shown = /^-?\d/.test(value) ? value : JSON.stringify(value);
        throw new Error(`host.json: extensions.http.${name} is ${shown}. It must be 1 or more, or -1 for no limit.`);
    }
    return count === -1 ? {} : { [name]: count };
}

/** Source: ScriptJobHostOptionsSetup.cs of azure-functions-host. */
function readTimeout(given: unknown, sku: PlanSku): number {
    const isConsumption = sku === "Dynamic";
    if (typeof given !== "string" || given === "") {
        return isConsumption ? timeouts.ofConsumption : timeouts.ofOthers;
    }
    const span = parseTimeSpan(given);
    if (span === undefined) {
        throw notConverted("functionTimeout", "System.TimeSpan", `${given}', and no time span such as '00:05:00`);
    }
    // -1 is a span of minus one day.
    if (span === -86_400_000 && !isConsumption) {
        return Number.POSITIVE_INFINITY;
    }
    const most = isConsumption ? timeouts.mostOnConsumption : Number.POSITIVE_INFINITY;
    if (span < timeouts.least || span > most) {
        const end = isConsumption ? formatTimeSpan(most) : "10675199.02:48:05.4775807";
        throw new Error(
            `FunctionTimeout must be greater than ${formatTimeSpan(timeouts.least)} and less than ${end}. functionTimeout in host.json ` +
                `is '${given}', and the plan is ${sku}.`,
        );
    }
    return span;
}

/** A value as the host's configuration holds it. */
function toText(value: unknown): string {
    return value === null ? "" : typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}
