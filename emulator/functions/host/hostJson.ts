import path from "node:path";
import { parseHostJson, readHostSettings } from "../../../rules/hostJson";
import { decodeText, isJsonObject, type JsonObject, propertyOf } from "../../../rules/json";
import type { PlanSku } from "../../../rules/plan";
import { messageOf } from "../../core/errors";
import { readBytesIfAny } from "../../core/persistence";
import { type RetryPolicy, readRetry } from "./bindings/retry";
import { hostJsonWarnings } from "./hostJsonEffects";
import { withSettings } from "./hostJsonSettings";
import { type CustomHeaders, readCustomHeaders } from "./http/customHeaders";
import type { Settings } from "./settings";

/** The supported part of `host.json`. */
export interface HostJson {
    routePrefix: string;
    functionTimeoutMilliseconds: number;
    extensionBundleId?: string;
    extensionBundleVersion?: string;
    /** Names of the functions to run. Defaults to all. */
    functions?: string[];
    /** Headers of every answer that does not set them. */
    customHeaders?: CustomHeaders;
    /** Largest number of requests whose functions run at a time. Defaults to no limit. */
    maxConcurrentRequests?: number;
    /** Largest number of requests that run or wait. Further ones are answered with 429. Defaults to no limit. */
    maxOutstandingRequests?: number;
    /** Retry policy of functions without one. */
    retry?: RetryPolicy;
    /** What the log says about properties without effect. */
    warnings?: string[];
}

/**
 * Reads `host.json`, or uses the defaults without one. An app setting such as `AzureFunctionsJobHost__extensions__http__routePrefix`
 * comes before the file, for every property. Throws in the host's words when the host would not start.
 */
export function readHostJson(options: { folder: string; settings: Settings; sku: PlanSku }): HostJson {
    const { folder, settings, sku } = options;
    const file = path.join(folder, "host.json");
    const json = withSettings(readHostJsonObject(file), settings.section("AzureFunctionsJobHost"));
    const { bundle, ...values } = readHostSettings({ json, sku });
    const http = record(propertyOf(record(propertyOf(json, "extensions")), "http"));
    return {
        ...values,
        ...(bundle && { extensionBundleId: bundle.id, extensionBundleVersion: bundle.version }),
        customHeaders: readCustomHeaders(propertyOf(http, "customHeaders")),
        ...limit(http, "maxConcurrentRequests"),
        ...limit(http, "maxOutstandingRequests"),
        ...readRetryOf(json),
        warnings: hostJsonWarnings(json),
    };
}

/** The content of a `host.json`, empty without one. Throws in the host's words when it is not valid. */
export function readHostJsonObject(file: string): JsonObject {
    const bytes = readBytesIfAny(file);
    return bytes === undefined ? {} : parseHostJson(decodeText(bytes));
}

function readRetryOf(json: JsonObject): Pick<HostJson, "retry"> {
    try {
        const retry = readRetry(propertyOf(json, "retry"));
        return retry === undefined ? {} : { retry };
    } catch (error) {
        throw new Error(`host.json: ${messageOf(error)}`);
    }
}

type Limit = "maxConcurrentRequests" | "maxOutstandingRequests";

function limit(http: JsonObject, name: Limit): Pick<HostJson, Limit> {
    const value = propertyOf(http, name);
    const count = value === undefined || value === null ? -1 : Number(value);
    if (!Number.isInteger(count) || count === 0 || count < -1) {
        throw new Error(
            `host.json: extensions.http.${name} is ${JSON.stringify(value)}. It must be 1 or more, or -1 for no limit.`,
        );
    }
    return count === -1 ? {} : { [name]: count };
}

const record = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
