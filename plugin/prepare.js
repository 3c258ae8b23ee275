// Runs when npm installs this folder, as the Pulumi CLI has it do. A Git checkout contains no built files, so this script makes them.
const { execFileSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });

// The npm package contains the built files and no build script.
if (existsSync(join(root, "build.mjs"))) {
    // A contributor's checkout has all packages. A fresh one gets only those that build and run the plugin.
    if (!existsSync(join(root, "node_modules/esbuild"))) {
        const { devDependencies, peerDependencies, peerDependenciesMeta } = require("../package.json");
        const needed = Object.keys(peerDependencies)
            .filter((name) => peerDependenciesMeta[name]?.optional !== true)
            .concat("esbuild")
            .map((name) => `${name}@${devDependencies[name]}`);
        const flags = ["--omit=dev", "--no-save", "--save-prod", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(process.env.npm_execpath, "install", ...flags, ...needed);
    }
    run("build.mjs", "plugin");
}
