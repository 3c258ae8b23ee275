import { lstatSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "../emulator/core/errors";
import { writePrivateFile } from "../emulator/core/persistence";
import { howToGive, type StackJson } from "./stackJson";
import { isObject, UsageError } from "./words";

export interface LocalSettingsOptions {
    stack: StackJson;
    /** The file to write. */
    path: string;
    /** Whether to replace an existing file. */
    force: boolean;
}

/** Writes the stack's output `localSettings` to a file that only this user may read. Returns its absolute path. Throws a `UsageError`. */
export function writeLocalSettings({ stack, path, force }: LocalSettingsOptions): string {
    const text = checkSettings(stack.outputs.localSettings);
    if (/^[a-z]{2,}:/i.test(path)) {
        throw new UsageError(`--output ${path}: it must be the path of a file, not a URL.`);
    }
    const target = resolve(path);
    checkTarget({ target, force });
    try {
        writePrivateFile(target, text);
    } catch (error) {
        throw new UsageError(`${target} cannot be written: ${messageOf(error)}. Choose another file with --output.`);
    }
    return target;
}

function checkTarget({ target, force }: { target: string; force: boolean }): void {
    const found = statIfAny(target);
    if (found?.isDirectory()) {
        throw new UsageError(
            `${target} is a folder. Name a file with --output, such as ${join(target, "local.settings.json")}.`,
        );
    }
    // Replacing a device or a pipe, such as /dev/stdout, would take it from every other program.
    if (found !== undefined && !found.isFile()) {
        throw new UsageError(`${target} is not a file but a device, a pipe or the like. Name a file with --output.`);
    }
    if (!force && lstatIfAny(target) !== undefined) {
        throw new UsageError(`${target} exists. Add --force to replace it, or choose another file with --output.`);
    }
    const folder = dirname(target);
    if (!statIfAny(folder)?.isDirectory()) {
        throw new UsageError(`The folder ${folder} does not exist. Create it, or choose another file with --output.`);
    }
}

const statIfAny = (path: string) => lookAt(path, statSync);
/** Of a link itself, which may lead nowhere. */
const lstatIfAny = (path: string) => lookAt(path, lstatSync);

function lookAt(path: string, look: typeof statSync) {
    try {
        return look(path, { throwIfNoEntry: false });
    } catch (error) {
        throw new UsageError(`${path} cannot be used: ${messageOf(error)}. Choose another file with --output.`);
    }
}

function checkSettings(value: unknown): string {
    if (value === "[secret]") {
        throw new UsageError(`The output localSettings is a hidden secret. ${howToGive}`);
    }
    if (typeof value !== "string") {
        throw new UsageError(
            `The stack has no output localSettings. Export the component's localSettings from the program. ${howToGive}`,
        );
    }
    let json: unknown;
    try {
        json = JSON.parse(value);
    } catch {
        json = undefined;
    }
    if (!isObject(json) || !isObject(json.Values)) {
        throw new UsageError(
            'The output localSettings is not a local.settings.json: it must be an object with "Values".',
        );
    }
    return value;
}
