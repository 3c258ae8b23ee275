/** Decides about one path inside the folder, with `/` between its parts and at the end of a folder's path. */
export type IgnoreRules = (path: string) => boolean;

interface Rule {
    negative: boolean;
    foldersOnly: boolean;
    parts: readonly Part[];
}

/** A part of a pattern between slashes: any number of folders, or a pattern for one name. */
type Part = "folders" | readonly Item[];

/** Matches one character; `star` matches any number of them. */
type Item = "star" | "one" | { literal: string } | { set: RegExp };

const anyName: Part = ["star"];

/**
 * Reads rules in gitignore's words; the last rule that matches a path decides, and case does not count. The work for a path is at most its length
 * times the length of the rule: a regular expression, as gitignore libraries use, takes minutes for `*a*a*a*a*a` and a long name.
 * A path inside an ignored folder is not asked about.
 */
export function readIgnoreRules(lines: readonly string[]): IgnoreRules {
    const lastFirst = lines.flatMap((line) => readRule(line) ?? []).reverse();
    return (path) => {
        const isFolder = path.endsWith("/");
        const names = path.toLowerCase().replace(/\/$/, "").split("/");
        const decisive = lastFirst.find(
            ({ foldersOnly, parts }) => (isFolder || !foldersOnly) && matchPath(parts, names),
        );
        return decisive !== undefined && !decisive.negative;
    };
}

function readRule(line: string): Rule | undefined {
    if (line.startsWith("#")) {
        return undefined;
    }
    const negative = line.startsWith("!");
    const text = trimEnd(negative ? line.slice(1) : line);
    const foldersOnly = text.endsWith("/") && !isEscaped(text, text.length - 1);
    const path = foldersOnly ? text.slice(0, -1) : text;
    if (path === "") {
        return undefined;
    }
    const parts: Part[] = [];
    for (const part of path.replace(/^\//, "").split("/")) {
        const items = /^\*\*+$/.test(part) ? "folders" : readItems(part);
        if (items === undefined) {
            return undefined;
        }
        if (!(items === "folders" && parts.at(-1) === "folders")) {
            parts.push(items);
        }
    }
    if (parts.at(-1) === "folders") {
        // Everything inside, but not the folder itself.
        parts.push(anyName);
    }
    // A pattern without a slash matches at every depth.
    return { negative, foldersOnly, parts: path.includes("/") ? parts : ["folders", ...parts] };
}

/** Removes blanks at the end. A blank after a backslash stays. */
function trimEnd(text: string): string {
    const end = text.trimEnd().length;
    return end < text.length && isEscaped(text, end) ? text.slice(0, end + 1) : text.slice(0, end);
}

function isEscaped(text: string, position: number): boolean {
    let before = position - 1;
    while (text[before] === "\\") {
        before--;
    }
    return (position - before) % 2 === 0;
}

/** Undefined when the pattern is not valid, so that its rule matches nothing. */
function readItems(text: string): Item[] | undefined {
    const items: Item[] = [];
    for (let at = 0; at < text.length; at++) {
        const sign = text[at] as string;
        if (sign === "*") {
            if (items.at(-1) !== "star") {
                items.push("star");
            }
        } else if (sign === "?") {
            items.push("one");
        } else if (sign === "[") {
            const set = readSet(text, at);
            if (set === undefined) {
                return undefined;
            }
            items.push({ set: set.set });
            at = set.end;
        } else {
            at += sign === "\\" ? 1 : 0;
            const literal = text[at];
            if (literal === undefined) {
                return undefined;
            }
            items.push({ literal: literal.toLowerCase() });
        }
    }
    return items;
}

/** Named sets, such as `[[:alpha:]]`. Source: git's own table, which knows ASCII only. */
const namedSets = new Map([
    ["alnum", "0-9A-Za-z"],
    ["alpha", "A-Za-z"],
    ["blank", " \\t"],
    ["cntrl", "\\x00-\\x1f\\x7f"],
    ["digit", "0-9"],
    ["graph", "!-~"],
    ["lower", "a-z"],
    ["print", " -~"],
    ["punct", "!-\\/:-@\\[-`{-~"],
    ["space", " \\t\\n\\r"],
    ["upper", "A-Z"],
    ["xdigit", "0-9A-Fa-f"],
]);

/** Reads `[a-z]` or `[!a-z]`, whose first member may be `]`. The expression tests one character, so it cannot backtrack. */
function readSet(text: string, start: number): { set: RegExp; end: number } | undefined {
    const negated = text[start + 1] === "!" || text[start + 1] === "^";
    let source = "";
    let lower: string | undefined;
    const first = start + (negated ? 2 : 1);
    for (let at = first; at < text.length; at++) {
        if (text[at] === "]" && at > first) {
            return { set: new RegExp(`^[${negated ? "^" : ""}${source}]$`, "is"), end: at };
        }
        const named = /^\[:(\w*):\]/.exec(text.slice(at, at + 12));
        if (named !== null) {
            const set = namedSets.get(named[1] as string);
            if (set === undefined) {
                return undefined;
            }
            source += set;
            lower = undefined;
            at += named[0].length - 1;
            continue;
        }
        const isRange = text[at] === "-" && lower !== undefined && at + 1 < text.length && text[at + 1] !== "]";
        at += isRange ? 1 : 0;
        at += text[at] === "\\" ? 1 : 0;
        const member = text[at] ?? "";
        if (!isRange) {
            source += escapeMember(member);
            lower = member;
        } else {
            source += (lower as string) <= member ? `-${escapeMember(member)}` : "";
            lower = undefined;
        }
    }
    return undefined;
}

function escapeMember(member: string): string {
    return /[\\\]^[-]/.test(member) ? `\\${member}` : member;
}

/** Matches names against parts. After a failure, only the last "folders" takes one more name. */
function matchPath(parts: readonly Part[], names: readonly string[]): boolean {
    return matchSequence(names.length, parts, {
        isStar: (part) => part === "folders",
        fits: (part, at) => matchName(part as readonly Item[], names[at] as string),
    });
}

function matchName(items: readonly Item[], name: string): boolean {
    return matchSequence(name.length, items, {
        isStar: (item) => item === "star",
        fits: (item, at) => matchItem(item, name.charAt(at)),
    });
}

function matchItem(item: Item, character: string): boolean {
    if (typeof item === "string") {
        return true;
    }
    return "literal" in item ? item.literal === character : item.set.test(character);
}

/** Whether the pattern, in which a star takes any number of items, fits all items. */
function matchSequence<P>(
    length: number,
    pattern: readonly P[],
    { isStar, fits }: { isStar(piece: P): boolean; fits(piece: P, at: number): boolean },
): boolean {
    let next = 0;
    let star = -1;
    let starEnd = 0;
    for (let at = 0; at < length; ) {
        const piece = pattern[next];
        if (piece !== undefined && isStar(piece)) {
            star = next++;
            starEnd = at;
        } else if (piece !== undefined && fits(piece, at)) {
            next++;
            at++;
        } else if (star >= 0) {
            next = star + 1;
            at = ++starEnd;
        } else {
            return false;
        }
    }
    return pattern.slice(next).every(isStar);
}
