import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** Writes a package where the engine can read it; it is gone when the program ends. */
export function writePackageFile({ hash, zip }: { hash: string; zip: Uint8Array }): string {
    folder ??= createFolder();
    const path = join(folder, `${hash}.zip`);
    writeFileSync(path, zip);
    return path;
}

function createFolder(): string {
    const made = mkdtempSync(join(tmpdir(), "azure-realtime-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    return made;
}
