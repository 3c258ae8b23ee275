/**
 * How deep the service reads JSON. Deeper texts are refused, because code that walks a value recursively would overflow the stack.
 * Source: .NET's JsonDocument, with which the vendor's own emulator reads messages, refuses more than 64 levels.
 */
const maxDepth = 64;

/** How deep a file may be nested that this project or Pulumi wrote. Its readers walk it recursively. */
export const maxFileDepth = 500;

/** JSON is nested deeper than its reader goes. */
export class JsonDepthError extends SyntaxError {
    override readonly name = "JsonDepthError";

    constructor(deepest: number) {
        super(`it is nested deeper than ${deepest} levels`);
    }
}

/** Parses JSON that somebody else wrote. Throws `SyntaxError`, which is a `JsonDepthError` for a text that is nested too deep. */
export function parseJson(text: string, deepest = maxDepth): unknown {
    requireShallow(text, deepest);
    return JSON.parse(text);
}

/** Checks a text that a library parses. Throws `JsonDepthError`. */
export function requireShallow(text: string, deepest = maxDepth): void {
    if (isDeeper(text, deepest)) {
        throw new JsonDepthError(deepest);
    }
}

const quote = 0x22;
const backslash = 0x5c;

function isDeeper(text: string, deepest: number): boolean {
    // Each level takes one character at least, so nearly all messages of clients need no look.
    if (text.length <= deepest) {
        return false;
    }
    let depth = 0;
    for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index);
        if (code === quote) {
            index = endOfText(text, index + 1);
        } else if (code === 0x5b || code === 0x7b) {
            if (++depth > deepest) {
                return true;
            }
        } else if (code === 0x5d || code === 0x7d) {
            depth--;
        }
    }
    return false;
}

/**
 * The members of a JSON object by name, each as its sender spelled it: every digit, escape and repeated name. Of two members with the
 * same name the last one counts, as in `JSON.parse`. The text has to be valid JSON. Source: GetRawText of .NET's JsonElement.
 */
export function rawMembers(text: string, onRepeated?: (name: string) => void): Map<string, string> {
    const members = new Map<string, string>();
    let name: string | undefined;
    let start = 0;
    let depth = 0;
    for (let index = 0; index < text.length; index++) {
        const mark = text[index] as string;
        if (mark === '"') {
            const end = endOfText(text, index + 1);
            if (depth === 1) {
                name ??= JSON.parse(text.slice(index, end + 1)) as string;
            }
            index = end;
        } else if (mark === "{" || mark === "[") {
            depth++;
        } else if (mark === ":" && depth === 1) {
            start = index + 1;
        } else if (mark === "," || mark === "}" || mark === "]") {
            if (depth === 1 && name !== undefined) {
                if (members.has(name)) {
                    onRepeated?.(name);
                }
                members.set(name, text.slice(start, index).trim());
                name = undefined;
            }
            depth -= mark === "," ? 0 : 1;
        }
    }
    return members;
}

/** A list or an object with each of its values changed; any other value stays. */
export function mapValues(value: unknown, change: (inner: unknown) => unknown): unknown {
    if (Array.isArray(value)) {
        return value.map((inner) => change(inner));
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]))
        : value;
}

/** Position of the quote that ends a text. */
function endOfText(text: string, start: number): number {
    let end = text.indexOf('"', start);
    while (end >= 0 && isEscaped(text, end)) {
        end = text.indexOf('"', end + 1);
    }
    return end < 0 ? text.length : end;
}

function isEscaped(text: string, position: number): boolean {
    let before = position - 1;
    while (text.charCodeAt(before) === backslash) {
        before--;
    }
    return (position - before) % 2 === 0;
}
