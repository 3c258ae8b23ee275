/** One construction of a component in a program's text. */
export interface ComponentCall {
    component: string;
    /** The name of the resource. */
    name: string;
    /** Text of each property's value, by the property's name in the program. */
    properties: Record<string, string>;
}

const closing: Record<string, string> = { "(": ")", "{": "}", "[": "]" };

/** The text between a bracket and its closing bracket. Ignores brackets in strings. */
function inside(text: string, start: number): string {
    const open: string[] = [];
    for (let at = start; at < text.length; at++) {
        const char = text[at] ?? "";
        if (char === '"') {
            at = endOfString(text, at);
        } else if (closing[char] !== undefined) {
            open.push(closing[char]);
        } else if (char === open.at(-1)) {
            open.pop();
            if (open.length === 0) {
                return text.slice(start + 1, at);
            }
        }
    }
    throw new Error(`the bracket at ${start} is not closed`);
}

function endOfString(text: string, start: number): number {
    for (let at = start + 1; at < text.length; at++) {
        if (text[at] === "\\") {
            at++;
        } else if (text[at] === '"') {
            return at;
        }
    }
    throw new Error(`the string at ${start} does not end`);
}

/** Splits a text at its commas, except at those inside brackets and strings. */
function parts(text: string): string[] {
    const found: string[] = [];
    let depth = 0;
    let begin = 0;
    for (let at = 0; at < text.length; at++) {
        const char = text[at] ?? "";
        if (char === '"') {
            at = endOfString(text, at);
        } else if ("({[".includes(char)) {
            depth++;
        } else if (")}]".includes(char)) {
            depth--;
        } else if (char === "," && depth === 0) {
            found.push(text.slice(begin, at));
            begin = at + 1;
        }
    }
    return [...found, text.slice(begin)].map((part) => part.trim()).filter((part) => part !== "");
}

export interface CallSyntax {
    /** Matches the text before the arguments. The group is the component. */
    call: RegExp;
    /** The text between a property's name and its value. */
    assignment: string;
    /** Whether braces enclose the properties. Otherwise they are among the arguments. */
    braces: boolean;
    /** Whether a builder sets the properties: `.builder().name(value).build()`. */
    chained?: boolean;
    /** Whether what is constructed has no name of its own, as types have none. */
    unnamed?: boolean;
}

/** Every component that a program constructs. Works for any language, because it reads only brackets, strings and commas. */
export function componentCalls(text: string, syntax: CallSyntax): ComponentCall[] {
    return [...text.matchAll(syntax.call)].map((match) => {
        const component = match[1] ?? "";
        if (syntax.chained && syntax.unnamed) {
            return { component, name: "", properties: chain(text.slice(match.index + match[0].length)) };
        }
        const given = parts(inside(text, match.index + match[0].length - 1));
        const nameAt = syntax.unnamed ? -1 : given.findIndex((part) => part.startsWith('"'));
        const rest = given.slice(nameAt + 1);
        const name = syntax.unnamed ? "" : JSON.parse(given[nameAt] ?? '""');
        if (syntax.chained) {
            return { component, name, properties: chain((rest[0] ?? "").replace(/^\w+\.builder\(\)/, "")) };
        }
        const brace = rest[0]?.indexOf("{") ?? -1;
        const assignments = syntax.braces ? parts(inside(rest[0] ?? "", brace)) : rest;
        return { component, name, properties: assigned(assignments, syntax.assignment) };
    });
}

function assigned(assignments: string[], assignment: string): Record<string, string> {
    return Object.fromEntries(
        assignments.map((part) => {
            const at = part.indexOf(assignment);
            return [part.slice(0, at).trim(), part.slice(at + assignment.length).trim()];
        }),
    );
}

/** The calls of a builder up to `build()`. */
function chain(text: string): Record<string, string> {
    const found: Record<string, string> = {};
    let rest = text;
    for (;;) {
        const [whole = "", name = ""] = /^\s*\.(\w+)\(/.exec(rest) ?? [];
        if (name === "" || name === "build") {
            return found;
        }
        const value = inside(rest, whole.length - 1);
        found[name] = value.trim();
        rest = rest.slice(whole.length + value.length + 1);
    }
}
