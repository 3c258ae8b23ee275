import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../../core/errors";
import { parseTimeSpan } from "./timeSpan";

/** The supported part of `host.json`. */
export interface HostJson {
    routePrefix: string;
    functionTimeoutMilliseconds: number;
    extensionBundleId?: string;
    extensionBundleVersion?: string;
    /** Names of the functions to run. Defaults to all. */
    functions?: string[];
}

const defaultTimeout = 30 * 60_000;

/** Reads `host.json`, or uses the defaults without one. Throws when the file is not valid. */
export function readHostJson(folder: string): HostJson {
    const file = path.join(folder, "host.json");
    const json = existsSync(file) ? parse(file) : {};
    if (json.version !== undefined && json.version !== "2.0") {
        throw new Error(`host.json: version '${String(json.version)}' is not supported. It must be '2.0'.`);
    }
    const extensions = record(json.extensions);
    const bundle = record(json.extensionBundle);
    return {
        routePrefix: text(record(extensions.http).routePrefix) ?? "api",
        functionTimeoutMilliseconds: readTimeout(text(json.functionTimeout)),
        ...(text(bundle.id) === undefined ? {} : { extensionBundleId: text(bundle.id)! }),
        ...(text(bundle.version) === undefined ? {} : { extensionBundleVersion: text(bundle.version)! }),
        ...(Array.isArray(json.functions) ? { functions: json.functions.map(String) } : {}),
    };
}

function parse(file: string): Record<string, unknown> {
    try {
        // The host allows comments in host.json.
        const content = readFileSync(file, "utf8")
            .replace(/^\uFEFF/, "")
            .replace(/^\s*\/\/.*$/gm, "");
        return record(JSON.parse(content));
    } catch (error) {
        throw new Error(`host.json is not valid JSON: ${messageOf(error)}`);
    }
}

function readTimeout(value: string | undefined): number {
    if (value === undefined) {
        return defaultTimeout;
    }
    if (value.startsWith("-1")) {
        return Number.POSITIVE_INFINITY;
    }
    const milliseconds = parseTimeSpan(value);
    if (milliseconds === undefined || milliseconds < 1000) {
        throw new Error(`host.json: functionTimeout '${value}' must be a time span of at least 00:00:01, or -1.`);
    }
    return milliseconds;
}

function record(value: unknown): Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : {};
}

function text(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}
