import { type Expression, printExpression } from "./parser";
import { type Compiled, type FilterSubject, PartError, requireType, type Value, type ValueType } from "./types";

type Call = Extract<Expression, { kind: "call" }>;

interface FilterFunction {
    result: ValueType;
    /** Types of the arguments; a `?` at the end marks an optional one. */
    parameters: readonly ("string" | "int" | "int?")[];
    /** Result when an argument that must be text is null. */
    whenNull: Value;
    run(...values: readonly Value[]): Value;
}

const text = (value: Value | undefined): string => value as string;

const functions = new Map<string, FilterFunction>(
    Object.entries<FilterFunction>({
        tolower: {
            result: "string",
            parameters: ["string"],
            whenNull: null,
            run: (value) => text(value).toLowerCase(),
        },
        toupper: {
            result: "string",
            parameters: ["string"],
            whenNull: null,
            run: (value) => text(value).toUpperCase(),
        },
        trim: { result: "string", parameters: ["string"], whenNull: null, run: (value) => text(value).trim() },
        contains: predicate((value, part) => value.includes(part)),
        startswith: predicate((value, part) => value.startsWith(part)),
        endswith: predicate((value, part) => value.endsWith(part)),
        indexof: {
            result: "int",
            parameters: ["string", "string"],
            whenNull: -1,
            run: (value, part) => text(value).indexOf(text(part)),
        },
        substring: { result: "string", parameters: ["string", "int", "int?"], whenNull: null, run: substring },
    }),
);

/** Compiles a call. Throws when the function, or the number or type of its arguments, is not one the service knows. */
export function callFunction(call: Call, compile: (argument: Expression) => Compiled): Compiled {
    const known = functions.get(call.name);
    if (known === undefined && call.name !== "length" && call.name !== "concat") {
        throw new PartError(`Token '${printExpression(call)}' is not supported.`);
    }
    const values = call.arguments.map(compile);
    if (call.name === "length") {
        return compileLength(call, values);
    }
    if (known === undefined) {
        return compileConcat(call, values);
    }
    requireCount({
        call,
        values,
        least: known.parameters.filter((type) => type !== "int?").length,
        most: known.parameters.length,
    });
    for (const [index, compiled] of values.entries()) {
        const type = known.parameters[index] === "string" ? "string" : "int";
        if (!(type === "string" && compiled.type === "null")) {
            requireType({ compiled, type, part: call });
        }
    }
    return {
        type: known.result,
        evaluate(subject) {
            const evaluated = values.map((value) => value.evaluate(subject));
            return evaluated.includes(null) ? known.whenNull : known.run(...evaluated);
        },
    };
}

function predicate(test: (value: string, part: string) => boolean): FilterFunction {
    return {
        result: "bool",
        parameters: ["string", "string"],
        whenNull: false,
        run: (value, part) => test(text(value), text(part)),
    };
}

/** A range outside the text gives null instead of an error, because the next connection's text may be longer. */
function substring(value?: Value, from?: Value, count?: Value): Value {
    const source = text(value);
    const start = from as number;
    const length = count === undefined ? source.length - start : (count as number);
    const inside = start >= 0 && start <= source.length && length >= 0 && length <= source.length - start;
    return inside ? source.substring(start, start + length) : null;
}

function compileLength(call: Call, values: readonly Compiled[]): Compiled {
    const [value] = requireCount({ call, values, least: 1, most: 1 });
    if (value === undefined || value.type === "int" || value.type === "bool") {
        throw invalid(call);
    }
    return {
        type: "int",
        evaluate(subject: FilterSubject) {
            const measured = value.evaluate(subject);
            return typeof measured === "string" ? measured.length : measured instanceof Set ? measured.size : null;
        },
    };
}

/** A null part adds nothing to the text. The result is null only when both parts are. */
function compileConcat(call: Call, values: readonly Compiled[]): Compiled {
    requireCount({ call, values, least: 2, most: 2 });
    for (const compiled of values) {
        if (compiled.type !== "null") {
            requireType({ compiled, type: "string", part: call });
        }
    }
    return {
        type: "string",
        evaluate(subject) {
            const parts = values.map((value) => value.evaluate(subject)).filter((part) => part !== null);
            return parts.length === 0 ? null : parts.join("");
        },
    };
}

function requireCount(options: {
    call: Call;
    values: readonly Compiled[];
    least: number;
    most: number;
}): readonly Compiled[] {
    if (options.values.length < options.least || options.values.length > options.most) {
        throw invalid(options.call);
    }
    return options.values;
}

function invalid(call: Call): PartError {
    return new PartError(`Invalid token '${printExpression(call)}'.`);
}
