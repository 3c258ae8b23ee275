import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import { listPackageFiles } from "../../components/functionCode/files";
import { zipPackage } from "../../components/functionCode/zip";
import { apps, buildApp, root } from "../program/stack";
import { alternate, describePairs } from "../runner/statistics";
import type { Result, Row } from "../runner/types";

/** Largest size that a package may have, in kB. */
const largest = 300;

// Plain JavaScript, so that the process loads only the module. On Azure, the Functions worker provides
// @azure/functions-core; here an empty stand-in does, because an app cannot register a function without this module.
const script = `const Module = require("node:module");
const load = Module._load;
const core = new Proxy({}, { get: () => () => ({ dispose() {} }) });
Module._load = (name, ...rest) => (name === "@azure/functions-core" ? core : load(name, ...rest));
const began = performance.now(); require(process.argv[1]);
process.stdout.write("\\n" + (performance.now() - began)); process.exit();`;

/** Milliseconds that a module takes to load in a fresh process. */
async function loadTime(file: string): Promise<number> {
    const printed = execFileSync(process.execPath, ["--eval", script, file], {
        encoding: "utf8",
        cwd: root,
        stdio: ["ignore", "pipe", "ignore"],
    });
    return Number(printed.trim().split("\n").at(-1));
}

/** Compiles each file of the app separately and leaves its dependencies in node_modules. */
async function compileUnbundled({ app, folder }: { app: string; folder: string }): Promise<string> {
    const functions = join(root, "functions");
    await build({
        entryPoints: globSync([`${app}/src/**/*.ts`, "shared/*.ts"], { cwd: functions, absolute: true }),
        outbase: functions,
        outdir: join(folder, "unbundled"),
        format: "cjs",
        platform: "node",
        target: "node20",
        logLevel: "error",
    });
    return join(folder, "unbundled", app, "src", "index.js");
}

export const functionApps: Row = {
    name: "function-apps",
    title: "Function apps as deployed",
    reference: "@azure/functions alone; the same app unbundled",
    async run({ folder, quick, note }) {
        const alone = require.resolve("@azure/functions");
        const runs = quick ? 1 : 11;
        const results: Result[] = [];
        for (const app of apps) {
            note(app);
            const place = buildApp(app);
            const bundled = join(place, "dist", "index.js");
            const unbundled = await compileUnbundled({ app, folder });
            const ours = () => loadTime(bundled);
            const size = zipPackage(listPackageFiles(place)).zip.length / 1024;
            const compressed = (await promisify(gzip)(readFileSync(bundled))).length / 1024;
            results.push(
                describePairs({
                    what: `${app}: load, against @azure/functions`,
                    unit: "ms",
                    ...(await alternate({ runs, ours, reference: () => loadTime(alone) })),
                    aim: { atMost: 1.3 },
                }),
                describePairs({
                    what: `${app}: load, against unbundled`,
                    unit: "ms",
                    ...(await alternate({ runs, ours, reference: () => loadTime(unbundled) })),
                }),
                describePairs({
                    what: `${app}: zip, against ${largest} kB`,
                    unit: "kB",
                    ours: [size],
                    reference: [largest],
                    aim: { atMost: 1 },
                    detail: `${compressed.toFixed(0)} kB of this is the program`,
                }),
            );
        }
        return { results };
    },
};
