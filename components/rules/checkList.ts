import * as pulumi from "@pulumi/pulumi";
import { type Checks, isLater, type Rule } from "../shared/checks";

/** Checks a list whose items may hold outputs: at once when all of it is plain, else when all is known. Answers it guarded. */
export function checkList<T, V>(
    checks: Checks,
    { path, value, rule }: { path: string; value: V; rule: Rule<readonly T[]> },
): V {
    const guarded = checks.input<readonly T[]>({
        path,
        // The caller's type says the same with inputs in it.
        value: (holdsLater(value) ? pulumi.output(value) : value) as pulumi.Input<readonly T[]> | undefined,
        rule,
    });
    return guarded as V;
}

function holdsLater(value: unknown): boolean {
    return isLater(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsLater));
}
