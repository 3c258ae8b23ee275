import * as pulumi from "@pulumi/pulumi";

/** Says what is wrong with a value and what would be right, or nothing when it is right. */
export type Rule<T> = (value: T) => string | undefined;

export interface Check<T> {
    /** Where the value stands in the args, as a caller writes it: `hubs[1].name`. */
    path: string;
    value: T;
    rule: Rule<T>;
}

/** Faults of one component's args: plain values at once, values known later when they are known. */
export interface Checks {
    /** Checks a plain value now and an output when it resolves; answers what to use from then on. */
    input<T, V extends pulumi.Input<T> | undefined = pulumi.Input<T> | undefined>(check: {
        path: string;
        value: V;
        rule: Rule<T>;
    }): V;
    /** Checks a value that is never an output. */
    plain<T>(check: Check<T>): void;
    fault(path: string, reason: string): void;
    /** Throws every fault found so far. Called once, before the first resource. */
    refuse(): void;
}

export function isLater(value: unknown): boolean {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

export function startChecks(component: string): Checks {
    const faults: pulumi.InputPropertyErrorDetails[] = [];
    return {
        input(check) {
            const { path, value, rule } = check;
            if (value === undefined) {
                return value;
            }
            if (isLater(value)) {
                const later = pulumi.output(value) as pulumi.Output<unknown>;
                return later.apply((known) => {
                    const reason = known === undefined ? undefined : rule(known as never);
                    if (reason !== undefined) {
                        throw lateError(`${component}: ${path}: ${reason}`);
                    }
                    return known;
                }) as pulumi.Output<unknown> as typeof value;
            }
            const reason = rule(value as never);
            if (reason !== undefined) {
                this.fault(path, reason);
            }
            return value;
        },
        plain({ path, value, rule }) {
            const reason = rule(value);
            if (reason !== undefined) {
                this.fault(path, reason);
            }
        },
        fault(path, reason) {
            faults.push({ propertyPath: path, reason: `${path}: ${reason}` });
        },
        refuse() {
            if (faults.length > 0) {
                throw toError(component, faults);
            }
        },
    };
}

function toError(component: string, faults: pulumi.InputPropertyErrorDetails[]): Error {
    const [first] = faults;
    if (first !== undefined && faults.length === 1) {
        return new pulumi.InputPropertyError({
            propertyPath: first.propertyPath,
            reason: `${component}: ${first.reason}`,
        });
    }
    const lines = faults.map((fault) => `  ${fault.reason}`).join("\n");
    return new pulumi.InputPropertiesError({
        message: `${component} has ${faults.length} properties that cannot be used:\n${lines}`,
        errors: faults,
    });
}

/** The error for a value that is wrong once it is known. The SDK shows a RunError by its message; for others it prints the whole graph. */
export function lateError(message: string): Error {
    return new pulumi.RunError(message);
}

/** A rule for a closed choice; names what is allowed. */
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

export function show(value: unknown): string {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
