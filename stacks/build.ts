import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { RunError } from "@pulumi/pulumi";

const root = resolve(__dirname, "..");
const functions = join(root, "functions");

/**
 * Builds a function app of this repository and returns the absolute path of its folder.
 * A folder outside functions/, or one without src/index.ts, is already built, so it stays as it is.
 * Throws a `RunError` with the compiler's own messages when the build fails.
 */
export function buildFunctionApp(codePath: string): string {
    const folder = resolve(root, codePath);
    if (dirname(folder) !== functions || !existsSync(join(folder, "src", "index.ts"))) {
        return folder;
    }
    const app = relative(functions, folder);
    const built = spawnSync(process.execPath, [join(functions, "build.mjs"), app], { encoding: "utf8" });
    if (built.status !== 0) {
        throw new RunError(`${codePath} does not build:\n${(built.error?.message ?? built.stderr).trim()}`);
    }
    return folder;
}
