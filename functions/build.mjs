// Builds one function app into its dist folder: `node functions/build.mjs socketio-chat`.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [, , app, ...rest] = process.argv;
if (app === undefined || rest.length > 0) {
    console.error("usage: node functions/build.mjs <folder of the function app, such as socketio-chat>");
    process.exit(2);
}

const functions = dirname(fileURLToPath(import.meta.url));
const sharedPage = join(functions, "shared", "page");
const folder = resolve(functions, app);
if (!existsSync(join(folder, "src", "index.ts"))) {
    console.error(`${folder} has no src/index.ts: give the folder of a function app, such as socketio-chat`);
    process.exit(2);
}

const common = {
    bundle: true,
    minify: true,
    write: false,
    absWorkingDir: folder,
    // Set here, so that a tsconfig.json above the folder cannot change the result.
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
            // The Functions worker provides this module at run time. No registry has it.
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
    // esbuild has already printed its own errors.
    if (!Array.isArray(error?.errors)) {
        console.error(error);
    }
    process.exit(1);
}

/** One HTML file that fetches nothing: the HTML that all apps share, with the style sheet and the app's script inlined. */
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

/** Writes a new file and renames it, so that a deployment that packs the folder never reads half a file, and two builds do not meet. */
async function replaceFile(name, text) {
    const target = join(folder, "dist", name);
    if (existsSync(target) && (await readFile(target, "utf8")) === text) {
        return;
    }
    // .funcignore leaves *.new out of the package.
    const unfinished = `${target}.${process.pid}.new`;
    await writeFile(unfinished, text);
    for (let retriesLeft = 5; ; retriesLeft--) {
        try {
            await rename(unfinished, target);
            return;
        } catch (error) {
            // Windows refuses the rename while another program, such as a virus scanner, has the old file open.
            if (process.platform !== "win32" || retriesLeft === 0) {
                throw error;
            }
            await setTimeout(100);
        }
    }
}
