import { existsSync } from "node:fs";
import path from "node:path";
import { makeTemporaryFolder } from "../core/temporaryFolder";

let bundled: Promise<string> | undefined;

/** The script that an app's process runs: the compiled host beside this file, or a bundle made once from the sources. */
export function hostEntry(): Promise<string> {
    bundled ??= findOrBundle();
    return bundled;
}

async function findOrBundle(): Promise<string> {
    const compiled = path.join(__dirname, "host.js");
    return existsSync(compiled) ? compiled : bundle();
}

// Every app starts a process. Bundling once is faster than compiling the host's files in each of them.
async function bundle(): Promise<string> {
    const { build } = await import("esbuild");
    const outfile = path.join(makeTemporaryFolder("host"), "host.cjs");
    await build({
        entryPoints: [path.join(__dirname, "host", "main.ts")],
        outfile,
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node20",
        logLevel: "error",
        // No package holds this module: the host provides it when it starts.
        external: ["@azure/functions-core"],
        // esbuild leaves `import.meta` empty in CommonJS, but ES modules in the bundle read their URL from it.
        banner: { js: `const bundleUrl = require("node:url").pathToFileURL(__filename).href;` },
        define: { "import.meta.url": "bundleUrl" },
    });
    return outfile;
}
