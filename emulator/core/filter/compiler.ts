import { callFunction } from "./functionCalls";
import { type BinaryOperator, type Expression, printExpression } from "./parser";
import { FilterError } from "./tokens";
import { type Compiled, PartError, requireType } from "./types";

const names = new Map<string, Compiled>([
    ["userid", { type: "string", evaluate: (subject) => subject.userId ?? null }],
    ["connectionid", { type: "string", evaluate: (subject) => subject.connectionId }],
    ["groups", { type: "collection", evaluate: (subject) => subject.groups }],
    ["protocol", { type: "string", evaluate: (subject) => subject.protocol ?? null }],
]);

export function compileExpression(expression: Expression): Compiled {
    switch (expression.kind) {
        case "literal":
            return literal(expression.value);
        case "name":
            return names.get(expression.name.toLowerCase()) ?? notSupported(expression);
        case "not": {
            const operand = requireType({
                compiled: compileExpression(expression.operand),
                type: "bool",
                part: expression,
            });
            return { type: "bool", evaluate: (subject) => !operand.evaluate(subject) };
        }
        case "binary":
            return within(expression, () => compileBinary(expression));
        case "in":
            return within(expression, () => compileIn(expression));
        case "call":
            return within(expression, () => callFunction(expression, compileExpression));
        case "list":
            return notSupported(expression);
    }
}

function literal(value: string | number | boolean | null): Compiled {
    const type =
        value === null ? "null" : typeof value === "number" ? "int" : typeof value === "boolean" ? "bool" : "string";
    return { type, evaluate: () => value };
}

type Binary = Extract<Expression, { kind: "binary" }>;

function compileBinary(expression: Binary): Compiled {
    const { operator } = expression;
    if (operator === "and" || operator === "or") {
        return compileLogical(expression, operator);
    }
    const left = compileExpression(expression.left);
    const right = compileExpression(expression.right);
    if (operator === "eq") {
        return { type: "bool", evaluate: (subject) => left.evaluate(subject) === right.evaluate(subject) };
    }
    if (operator === "ne") {
        return { type: "bool", evaluate: (subject) => left.evaluate(subject) !== right.evaluate(subject) };
    }
    return compileOrder({ expression, operator, left, right });
}

/** Compiles a chain as one flat list, because recursion over a filter of a thousand rooms would overflow the stack. */
function compileLogical(expression: Binary, operator: "and" | "or"): Compiled {
    const parts: Compiled[] = [];
    let rest: Expression = expression;
    while (rest.kind === "binary" && rest.operator === operator) {
        parts.push(requireType({ compiled: compileExpression(rest.right), type: "bool", part: rest }));
        rest = rest.left;
    }
    parts.push(requireType({ compiled: compileExpression(rest), type: "bool", part: expression }));
    parts.reverse();
    return operator === "and"
        ? { type: "bool", evaluate: (subject) => parts.every((part) => part.evaluate(subject)) }
        : { type: "bool", evaluate: (subject) => parts.some((part) => part.evaluate(subject)) };
}

const orders: Record<Exclude<BinaryOperator, "and" | "or" | "eq" | "ne">, (a: number, b: number) => boolean> = {
    gt: (a, b) => a > b,
    ge: (a, b) => a >= b,
    lt: (a, b) => a < b,
    le: (a, b) => a <= b,
};

function compileOrder(options: {
    expression: Binary;
    operator: keyof typeof orders;
    left: Compiled;
    right: Compiled;
}): Compiled {
    const { expression, left, right } = options;
    if (left.type === "null" || right.type === "null") {
        return { type: "bool", evaluate: () => false };
    }
    requireType({ compiled: left, type: "int", part: expression });
    requireType({ compiled: right, type: "int", part: expression });
    const compare = orders[options.operator];
    return {
        type: "bool",
        evaluate(subject) {
            const a = left.evaluate(subject);
            const b = right.evaluate(subject);
            return typeof a === "number" && typeof b === "number" && compare(a, b);
        },
    };
}

function compileIn(expression: Extract<Expression, { kind: "in" }>): Compiled {
    const item = compileExpression(expression.item);
    if (expression.collection.kind === "list") {
        const values = expression.collection.items.map(compileExpression);
        return {
            type: "bool",
            evaluate(subject) {
                const wanted = item.evaluate(subject);
                return values.some((value) => value.evaluate(subject) === wanted);
            },
        };
    }
    const collection = compileExpression(expression.collection);
    if (collection.type === "string") {
        throw new PartError(`Invalid token ${printExpression(expression.collection)}.`);
    }
    requireType({ compiled: collection, type: "collection", part: expression });
    return {
        type: "bool",
        evaluate(subject) {
            const wanted = item.evaluate(subject);
            const values = collection.evaluate(subject);
            return typeof wanted === "string" && values instanceof Set && values.has(wanted);
        },
    };
}

function within(expression: Expression, compile: () => Compiled): Compiled {
    try {
        return compile();
    } catch (error) {
        throw error instanceof PartError ? new FilterError(printExpression(expression), error.message) : error;
    }
}

function notSupported(expression: Expression): never {
    throw new PartError(`Token '${printExpression(expression)}' is not supported.`);
}
