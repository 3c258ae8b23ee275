// Builds the package into dist: the library, the plugin for other languages, the command, and the command's Functions host.
// `node build.mjs plugin` builds only the first two, which need no development package except esbuild; `node build.mjs types` declares
// the types of the library.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build, transform } from "esbuild";

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

/** Leaves an import to another file of the build, which is loaded when the program runs. */
const beside = (name, imported, path) => ({
    name,
    setup: ({ onResolve }) =>
        onResolve({ filter: /^\./ }, (found) => (found.path === imported ? { path, external: true } : undefined)),
});

/** The rules of Azure stand in one file, because the library, the command and its host all ask them. */
const rulesFile = "dist/rules.js";
const rules = readdirSync(join(root, "rules")).map((file) => basename(file, ".ts"));
const buildRules = () => {
    const contents = rules.map((name) => `export * as ${name} from "./rules/${name}";`).join("\n");
    return build({
        ...common,
        minify: true,
        stdin: { contents, resolveDir: root },
        outdir: undefined,
        outfile: rulesFile,
    });
};

/** Leaves imports of rules to the file of all rules. */
const besideRules = (folder) => ({
    name: "the rules",
    setup({ onResolve, onLoad }) {
        const file = `./${relative(folder, rulesFile)}`;
        const filter = new RegExp(`/rules/(${rules.join("|")})$`);
        onResolve({ filter }, ({ path }) => ({ path: basename(path), namespace: "rules" }));
        onResolve({ filter: /./, namespace: "rules" }, () => ({ path: file, external: true }));
        onLoad({ filter: /./, namespace: "rules" }, ({ path }) => ({
            contents: `module.exports = require("${file}").${path};`,
        }));
    },
});

/** Brotli makes the schema a quarter smaller than npm's gzip. */
const compressedSchema = {
    name: "a compressed schema",
    setup: ({ onLoad }) =>
        onLoad({ filter: /[/\\]schema\.json$/ }, async ({ path }) => {
            const text = JSON.stringify(JSON.parse(await readFile(path, "utf8")));
            const packed = JSON.stringify(brotliCompressSync(text).toString("base64"));
            const unpack = `brotliDecompressSync(Buffer.from(${packed}, "base64")).toString("utf8")`;
            return {
                contents: `import { brotliDecompressSync } from "node:zlib"; export default JSON.parse(${unpack});`,
            };
        }),
};

const buildPlugin = () => [
    buildRules(),
    build({ ...common, minify: true, entryPoints: { index: "index.ts" }, plugins: [besideRules("dist")] }),
    build({
        ...common,
        entryPoints: { plugin: "plugin/index.ts" },
        plugins: [beside("the library", "../components", "./index.js"), compressedSchema],
        minify: true,
    }),
];

/**
 * The command, and the Functions host that it starts in processes of its own. What both need stands in a third file. esbuild splits
 * only ES modules, so each file becomes CommonJS afterwards.
 */
async function buildMain() {
    const { outputFiles } = await build({
        ...common,
        minify: true,
        format: "esm",
        splitting: true,
        entryPoints: { "cli/main": "cli/main.ts", "cli/host": "emulator/functions/host/main.ts" },
        chunkNames: "cli/[name]-[hash]",
        plugins: [besideRules("dist/cli")],
        // Only the sources bundle the host with esbuild. The built command uses the host beside it, so esbuild stays outside.
        external: [...common.external, "esbuild"],
    });
    const converted = outputFiles.map(async ({ path, text }) => {
        const { code } = await transform(text, { format: "cjs", platform: "node", target: "node20", minify: true });
        return { path, contents: code };
    });
    return { outputFiles: await Promise.all(converted) };
}

const buildCommand = () => [
    build({
        ...common,
        minify: true,
        entryPoints: Object.fromEntries(
            ["azure-realtime", "testing", "provider", "server"].map((name) => [`cli/${name}`, `cli/${name}.ts`]),
        ),
        plugins: [beside("main of the command", "./main", "./main.js")],
    }),
    buildMain(),
    // The inspector's page. Its HTML comes without the line breaks between tags.
    build({
        ...common,
        minify: true,
        entryPoints: ["main.ts", "main.css"].map((name) => ({
            in: `emulator/inspect/page/${name}`,
            out: "cli/page/page",
        })),
        platform: "browser",
        target: "es2022",
        format: "esm",
    }),
    readFile(join(root, "emulator/inspect/page/index.html"), "utf8").then((html) => ({
        outputFiles: [{ path: join(root, "dist/cli/page/index.html"), contents: html.replace(/>\n\s*</g, "><") }],
    })),
    readFile(join(root, "local/contract/azure-contract.json"), "utf8").then((text) => ({
        outputFiles: [
            {
                path: join(root, "dist/cli/azure-contract.json.br"),
                contents: brotliCompressSync(JSON.stringify(JSON.parse(text))),
            },
        ],
    })),
];

/** The declarations that the entry points of the package lead to, and no others. */
async function buildTypes(folder) {
    const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", folder];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [compiler, "-p", root, ...options], { stdio: "inherit" });
    const imports = (path) =>
        [...readFileSync(path, "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g)].map(([, imported]) => {
            const target = join(dirname(path), imported);
            return existsSync(`${target}.d.ts`) ? `${target}.d.ts` : join(target, "index.d.ts");
        });
    const entries = ["index.d.ts", "local/testing.d.ts"].map((path) => join(folder, path));
    const needed = new Set(entries);
    // A set also visits what is added on the way.
    for (const path of needed) {
        for (const imported of imports(path)) {
            needed.add(imported);
        }
    }
    // An editor shows the comments of what the library exports. Those of its inner files would only make the package larger.
    const library = join(folder, "components/index.d.ts");
    const shown = new Set([...entries, library, ...imports(library)]);
    const { default: typescript } = await import("typescript");
    const printer = typescript.createPrinter({ removeComments: true });
    return [...needed].map((path) => {
        const text = readFileSync(path, "utf8");
        return {
            path: join(root, "dist/types", relative(folder, path)),
            contents: shown.has(path)
                ? text
                : printer.printFile(typescript.createSourceFile(path, text, typescript.ScriptTarget.Latest)),
        };
    });
}

/** Removes files of an earlier build, which npm would pack. */
function removeOthers(folder, files) {
    const made = new Set(files.map(({ path }) => path));
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && !made.has(path)) {
            rmSync(path, { force: true });
        }
    }
}

const part = process.argv[2];
// Another process may start from dist, copy it, or build it too, at any moment. So dist gets only complete files, by renaming.
const unfinished = join(root, "node_modules/.cache/azure-realtime", `build-${process.pid}`);
mkdirSync(unfinished, { recursive: true });
try {
    const built =
        part === "types" ? [] : await Promise.all([...buildPlugin(), ...(part === "plugin" ? [] : buildCommand())]);
    const types = part === "types" ? await buildTypes(join(unfinished, "types")) : [];
    const files = [...built.flatMap(({ outputFiles }) => outputFiles), ...types];
    await Promise.all(
        files.map(async ({ path, contents }, index) => {
            await mkdir(dirname(path), { recursive: true });
            // npx makes a command executable once, and its link to this file outlives a build.
            const mode = path === join(root, "dist/cli/azure-realtime.js") ? 0o755 : 0o644;
            await writeFile(join(unfinished, `${index}`), contents, { mode });
            await rename(join(unfinished, `${index}`), path);
        }),
    );
    if (part !== "plugin") {
        removeOthers(part === "types" ? "dist/types" : "dist/cli", files);
    }
} finally {
    rmSync(unfinished, { recursive: true, force: true });
}
