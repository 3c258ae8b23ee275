import { choiceOf } from "./bindings";
import { isJsonObject } from "./json";
import { parseTimeSpan } from "./timeSpan";

/** When failed runs of a function are repeated. */
export interface RetryPolicy {
    /** Number of runs after the first one; -1 for no limit. */
    maxRetryCount: number;
    /** Milliseconds before each repetition. */
    interval: { fixed: number } | { minimum: number; maximum: number };
}

export const retryStrategies = ["exponentialBackoff", "fixedDelay"] as const;

/**
 * Reads `retry` of function.json, or the retry options that `@azure/functions` 4 registers. Undefined without one. Throws
 * where the host puts the function in error (azure-functions-host, `Utility.ValidateRetryOptions`).
 */
export function readRetry(given: unknown): RetryPolicy | undefined {
    if (given === undefined || given === null) {
        return undefined;
    }
    const options = new Map(
        isJsonObject(given) ? Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]) : [],
    );
    // A worker's message has no missing number, but 0.
    const isWorkers = options.has("retrystrategy");
    const maxRetryCount = readCount(options.get("maxretrycount") ?? (isWorkers ? 0 : undefined));
    // The host's own default is the first value of its enumeration.
    const strategy = options.get("retrystrategy") ?? options.get("strategy") ?? "exponentialBackoff";
    switch (choiceOf(strategy, retryStrategies)) {
        case "fixedDelay":
            return { maxRetryCount, interval: { fixed: readInterval(options, "delayInterval") } };
        case "exponentialBackoff": {
            const minimum = readInterval(options, "minimumInterval");
            const maximum = readInterval(options, "maximumInterval");
            if (minimum > maximum) {
                throw new Error(
                    "retry: The minimumInterval must not be greater than the maximumInterval. (Parameter 'minimumInterval')",
                );
            }
            return { maxRetryCount, interval: { minimum, maximum } };
        }
        default:
            throw new Error(`retry.strategy is '${strategy}'. It must be fixedDelay or exponentialBackoff.`);
    }
}

function readCount(value: unknown): number {
    if (value === undefined || value === null) {
        throw new Error("retry.maxRetryCount is missing. Value cannot be null. (Parameter 'MaxRetryCount')");
    }
    const count = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof count !== "number" || !Number.isInteger(count) || count < -1) {
        throw new Error(
            `retry.maxRetryCount is ${JSON.stringify(value)}. It must be a whole number, 0 or more, or -1 for no limit.`,
        );
    }
    return count;
}

/** Reads a time span text of function.json, or the seconds that `@azure/functions` 4 makes of a duration. */
function readInterval(options: ReadonlyMap<string, unknown>, name: string): number {
    const value = options.get(name.toLowerCase());
    if (value === undefined || value === null) {
        throw new Error(`retry.${name} is missing. Value cannot be null. (Parameter '${name}')`);
    }
    if (typeof value === "object") {
        return Number((value as { seconds?: unknown }).seconds ?? 0) * 1000;
    }
    const text = typeof value === "string" ? value.trim() : "";
    const milliseconds = parseTimeSpan(text);
    if (milliseconds === undefined || milliseconds < 0) {
        throw new Error(`retry.${name} is ${JSON.stringify(value)}. It must be a time span such as "00:00:10".`);
    }
    return milliseconds;
}
