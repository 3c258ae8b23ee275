import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { callDetached, isForeign } from "../stack";

export interface PackageJson {
    main?: string;
    type?: string;
}

/** Loads a script of the app by Node's rules: `.mjs` and `type: module` as ESM, the rest as CommonJS. */
export async function loadFile(options: { file: string; packageJson: PackageJson }): Promise<unknown> {
    const { file } = options;
    if (isModule(options)) {
        const { href } = pathToFileURL(file);
        return callDetached(() => import(href));
    }
    // A missing module names the files that asked for it, so the file loads itself.
    return callDetached(createRequire(file).bind(undefined, file));
}

export function isModule({ file, packageJson }: { file: string; packageJson: PackageJson }): boolean {
    if (file.endsWith(".mjs")) {
        return true;
    }
    return !file.endsWith(".cjs") && packageJson.type === "module";
}

// A path, or a file URL: on Windows both hold a drive, the URL after one slash more.
const place = String.raw`(?:file:\/\/(?:\/(?=[A-Za-z]:))?)?((?:\/|[A-Za-z]:[\\/])[^\n]*?:\d+)`;
const firstLine = new RegExp(`^${place}\n`);
const frame = new RegExp(`(?:\\(|\\bat (?:async )?)${place}:\\d+\\)?$`);

/** Where a script failed to load: Node puts `file:line` on the first line of a syntax error's stack, else in a frame. */
export function placeOf(error: unknown): string | undefined {
    const stack = error instanceof Error ? error.stack : undefined;
    if (stack === undefined) {
        return undefined;
    }
    // A frame of this host or of a package tells nothing about the app.
    const own = stack.split("\n").filter((line) => frame.test(line) && !isForeign(line));
    return firstLine.exec(stack)?.[1] ?? frame.exec(own[0] ?? "")?.[1];
}
