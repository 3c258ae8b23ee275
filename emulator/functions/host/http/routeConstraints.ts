/** Whether a route value fits a constraint. */
export type Constraint = (value: string) => boolean;

const int64 = 2n ** 63n;

/** The constraints of ASP.NET routing. Each is made from the text between its parentheses. */
const constraints: Record<string, (argument: string) => Constraint> = {
    alpha: () => matches(/^[a-z]*$/i),
    bool: () => matches(/^(true|false)$/i),
    datetime: () => (value) => !Number.isNaN(Date.parse(value)),
    decimal: () => isNumber,
    double: () => isNumber,
    float: () => isNumber,
    guid: () => matches(/^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i),
    int: () => (value) => /^[+-]?\d+$/.test(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31,
    long: () => (value) => /^[+-]?\d+$/.test(value) && BigInt(value) >= -int64 && BigInt(value) < int64,
    required: () => (value) => value !== "",
    minlength: (argument) => (value) => value.length >= Number(argument),
    maxlength: (argument) => (value) => value.length <= Number(argument),
    length: (argument) => {
        const [low, high = low] = argument.split(",").map(Number);
        return (value) => value.length >= low! && value.length <= high!;
    },
    min: (argument) => (value) => isInteger(value) && Number(value) >= Number(argument),
    max: (argument) => (value) => isInteger(value) && Number(value) <= Number(argument),
    range: (argument) => {
        const [low, high] = argument.split(",").map(Number);
        return (value) => isInteger(value) && Number(value) >= low! && Number(value) <= high!;
    },
    regex: (argument) => {
        const pattern = new RegExp(argument.replaceAll("\\\\", "\\").replaceAll("{{", "{").replaceAll("}}", "}"), "i");
        return (value) => pattern.test(value);
    },
};

/** Parses a constraint such as `int` or `length(2,4)`. Throws when its name is unknown. */
export function parseConstraint({ constraint, route }: { constraint: string; route: string }): Constraint {
    const [, name, argument = ""] = /^([^(]+)(?:\((.*)\))?$/.exec(constraint) ?? [];
    const make = name === undefined ? undefined : constraints[name.trim().toLowerCase()];
    if (make === undefined) {
        throw new Error(
            `Route '${route}': the constraint '${constraint}' is not known. Known are: ${Object.keys(constraints).join(", ")}.`,
        );
    }
    return make(argument);
}

function matches(pattern: RegExp): Constraint {
    return (value) => pattern.test(value);
}

function isNumber(value: string): boolean {
    return value.trim() !== "" && Number.isFinite(Number(value));
}

function isInteger(value: string): boolean {
    return /^[+-]?\d+$/.test(value);
}
