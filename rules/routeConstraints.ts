/** Whether a route value fits a constraint. */
export type Constraint = (value: string) => boolean;

interface ConstraintKind {
    /** The type in ASP.NET Core, which its errors name. */
    type: string;
    /** How many arguments it takes. Defaults to none. */
    arguments?: readonly number[];
    /** Whether each argument is a whole number. Defaults to true. */
    numbers?: false;
    make(values: readonly string[]): Constraint;
}

const int64 = 2n ** 63n;

/** The constraints of ASP.NET Core routing. Source: RouteOptions.cs of dotnet/aspnetcore, GetDefaultConstraintMap. */
const kinds: ReadonlyMap<string, ConstraintKind> = new Map(
    Object.entries({
        int: { type: "IntRouteConstraint", make: () => isWholeNumber(2n ** 31n) },
        bool: { type: "BoolRouteConstraint", make: () => matches(/^\s*(true|false)\s*$/i) },
        datetime: { type: "DateTimeRouteConstraint", make: () => isDateTime },
        decimal: { type: "DecimalRouteConstraint", make: () => isDecimal },
        double: { type: "DoubleRouteConstraint", make: () => matches(float) },
        float: { type: "FloatRouteConstraint", make: () => matches(float) },
        guid: {
            type: "GuidRouteConstraint",
            make: () =>
                matches(
                    /^(?:[\da-f]{32}|(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})|[{(][\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}[})])$/i,
                ),
        },
        long: { type: "LongRouteConstraint", make: () => isWholeNumber(int64) },
        minlength: {
            type: "MinLengthRouteConstraint",
            arguments: [1],
            make:
                ([least]: readonly string[]) =>
                (value: string) =>
                    value.length >= Number(least),
        },
        maxlength: {
            type: "MaxLengthRouteConstraint",
            arguments: [1],
            make:
                ([most]: readonly string[]) =>
                (value: string) =>
                    value.length <= Number(most),
        },
        length: {
            type: "LengthRouteConstraint",
            arguments: [1, 2],
            make: ([low, high = low]: readonly string[]) => {
                return (value: string) => value.length >= Number(low) && value.length <= Number(high);
            },
        },
        min: {
            type: "MinRouteConstraint",
            arguments: [1],
            make: ([low]: readonly string[]) => isBetween(low, undefined),
        },
        max: {
            type: "MaxRouteConstraint",
            arguments: [1],
            make: ([high]: readonly string[]) => isBetween(undefined, high),
        },
        range: {
            type: "RangeRouteConstraint",
            arguments: [2],
            make: ([low, high]: readonly string[]) => isBetween(low, high),
        },
        alpha: { type: "AlphaRouteConstraint", make: () => matches(/^[a-z]*$/i) },
        regex: {
            type: "RegexInlineRouteConstraint",
            arguments: [1],
            numbers: false,
            make: ([pattern = ""]: readonly string[]) => matches(new RegExp(pattern, "i")),
        },
        required: { type: "RequiredRouteConstraint", make: () => (value: string) => value !== "" },
        file: { type: "FileNameRouteConstraint", make: () => isFileName },
        nonfile: { type: "NonFileNameRouteConstraint", make: () => (value: string) => !isFileName(value) },
    } satisfies Record<string, ConstraintKind>),
);

/** Parses a constraint such as `int` or `length(2,4)`. Throws in ASP.NET Core's words when there is none such. */
export function parseConstraint(options: { constraint: string; parameter: string; route: string }): Constraint {
    const { constraint, parameter, route } = options;
    const [, name = constraint, inside] = /^([^(]*)\(([\s\S]*)\)$/.exec(constraint) ?? [];
    const kind = kinds.get(name.toLowerCase());
    if (kind === undefined) {
        throw new Error(
            `The constraint entry '${parameter}' - '${constraint}' on the route '${route}' could not be resolved by the constraint ` +
                `resolver of type 'DefaultInlineConstraintResolver'. Known are: ${[...kinds.keys()].join(", ")}.`,
        );
    }
    const given =
        inside === undefined ? [] : kind.numbers === false ? [inside] : inside.split(",").map((part) => part.trim());
    const counts = kind.arguments ?? [0];
    if (!counts.includes(given.length)) {
        throw new Error(
            `Could not find a constructor for constraint type '${kind.type}' with the following number of parameters: ${given.length}.`,
        );
    }
    const wrong = kind.numbers === false ? undefined : given.find((part) => !/^[-+]?\d+$/.test(part));
    if (wrong !== undefined) {
        throw new Error(`The input string '${wrong}' was not in a correct format.`);
    }
    return kind.make(given);
}

function matches(pattern: RegExp): Constraint {
    return (value) => pattern.test(value);
}

// As .NET's NumberStyles.Float with AllowThousands reads it, which DoubleRouteConstraint.cs of dotnet/aspnetcore asks for.
const float = /^\s*[-+]?(?:(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|infinity|nan)\s*$/i;
/** As NumberStyles.Number reads it, which DecimalRouteConstraint.cs asks for: without an exponent. */
function isDecimal(value: string): boolean {
    return float.test(value) && !/[a-z]/i.test(value) && Math.abs(Number(value.replaceAll(",", ""))) < 7.93e28;
}

const dateWord =
    /^(?:[ap]m|t|z|gmt|(?:sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})$/;

/** What .NET's DateTime.TryParse takes with the invariant culture, in the forms that a path may hold; the day may be left out. */
function isDateTime(value: string): boolean {
    const words = value.toLowerCase().match(/[a-z]+/g) ?? [];
    const [, day] = /^\s*\d+-\d+-(\d\d?)(?!\d)/.exec(value) ?? [];
    const date = new Date(/^\s*\d+:/.test(value) ? `2000-1-1 ${value}` : value);
    // JavaScript takes a number and a word with a number for dates, and 30 February for 1 March.
    const isDate = !Number.isNaN(date.getTime()) && words.every((word) => dateWord.test(word)) && /\d\D+\d/.test(value);
    return isDate && (day === undefined || Number(day) - 1 <= date.getDate());
}

function isWholeNumber(limit: bigint): Constraint {
    return (value) => /^\s*[-+]?\d+\s*$/.test(value) && toBigInt(value) >= -limit && toBigInt(value) < limit;
}

function isBetween(low: string | undefined, high: string | undefined): Constraint {
    const fits = isWholeNumber(int64);
    return (value) =>
        fits(value) &&
        (low === undefined || toBigInt(value) >= toBigInt(low)) &&
        (high === undefined || toBigInt(value) <= toBigInt(high));
}

function toBigInt(text: string): bigint {
    return BigInt(text.trim().replace(/^\+/, ""));
}

/** A last part with a dot that something follows. Source: FileNameRouteConstraint.cs of dotnet/aspnetcore. */
function isFileName(value: string): boolean {
    const last = value.slice(value.lastIndexOf("/") + 1);
    const dot = last.indexOf(".");
    return dot >= 0 && dot + 1 < last.length && last.slice(dot + 1).replaceAll(".", "") !== "";
}
