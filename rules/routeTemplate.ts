import { type Constraint, parseConstraint } from "./routeConstraints";

export interface RouteParameter {
    name: string;
    constraints: Constraint[];
    optional: boolean;
    catchAll: boolean;
    defaultValue?: string;
}

/** The literal texts and parameters of one segment of a path, in order. */
export type RouteSegment = readonly (string | RouteParameter)[];

/** A parsed route template. */
export interface RouteTemplate {
    text: string;
    segments: RouteSegment[];
}

/**
 * Parses a template such as `products/{category:alpha}/{id:int?}` or `{*rest}`. Throws in ASP.NET Core's words when it is malformed.
 * Source: RoutePatternParser.cs and RouteParameterParser.cs of dotnet/aspnetcore.
 */
export function parseRouteTemplate(text: string): RouteTemplate {
    if (text.startsWith("~") && !text.startsWith("~/")) {
        throw new Error("The route template cannot start with a '~' character unless followed by a '/'.");
    }
    const trimmed = text.replace(/^~?\//, "");
    const names = new Set<string>();
    const texts = splitSegments(trimmed);
    // A slash at the end is allowed; two of them are not.
    const used = texts.at(-1) === "" ? texts.slice(0, -1) : texts;
    if (used.includes("")) {
        throw new Error(
            "The route template separator character '/' cannot appear consecutively. It must be separated by either a parameter or a literal value.",
        );
    }
    const segments = used.map((segment) => parseSegment({ segment, text, names }));
    if (segments.slice(0, -1).some((parts) => parts.some((part) => typeof part !== "string" && part.catchAll))) {
        throw new Error("A catch-all parameter can only appear as the last segment of the route template.");
    }
    return { text, segments };
}

/** Slashes inside braces belong to a constraint, such as `{path:regex(^a/b$)}`. Doubled braces are text. */
function splitSegments(text: string): string[] {
    const segments: string[] = [];
    let inParameter = false;
    let current = "";
    for (let index = 0; index < text.length; index += 1) {
        const character = text[index] ?? "";
        const isDoubled = (character === "{" || character === "}") && text[index + 1] === character;
        if (isDoubled) {
            current += character + character;
            index += 1;
        } else if (character === "/" && !inParameter) {
            segments.push(current);
            current = "";
        } else {
            inParameter = character === "{" || (inParameter && character !== "}");
            current += character;
        }
    }
    return [...segments, current];
}

const incomplete =
    "There is an incomplete parameter in the route template. Check that each '{' character has a matching '}' character.";

function parseSegment({ segment, text, names }: { segment: string; text: string; names: Set<string> }): RouteSegment {
    const parts: (string | RouteParameter)[] = [];
    let literal = "";
    for (let index = 0; index < segment.length; index += 1) {
        const character = segment[index] ?? "";
        if ((character === "{" || character === "}") && segment[index + 1] === character) {
            literal += character;
            index += 1;
        } else if (character === "{") {
            if (literal !== "") {
                parts.push(checkLiteral(literal));
                literal = "";
            }
            const end = endOfParameter(segment, index);
            parts.push(parseParameter({ body: segment.slice(index + 1, end), text, names }));
            index = end;
        } else if (character === "}") {
            throw new Error(incomplete);
        } else {
            literal += character;
        }
    }
    if (literal !== "") {
        parts.push(checkLiteral(literal));
    }
    checkParts(parts);
    return parts;
}

function endOfParameter(segment: string, start: number): number {
    for (let index = start + 1; index < segment.length; index += 1) {
        const character = segment[index];
        const isDoubled = segment[index + 1] === character;
        if (character === "{") {
            if (!isDoubled) {
                throw new Error(
                    index + 1 < segment.length
                        ? "In a route parameter, '{' and '}' must be escaped with '{{' and '}}'."
                        : incomplete,
                );
            }
            index += 1;
        } else if (character === "}") {
            if (!isDoubled) {
                return index;
            }
            index += 1;
        }
    }
    throw new Error(incomplete);
}

function checkLiteral(literal: string): string {
    if (literal.includes("?")) {
        throw new Error(
            `The literal section '${literal}' is invalid. Literal sections cannot contain the '?' character.`,
        );
    }
    return literal;
}

function checkParts(parts: RouteSegment): void {
    const shown = parts.map(showPart);
    const optional = parts.findIndex((part) => typeof part !== "string" && part.optional);
    if (parts.length > 1 && parts.some((part) => typeof part !== "string" && part.catchAll)) {
        throw new Error(
            "A path segment that contains more than one section, such as a literal section or a parameter, cannot contain a catch-all parameter.",
        );
    }
    if (parts.length > 1 && optional >= 0) {
        const name = (parts[optional] as RouteParameter).name;
        if (optional < parts.length - 1) {
            throw new Error(
                `An optional parameter must be at the end of the segment. In the segment '${shown.join("")}', optional parameter ` +
                    `'${name}' is followed by '${shown[optional + 1]}'.`,
            );
        }
        if (parts[optional - 1] !== ".") {
            throw new Error(
                `In the segment '${shown.join("")}', the optional parameter '${name}' is preceded by an invalid segment ` +
                    `'${shown[optional - 1]}'. Only a period (.) can precede an optional parameter.`,
            );
        }
    }
    if (parts.some((part, index) => typeof part !== "string" && index > 0 && typeof parts[index - 1] !== "string")) {
        throw new Error(
            "A path segment cannot contain two consecutive parameters. They must be separated by a '/' or by a literal string.",
        );
    }
}

function showPart(part: string | RouteParameter): string {
    return typeof part === "string" ? part : `{${part.catchAll ? "*" : ""}${part.name}${part.optional ? "?" : ""}}`;
}

function parseParameter({ body, text, names }: { body: string; text: string; names: Set<string> }): RouteParameter {
    const decoded = body.replaceAll("}}", "}").replaceAll("{{", "{");
    const [stars = ""] = /^\*{0,2}/.exec(decoded) ?? [];
    const optional = decoded.endsWith("?");
    if (stars !== "" && optional) {
        throw new Error("A catch-all parameter cannot be marked optional.");
    }
    const inside = decoded.slice(stars.length, optional ? -1 : undefined);
    // A name may begin with a colon or an equals sign.
    const [name = ""] = /^[\s\S][^:=]*/.exec(inside) ?? [];
    const { constraints, defaultValue } = parsePolicies(inside.slice(name.length));
    if (optional && defaultValue !== undefined) {
        throw new Error("An optional parameter cannot have default value.");
    }
    if (name === "" || /[/{}?*]/.test(name)) {
        throw new Error(
            `The route parameter name '${name}' is invalid. Route parameter names must be non-empty and cannot contain these ` +
                "characters: '{', '}', '/'. The '?' character marks a parameter as optional, and can occur only at the end of the " +
                "parameter. The '*' character marks a parameter as catch-all, and can occur only at the start of the parameter.",
        );
    }
    if (names.has(name.toLowerCase())) {
        throw new Error(`The route parameter name '${name}' appears more than one time in the route template.`);
    }
    names.add(name.toLowerCase());
    return {
        name,
        constraints: constraints.map((constraint) => parseConstraint({ constraint, parameter: name, route: text })),
        optional,
        catchAll: stars !== "",
        ...(defaultValue === undefined ? {} : { defaultValue }),
    };
}

/** The constraints and the default value behind a parameter's name: `:int:min(1)=5`. */
function parsePolicies(text: string): { constraints: string[]; defaultValue?: string } {
    const constraints: string[] = [];
    let at = 0;
    while (text[at] === ":") {
        const end = endOfConstraint(text, at + 1);
        constraints.push(text.slice(at + 1, end));
        at = end;
    }
    return {
        constraints: constraints.filter((constraint) => constraint !== ""),
        ...(text[at] === "=" && { defaultValue: text.slice(at + 1) }),
    };
}

/** Inside parentheses, a colon or an equals sign belongs to the constraint as long as a closing parenthesis follows. */
function endOfConstraint(text: string, start: number): number {
    let at = start;
    while (at < text.length && text[at] !== "(") {
        if (text[at] === ":" || text[at] === "=") {
            return at;
        }
        at++;
    }
    for (; at < text.length; at++) {
        const next = text[at + 1];
        if (text[at] === ")" && (next === undefined || next === ":" || next === "=")) {
            return at + 1;
        }
        if (text[at] === ":" || text[at] === "=") {
            const closing = text.indexOf(")", at + 1);
            if (closing < 0) {
                return at;
            }
            at = closing;
        }
    }
    return at;
}
