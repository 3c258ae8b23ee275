import type { RetryPolicy } from "../../../../rules/retry";
import { messageOf } from "../../../core/errors";

/** The repetition of which a run is part, as the worker gets it. */
export interface RetryContext {
    retryCount: number;
    maxRetryCount: number;
    /** The failure of the run before. */
    exception?: { message: string; source: string; stackTrace: string };
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
