import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { howToGive, type StackJson } from "./stackJson";
import { isObject, UsageError } from "./words";

export interface LocalSettingsOptions {
    stack: StackJson;
    /** The file to write. */
    path: string;
    /** Whether a file that is there is replaced. */
    force: boolean;
}

/** Writes the stack's `localSettings` output to a file that only this user may read. Answers its absolute path. */
export function writeLocalSettings({ stack, path, force }: LocalSettingsOptions): string {
    const text = checkSettings(stack.outputs.localSettings);
    const target = resolve(path);
    if (existsSync(target) && !force) {
        throw new UsageError(`${target} exists. Add --force to replace it, or --output to write elsewhere.`);
    }
    const next = `${target}.next`;
    // A file left over from a crash would keep its own mode.
    rmSync(next, { force: true });
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, target);
    return target;
}

function checkSettings(value: unknown): string {
    if (value === "[secret]") {
        throw new UsageError(`The output localSettings is hidden. ${howToGive}`);
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
