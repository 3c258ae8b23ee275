import { type Expression, printExpression } from "./parser";
import { FilterError } from "./tokens";

/** What a filter can ask about a connection. */
export interface FilterSubject {
    readonly connectionId: string;
    readonly userId: string | undefined;
    readonly groups: ReadonlySet<string>;
    readonly protocol?: string;
}

export type Value = string | number | boolean | null | ReadonlySet<string>;
export type ValueType = "string" | "int" | "bool" | "null" | "collection";

/** An expression ready to run. Its type is known before any connection is looked at, so a bad filter fails up front. */
export interface Compiled {
    type: ValueType;
    evaluate(subject: FilterSubject): Value;
}

/** A reason without the part it belongs to; the nearest operator or function around it adds that. */
export class PartError extends Error {}

/** The same expression, known to be of a type; `part` is what the error shows. */
export function requireType(options: { compiled: Compiled; type: ValueType; part: Expression }): Compiled {
    const { compiled, type, part } = options;
    if (compiled.type !== type) {
        throw new FilterError(printExpression(part), `Type '${compiled.type}', expect '${type}'.`);
    }
    return compiled;
}
