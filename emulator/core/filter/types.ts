import { type Expression, printExpression } from "./parser";
import { FilterError } from "./tokens";

/** The properties of a connection that a filter can read. */
export interface FilterSubject {
    readonly connectionId: string;
    readonly userId: string | undefined;
    readonly groups: ReadonlySet<string>;
    readonly protocol?: string;
}

export type Value = string | number | boolean | null | ReadonlySet<string>;
export type ValueType = "string" | "int" | "bool" | "null" | "collection";

/** A compiled expression. Its type is known before any connection is looked at, so a bad filter fails at once. */
export interface Compiled {
    type: ValueType;
    evaluate(subject: FilterSubject): Value;
}

/** A fault without the part that has it. The nearest operator or function around it adds the part. */
export class PartError extends Error {}

/** Returns the expression when it has the type, and throws otherwise. The error shows `part`. */
export function requireType(options: { compiled: Compiled; type: ValueType; part: Expression }): Compiled {
    const { compiled, type, part } = options;
    if (compiled.type !== type) {
        throw new FilterError(printExpression(part), `Type '${compiled.type}', expect '${type}'.`);
    }
    return compiled;
}
