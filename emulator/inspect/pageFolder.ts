import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { readBytesIfAny } from "../core/persistence";
import { makeTemporaryFolder } from "../core/temporaryFolder";

let bundled: string | undefined;

/** Folder with the files of the page: those of the built command beside this file, or a bundle made once from the sources. */
export function pageFolder(): string {
    const folder = join(__dirname, "page");
    if (readBytesIfAny(join(folder, "page.js")) !== undefined) {
        return folder;
    }
    bundled ??= bundle(folder);
    return bundled;
}

function bundle(folder: string): string {
    // Only the sources need esbuild. The built command has the files already.
    const { buildSync } = require("esbuild") as typeof import("esbuild");
    const outdir = makeTemporaryFolder("inspector");
    buildSync({
        entryPoints: ["main.ts", "main.css"].map((name) => ({ in: join(folder, name), out: "page" })),
        outdir,
        bundle: true,
        format: "esm",
        target: "es2022",
        tsconfigRaw: {},
        logLevel: "error",
    });
    copyFileSync(join(folder, "index.html"), join(outdir, "index.html"));
    return outdir;
}
