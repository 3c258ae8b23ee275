import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { globSync } from "tinyglobby";
import { messageOf } from "../../../core/errors";
import { loadFunctionJsonFolders } from "./functionJson";
import { hookContext, runHooks } from "./hooks";
import { loadFile, type PackageJson, placeOf } from "./loadFile";
import type { WorkerState } from "./state";
import type { RegisteredFunction } from "./types";

/** Loads the entry point and runs `appStart`. An entry point that registers nothing leaves the `function.json` folders to load. */
export async function loadApp(state: WorkerState): Promise<RegisteredFunction[]> {
    const packageJson = readPackageJson(state);
    const entryPointError = await loadEntryPoints({ state, packageJson });
    await runHooks({
        state,
        name: "appStart",
        context: hookContext({
            state,
            hookData: state.appLevelOnlyHookData,
            more: { functionAppDirectory: state.folder },
        }),
    });
    await readCapabilities(state);
    state.locked = true;
    if (entryPointError !== undefined) {
        throw entryPointError;
    }
    return state.functions.size > 0
        ? [...state.functions.values()]
        : loadFunctionJsonFolders({ folder: state.folder, packageJson, log: state.log });
}

function readPackageJson(state: WorkerState): PackageJson {
    const file = path.join(state.folder, "package.json");
    if (!existsSync(file)) {
        return {};
    }
    try {
        return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, "")) as PackageJson;
    } catch (error) {
        state.log("warning", `package.json is not valid JSON and is ignored: ${messageOf(error)}`);
        return {};
    }
}

async function loadEntryPoints(options: { state: WorkerState; packageJson: PackageJson }): Promise<Error | undefined> {
    const { state, packageJson } = options;
    if (packageJson.main === undefined || packageJson.main === "") {
        return undefined;
    }
    const files = findEntryPoints({ folder: state.folder, main: packageJson.main });
    if (files.length === 0) {
        return new Error(
            `Worker was unable to load entry point "${packageJson.main}": no file of the app matches "main" in package.json.`,
        );
    }
    for (const file of files) {
        state.entryPoint = path.join(state.folder, file);
        try {
            await loadFile({ file: state.entryPoint, packageJson });
        } catch (error) {
            const place = placeOf(error);
            const where = place === undefined ? "" : ` (at ${path.relative(state.folder, place)})`;
            return new Error(`Worker was unable to load entry point "${file}": ${messageOf(error)}${where}`);
        } finally {
            state.entryPoint = undefined;
        }
    }
    return undefined;
}

/** The files that `main` names: one file, or all that match a glob such as `dist/{index.js,functions/*.js}`, sorted. */
export function findEntryPoints({ folder, main }: { folder: string; main: string }): string[] {
    const pattern = main.replace(/^\.\//, "");
    if (existsSync(path.join(folder, pattern)) && path.extname(pattern) !== "") {
        return [pattern];
    }
    return globSync(pattern, { cwd: folder, expandDirectories: false, absolute: false }).sort();
}

async function readCapabilities(state: WorkerState): Promise<void> {
    const capabilities = await state.model?.getCapabilities?.({});
    state.httpUri = capabilities?.HttpUri;
}
