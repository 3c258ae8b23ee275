import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");
let built = false;

/** Builds dist once per process, so that programs started from dist match the sources. */
export function buildPackage(): void {
    if (!built) {
        execFileSync(process.execPath, [join(root, "build.mjs")], { stdio: "pipe" });
        built = true;
    }
}
