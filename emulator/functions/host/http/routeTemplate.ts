import { type Constraint, parseConstraint } from "./routeConstraints";

interface Parameter {
    name: string;
    constraints: Constraint[];
    optional: boolean;
    catchAll: boolean;
    defaultValue?: string;
}

interface Segment {
    /** Lower ranks match first: literals, then constrained parameters, then plain ones, then catch-alls. */
    rank: number;
    /** Literal texts and parameters, in order. */
    parts: (string | Parameter)[];
}

/** A parsed route template. */
export interface RouteTemplate {
    text: string;
    segments: Segment[];
}

/** Parses a template such as `products/{category:alpha}/{id:int?}` or `{*rest}`. Throws when it is malformed. */
export function parseRouteTemplate(text: string): RouteTemplate {
    const trimmed = text.replace(/^~?\/+|\/+$/g, "");
    const segments = trimmed === "" ? [] : splitSegments(trimmed).map((segment) => parseSegment({ segment, text }));
    const misplaced = segments.slice(0, -1).some(({ parts }) => parts.some((p) => typeof p !== "string" && p.catchAll));
    if (misplaced) {
        throw new Error(`Route '${text}': a catch-all parameter must be the last part.`);
    }
    return { text, segments };
}

/** The route's parameters when the path matches, else undefined. Missing optional ones are left out. */
export function matchRoute(options: { template: RouteTemplate; path: string }): Record<string, string> | undefined {
    const given = options.path.replace(/^\/+|\/+$/g, "");
    const pieces = given === "" ? [] : given.split("/");
    const params: Record<string, string> = {};
    const { segments } = options.template;
    for (const [index, segment] of segments.entries()) {
        const parameter =
            segment.parts.length === 1 && typeof segment.parts[0] !== "string" ? segment.parts[0] : undefined;
        if (parameter?.catchAll) {
            const rest = pieces.slice(index).map(decode).join("/");
            return take({ parameter, value: rest === "" ? undefined : rest, params }) ? params : undefined;
        }
        const piece = pieces[index];
        if (parameter !== undefined) {
            if (!take({ parameter, value: piece === undefined ? undefined : decode(piece), params })) {
                return undefined;
            }
        } else if (piece === undefined || !matchParts({ parts: segment.parts, text: decode(piece), params })) {
            return undefined;
        }
    }
    return pieces.length > segments.length ? undefined : params;
}

/** Orders templates as the router does, more literal ones first. */
export function compareRoutes(left: RouteTemplate, right: RouteTemplate): number {
    const length = Math.max(left.segments.length, right.segments.length);
    for (let index = 0; index < length; index += 1) {
        const difference = (left.segments[index]?.rank ?? 0) - (right.segments[index]?.rank ?? 0);
        if (difference !== 0) {
            return difference;
        }
    }
    return 0;
}

function take(options: { parameter: Parameter; value: string | undefined; params: Record<string, string> }): boolean {
    const { parameter, params } = options;
    const value = options.value ?? parameter.defaultValue;
    if (value === undefined) {
        return parameter.optional || parameter.catchAll;
    }
    if (!parameter.constraints.every((accepts) => accepts(value))) {
        return false;
    }
    params[parameter.name] = value;
    return true;
}

function matchParts(options: { parts: Segment["parts"]; text: string; params: Record<string, string> }): boolean {
    const { parts, text, params } = options;
    const pattern = parts.map((part) => (typeof part === "string" ? escapePattern(part) : "(.+?)")).join("");
    const match = new RegExp(`^${pattern}$`, "i").exec(text);
    if (match === null) {
        return false;
    }
    const parameters = parts.filter((part): part is Parameter => typeof part !== "string");
    return parameters.every((parameter, index) => take({ parameter, value: match[index + 1], params }));
}

/** Slashes inside braces belong to a constraint, such as `{path:regex(^a/b$)}`. */
function splitSegments(text: string): string[] {
    const segments: string[] = [];
    let depth = 0;
    let current = "";
    for (const character of text) {
        depth += character === "{" ? 1 : character === "}" ? -1 : 0;
        if (character === "/" && depth === 0) {
            segments.push(current);
            current = "";
        } else {
            current += character;
        }
    }
    return [...segments, current];
}

function parseSegment({ segment, text }: { segment: string; text: string }): Segment {
    const parts: Segment["parts"] = [];
    let position = 0;
    while (position < segment.length) {
        if (segment[position] !== "{") {
            const end = segment.indexOf("{", position);
            parts.push(segment.slice(position, end < 0 ? undefined : end));
            position = end < 0 ? segment.length : end;
            continue;
        }
        const end = closingBrace(segment, position);
        if (end < 0) {
            throw new Error(`Route '${text}': '{' without '}'.`);
        }
        parts.push(parseParameter({ body: segment.slice(position + 1, end), text }));
        position = end + 1;
    }
    const parameter = parts.find((part): part is Parameter => typeof part !== "string");
    const rank =
        parameter === undefined
            ? 1
            : (parameter.catchAll ? 5 : 3) - (parameter.constraints.length > 0 || parts.length > 1 ? 1 : 0);
    return { rank, parts };
}

function closingBrace(text: string, start: number): number {
    let depth = 0;
    for (let index = start; index < text.length; index += 1) {
        depth += text[index] === "{" ? 1 : text[index] === "}" ? -1 : 0;
        if (depth === 0) {
            return index;
        }
    }
    return -1;
}

function parseParameter({ body, text }: { body: string; text: string }): Parameter {
    const match = /^(\*{0,2})([^:=?]+)((?::(?:[^:=?(]+(?:\(.*?\)(?=:|=|\?|$))?))*)(\?)?(?:=(.*))?$/.exec(body);
    if (match === null) {
        throw new Error(`Route '${text}': the parameter '{${body}}' is not valid.`);
    }
    const [, stars, name, constraints, optional, defaultValue] = match;
    const names = constraints === "" ? [] : constraints!.slice(1).split(/:(?![^(]*\))/);
    return {
        name: name!,
        constraints: names.map((constraint) => parseConstraint({ constraint, route: text })),
        optional: optional === "?",
        catchAll: stars !== "",
        ...(defaultValue === undefined ? {} : { defaultValue }),
    };
}

function escapePattern(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function decode(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}
