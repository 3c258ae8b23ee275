import { parseTimeSpan } from "../../../../rules/timeSpan";
import { messageOf } from "../../../core/errors";

/** When failed runs of a function are repeated. */
export interface RetryPolicy {
    /** Number of runs after the first one; -1 for no limit. */
    maxRetryCount: number;
    /** Milliseconds before each repetition. */
    interval: { fixed: number } | { minimum: number; maximum: number };
}

/** The repetition of which a run is part, as the worker gets it. */
export interface RetryContext {
    retryCount: number;
    maxRetryCount: number;
    /** The failure of the run before. */
    exception?: { message: string; source: string; stackTrace: string };
}

/**
 * Reads `retry` of function.json, or the retry options that `@azure/functions` 4 registers. Undefined without one. Throws
 * where the host puts the function in error (azure-functions-host, `Utility.ValidateRetryOptions`).
 */
export function readRetry(given: unknown): RetryPolicy | undefined {
    if (given === undefined || given === null) {
        return undefined;
    }
    const options = new Map(
        typeof given === "object" ? Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]) : [],
    );
    const maxRetryCount = readCount(options.get("maxretrycount"));
    // The host's own default is the first value of its enumeration.
    const strategy = String(options.get("retrystrategy") ?? options.get("strategy") ?? "exponentialBackoff");
    switch (strategy.toLowerCase()) {
        case "fixeddelay":
            return { maxRetryCount, interval: { fixed: readInterval(options, "delayInterval") } };
        case "exponentialbackoff": {
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

const randomization = 0.2;

/** The waits of one series of runs, in milliseconds. Source: azure-webjobs-sdk, RandomizedExponentialBackoffStrategy.cs. */
export function createDelays(policy: RetryPolicy, random: () => number): () => number {
    const { interval } = policy;
    if ("fixed" in interval) {
        return () => interval.fixed;
    }
    const { minimum, maximum } = interval;
    let exponent = 0;
    let current = 0;
    return () => {
        if (current !== maximum || exponent === 0) {
            const factor = 1 - randomization + random() * 2 * randomization;
            const wait = minimum + (exponent === 0 ? 0 : factor * 2 ** (exponent - 1) * minimum);
            current = Math.min(wait, maximum);
            exponent += 1;
        }
        return current;
    };
}

/** A failure as the next run's retry context shows it. */
export function describeFailure({ error, name }: { error: unknown; name: string }): RetryContext["exception"] {
    const stackTrace = error instanceof Error ? (error.stack ?? "") : "";
    return {
        message:
            `Microsoft.Azure.WebJobs.Host.FunctionInvocationException : Exception while executing function: Functions.${name} ` +
            "---> Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException : Result: Failure\n" +
            `Exception: ${messageOf(error)}\nStack: ${stackTrace}`,
        source: "System.Private.CoreLib",
        stackTrace,
    };
}
