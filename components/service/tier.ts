import * as pulumi from "@pulumi/pulumi";
import { type Checks, isLater } from "../shared/checks";
import type { ServiceSku } from "./args";
import { isServiceSku } from "./sku";

/** A check that needs the pricing tier as well. It runs at once when both are plain, else when both are known. */
export function checkWithTier<T>(
    checks: Checks,
    path: string,
    question: {
        sku: pulumi.Input<string>;
        value: pulumi.Input<T> | undefined;
        rule: (sku: ServiceSku, value: T) => string | undefined;
    },
): pulumi.Input<T> | undefined {
    const { sku, value, rule } = question;
    if (value === undefined) {
        return undefined;
    }
    const answer = ({ known, given }: { known: string; given: T }) =>
        isServiceSku(known) && given !== undefined ? rule(known, given) : undefined;
    if (!isLater(sku)) {
        return checks.input<T>(path, value, (given) => answer({ known: sku as string, given }));
    }
    const both = pulumi.all([sku, value]).apply(([known, given]) => ({ known, given: given as T }));
    return checks.input(path, both, answer).apply(({ given }) => given);
}

type Inputs<V> = { [K in keyof V]: pulumi.Input<NonNullable<V[K]>> | undefined };

/** A check of several values against each other. Returns them, guarded where one is known later. */
export function checkTogether<V extends object>(
    checks: Checks,
    path: string,
    values: Inputs<V>,
    rule: (known: V) => string | undefined,
): Inputs<V> {
    if (!Object.values(values).some(isLater)) {
        checks.input(path, values, rule as never);
        return values;
    }
    const known = (pulumi.output(values) as pulumi.Output<unknown>).apply((all) => all as V);
    const guarded = checks.input(path, known, rule);
    const entries = (Object.keys(values) as (keyof V)[]).map((key) => [
        key,
        values[key] === undefined ? undefined : guarded.apply((all) => all[key]),
    ]);
    return Object.fromEntries(entries) as Inputs<V>;
}
