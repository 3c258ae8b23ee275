import { CheckError } from "../engine/handler";
import { isObject, type Properties, type Value } from "../engine/values";

export function text(inputs: Properties, key: string): string {
    const value = inputs[key];
    if (typeof value !== "string") {
        throw new CheckError([`${key} ${value === undefined ? "is missing" : "must be a text"}`]);
    }
    return value;
}

export function optionalText(inputs: Properties, key: string): string | undefined {
    return inputs[key] === undefined ? undefined : text(inputs, key);
}

export function object(value: Value | undefined): Properties {
    return isObject(value) ? value : {};
}

export function list(value: Value | undefined): Value[] {
    return Array.isArray(value) ? value : [];
}

/** The texts of a list or the keys of a map. User-assigned identities come in either form. */
export function textList(value: Value | undefined): string[] {
    if (isObject(value)) {
        return Object.keys(value);
    }
    return list(value).filter((item): item is string => typeof item === "string");
}

/** The object without its undefined values. */
export function compact(values: Record<string, Value | undefined>): Properties {
    const given = Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined);
    return Object.fromEntries(given);
}
