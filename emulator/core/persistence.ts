import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Reads a JSON file; undefined when there is none. Throws, with the path, when it cannot be read as JSON. */
export function readJsonFile(path: string): unknown {
    let text: string;
    try {
        text = readFileSync(path, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
    try {
        return JSON.parse(text);
    } catch {
        throw new Error(`${path} is not JSON, so what it kept cannot be read. Delete the file to start without it.`);
    }
}

/** Writes a JSON file that only this user may read, whole or not at all. */
export function writePrivateJsonFile(path: string, value: unknown): void {
    mkdirSync(dirname(path), { recursive: true });
    const next = `${path}.next`;
    // A file left over from a crash would keep its own mode.
    rmSync(next, { force: true });
    writeFileSync(next, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(next, path);
}
