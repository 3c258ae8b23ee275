/** A piece of a pattern. */
export type WildcardPart =
    | { kind: "literal"; text: string }
    /** One character that is not a dot. */
    | { kind: "one" }
    /** Any number of characters that are not dots. */
    | { kind: "part" }
    /** Any number of characters. */
    | { kind: "any" };

export interface WildcardOptions {
    /** Defaults to false. */
    ignoreCase?: boolean;
}

/** Texts and single characters side by side, which have one length together; or a star. */
type Step = { kind: "fixed"; units: readonly number[] } | { kind: "part" } | { kind: "any" };

/** In a fixed step: any character but a dot. */
const hole = -1;
const dot = 0x2e;

/**
 * Compiles a pattern whose parts must match a whole text. Goes through the text once for each star, so that the work is at most the length of
 * the text times the length of the pattern. A regular expression would try every way to split the text among the stars.
 */
export function compileWildcards(
    parts: readonly WildcardPart[],
    { ignoreCase = false }: WildcardOptions = {},
): (text: string) => boolean {
    const fold = ignoreCase ? foldCase : (text: string) => text;
    const steps = toSteps(parts, fold);
    return (given) => matches(steps, fold(given));
}

function toSteps(parts: readonly WildcardPart[], fold: (text: string) => string): Step[] {
    const steps: Step[] = [];
    for (const part of parts) {
        if (part.kind === "part" || part.kind === "any") {
            steps.push(part);
            continue;
        }
        const units = part.kind === "one" ? [hole] : toUnits(fold(part.text));
        const last = steps.at(-1);
        if (last?.kind === "fixed") {
            steps[steps.length - 1] = { kind: "fixed", units: [...last.units, ...units] };
        } else {
            steps.push({ kind: "fixed", units });
        }
    }
    return steps;
}

function toUnits(text: string): number[] {
    return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** Positions of the text up to which the pattern matches, as flags, with the first and the last of them. */
interface Reached {
    flags: Uint8Array;
    first: number;
    last: number;
}

function matches(steps: readonly Step[], text: string): boolean {
    const [only] = steps;
    if (steps.length === 1 && only?.kind === "fixed") {
        return only.units.length === text.length && isAt(only.units, { text, at: 0 });
    }
    let reached: Reached = { flags: new Uint8Array(text.length + 1).fill(1, 0, 1), first: 0, last: 0 };
    for (const step of steps) {
        const next = advance(step, { reached, text });
        if (next.first < 0) {
            return false;
        }
        reached = next;
    }
    return reached.flags[text.length] === 1;
}

/** The positions after one more step. `first` is negative when there are none. */
function advance(step: Step, { reached, text }: { reached: Reached; text: string }): Reached {
    const { flags, first, last } = reached;
    const next: Reached = { flags: new Uint8Array(flags.length), first: -1, last: -1 };
    const add = (position: number): void => {
        next.flags[position] = 1;
        next.first = next.first < 0 ? position : next.first;
        next.last = position;
    };
    switch (step.kind) {
        case "fixed": {
            const { units } = step;
            const latest = Math.min(last, text.length - units.length);
            for (let at = first; at <= latest; at++) {
                if (flags[at] === 1 && isAt(units, { text, at })) {
                    add(at + units.length);
                }
            }
            return next;
        }
        case "part":
            for (let at = first, inside = false; at <= text.length && (inside || at <= last); at++) {
                inside ||= flags[at] === 1;
                if (inside) {
                    add(at);
                }
                inside &&= text.charCodeAt(at) !== dot;
            }
            return next;
        case "any":
            return { flags: next.flags.fill(1, first), first, last: text.length };
    }
}

function isAt(units: readonly number[], { text, at }: { text: string; at: number }): boolean {
    for (let index = 0; index < units.length; index++) {
        const unit = text.charCodeAt(at + index);
        if (units[index] === hole ? unit === dot : units[index] !== unit) {
            return false;
        }
    }
    return true;
}

/** Maps each character to its upper case where that is a single character, so that positions stay as they are. */
export function foldCase(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has no character that changes length, and nearly all texts are ASCII.
    return /^[\x00-\x7f]*$/.test(text) ? text.toUpperCase() : text.replace(/[^\x00-\x40\x5b-\x60\x7b-\x7f]/g, foldUnit);
}

function foldUnit(unit: string): string {
    const upper = unit.toUpperCase();
    // A letter outside of ASCII never equals one inside.
    return upper.length === 1 && (unit < "\x80" || upper >= "\x80") ? upper : unit;
}
