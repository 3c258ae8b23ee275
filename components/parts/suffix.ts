import type * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString";
import { globalName } from "../shared/names";

/** A short random part for names that are unique in all of Azure; it stays the same for the life of the stack. */
export function createSuffix(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    return new RandomString(
        `${name}-suffix`,
        { length: 6, lower: true, numeric: true, upper: false, special: false },
        opts,
    ).result;
}

/** A name with the random part: nobody else has it, and a stack that is made anew gets another. */
export function uniqueName(
    suffix: pulumi.Output<string>,
    { base, max, compact }: { base: string; max: number; compact?: boolean },
): pulumi.Output<string> {
    return suffix.apply((known) => globalName({ base, suffix: known, max, compact }));
}
