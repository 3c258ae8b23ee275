// Makes the npm package a component package while npm packs: with PulumiPlugin.yaml at its root, and without the devDependencies,
// which the Pulumi CLI would install there. `node plugin/pack.mjs undo` puts everything back. An interrupted run is put back by the next.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = join(root, "package.json");
const kept = join(root, "dist/package.kept.json");
// Stands at the root only while npm packs, because the Pulumi CLI refuses a folder with both this file and Pulumi.yaml.
const plugin = join(root, "PulumiPlugin.yaml");

if (process.argv[2] === "undo") {
    rmSync(plugin, { force: true });
    if (existsSync(kept)) {
        renameSync(kept, manifest);
    }
} else {
    copyFileSync(join(root, "plugin/PulumiPlugin.yaml"), plugin);
    const { devDependencies, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
    if (devDependencies !== undefined) {
        mkdirSync(dirname(kept), { recursive: true });
        copyFileSync(manifest, kept);
        writeFileSync(manifest, `${JSON.stringify(rest, undefined, 2)}\n`);
    }
}
