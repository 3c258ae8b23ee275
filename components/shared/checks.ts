import * as pulumi from "@pulumi/pulumi";

/** Says what is wrong with a value and what would be right, or nothing when it is right. */
export type Rule<T> = (value: T) => string | undefined;

/** Collects the faults of one component's args: plain values at once, outputs when their values are known. */
export interface Checks {
    /** Checks a plain value now and an output when it resolves. Returns the value to use from then on. */
    input<T, V extends pulumi.Input<T> | undefined = pulumi.Input<T> | undefined>(
        path: string,
        value: V,
        rule: Rule<T>,
    ): V;
    /** Checks a list whose items may be or hold outputs: at once when all of it is plain, else when all of it is known. */
    list<T, V>(path: string, value: V, rule: Rule<readonly T[]>): V;
    /** Checks a value that decides which resources exist, so that an output cannot be used for it. */
    plain<T>(path: string, value: T | undefined, rule: Rule<T>): void;
    fault(path: string, reason: string): void;
    /** A fault in words, with the component and the path as the caller spells it. */
    describe(path: string, reason: string): string;
    /** Warns of a value that Azure may refuse: a plain one after `refuse`, an output when it resolves. */
    advise<T>(path: string, value: pulumi.Input<T> | undefined, rule: Rule<T>): void;
    /** The same checks for one part of the args: every path below it starts with `prefix`. */
    at(prefix: string): Checks;
    /** Throws every fault found so far. Called once, before the first resource. */
    refuse(): void;
}

export function isLater(value: unknown): boolean {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

export function isKnown<T>(value: pulumi.Input<T>): value is T & pulumi.Input<T> {
    return !isLater(value);
}

/** Starts checking the args of one component, which errors call `component`. */
export function startChecks(component: string): Checks {
    return checksAt({ component, prefix: "", faults: [], warnings: [] });
}

interface Place {
    component: string;
    prefix: string;
    faults: pulumi.InputPropertyErrorDetails[];
    warnings: string[];
}

function checksAt(place: Place): Checks {
    const { component, prefix, faults, warnings } = place;
    const fault = (path: string, reason: string): void => {
        faults.push({ propertyPath: prefix + path, reason: `${prefix}${path}: ${reason}` });
    };
    const test = <T>(path: string, value: T, rule: Rule<T>): void => {
        const reason = rule(value);
        if (reason !== undefined) {
            fault(path, reason);
        }
    };
    const describe = (path: string, reason: string): string => `${component}: ${prefix}${path}: ${reason}`;
    return {
        fault,
        describe,
        at: (part) => checksAt({ ...place, prefix: prefix + part }),
        input(path, value, rule) {
            if (value === undefined) {
                return value;
            }
            if (!isLater(value)) {
                test(path, value as never, rule);
                return value;
            }
            const guarded = (pulumi.output(value) as pulumi.Output<unknown>).apply((known) => {
                const reason = known === undefined ? undefined : rule(known as never);
                if (reason !== undefined) {
                    throw lateError(describe(path, reason));
                }
                return known;
            });
            return guarded as pulumi.Output<unknown> as typeof value;
        },
        list(path, value, rule) {
            const whole = (holdsLater(value) ? pulumi.output(value) : value) as pulumi.Input<never> | undefined;
            return this.input<never>(path, whole, rule as unknown as Rule<never>) as typeof value;
        },
        plain(path, value, rule) {
            if (isLater(value)) {
                fault(path, unusableOutput);
            } else if (value !== undefined) {
                test(path, value, rule);
            }
        },
        advise<T>(path: string, value: pulumi.Input<T> | undefined, rule: Rule<T>) {
            const warningOf = (known: T): string | undefined => {
                const reason = rule(known);
                return reason === undefined ? undefined : describe(path, reason);
            };
            if (isLater(value)) {
                pulumi.output(value).apply((known) => {
                    const warning = known === undefined ? undefined : warningOf(known as T);
                    return warning === undefined ? undefined : pulumi.log.warn(warning);
                });
            } else if (value !== undefined) {
                const warning = warningOf(value as T);
                warnings.push(...(warning === undefined ? [] : [warning]));
            }
        },
        refuse() {
            if (faults.length > 0) {
                throw toError(component, faults);
            }
            for (const warning of warnings) {
                pulumi.log.warn(warning);
            }
        },
    };
}

/** What is wrong with an output where a plain value is needed. */
export const unusableOutput =
    "it is an output, and it decides which resources are made, which must be known before the update. Give a plain value.";

/** Looks at a value that is or holds outputs when all of it is known; `find` says every fault in words. */
export function checkLate<T, V>(value: V, find: (known: T) => string[]): V {
    if (!holdsLater(value)) {
        return value;
    }
    const guarded = (pulumi.output(value) as pulumi.Output<unknown>).apply((known) => {
        const faults = known === undefined ? [] : find(known as T);
        if (faults.length > 0) {
            throw lateError(faults.join("\n"));
        }
        return known;
    });
    return guarded as unknown as V;
}

export function holdsLater(value: unknown): boolean {
    return isLater(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsLater));
}

function toError(component: string, faults: pulumi.InputPropertyErrorDetails[]): Error {
    const [first] = faults;
    const lines = faults.map((fault) => `  ${fault.reason}`).join("\n");
    const error =
        first !== undefined && faults.length === 1
            ? new pulumi.InputPropertyError({
                  propertyPath: first.propertyPath,
                  reason: `${component}: ${first.reason}`,
              })
            : new pulumi.InputPropertiesError({
                  message: `${component} has ${faults.length} properties that cannot be used:\n${lines}`,
                  errors: faults,
              });
    // The mark of a RunError, which the SDK prints as its message alone, without frames of this package and the same faults again as JSON.
    return Object.assign(error, { __pulumiRunError: true });
}

/** The error for an output whose value turns out wrong. The SDK prints a RunError as its message alone. */
export function lateError(message: string): Error {
    return new pulumi.RunError(message);
}

/** A rule for a closed choice; its error lists the choices. */
export function oneOf(choices: Readonly<Record<string, string>> | readonly string[]): Rule<string> {
    const allowed = Object.values(choices);
    return (value) =>
        allowed.includes(value) ? undefined : `${show(value)} is not known. Allowed: ${allowed.join(", ")}.`;
}

/** A rule for a whole number in a closed range. */
export function wholeNumber(range: { min: number; max: number; unit?: string }): Rule<number> {
    const unit = range.unit === undefined ? "" : ` ${range.unit}`;
    return (value) =>
        Number.isInteger(value) && value >= range.min && value <= range.max
            ? undefined
            : `${show(value)} is out of range. Allowed: whole numbers from ${range.min} to ${range.max}${unit}.`;
}

/** A value as an error shows it: short, and without failing on what is no JSON. */
export function show(value: unknown): string {
    const text = typeof value === "object" && value !== null ? showObject(value) : showPlain(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function showPlain(value: unknown): string {
    return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function showObject(value: object): string {
    if (isLater(value)) {
        return "an output";
    }
    try {
        return JSON.stringify(value, (_key, part) => (isLater(part) ? "an output" : part));
    } catch {
        return "an object";
    }
}
