import { compileWildcards, type WildcardPart } from "../core/wildcards";

const maxLength = 1024;
const maxStars = 5;

/** The group pattern of a role: one name, all names, or a test. */
export type GroupPattern = { literal: string } | { all: true } | { matches(group: string): boolean };

/**
 * Reads a pattern: `*` matches one part between dots, `**` any number of parts, `?` one character that is not a dot,
 * and a backslash makes the next of these characters plain. Throws with the reason when the pattern is not valid.
 */
export function parseGroupPattern(pattern: string): GroupPattern {
    if (pattern === "" || pattern.length > maxLength) {
        throw new Error(`a pattern has 1 to ${maxLength} characters`);
    }
    const parts: string[] = pattern.match(/\\[*?\\]|\\|\*+|\?|[^\\*?]+/g) ?? [];
    if (parts.includes("\\")) {
        throw new Error("a backslash stands before *, ? or another backslash");
    }
    const stars = parts.filter(isStars).reduce((count, part) => count + part.length, 0);
    if (stars > maxStars) {
        throw new Error(`a pattern has at most ${maxStars} stars`);
    }
    if (parts.length === 1 && isStars(pattern) && pattern.length > 1) {
        return { all: true };
    }
    if (!parts.some((part) => isStars(part) || part === "?")) {
        return { literal: parts.map(plain).join("") };
    }
    return { matches: compileWildcards(parts.map(toPart)) };
}

function isStars(part: string): boolean {
    return part.startsWith("*");
}

function plain(part: string): string {
    return part.startsWith("\\") ? part.slice(1) : part;
}

function toPart(part: string): WildcardPart {
    if (isStars(part)) {
        return { kind: part.length === 1 ? "part" : "any" };
    }
    return part === "?" ? { kind: "one" } : { kind: "literal", text: plain(part) };
}
