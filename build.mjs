// Builds the package into dist: the library, the plugin for other languages, the command, and the command's Functions host.
// `node build.mjs plugin` builds only the first two, which need no development package except esbuild.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const { dependencies, peerDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
const packages = Object.keys({ ...dependencies, ...peerDependencies });

const common = {
    absWorkingDir: root,
    outdir: "dist",
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    // npm installs these packages beside this one, so they stay outside. Everything else becomes part of the file.
    external: packages.flatMap((name) => [name, `${name}/*`]),
    tsconfigRaw: { compilerOptions: { strict: true } },
    logLevel: "error",
};
// Names of functions and classes stay, because errors show them.
const small = { minify: true, keepNames: true };

/** Leaves an import to another file of the build, which is loaded when the program runs. */
const beside = (name, imported, path) => ({
    name,
    setup: ({ onResolve }) =>
        onResolve({ filter: /^\./ }, (found) => (found.path === imported ? { path, external: true } : undefined)),
});

const buildPlugin = () => [
    build({ ...common, ...small, entryPoints: { index: "index.ts" } }),
    build({
        ...common,
        entryPoints: { plugin: "plugin/index.ts" },
        plugins: [beside("the library", "../components", "./index.js")],
        ...small,
    }),
];

const buildCommand = () => [
    build({
        ...common,
        ...small,
        entryPoints: Object.fromEntries(
            ["azure-realtime", "testing", "provider", "server"].map((name) => [`cli/${name}`, `cli/${name}.ts`]),
        ),
        plugins: [beside("main of the command", "./main", "./main.js")],
    }),
    build({
        ...common,
        ...small,
        entryPoints: { "cli/main": "cli/main.ts" },
        // Only the sources bundle the host with esbuild. The built command uses the host below, so esbuild stays outside.
        external: [...common.external, "esbuild"],
    }),
    build({
        ...common,
        ...small,
        entryPoints: { "cli/host/main": "emulator/functions/host/main.ts" },
        // Each process of a Function App starts with this one file. Two packages stay outside, because each would be a large part of
        // the file: the library of function.json apps, and the one that signs tokens, which only apps with an access key load.
        external: ["azure-functions-3", "fast-jwt"],
        // esbuild leaves `import.meta` empty in CommonJS, but ES modules in the bundle read their URL from it.
        banner: { js: `const bundleUrl = require("node:url").pathToFileURL(__filename).href;` },
        define: { "import.meta.url": "bundleUrl" },
    }),
    readFile(join(root, "local/contract/azure-contract.json"), "utf8").then((text) => ({
        outputFiles: [{ path: join(root, "dist/cli/azure-contract.json"), contents: JSON.stringify(JSON.parse(text)) }],
    })),
    // The command's child processes load this file by its path.
    readFile(join(root, "emulator/core/endWithParent.js")).then((contents) => ({
        outputFiles: [{ path: join(root, "dist/cli/endWithParent.js"), contents }],
    })),
];

const onlyPlugin = process.argv[2] === "plugin";
const built = await Promise.all([...buildPlugin(), ...(onlyPlugin ? [] : buildCommand())]);
const files = built.flatMap(({ outputFiles }) => outputFiles.map(({ path, contents }) => ({ path, contents })));
await Promise.all(
    files.map(async ({ path, contents }) => {
        await mkdir(dirname(path), { recursive: true });
        // Renames the complete file, because a process may start from it at any moment.
        await writeFile(`${path}.${process.pid}`, contents);
        await rename(`${path}.${process.pid}`, path);
    }),
);
