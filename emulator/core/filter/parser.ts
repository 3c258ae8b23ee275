import { FilterError, type Token, tokenize } from "./tokens";

export type BinaryOperator = "or" | "and" | "eq" | "ne" | "gt" | "ge" | "lt" | "le";

export type Expression =
    | { kind: "literal"; value: string | number | boolean | null }
    | { kind: "name"; name: string }
    | { kind: "not"; operand: Expression }
    | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
    | { kind: "in"; item: Expression; collection: Expression }
    | { kind: "list"; items: Expression[] }
    | { kind: "call"; name: string; arguments: Expression[] };

/** The service refuses filters that are nested deeper. */
const maxDepth = 100;

/** How tightly an operator binds; `not`, `in` and calls bind tighter than all of these. */
const precedence: Record<BinaryOperator, number> = { or: 1, and: 2, eq: 3, ne: 3, gt: 3, ge: 3, lt: 3, le: 3 };

/** Reads an OData filter. `and` binds tighter than `or`, so in `a or b and not c` the `not c` belongs to `b` alone. */
export function parseFilter(filter: string): Expression {
    const tokens = tokenize(filter);
    let at = 0;
    let depth = 0;

    const peek = (): Token => tokens[at] as Token;
    const next = (): Token => tokens[at++] as Token;

    function fail(expected: string, { position }: Token): never {
        throw new FilterError(filter, `${expected} expected at position ${position} in '${filter}'.`);
    }

    function expect(kind: "(" | ")", expected: string): void {
        if (peek().kind !== kind) {
            fail(expected, peek());
        }
        at++;
    }

    function nested<T>(read: () => T): T {
        if (++depth > maxDepth) {
            throw new FilterError(filter, `It is nested deeper than ${maxDepth} levels.`);
        }
        const result = read();
        depth--;
        return result;
    }

    function binary(lowest: number): Expression {
        let left = nested(unary);
        for (;;) {
            const operator = binaryOperator(peek());
            if (operator === undefined || precedence[operator] < lowest) {
                return left;
            }
            at++;
            left = { kind: "binary", operator, left, right: nested(() => binary(precedence[operator] + 1)) };
        }
    }

    function unary(): Expression {
        if (isWord(peek(), "not")) {
            at++;
            return { kind: "not", operand: nested(unary) };
        }
        const item = primary();
        if (!isWord(peek(), "in")) {
            return item;
        }
        at++;
        return { kind: "in", item, collection: peek().kind === "(" ? list() : primary() };
    }

    function list(): Expression {
        return { kind: "list", items: commaSeparated() };
    }

    function commaSeparated(): Expression[] {
        expect("(", "'('");
        const items: Expression[] = [];
        if (peek().kind !== ")") {
            items.push(nested(() => binary(0)));
            while (peek().kind === ",") {
                at++;
                items.push(nested(() => binary(0)));
            }
        }
        expect(")", "')' or ','");
        return items;
    }

    function primary(): Expression {
        const token = next();
        switch (token.kind) {
            case "string":
                return { kind: "literal", value: token.text };
            case "integer":
                return { kind: "literal", value: Number(token.text) };
            case "(": {
                const inner = nested(() => binary(0));
                expect(")", "')' or operator");
                return inner;
            }
            case "word":
                return word(token);
            default:
                return fail("Expression", token);
        }
    }

    function word(token: Token): Expression {
        if (peek().kind === "(" && !reserved.has(token.text)) {
            return { kind: "call", name: token.text, arguments: commaSeparated() };
        }
        if (constants.has(token.text)) {
            return { kind: "literal", value: constants.get(token.text) ?? null };
        }
        return reserved.has(token.text) ? fail("Expression", token) : { kind: "name", name: token.text };
    }

    const expression = binary(0);
    if (peek().kind !== "end") {
        throw new FilterError(filter, `Syntax error at position ${peek().end} in '${filter}'.`);
    }
    return expression;
}

const constants = new Map<string, boolean | null>([
    ["true", true],
    ["false", false],
    ["null", null],
]);
const reserved = new Set<string>([...Object.keys(precedence), "not", "in"]);

function isWord(token: Token, text: string): boolean {
    return token.kind === "word" && token.text === text;
}

function binaryOperator(token: Token): BinaryOperator | undefined {
    return token.kind === "word" && Object.hasOwn(precedence, token.text) ? (token.text as BinaryOperator) : undefined;
}

/** Prints an expression for an error message. */
export function printExpression(expression: Expression): string {
    switch (expression.kind) {
        case "literal":
            return typeof expression.value === "string" ? `'${expression.value}'` : String(expression.value);
        case "name":
            return expression.name;
        case "not":
            return `not ${wrap(expression.operand)}`;
        case "binary":
            return `${wrap(expression.left)} ${expression.operator} ${wrap(expression.right)}`;
        case "in":
            return `${printExpression(expression.item)} in ${printExpression(expression.collection)}`;
        case "list":
            return `(${expression.items.map(printExpression).join(",")})`;
        case "call":
            return `${expression.name}(${expression.arguments.map(printExpression).join(",")})`;
    }
}

function wrap(expression: Expression): string {
    const text = printExpression(expression);
    return expression.kind === "binary" || expression.kind === "not" || expression.kind === "in" ? `(${text})` : text;
}
