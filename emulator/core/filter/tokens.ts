/** An invalid filter. The message names the part and its fault. */
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
                throw new FilterError(
                    filter,
                    `Unexpected '${rest.slice(0, 20)}' at position ${filter.length - rest.length}.`,
                );
            }
            tokens.push({ kind: "end", text: "", position: filter.length });
            return tokens;
        }
        tokens.push(toToken(match, filter));
    }
}

function toToken(match: RegExpExecArray, filter: string): Token {
    const [all, quoted, integer, word, sign] = match;
    const position = match.index + all.length - all.trimStart().length;
    if (quoted !== undefined) {
        return { kind: "string", text: quoted.replaceAll("''", "'"), position };
    }
    if (integer !== undefined) {
        if (Number(integer) !== (Number(integer) | 0)) {
            throw new FilterError(filter, `Integer ${integer} does not fit in 32 bits.`);
        }
        return { kind: "integer", text: integer, position };
    }
    if (word !== undefined) {
        return { kind: "word", text: word, position };
    }
    return { kind: sign as TokenKind, text: sign ?? "", position };
}
