// Builds one function app into its dist folder: `node functions/build.mjs socketio-chat`.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [, , app, ...rest] = process.argv;
if (app === undefined || rest.length > 0) {
    console.error("usage: node functions/build.mjs <folder of the function app, as socketio-chat>");
    process.exit(2);
}

const functions = dirname(fileURLToPath(import.meta.url));
const sharedPage = join(functions, "shared", "page");
const folder = resolve(functions, app);
if (!existsSync(join(folder, "src", "index.ts"))) {
    console.error(`${folder} holds no src/index.ts, so there is nothing to build`);
    process.exit(2);
}

const common = {
    bundle: true,
    minify: true,
    write: false,
    absWorkingDir: folder,
    // Given here, so that no tsconfig.json around the folder changes what comes out.
    tsconfigRaw: { compilerOptions: { strict: true } },
    logLevel: "error",
    charset: "utf8",
};

try {
    const [program, page] = await Promise.all([
        build({
            ...common,
            entryPoints: ["src/index.ts"],
            platform: "node",
            target: "node20",
            format: "cjs",
            // The Functions worker hands this module to the app when it runs; it is in no registry.
            external: ["@azure/functions-core"],
        }),
        existsSync(join(folder, "page", "main.ts")) ? bundlePage() : undefined,
    ]);
    await mkdir(join(folder, "dist"), { recursive: true });
    await replaceFile("index.js", program.outputFiles[0].text);
    if (page !== undefined) {
        await replaceFile("index.html", page);
    }
} catch (error) {
    // esbuild has printed its own messages already.
    if (!Array.isArray(error?.errors)) {
        console.error(error);
    }
    process.exit(1);
}

/** One HTML file that fetches nothing: the shell all apps share, with the style sheet and the app's script written into it. */
async function bundlePage() {
    const [html, script, style] = await Promise.all([
        readFile(join(sharedPage, "index.html"), "utf8"),
        build({ ...common, entryPoints: ["page/main.ts"], platform: "browser", target: "es2022", format: "iife" }),
        build({ ...common, entryPoints: [join(sharedPage, "style.css")], target: "es2022" }),
    ]);
    return html
        .replace('<link rel="stylesheet" href="style.css">', () => `<style>${style.outputFiles[0].text}</style>`)
        .replace('<script src="main.ts"></script>', () => `<script>${script.outputFiles[0].text}</script>`);
}

/** Written beside and renamed, so that who packs the folder meanwhile never sees half a file. */
async function replaceFile(name, text) {
    const target = join(folder, "dist", name);
    if (existsSync(target) && (await readFile(target, "utf8")) === text) {
        return;
    }
    await writeFile(`${target}.new`, text);
    await rename(`${target}.new`, target);
}
