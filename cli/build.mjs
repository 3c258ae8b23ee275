// Builds the command `azure-realtime` into dist/cli: one file, with the packages of package.json beside it.
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await rm(join(root, "dist"), { recursive: true, force: true });

await build({
    entryPoints: ["cli/azure-realtime.ts"],
    outfile: "dist/cli/azure-realtime.js",
    absWorkingDir: root,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    tsconfigRaw: { compilerOptions: { strict: true } },
    logLevel: "error",
    plugins: [
        {
            name: "services only",
            setup({ onResolve }) {
                // The command runs no Function App, so that half of the emulator stays out of the package.
                onResolve({ filter: /^\.\/functions$/ }, ({ path }) => ({ path, external: true }));
            },
        },
    ],
});
