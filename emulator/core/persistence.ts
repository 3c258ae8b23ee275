import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "./replaceFile";

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

/** Writes a file that only this user may read. A reader sees the old content or the new one, never a part of it. */
export function writePrivateFile(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const next = `${path}.next`;
    // A file left behind by a crash would keep its own mode.
    rmSync(next, { force: true });
    writeFileSync(next, text, { mode: 0o600 });
    replaceFile(next, path);
}

export function writePrivateJsonFile(path: string, value: unknown): void {
    writePrivateFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
