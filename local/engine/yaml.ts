import { parse, YAMLParseError } from "yaml";
import { messageOf } from "../../emulator/core/errors";
import { readTextIfAny } from "../../emulator/core/persistence";
import { isObject } from "./values";

/**
 * The map in a YAML file. A file that is empty, or holds only comments, has none, as the Pulumi CLI has it; undefined without a file.
 * Throws an error that names the file and quotes no line of it, because a line may hold a secret.
 */
export function readYaml(file: string, shape = "a map of settings"): Record<string, unknown> | undefined {
    const text = readTextIfAny(file);
    if (text === undefined) {
        return undefined;
    }
    let content: unknown;
    try {
        content = parse(text);
    } catch (error) {
        throw new Error(`${file} is not YAML: ${faultOf(error)}`);
    }
    if (content === undefined || content === null) {
        return {};
    }
    if (!isObject(content)) {
        throw new Error(`${file} must be ${shape}`);
    }
    return content;
}

/** The map under a key of such a file; an empty one where there is none. */
export function mapAt(yaml: Record<string, unknown>, key: string, file: string): Record<string, unknown> {
    const value = yaml[key] ?? {};
    if (!isObject(value)) {
        throw new Error(`${key} in ${file} must be a map`);
    }
    return value;
}

/** The fault and its place. The library's own text goes on with the line. */
function faultOf(error: unknown): string {
    const [first = ""] = messageOf(error).split("\n");
    if (error instanceof RangeError || /call stack/i.test(first)) {
        return "it is nested too deep";
    }
    if (error instanceof YAMLParseError && error.linePos !== undefined) {
        return first.replace(/:$/, "");
    }
    return /alias count/i.test(first)
        ? "it repeats its parts (*) too often"
        : "a text that begins with * must be in quotes";
}
