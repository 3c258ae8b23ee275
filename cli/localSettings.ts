import { existsSync } from "node:fs";
import { resolve } from "node:path";
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

/** Writes the stack's output `localSettings` to a file that only this user may read. Returns its absolute path. */
export function writeLocalSettings({ stack, path, force }: LocalSettingsOptions): string {
    const text = checkSettings(stack.outputs.localSettings);
    const target = resolve(path);
    if (existsSync(target) && !force) {
        throw new UsageError(`${target} exists. Add --force to replace it, or choose another file with --output.`);
    }
    writePrivateFile(target, text);
    return target;
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
