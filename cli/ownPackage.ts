import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file or folder of this package, from the sources or from the build. */
export function ownPath(name: string): string {
    const found = ["..", "../.."].map((up) => join(__dirname, up, name)).find(existsSync);
    if (found === undefined) {
        throw new Error(`The package azure-realtime is incomplete: it has no ${name}. Install it again.`);
    }
    return found;
}

export function ownVersion(): string {
    const { version } = JSON.parse(readFileSync(ownPath("package.json"), "utf8")) as { version: string };
    return version;
}
