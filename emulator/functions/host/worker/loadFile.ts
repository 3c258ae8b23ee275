import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export interface PackageJson {
    main?: string;
    type?: string;
}

/** Loads a script of the app as Node itself would decide: `.mjs` and `type: module` as ESM, the rest as CommonJS. */
export async function loadFile(options: { file: string; packageJson: PackageJson }): Promise<unknown> {
    const { file } = options;
    if (isModule(options)) {
        return import(pathToFileURL(file).href);
    }
    return createRequire(path.join(path.dirname(file), "noop.js"))(file);
}

export function isModule({ file, packageJson }: { file: string; packageJson: PackageJson }): boolean {
    if (file.endsWith(".mjs")) {
        return true;
    }
    return !file.endsWith(".cjs") && packageJson.type === "module";
}

/** Where a script failed to load: Node puts `file:line` on the first line of a syntax error's stack, else in a frame. */
export function placeOf(error: unknown): string | undefined {
    const stack = error instanceof Error ? error.stack : undefined;
    if (stack === undefined) {
        return undefined;
    }
    const first = /^(?:file:\/\/)?(\/[^\n]*:\d+)\n/.exec(stack)?.[1];
    return first ?? /\((?:file:\/\/)?(\/[^\n)]*:\d+):\d+\)/.exec(stack)?.[1];
}
