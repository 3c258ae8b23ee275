import fc from "fast-check";

/** A parser of text or bytes that somebody else writes. */
export interface Target {
    name: string;
    /** Inputs that broke a parser of this kind once, and others that are worth keeping. They are tried first. */
    examples: readonly unknown[];
    input: fc.Arbitrary<unknown>;
    /** Parses an input. May throw what its callers expect: errors of these classes. */
    parse(input: never): void;
    expected: readonly (new (...args: never[]) => Error)[];
}

export function target<T>(options: {
    name: string;
    examples?: readonly T[];
    input: fc.Arbitrary<T>;
    parse(input: T): void;
    expected?: readonly (new (...args: never[]) => Error)[];
}): Target {
    const { examples = [], expected = [], ...rest } = options;
    return { ...rest, examples, expected, parse: options.parse as (input: never) => void };
}

/** The longest time for one input, in milliseconds. All inputs are short, so that a longer time means a hang. */
const longest = 150;

/** Milliseconds of the processor, because a busy machine lets a process wait. */
function timeOf(run: () => void): number {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
}

/** Throws a finding: an error that no caller expects, or an input that takes too long. */
export function check({ parse, expected }: Target, input: unknown): void {
    const run = (): void => {
        try {
            parse(input as never);
        } catch (error) {
            if (!expected.some((known) => error instanceof known)) {
                throw error;
            }
        }
    };
    // The collection of garbage may fall into one run, but hardly into three.
    let best = timeOf(run);
    for (let count = 0; count < 2 && best > longest; count++) {
        best = Math.min(best, timeOf(run));
    }
    if (best > longest) {
        throw new Error(`the input took ${Math.round(best)} ms`);
    }
}

export interface Finding {
    target: string;
    /** The smallest input that was found. */
    input: unknown;
    seed: number;
    error: string;
}

export interface Round {
    cases: number;
    finding: Finding | undefined;
}

/** Tries a target with new inputs, and makes the first finding as small as it gets. */
export function tryTarget(fuzzed: Target, options: { seed: number; cases: number; milliseconds: number }): Round {
    const details = fc.check(
        fc.property(fuzzed.input, (input) => check(fuzzed, input)),
        {
            seed: options.seed,
            numRuns: options.cases,
            examples: fuzzed.examples.map((example) => [example] as [unknown]),
            interruptAfterTimeLimit: options.milliseconds,
        },
    );
    const failed = details.counterexample;
    return {
        cases: details.numRuns,
        finding:
            failed === null
                ? undefined
                : {
                      target: fuzzed.name,
                      input: failed[0],
                      seed: details.seed,
                      error: String(details.errorInstance ?? "unknown"),
                  },
    };
}

/** Shows an input in a form that can be pasted into a test. */
export function show(input: unknown): string {
    if (ArrayBuffer.isView(input)) {
        return `Buffer.from("${Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString("hex")}", "hex")`;
    }
    const text = fc.stringify(input);
    return text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length} characters)` : text;
}
