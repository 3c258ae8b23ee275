import path from "node:path";
import { readBundle } from "../../../rules/bundle";
import { configurationOf, type HostSettings, parseHostJson, readHostSettings } from "../../../rules/hostJson";
import { decodeText, isJsonObject, type JsonObject, propertyOf } from "../../../rules/json";
import type { PlanSku } from "../../../rules/plan";
import { readBytesIfAny } from "../../core/persistence";
import { hostJsonWarnings } from "./hostJsonEffects";
import { type CustomHeaders, readCustomHeaders } from "./http/customHeaders";
import type { Settings } from "./settings";

/** The supported part of `host.json`. */
export interface HostJson extends HostSettings {
    extensionBundleId?: string;
    extensionBundleVersion?: string;
    /** Headers of every answer that does not set them. */
    customHeaders?: CustomHeaders;
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
    const json = readHostJsonObject(file);
    const configuration = configurationOf(json, settings.section("AzureFunctionsJobHost"));
    const bundle = readBundle(configuration);
    const http = record(propertyOf(record(propertyOf(configuration, "extensions")), "http"));
    return {
        ...readHostSettings({ configuration, sku }),
        ...(bundle && { extensionBundleId: bundle.id, extensionBundleVersion: bundle.version }),
        customHeaders: readCustomHeaders(propertyOf(http, "customHeaders")),
        warnings: hostJsonWarnings(json, configuration),
    };
}

/** The content of a `host.json`, empty without one. Throws in the host's words when it is not valid. */
export function readHostJsonObject(file: string): JsonObject {
    const bytes = readBytesIfAny(file);
    return bytes === undefined ? {} : parseHostJson(decodeText(bytes));
}

const record = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
