import { readdirSync } from "node:fs";
import path from "node:path";
import { describeMissingEntryPoint, type EntryPointFiles, findEntryPoints } from "../../../../rules/entryPoint";
import { messageOf } from "../../../core/errors";
import { readTextIfAny } from "../../../core/persistence";
import { withOwnPaths } from "../stack";
import { isFile, isFolder } from "./files";
import { functionFolders, loadFunctionJsonFolders, type OnFunctionError } from "./functionJson";
import { hookContext, runHooks } from "./hooks";
import { loadFile, type PackageJson, placeOf } from "./loadFile";
import type { WorkerState } from "./state";
import type { RegisteredFunction } from "./types";

/**
 * Loads the entry point and runs `appStart`. An entry point that registers nothing leaves the `function.json` folders to load. One that
 * fails leaves an app without functions: those that it registered are dropped, and each call of the others fails with its error. Sources:
 * FunctionsMetadataHandler.ts and FunctionLoadHandler.ts of azure-functions-nodejs-worker, and GrpcWorkerChannel.cs of
 * azure-functions-host, ProcessFunctionMetadataResponses.
 */
export async function loadApp(options: {
    state: WorkerState;
    onFunctionError: OnFunctionError;
    /** Whether host.json lets a function run. */
    isListed: (name: string) => boolean;
    isLinux: boolean;
    /** Whether to throw the error of an entry point. */
    needsEntryPoint?: boolean;
}): Promise<RegisteredFunction[]> {
    const { state } = options;
    const packageJson = readPackageJson(state);
    const entryPointError = await loadEntryPoints({ state, packageJson });
    const context = hookContext({
        state,
        hookData: state.appLevelOnlyHookData,
        more: { functionAppDirectory: state.folder },
    });
    await runHooks({ state, name: "appStart", context }).catch((error: unknown) => {
        throw new Error(`An appStart hook failed: ${messageOf(error)}${shownPlace(error, state)}`);
    });
    await readCapabilities(state);
    state.locked = true;
    if (entryPointError !== undefined) {
        if (options.needsEntryPoint === true) {
            throw entryPointError;
        }
        state.log("error", entryPointError.message);
    }
    if (state.functions.size === 0) {
        return loadFunctionJsonFolders({
            ...options,
            folder: state.folder,
            packageJson,
            log: state.log,
            ...(entryPointError && { entryPointError }),
        });
    }
    if (entryPointError !== undefined) {
        return [];
    }
    warnOfMixedApp(state);
    return [...state.functions.values()];
}

/** Source: WorkerFunctionMetadataProvider.cs of azure-functions-host, ValidateFunctionAppFormat. */
function warnOfMixedApp({ folder, log }: WorkerState): void {
    const ignored = functionFolders(folder);
    if (ignored.length > 0) {
        log(
            "warning",
            `Detected mixed function app. Some functions may not be indexed - ${ignored.join(", ")}. The code registers functions, ` +
                "so no function.json is read.",
        );
    }
}

/** Source: parsePackageJson.ts of azure-functions-nodejs-worker, which takes neither comments nor another type of a value. */
function readPackageJson(state: WorkerState): PackageJson {
    const text = readTextIfAny(path.join(state.folder, "package.json"));
    if (text === undefined) {
        return {};
    }
    try {
        const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
        if (typeof value !== "object" || value === null || Array.isArray(value)) {
            throw new Error("file content is not an object");
        }
        const { main, type } = value as Record<string, unknown>;
        return { ...(typeof main === "string" && { main }), ...(typeof type === "string" && { type }) };
    } catch (error) {
        state.log("warning", `Worker failed to load package.json: file content is not valid JSON: ${messageOf(error)}`);
        return {};
    }
}

async function loadEntryPoints(options: { state: WorkerState; packageJson: PackageJson }): Promise<Error | undefined> {
    const { state, packageJson } = options;
    const { main } = packageJson;
    if (main === undefined || main === "") {
        return undefined;
    }
    const files = findEntryPoints(main, filesOf(state.folder));
    if (files.length === 0) {
        return new Error(describeMissingEntryPoint(main));
    }
    for (const file of files) {
        state.entryPoint = path.join(state.folder, file);
        try {
            await loadFile({ file: state.entryPoint, packageJson });
        } catch (error) {
            const where = shownPlace(error, state);
            const why = withOwnPaths(messageOf(error), state.folder);
            return new Error(`Worker was unable to load entry point "${file}": ${why}${where}`);
        } finally {
            state.entryPoint = undefined;
        }
    }
    return undefined;
}

function shownPlace(error: unknown, { folder }: WorkerState): string {
    const place = placeOf(error);
    return place === undefined ? "" : ` (at ${path.relative(folder, place)})`;
}

function filesOf(folder: string): EntryPointFiles {
    return {
        isFile: (file) => isFile(path.join(folder, file)),
        isFolder: (file) => isFolder(path.join(folder, file)),
        list: (inside) => {
            const start = path.join(folder, inside);
            return isFolder(start)
                ? readdirSync(start, { recursive: true, withFileTypes: true })
                      .filter((entry) => !entry.isDirectory())
                      .map((entry) =>
                          path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"),
                      )
                : [];
        },
    };
}

async function readCapabilities(state: WorkerState): Promise<void> {
    const capabilities = await state.model?.getCapabilities?.({});
    state.httpUri = capabilities?.HttpUri;
}
