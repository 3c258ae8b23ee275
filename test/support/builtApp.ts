import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { fixtures } from "./functionApp";

/** Copies a function app of the fixtures to a folder of its own, with the packages that its `src/index.js` uses inside it. */
export async function buildFixtureApp(name: string): Promise<{ folder: string; remove(): void }> {
    const folder = mkdtempSync(join(tmpdir(), `${name}-app-`));
    cpSync(join(fixtures, name), folder, { recursive: true });
    await build({
        entryPoints: [join(fixtures, name, "src", "index.js")],
        outfile: join(folder, "src", "index.js"),
        bundle: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        external: ["@azure/functions-core"],
        logLevel: "error",
    });
    return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
