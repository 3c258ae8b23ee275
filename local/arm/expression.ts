/** A parsed template expression: the text between `[` and `]`. */
export type Expression =
    | { kind: "text"; value: string }
    | { kind: "number"; value: number }
    | { kind: "call"; name: string; args: Expression[] }
    | { kind: "member"; of: Expression; key: Expression };

const tokenPattern = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_][\w]*)|([()[\].,]))/y;

interface Token {
    kind: "text" | "number" | "name" | "sign";
    value: string;
}

function tokenize(source: string): Token[] {
    const tokens: Token[] = [];
    let position = 0;
    const end = source.trimEnd().length;
    while (position < end) {
        tokenPattern.lastIndex = position;
        const match = tokenPattern.exec(source);
        if (!match) {
            throw new Error(`template expression [${source}] has a syntax error at "${source.slice(position)}"`);
        }
        position = tokenPattern.lastIndex;
        const [, quoted, number, name, sign] = match;
        if (quoted !== undefined) {
            tokens.push({ kind: "text", value: quoted.replaceAll("''", "'") });
        } else if (number !== undefined) {
            tokens.push({ kind: "number", value: number });
        } else if (name !== undefined) {
            tokens.push({ kind: "name", value: name });
        } else {
            tokens.push({ kind: "sign", value: sign ?? "" });
        }
    }
    return tokens;
}

/** Characters of an expression. Source: Azure's limits of templates. */
const maxLength = 24_576;

/** Deeper expressions would overflow the stack. No expression of a person comes near it. */
const maxDepth = 200;

/** Parses a template expression without its brackets, such as `concat(parameters('a'), '/b')`. */
export function parseExpression(source: string): Expression {
    if (source.length > maxLength) {
        throw new Error(`a template expression has ${source.length} characters: ${maxLength} are the most`);
    }
    const tokens = tokenize(source);
    let next = 0;
    let depth = 0;
    const isSign = (value: string) => tokens[next]?.kind === "sign" && tokens[next]?.value === value;
    const expect = (value: string) => {
        if (!isSign(value)) {
            throw new Error(`template expression [${source}] lacks a "${value}"`);
        }
        next++;
    };

    let members = 0;
    function memberOf(of: Expression, key: Expression): Expression {
        if (++members > maxDepth) {
            throw new Error(`a template expression reads more than ${maxDepth} properties`);
        }
        return { kind: "member", of, key };
    }

    function readArguments(): Expression[] {
        const args: Expression[] = [];
        expect("(");
        while (!isSign(")")) {
            if (args.length > 0) {
                expect(",");
            }
            args.push(readExpression());
        }
        expect(")");
        return args;
    }

    function readExpression(): Expression {
        if (++depth > maxDepth) {
            throw new Error(`a template expression is nested deeper than ${maxDepth} levels`);
        }
        const read = readPlain();
        depth--;
        return read;
    }

    function readPlain(): Expression {
        const token = tokens[next++];
        let read: Expression;
        if (token?.kind === "text") {
            read = { kind: "text", value: token.value };
        } else if (token?.kind === "number") {
            read = { kind: "number", value: Number(token.value) };
        } else if (token?.kind === "name") {
            read = { kind: "call", name: token.value, args: readArguments() };
        } else {
            throw new Error(`template expression [${source}] needs a value where it has "${token?.value ?? ""}"`);
        }
        for (;;) {
            if (isSign(".")) {
                next++;
                const name = tokens[next++];
                if (name?.kind !== "name") {
                    throw new Error(`template expression [${source}] lacks a name after "."`);
                }
                read = memberOf(read, { kind: "text", value: name.value });
            } else if (isSign("[")) {
                next++;
                read = memberOf(read, readExpression());
                expect("]");
            } else {
                return read;
            }
        }
    }

    const expression = readExpression();
    if (next < tokens.length) {
        throw new Error(`template expression [${source}] has text after its end`);
    }
    return expression;
}
