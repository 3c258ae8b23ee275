import { existsSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

let bundled: Promise<string> | undefined;

/** The script that an app's process runs: the compiled one beside this file, or one that is bundled once from the sources. */
export function hostEntry(): Promise<string> {
    bundled ??= findOrBundle();
    return bundled;
}

async function findOrBundle(): Promise<string> {
    const compiled = path.join(__dirname, "host", "main.js");
    return existsSync(compiled) ? compiled : bundle();
}

// A process of plain Node starts in a fraction of the time that it takes to compile these files on the fly.
async function bundle(): Promise<string> {
    const { build } = await import("esbuild");
    const folder = await mkdtemp(path.join(os.tmpdir(), "azure-realtime-host-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const outfile = path.join(folder, "host.cjs");
    await build({
        entryPoints: [path.join(__dirname, "host", "main.ts")],
        outfile,
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node20",
        logLevel: "error",
        // ES modules in the bundle ask where they are.
        banner: { js: `const bundleUrl = require("node:url").pathToFileURL(__filename).href;` },
        define: { "import.meta.url": "bundleUrl" },
    });
    return outfile;
}
