import type * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString";
import { type Rule, show } from "./checks";

interface NameRule {
    pattern: RegExp;
    max: number;
    words: string;
}

// Azure's resource name rules; the hub pattern is the subset that every client and tool accepts.
const nameRules = {
    service: {
        pattern: /^[a-zA-Z][a-zA-Z0-9-]{1,61}[a-zA-Z0-9]$/,
        max: 63,
        words: "3-63 letters, digits and hyphens, a letter first, no hyphen last",
    },
    hub: {
        pattern: /^[A-Za-z][A-Za-z0-9_]{0,127}$/,
        max: 128,
        words: "1-128 letters, digits and underscores, a letter first",
    },
    functionApp: {
        pattern: /^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$/,
        max: 60,
        words: "2-60 letters, digits and hyphens, no hyphen first or last",
    },
    storageAccount: { pattern: /^[a-z0-9]{3,24}$/, max: 24, words: "3-24 lower case letters and digits" },
    vault: {
        pattern: /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
        max: 24,
        words: "3-24 letters, digits and single hyphens, a letter first, no hyphen last",
    },
    resourceGroup: {
        pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
        max: 90,
        words: "1-90 letters, digits, underscores, hyphens, periods and parentheses, no period last",
    },
    /** Stem of app setting names, so it must be a legal environment variable. */
    connection: {
        pattern: /^[A-Za-z][A-Za-z0-9_]{0,99}$/,
        max: 100,
        words: "1-100 letters, digits and underscores, a letter first",
    },
    plan: {
        pattern: /^[a-zA-Z0-9-]{1,60}$/,
        max: 60,
        words: "1-60 letters, digits and hyphens",
    },
    identity: {
        pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
        max: 128,
        words: "3-128 letters, digits, hyphens and underscores, a letter or digit first",
    },
    insights: {
        pattern: /^[a-zA-Z0-9_().-]{0,259}[a-zA-Z0-9_()-]$/,
        max: 260,
        words: "1-260 letters, digits, underscores, hyphens, periods and parentheses, no period last",
    },
    workspace: {
        pattern: /^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/,
        max: 63,
        words: "4-63 letters, digits and hyphens, no hyphen first or last",
    },
    virtualNetwork: {
        pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9_]$/,
        max: 64,
        words: "2-64 letters, digits, underscores, hyphens and periods, a letter or digit first, no hyphen or period last",
    },
    role: { pattern: /^[a-z0-9][a-z0-9-]{0,39}$/, max: 40, words: "1-40 lower case letters, digits and hyphens" },
} satisfies Record<string, NameRule>;

export type NamedThing = keyof typeof nameRules;

/** A rule whose error says which characters and lengths are allowed, and how long a name is that is too long. */
export function nameRule(thing: NamedThing): Rule<string> {
    const { pattern, max, words } = nameRules[thing];
    return (value) => {
        if (typeof value === "string" && pattern.test(value)) {
            return undefined;
        }
        const tooLong = typeof value === "string" && value.length > max ? `, ${value.length} characters,` : "";
        return `${show(value)}${tooLong} is not a valid name. Allowed: ${words}.`;
    };
}

/**
 * A short random part for names that are unique in all of Azure. It is kept in the stack's state, so a stack that is destroyed and
 * created again gets another one, and no deleted name that Azure still holds is in its way.
 */
export function createSuffix(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    return new RandomString(
        `${name}-suffix`,
        { length: 6, lower: true, numeric: true, upper: false, special: false },
        opts,
    ).result;
}

export interface NameParts {
    /** The component's name, whatever its characters. */
    base: string;
    max: number;
    /** Letters and digits only, for storage accounts. */
    compact?: boolean;
}

/** {@link globalName} with a suffix that is known later. */
export function uniqueName(suffix: pulumi.Output<string>, parts: NameParts): pulumi.Output<string> {
    return suffix.apply((known) => globalName({ ...parts, suffix: known }));
}

/** A name that nobody else in Azure has: the base, cut to fit, and the random part. */
export function globalName({ base, suffix, max, compact }: NameParts & { suffix: string }): string {
    const separator = compact ? "" : "-";
    const legal = base
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, separator)
        .replace(/^[^a-z]+/, "");
    const cut = legal.slice(0, max - separator.length - suffix.length).replace(/(?<!-)-+$/, "");
    return cut === "" ? `app${separator}${suffix}` : `${cut}${separator}${suffix}`;
}

/** Cuts a name that is only unique inside its resource group. */
export function fitName(name: string, max: number): string {
    return name.length <= max ? name : name.slice(0, max).replace(/(?<![-.])[-.]+$/, "");
}
