import { type ExtensionBundle, readBundle } from "./bundle";
import { messageOf } from "./errors";
import { isJsonObject, type JsonObject, parseJsonObject, propertyOf } from "./json";
import type { PlanSku } from "./plan";
import { formatTimeSpan, parseTimeSpan } from "./timeSpan";

/** What the host reads from host.json before it looks at a function. */
export interface HostSettings {
    /** Stands before the route of every HTTP function. Empty for none. */
    routePrefix: string;
    functionTimeoutMilliseconds: number;
    bundle?: ExtensionBundle;
    /** Names of the functions to run. Defaults to all. */
    functions?: string[];
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

/** Reads the values that decide how the app starts. Names ignore case, as the host's configuration does. Throws in the host's words. */
export function readHostSettings(options: { json: JsonObject; sku?: PlanSku }): HostSettings {
    const { json, sku = "Dedicated" } = options;
    const value = (...path: string[]): unknown =>
        path.reduce<unknown>((at, name) => (isJsonObject(at) ? propertyOf(at, name) : undefined), json);
    const prefix = value("extensions", "http", "routePrefix");
    const functions = listOf(value("functions"));
    const bundle = readBundle(json);
    return {
        // The host writes `null` as an empty text.
        routePrefix: prefix === undefined || isStructure(prefix) ? "api" : toText(prefix),
        functionTimeoutMilliseconds: readTimeout(value("functionTimeout"), sku),
        ...(bundle && { bundle }),
        ...(functions.length > 0 && { functions }),
    };
}

/** .NET's configuration takes the values of an object as a list too. */
function listOf(value: unknown): string[] {
    return isStructure(value) ? Object.values(value as object).map(String) : [];
}

/** Source: ScriptJobHostOptionsSetup.cs of azure-functions-host. */
function readTimeout(given: unknown, sku: PlanSku): number {
    const isConsumption = sku === "Dynamic";
    if (given === undefined || given === null || given === "" || isStructure(given)) {
        return isConsumption ? timeouts.ofConsumption : timeouts.ofOthers;
    }
    const span = parseTimeSpan(toText(given));
    if (span === undefined) {
        throw new Error(
            `Failed to convert configuration value at 'AzureFunctionsJobHost:functionTimeout' to type 'System.TimeSpan': functionTimeout ` +
                `in host.json is '${toText(given)}'. It must be a time span such as '00:05:00'.`,
        );
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
                `is '${toText(given)}', and the plan is ${sku}.`,
        );
    }
    return span;
}

function isStructure(value: unknown): boolean {
    return typeof value === "object" && value !== null;
}

/** A value as the host's configuration holds it. */
function toText(value: unknown): string {
    return value === null ? "" : typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}
