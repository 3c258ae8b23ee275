import { formatTimeSpan } from "../../../../rules/timeSpan";
import type { Clock } from "../../../core/clock";
import type { HostFunction } from "../extensions/extension";
import { functionCategory, type HostLog } from "../log";
import { createDelays, describeFailure, type RetryContext } from "./retry";

export interface Repetition {
    log: HostLog;
    clock: Clock;
    /** A number from 0 to below 1, for waits that vary. Defaults to `Math.random`. */
    random?: () => number;
    /** Ends the waits between runs. */
    stopping?: AbortSignal;
}

/** Runs a function, and again after a failure, as its retry policy says. Source: azure-webjobs-sdk, FunctionExecutorExtensions.cs. */
export async function repeat<T>(
    options: Repetition & {
        fn: Pick<HostFunction, "name" | "retry">;
        run: (retryContext: RetryContext | undefined) => Promise<T>;
    },
): Promise<T> {
    const { fn, run, log } = options;
    if (fn.retry === undefined) {
        return run(undefined);
    }
    const nextDelay = createDelays(fn.retry, options.random ?? Math.random);
    const { maxRetryCount } = fn.retry;
    let retryContext: RetryContext = { retryCount: 0, maxRetryCount };
    for (;;) {
        try {
            return await run(retryContext);
        } catch (error) {
            const { retryCount } = retryContext;
            if (retryCount === maxRetryCount) {
                log("error", `Function execution failed after '${retryCount}' retries.`, functionCategory(fn.name));
                throw error;
            }
            const milliseconds = nextDelay();
            log(
                "debug",
                `Waiting for \`${formatTimeSpan(milliseconds)}\` before retrying function execution. Next attempt: '${retryCount + 1}'. Max retry count: '${maxRetryCount}'.`,
                functionCategory(fn.name),
            );
            if (!(await wait({ ...options, milliseconds }))) {
                log("warning", "Invocation cancelled - exiting retry loop.", functionCategory(fn.name));
                throw error;
            }
            retryContext = {
                retryCount: retryCount + 1,
                maxRetryCount,
                exception: describeFailure({ error, name: fn.name }),
            };
        }
    }
}

/** Resolves with whether the time has passed; with false when the host stops before. */
function wait(options: Pick<Repetition, "clock" | "stopping"> & { milliseconds: number }): Promise<boolean> {
    const { stopping } = options;
    return new Promise((resolve) => {
        if (stopping?.aborted === true) {
            resolve(false);
            return;
        }
        const stop = () => {
            cancel();
            resolve(false);
        };
        const cancel = options.clock.after(Math.min(options.milliseconds, 2 ** 31 - 1), () => {
            stopping?.removeEventListener("abort", stop);
            resolve(true);
        });
        stopping?.addEventListener("abort", stop);
    });
}
