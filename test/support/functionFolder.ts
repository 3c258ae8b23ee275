import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const bundle = { id: "Microsoft.Azure.Functions.ExtensionBundle.Preview", version: "[4.*, 5.0.0)" };

/** The least that deploys: a Node app with the Socket.IO binding. */
export const smallestApp: Record<string, string> = {
    "host.json": JSON.stringify({ version: "2.0", extensionBundle: bundle }),
    "package.json": JSON.stringify({ main: "dist/index.js" }),
    "dist/index.js": "",
};

const made: string[] = [];

/** A folder with these files, gone when the tests end. */
export function functionFolder(files: Record<string, string> = smallestApp): string {
    const folder = mkdtempSync(join(tmpdir(), "function-folder-"));
    made.push(folder);
    for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
    }
    return folder;
}

process.once("exit", () => {
    for (const folder of made) {
        rmSync(folder, { recursive: true, force: true });
    }
});
