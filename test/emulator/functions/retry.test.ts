import assert from "node:assert/strict";
import { repeat } from "../../../emulator/functions/host/bindings/repeat";
import { createDelays, type RetryContext } from "../../../emulator/functions/host/bindings/retry";
import { readRetry } from "../../../rules/retry";
import { models, type TestFunction } from "../../support/appFolder";
import { FakeClock } from "../../support/clock";
import { openTestApp, type TestApp } from "../../support/functionApp";

// Sources: azure-functions-host, Utility.ValidateRetryOptions; azure-webjobs-sdk, FunctionExecutorExtensions.cs,
// FixedDelayRetryAttribute.cs, ExponentialBackoffRetryAttribute.cs, RandomizedExponentialBackoffStrategy.cs.

const fixed = { strategy: "fixedDelay", maxRetryCount: 2, delayInterval: "00:00:10" };
const backoff = {
    strategy: "exponentialBackoff",
    maxRetryCount: -1,
    minimumInterval: "00:00:02",
    maximumInterval: "00:00:30",
};

describe("functions: retry policies", () => {
    const read: [given: unknown, policy: unknown][] = [
        [undefined, undefined],
        [null, undefined],
        [fixed, { maxRetryCount: 2, interval: { fixed: 10_000 } }],
        [
            { Strategy: "FixedDelay", MaxRetryCount: "3", DELAYINTERVAL: "1.00:00:00.5" },
            { maxRetryCount: 3, interval: { fixed: 86_400_500 } },
        ],
        [
            { ...fixed, delayInterval: "2" },
            { maxRetryCount: 2, interval: { fixed: 172_800_000 } },
        ],
        [
            { ...fixed, maxRetryCount: 0, delayInterval: "00:00:00" },
            { maxRetryCount: 0, interval: { fixed: 0 } },
        ],
        [backoff, { maxRetryCount: -1, interval: { minimum: 2000, maximum: 30_000 } }],
        [
            { ...backoff, strategy: undefined },
            { maxRetryCount: -1, interval: { minimum: 2000, maximum: 30_000 } },
        ],
        [
            { strategy: "fixedDelay", retryStrategy: "fixedDelay", maxRetryCount: 1, delayInterval: { seconds: 4 } },
            { maxRetryCount: 1, interval: { fixed: 4000 } },
        ],
        // Newtonsoft.Json takes the number of a strategy; a message of the worker has 0 for a missing number.
        [
            { ...fixed, strategy: 1 },
            { maxRetryCount: 2, interval: { fixed: 10_000 } },
        ],
        [
            { retryStrategy: "fixedDelay", delayInterval: { seconds: 4 } },
            { maxRetryCount: 0, interval: { fixed: 4000 } },
        ],
    ];
    for (const [given, policy] of read) {
        it(`reads ${JSON.stringify(given)}`, () => assert.deepEqual(readRetry(given), policy));
    }

    const refused: [given: unknown, message: RegExp][] = [
        [{}, /^retry\.maxRetryCount is missing/],
        [true, /^retry\.maxRetryCount is missing/],
        [{ ...fixed, maxRetryCount: -2 }, /^retry\.maxRetryCount is -2\. It must be a whole number/],
        [{ ...fixed, maxRetryCount: 1.5 }, /^retry\.maxRetryCount is 1\.5/],
        [{ ...fixed, maxRetryCount: "" }, /^retry\.maxRetryCount is ""/],
        [
            { ...fixed, strategy: "linear" },
            /^retry\.strategy is 'linear'\. It must be fixedDelay or exponentialBackoff/,
        ],
        [{ ...fixed, delayInterval: undefined }, /^retry\.delayInterval is missing/],
        [{ ...fixed, delayInterval: 10 }, /^retry\.delayInterval is 10\. It must be a time span such as "00:00:10"/],
        [{ ...fixed, delayInterval: "10s" }, /^retry\.delayInterval is "10s"/],
        [{ ...fixed, delayInterval: "-00:00:10" }, /^retry\.delayInterval is "-00:00:10"/],
        [{ ...backoff, minimumInterval: null }, /^retry\.minimumInterval is missing/],
        [{ ...backoff, maximumInterval: undefined }, /^retry\.maximumInterval is missing/],
        [{ ...backoff, maximumInterval: "00:00:01" }, /minimumInterval must not be greater than the maximumInterval/],
    ];
    for (const [given, message] of refused) {
        it(`refuses ${JSON.stringify(given)}`, () => assert.throws(() => readRetry(given), { message }));
    }

    it("waits the same before each run, or longer and longer up to the maximum", () => {
        const waits = (given: unknown, random: number) => {
            const next = createDelays(readRetry(given)!, () => random);
            return Array.from({ length: 7 }, next);
        };
        assert.deepEqual(
            waits(fixed, 0.5),
            Array.from({ length: 7 }, () => 10_000),
        );
        assert.deepEqual(waits(backoff, 0.5), [2000, 4000, 6000, 10_000, 18_000, 30_000, 30_000]);
        assert.deepEqual(waits(backoff, 0).slice(0, 3), [2000, 3600, 5200]);
    });

    async function run(retry: unknown, succeedsAt: number, options: { stopAt?: number } = {}) {
        const clock = new FakeClock();
        const stopping = new AbortController();
        const began = clock.now();
        const runs: { at: number; context: RetryContext | undefined }[] = [];
        const logged: string[] = [];
        const result = repeat({
            fn: { name: "fn", ...(retry === undefined ? {} : { retry: readRetry(retry)! }) },
            clock,
            random: () => 0.5,
            stopping: stopping.signal,
            log: (_, message) => logged.push(message),
            run: async (context) => {
                runs.push({ at: clock.now() - began, context });
                if (runs.length < succeedsAt) {
                    throw new Error(`failure ${runs.length}`);
                }
                return "done";
            },
        }).catch((error: Error) => error.message);
        if (options.stopAt !== undefined) {
            await clock.advance(options.stopAt);
            stopping.abort();
        }
        await clock.advance(3_600_000);
        return { result: await result, runs, logged, pending: clock.pending() };
    }

    it("runs a function without a policy once, with no retry context", async () => {
        const { result, runs } = await run(undefined, 2);
        assert.equal(result, "failure 1");
        assert.deepEqual(runs, [{ at: 0, context: undefined }]);
    });

    it("repeats until the function succeeds, and tells each run its number and the failure before", async () => {
        const { result, runs, logged } = await run(fixed, 3);
        assert.equal(result, "done");
        assert.deepEqual(
            runs.map(({ at }) => at),
            [0, 10_000, 20_000],
        );
        assert.deepEqual(
            runs.map(({ context }) => [context?.retryCount, context?.maxRetryCount]),
            [
                [0, 2],
                [1, 2],
                [2, 2],
            ],
        );
        assert.equal(runs[0]?.context?.exception, undefined);
        assert.match(
            runs[2]?.context?.exception?.message ?? "",
            /Executing|Exception while executing function: Functions\.fn .*\n?Exception: failure 2\n/s,
        );
        assert.match(runs[2]?.context?.exception?.stackTrace ?? "", /failure 2/);
        assert.match(logged[0] ?? "", /Waiting for `00:00:10` before retrying function execution\. Next attempt: '1'/);
    });

    it("gives up after the last repetition with the last failure", async () => {
        const { result, runs, logged } = await run(fixed, 9);
        assert.equal(result, "failure 3");
        assert.equal(runs.length, 3);
        assert.equal(logged.at(-1), "Function execution failed after '2' retries.");
    });

    it("repeats without an end for -1", async () => {
        const { result, runs } = await run(backoff, 100);
        assert.equal(result, "done");
        assert.deepEqual(
            runs.slice(0, 4).map(({ at }) => at),
            [0, 2000, 6000, 12_000],
        );
        assert.equal(runs.length, 100);
    });

    it("stops waiting when the host stops", async () => {
        const { result, runs, logged, pending } = await run(fixed, 9, { stopAt: 15_000 });
        assert.equal(result, "failure 2");
        assert.equal(runs.length, 2);
        assert.match(logged.at(-1) ?? "", /exiting retry loop/);
        assert.deepEqual(pending, []);
    });
});

const http = [
    { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" },
    { name: "$return", type: "http", direction: "out" },
];
/** Answers with the retry contexts of all runs; fails twice. */
const seen = `async (context) => {
    const retry = context.retryContext ?? context.executionContext?.retryContext ?? null;
    const runs = (globalThis.runs ??= []);
    runs.push(retry && { ...retry, exception: retry.exception && retry.exception.message });
    if (runs.length < 3) { throw new Error("failure " + runs.length); }
    return { body: JSON.stringify(runs) };
}`;
const now = { "function.json": "00:00:00", v4: 0 } as const;

for (const [model, makeApp] of Object.entries(models)) {
    describe(`functions: retry policies in the ${model} model`, () => {
        const delayInterval = now[model as keyof typeof now];
        const retry = { strategy: "fixedDelay", maxRetryCount: 5, delayInterval };
        const withRetry = (name: string, given: unknown, more: Partial<TestFunction> = {}): TestFunction => ({
            name,
            bindings: http,
            handler: seen,
            more: { retry: given },
            ...more,
        });
        let test: TestApp;
        const open = async (functions: TestFunction[], hostJson?: Record<string, unknown>) => {
            test = await openTestApp({ codeFolder: makeApp(functions, hostJson) });
        };
        afterEach(() => test.close());

        async function answered(): Promise<unknown[]> {
            const response = await fetch(test.url("/api/again"));
            assert.equal(response.status, 200);
            return (await response.json()) as { retryCount: number; maxRetryCount: number; exception?: string }[];
        }

        it("repeats a call, and warns of a trigger for which the vendor declares no support", async () => {
            await open([withRetry("again", retry)]);
            const runs = (await answered()) as { retryCount: number; maxRetryCount: number; exception?: string }[];
            assert.deepEqual(
                runs.map(({ retryCount, maxRetryCount }) => [retryCount, maxRetryCount]),
                [
                    [0, 5],
                    [1, 5],
                    [2, 5],
                ],
            );
            assert.match(runs[2]?.exception ?? "", /Exception: failure 2/);
            const { level } = await test.logged(/Soon retries will not be supported for function 'again'/);
            assert.equal(level, "warning");
        });

        it("takes the policy of host.json for functions without one", async () => {
            const policy = { strategy: "fixedDelay", maxRetryCount: 2, delayInterval: "00:00:00" };
            await open([withRetry("again", undefined)], { retry: policy });
            assert.equal((await answered()).length, 3);
        });

        it("repeats a timer's run without a warning", async () => {
            const timer = {
                name: "t",
                type: "timerTrigger",
                direction: "in",
                schedule: "0 0 0 1 1 *",
                runOnStartup: true,
            };
            const handler = seen.replace(
                "return",
                `(context.log.info ?? context.info).call(context, "DONE " + runs.length); return`,
            );
            await open([withRetry("again", retry, { bindings: [timer], handler })]);
            assert.match((await test.logged(/DONE/)).message, /DONE 3/);
            assert.ok(!test.entries.some(({ message }) => /Soon retries/.test(message)));
        });

        it("puts a function with a wrong policy in error, and runs the others", async () => {
            await open([withRetry("wrong", { ...retry, maxRetryCount: -7 }), withRetry("again", retry)]);
            assert.match((await test.logged(/'wrong' function is in error/)).message, /retry\.maxRetryCount is -7/);
            assert.equal((await fetch(test.url("/api/wrong"))).status, 404);
            assert.equal((await answered()).length, 3);
        });
    });
}
