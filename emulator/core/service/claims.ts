/** The claims of a token, whose types are checked. */
export interface Claims {
    [name: string]: unknown;
    sub?: string;
    aud?: string | string[];
    exp?: number;
    nbf?: number;
    iat?: number;
}

/** A token is refused. The message gives the reason and repeats nothing of the token but its audience. */
export class TokenError extends Error {
    override readonly name = "TokenError";
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => Number.isFinite(value);
const isTexts: Check = (value) => isText(value) || (Array.isArray(value) && value.every(isText));

/** The claims that the services read, and what each may be. Any other claim may be any JSON, because it only goes on to the handlers. */
const known = new Map<string, { check: Check; words: string }>([
    ["aud", { check: isTexts, words: "a text or a list of texts" }],
    ["sub", { check: isText, words: "a text" }],
    ["nameid", { check: isText, words: "a text" }],
    ["asrs.s.uid", { check: isText, words: "a text" }],
    ["exp", { check: isNumber, words: "a number" }],
    ["nbf", { check: isNumber, words: "a number" }],
    ["iat", { check: isNumber, words: "a number" }],
    ["role", { check: isTexts, words: "a text or a list of texts" }],
    ["webpubsub.group", { check: isTexts, words: "a text or a list of texts" }],
]);

/** How deep a claim may be nested. Handlers get claims as texts, and writing a deep one would overflow the stack. */
const maxDepth = 64;

/** Checks the types of a decoded token's claims once, so that nobody after this has to. Throws `TokenError`. */
export function checkClaims(decoded: unknown): Claims {
    if (typeof decoded !== "object" || decoded === null || Array.isArray(decoded)) {
        throw new TokenError("The token is not a JWT.");
    }
    for (const [name, value] of Object.entries(decoded)) {
        const rule = known.get(name);
        if (rule !== undefined && !rule.check(value)) {
            throw new TokenError(`The token's '${name}' claim is not ${rule.words}.`);
        }
        if (rule === undefined && isDeep(value)) {
            throw new TokenError(`A claim of the token is nested deeper than ${maxDepth} levels.`);
        }
    }
    return decoded as Claims;
}

function isDeep(value: unknown): boolean {
    let level = [value];
    for (let depth = 0; level.length > 0; depth++) {
        if (depth > maxDepth) {
            return true;
        }
        level = level.flatMap((item): unknown[] =>
            typeof item === "object" && item !== null ? Object.values(item) : [],
        );
    }
    return false;
}
