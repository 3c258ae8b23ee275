/** An invalid filter, in the words of the service where a recording or the source of its parser, OData/odata.net, shows them. The message names the part and its fault. */
export class FilterError extends Error {
    override readonly name = "FilterError";
    constructor(part: string, reason: string) {
        super(`Invalid syntax for '${part}': ${reason} (Parameter 'filter')`);
    }
}

export type TokenKind = "string" | "integer" | "word" | "(" | ")" | "," | "end";

export interface Token {
    kind: TokenKind;
    /** The token's value: a string without its quotes, its doubled quotes made single. */
    text: string;
    position: number;
    /** Position after the token. */
    end: number;
}

const pattern = /\s*(?:'((?:[^']|'')*)'|(-?\d+)(?![\w.])|([A-Za-z_]\w*)|([(),]))/y;

export function tokenize(filter: string): Token[] {
    const tokens: Token[] = [];
    pattern.lastIndex = 0;
    for (;;) {
        const position = pattern.lastIndex;
        const match = pattern.exec(filter);
        if (match === null) {
            const rest = filter.slice(position).trimStart();
            if (rest !== "") {
                throw new FilterError(filter, lexicalFault(filter, rest));
            }
            tokens.push({ kind: "end", text: "", position: filter.length, end: filter.length });
            return tokens;
        }
        tokens.push(toToken(match, filter));
    }
}

function lexicalFault(filter: string, rest: string): string {
    if (rest.startsWith("'")) {
        return `There is an unterminated string literal at position ${filter.length} in '${filter}'.`;
    }
    const position = filter.length - rest.length;
    return `Syntax error: character '${[...rest][0]}' is not valid at position ${position} in '${filter}'.`;
}

function toToken(match: RegExpExecArray, filter: string): Token {
    const [all, quoted, integer, word, sign] = match;
    const position = match.index + all.length - all.trimStart().length;
    const end = match.index + all.length;
    if (quoted !== undefined) {
        return { kind: "string", text: quoted.replaceAll("''", "'"), position, end };
    }
    if (integer !== undefined) {
        if (Number(integer) !== (Number(integer) | 0)) {
            throw new FilterError(filter, `Integer ${integer} does not fit in 32 bits.`);
        }
        return { kind: "integer", text: integer, position, end };
    }
    if (word !== undefined) {
        return { kind: "word", text: word, position, end };
    }
    return { kind: sign as TokenKind, text: sign ?? "", position, end };
}
