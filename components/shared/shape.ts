import * as pulumi from "@pulumi/pulumi";
import { type Checks, isLater, lateError, oneOf, type Rule, show, unusableOutput } from "./checks";

/**
 * What an argument may be made of. TypeScript checks its own callers; a JavaScript program, a cast or another language can give
 * anything, and a rule that meets the wrong kind of value would fail with an error that names nothing.
 */
export interface Shape {
    kind: "text" | "number" | "flag" | "list" | "map" | "object";
    /** Items of a list, values of a map. */
    of?: Shape;
    /** Properties of an object. */
    properties?: Readonly<Record<string, Shape>>;
    /** Whether it must be known before the update, because it decides which resources are made. */
    plain?: boolean;
    required?: boolean;
    /** What a text must be besides. */
    rule?: Rule<string>;
    /** What a value of another kind should be. Defaults to the kind in words. */
    allowed?: string;
    /** What to give when it is missing. Defaults to the kind in words. */
    advice?: string;
    /** Whether it is enough that it is given to decide which resources are made, so that an output must have a value. */
    decisive?: boolean;
}

/** One shape for each argument; the compiler sees one that is missing. */
export type ShapesOf<A> = { readonly [K in keyof Required<A>]: Shape };

export const text: Shape = { kind: "text" };
export const number: Shape = { kind: "number" };
export const flag: Shape = { kind: "flag" };
export const map: Shape = { kind: "map", of: text };
export const list = (of: Shape): Shape => ({ kind: "list", of });
export const object = <A>(properties: ShapesOf<A>): Shape => ({ kind: "object", properties });
export const plain = (shape: Shape): Shape => ({ ...shape, plain: true });
export const required = (shape: Shape, advice?: string): Shape => ({
    ...shape,
    required: true,
    ...(advice !== undefined && { advice }),
});
export const decisive = (shape: Shape): Shape => ({ ...shape, decisive: true });
export const ruled = (rule: Rule<string>): Shape => ({ ...text, rule });
export const filled = ruled((value) =>
    value.trim() === "" ? `${show(value)} is empty. Allowed: text that is not.` : undefined,
);
/** One of several texts, in any letter case, as Azure takes them. */
export const choice = (...choices: string[]): Shape =>
    ruled((value) => oneOf(choices)(choices.find((one) => one.toLowerCase() === value.toLowerCase()) ?? value));

const words: Record<Shape["kind"], string> = {
    text: "text",
    number: "a number",
    flag: "true or false",
    list: "a list",
    map: "an object of texts",
    object: "an object",
};

/**
 * The args with every part of the right kind. A part of the wrong kind is a fault and left out, so that rules meet only what they
 * can judge. Outputs are guarded: their value is looked at when it is known.
 */
export function readArgs<A extends object>(checks: Checks, given: A | undefined, shapes: ShapesOf<A>): A {
    const args: unknown = given ?? {};
    if (typeof args !== "object" || args === null || isLater(args) || Array.isArray(args)) {
        checks.fault("args", `they are ${kindOf(args)}. Allowed: a plain object, whose properties may be outputs.`);
        return {} as A;
    }
    const reader: Reader = {
        fault: checks.fault,
        guard: (path, value, shape) => guardLate(checks, path, value, shape),
    };
    const written = args as Properties;
    for (const name of Object.keys(written).filter(
        (key) => written[key] !== undefined && !Object.hasOwn(shapes, key),
    )) {
        // Args that several components share may hold more than one of them takes.
        checks.advise(name, `it is not an argument, so it has no effect. ${allowed(shapes)}`, (warning) => warning);
    }
    return readProperties(reader, "", written, shapes) as A;
}

function allowed(shapes: object): string {
    return `Allowed: ${Object.keys(shapes).sort().join(", ")}.`;
}

interface Reader {
    fault: (path: string, reason: string) => void;
    /** What to use for a value that is known later. */
    guard: (path: string, value: unknown, shape: Shape) => unknown;
    /** Whether null means nothing, as it does in a value that came through an output. */
    nullIsNothing?: boolean;
}

function read(reader: Reader, path: string, value: unknown, shape: Shape): unknown {
    const { kind, of = text, properties = {} } = shape;
    if (value === undefined || (value === null && reader.nullIsNothing)) {
        if (shape.required) {
            reader.fault(path, `it is missing. Give ${shape.advice ?? words[kind]}.`);
        }
        return undefined;
    }
    if (isLater(value)) {
        if (!shape.plain) {
            return reader.guard(path, value, shape);
        }
        reader.fault(path, unusableOutput);
        return undefined;
    }
    if (kindsOf[kind](value)) {
        switch (kind) {
            case "list":
                return readItems(reader, path, value as unknown[], of);
            case "map":
                return readValues(reader, path, value as Properties, of);
            case "object":
                return readObject(reader, path, value as Properties, properties);
            default:
                judge(reader, path, value, shape.rule);
                return value;
        }
    }
    // Whoever writes false for an object wants none of it.
    const isOut = value === null || (value === false && kind === "object");
    const out = isOut && !shape.required ? " Leave it out for its default." : "";
    reader.fault(path, `it is ${kindOf(value)}. Allowed: ${allowedOf(shape)}.${out}`);
    return undefined;
}

function judge(reader: Reader, path: string, value: unknown, rule: Rule<string> | undefined): void {
    const reason = rule?.(value as string);
    if (reason !== undefined) {
        reader.fault(path, reason);
    }
}

/** What a value should be, in words. Options that need no part are switched on by an empty object, never by true. */
function allowedOf({ allowed, kind, properties = {} }: Shape): string {
    if (allowed !== undefined || kind !== "object") {
        return allowed ?? words[kind];
    }
    const needed = Object.keys(properties).filter((name) => properties[name]?.required);
    return `${words.object}${needed.length === 0 ? ", {} for every default" : ` with ${needed.join(", ")}`}`;
}

const kindsOf: Record<Shape["kind"], (value: unknown) => boolean> = {
    text: (value) => typeof value === "string",
    number: (value) => typeof value === "number",
    flag: (value) => typeof value === "boolean",
    list: Array.isArray,
    map: isPlainObject,
    object: isPlainObject,
};

function isPlainObject(value: unknown): boolean {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !pulumi.Resource.isInstance(value);
}

/** The kind of a value in words. The value itself stays out of it, because it may be a secret. */
function kindOf(value: unknown): string {
    if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") {
        return String(value);
    }
    if (pulumi.Output.isInstance(value)) {
        return "an output";
    }
    if (pulumi.Resource.isInstance(value)) {
        return "a resource, not one of its outputs";
    }
    if (value instanceof Promise) {
        return "a promise";
    }
    const other: Record<string, string> = { string: "text", object: "an object" };
    return Array.isArray(value) ? "a list" : (other[typeof value] ?? `a ${typeof value}`);
}

type Properties = Record<string, unknown>;

function readObject(
    reader: Reader,
    path: string,
    given: Properties,
    shapes: Readonly<Record<string, Shape>>,
): Properties {
    for (const name of Object.keys(given).filter((key) => given[key] !== undefined && !Object.hasOwn(shapes, key))) {
        reader.fault(placeOf(path, name), `it is not known. ${allowed(shapes)}`);
    }
    return readProperties(reader, `${path}.`, given, shapes);
}

function readProperties(
    reader: Reader,
    path: string,
    given: Properties,
    shapes: Readonly<Record<string, Shape>>,
): Properties {
    const entries = Object.entries(shapes).map(([name, shape]): [string, unknown] => [
        name,
        read(reader, `${path}${name}`, given[name], shape),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The path of a property: `tags.team`, `tags["cost center"]`. */
function placeOf(path: string, name: string): string {
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

function readItems(reader: Reader, path: string, items: unknown[], of: Shape): unknown[] | undefined {
    // A rule meets an object without properties in place of an item that is none, so that it can still judge the others.
    const missing = of.kind === "object" ? {} : undefined;
    const found = Array.from(items, (item, index) => read(reader, `${path}[${index}]`, item, required(of)) ?? missing);
    return found.includes(undefined) ? undefined : found;
}

function readValues(reader: Reader, path: string, given: Properties, of: Shape): Properties {
    const entries = Object.entries(given).map(([key, value]): [string, unknown] => [
        key,
        read(reader, placeOf(path, key), value, of),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function guardLate(checks: Checks, path: string, value: unknown, shape: Shape): pulumi.Output<unknown> {
    return later(value).apply((known) => {
        if ((known === undefined || known === null) && shape.decisive) {
            throw lateError(
                checks.describe(
                    path,
                    "it is an output without a value, and whether it is given decides which resources are made. Give it a value, or leave the argument out.",
                ),
            );
        }
        const faults: string[] = [];
        const reader: Reader = {
            fault: (part, reason) => faults.push(checks.describe(part, reason)),
            // An output holds no others once it is known.
            guard: (_path, later) => later,
            nullIsNothing: true,
        };
        const found = read(reader, path, known, shape);
        if (faults.length > 0) {
            throw lateError(faults.join("\n"));
        }
        return found;
    });
}

/** The items of a list that {@link readArgs} found plain. */
export function itemsOf<T>(items: readonly pulumi.Input<T>[] | undefined): T[] {
    return [...(items ?? [])] as T[];
}

/** The given value, or the default where it is left out or an output without a value. */
export function orDefault<T>(value: pulumi.Input<T> | undefined, fallback: pulumi.Input<T>): pulumi.Input<T> {
    if (!isLater(value)) {
        return (value as T | undefined) ?? fallback;
    }
    return later(value).apply((known) => (known as T | undefined) ?? fallback) as pulumi.Output<T>;
}

/** What `make` makes of a given value; nothing where it is left out or an output without a value. */
export function ifGiven<T, R>(
    value: pulumi.Input<T> | undefined,
    make: (known: T) => R,
): R | pulumi.Output<R> | undefined {
    const orNothing = (known: unknown) => (known === undefined ? undefined : make(known as T));
    return isLater(value) ? later(value as unknown).apply((known) => orNothing(known) as R) : orNothing(value);
}

function later(value: unknown): pulumi.Output<unknown> {
    return pulumi.output(value);
}
