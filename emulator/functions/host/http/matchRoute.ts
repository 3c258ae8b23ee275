import type { RouteParameter, RouteSegment, RouteTemplate } from "../../../../rules/routeTemplate";
import { foldCase } from "../../../core/wildcards";

/**
 * The route's parameters when the path matches, else undefined. Missing optional ones are left out. Source: RoutePatternMatcher.cs of
 * dotnet/aspnetcore.
 */
export function matchRoute(options: { template: RouteTemplate; path: string }): Record<string, string> | undefined {
    const { segments } = options.template;
    const pieces = options.path.replace(/^\//, "").split("/");
    // A slash at the end of a path stands before nothing.
    const last = pieces.at(-1) === "" ? pieces.length - 1 : pieces.length;
    const params = new Map<string, string>();
    for (const [index, segment] of segments.entries()) {
        const parameter = segment.length === 1 && typeof segment[0] !== "string" ? segment[0] : undefined;
        if (parameter?.catchAll) {
            const rest = index < last ? decode(pieces.slice(index).join("/")) : undefined;
            return take({ parameter, value: rest, params }) ? Object.fromEntries(params) : undefined;
        }
        const piece = index < last ? pieces[index] : undefined;
        if (piece === "") {
            return undefined;
        }
        if (parameter !== undefined) {
            if (!take({ parameter, value: piece === undefined ? undefined : decode(piece), params })) {
                return undefined;
            }
        } else if (piece === undefined || !matchParts({ parts: segment, text: decode(piece), params })) {
            return undefined;
        }
    }
    return last > segments.length ? undefined : Object.fromEntries(params);
}

function take(options: { parameter: RouteParameter; value: string | undefined; params: Map<string, string> }): boolean {
    const { parameter, params } = options;
    const value = options.value ?? parameter.defaultValue;
    if (value === undefined) {
        return parameter.optional || (parameter.catchAll && parameter.constraints.length === 0);
    }
    if (!parameter.constraints.every((accepts) => accepts(value))) {
        return false;
    }
    params.set(parameter.name, value);
    return true;
}

/**
 * Matches a segment of literals and parameters as ASP.NET Core's RoutePatternMatcher does: from the right, each literal at its last occurrence, and
 * without a second try. An optional parameter after a dot may be missing together with the dot.
 */
function matchParts(options: { parts: RouteSegment; text: string; params: Map<string, string> }): boolean {
    const { parts, text, params } = options;
    const last = parts.at(-1);
    const isOptional = typeof last === "object" && last.optional && parts.at(-2) === ".";
    const values =
        matchFromRight({ parts, count: parts.length, text }) ??
        (isOptional && !text.endsWith(".") ? matchFromRight({ parts, count: parts.length - 2, text }) : undefined);
    return values?.every(({ parameter, value }) => take({ parameter, value, params })) === true;
}

interface Value {
    parameter: RouteParameter;
    value: string;
}

/** Matches the first `count` parts. */
function matchFromRight({
    parts,
    count,
    text,
}: {
    parts: RouteSegment;
    count: number;
    text: string;
}): Value[] | undefined {
    const folded = foldCase(text);
    const values: Value[] = [];
    let end = text.length;
    /** The parameter to the right of the next literal. */
    let open: RouteParameter | undefined;
    for (let index = count - 1; index >= 0; index--) {
        const part = parts[index] as string | RouteParameter;
        if (typeof part !== "string") {
            open = part;
            continue;
        }
        const literal = foldCase(part);
        // A parameter has one character at least.
        const latest = end - literal.length - (open === undefined ? 0 : 1);
        const at = latest < 0 ? -1 : folded.lastIndexOf(literal, latest);
        const after = at + literal.length;
        if (at < 0 || (index === parts.length - 1 && after !== text.length)) {
            return undefined;
        }
        if (open !== undefined) {
            values.push({ parameter: open, value: text.slice(after, end) });
            open = undefined;
        }
        end = at;
    }
    if (open === undefined) {
        return end === 0 ? values : undefined;
    }
    return end === 0 ? undefined : [...values, { parameter: open, value: text.slice(0, end) }];
}

/** Decodes as Kestrel does: a slash stays `%2F`, and what is no UTF-8 stays as it is. Source: UrlDecoder.cs of dotnet/aspnetcore. */
function decode(text: string): string {
    return text.replace(/%(?!2f)(?:[0-7][\da-f]|[c-f][\da-f](?:%[89ab][\da-f])+)/gi, (escaped) => {
        try {
            return decodeURIComponent(escaped);
        } catch {
            return escaped;
        }
    });
}
