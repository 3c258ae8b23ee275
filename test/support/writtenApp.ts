import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { repositoryRoot } from "./registeredFunctions";

const made: string[] = [];

/** A folder of a function app with this code, of the v4 model unless the files say otherwise. Gone when the tests end. */
export function writtenApp(code: string, more: Record<string, string> = {}): string {
    const folder = mkdtempSync(path.join(os.tmpdir(), "written-app-"));
    made.push(folder);
    const files = {
        "host.json": JSON.stringify({ version: "2.0" }),
        "package.json": JSON.stringify({ main: "index.js" }),
        "index.js": `const { app } = require("@azure/functions");\n${code}`,
        ...more,
    };
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
    }
    symlinkSync(path.join(repositoryRoot, "node_modules"), path.join(folder, "node_modules"), "junction");
    return folder;
}

process.once("exit", () => {
    for (const folder of made) {
        rmSync(folder, { recursive: true, force: true });
    }
});
