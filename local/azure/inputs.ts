import { CheckError } from "../engine/handler";
import { isObject, type Properties, type Value } from "../engine/values";

export function text(inputs: Properties, key: string): string {
    const value = inputs[key];
    if (typeof value !== "string") {
        throw new CheckError([`${key} is ${value === undefined ? "missing" : "not a text"}`]);
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

/** Texts of a list or the keys of a map: user-assigned identities come as both. */
export function textList(value: Value | undefined): string[] {
    if (isObject(value)) {
        return Object.keys(value);
    }
    return list(value).filter((item): item is string => typeof item === "string");
}

/** The object without keys that have no value: what stays undefined is not sent. */
export function compact(values: Record<string, Value | undefined>): Properties {
    const result: Properties = {};
    for (const [key, value] of Object.entries(values)) {
        if (value !== undefined) {
            result[key] = value;
        }
    }
    return result;
}
