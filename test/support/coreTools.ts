import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const script = path.join(__dirname, "..", "fixtures", "core-tools", "func.js");

/** Puts the stand-in for `func` into PATH, or an empty folder alone. The result puts PATH back. */
export function putFuncInPath({ exists = true }: { exists?: boolean } = {}): () => void {
    const folder = mkdtempSync(path.join(os.tmpdir(), "func-"));
    const before = process.env.PATH;
    if (exists) {
        const file = path.join(folder, process.platform === "win32" ? "func.cmd" : "func");
        const command = `"${process.execPath}" "${script}"`;
        writeFileSync(file, process.platform === "win32" ? `@${command} %*\r\n` : `#!/bin/sh\nexec ${command} "$@"\n`);
        chmodSync(file, 0o755);
    }
    process.env.PATH = exists ? `${folder}${path.delimiter}${before}` : folder;
    return () => {
        process.env.PATH = before;
        rmSync(folder, { recursive: true, force: true });
    };
}
