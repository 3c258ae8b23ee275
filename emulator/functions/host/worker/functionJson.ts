import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { findScript, readFunctionJson } from "../../../../rules/functionJson";
import { decodeText } from "../../../../rules/json";
import { type HostLog, messageOf } from "../log";
import { loadFile, type PackageJson, placeOf } from "./loadFile";
import type { FunctionCallback, RegisteredFunction } from "./types";

/** Called with the reason why the host takes no function of a name. */
export type OnFunctionError = (name: string, message: string) => void;

/**
 * Loads every folder with a `function.json`. A function whose code fails to load is logged and stays: each of its calls fails with that
 * error. Source: GrpcWorkerChannel.cs of azure-functions-host, which keeps load errors for the calls.
 */
export async function loadFunctionJsonFolders(options: {
    folder: string;
    packageJson: PackageJson;
    log: HostLog;
    onFunctionError: OnFunctionError;
    /** Why the app's entry point failed. No function is loaded then. */
    entryPointError?: Error;
}): Promise<RegisteredFunction[]> {
    const { entryPointError } = options;
    const functions: RegisteredFunction[] = [];
    for (const name of functionFolders(options.folder)) {
        const found = describeFunction({ ...options, name });
        if (found === undefined) {
            continue;
        }
        if (entryPointError !== undefined) {
            functions.push(failing({ found, message: entryPointError.message, cause: entryPointError.cause }));
            continue;
        }
        try {
            functions.push(await loadFunction({ ...options, found }));
        } catch (error) {
            const place = placeOf(error);
            const where = place === undefined ? "" : ` (at ${path.relative(options.folder, place)})`;
            options.log("error", `Function '${name}' failed to load: ${messageOf(error)}${where}`);
            const message = `Worker was unable to load function ${found.name}: '${messageOf(error)}'`;
            functions.push(failing({ found, message, cause: error }));
        }
    }
    return functions;
}

/** The folders of an app that hold a function.json, sorted. */
export function functionFolders(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
        .map((entry) => entry.name)
        .filter((name) => existsSync(path.join(folder, name, "function.json")))
        .sort();
}

type Described = Omit<RegisteredFunction, "callback"> & { file: string; entryPoint?: string };

/** What function.json declares. Reports a function that the host does not take. */
function describeFunction(options: {
    folder: string;
    name: string;
    log: HostLog;
    onFunctionError: OnFunctionError;
}): Described | undefined {
    const { name, log } = options;
    const directory = path.join(options.folder, name);
    try {
        const text = decodeText(readFileSync(path.join(directory, "function.json")));
        const { bindings, json, scriptFile, entryPoint } = readFunctionJson({ name, text });
        const script = findScript({
            ...(scriptFile !== undefined && { scriptFile }),
            files: readdirSync(directory, { withFileTypes: true })
                .filter((entry) => entry.isFile())
                .map((entry) => entry.name),
            exists: (file) => existsSync(path.resolve(directory, file)),
        });
        const file = path.resolve(directory, script);
        warnOfDisabled({ name, disabled: json.disabled, log });
        return {
            name,
            file,
            bindings,
            metadata: {
                name,
                functionId: name,
                directory,
                scriptFile: file,
                bindings: Object.fromEntries(bindings.map((binding) => [binding.name, binding])),
                retryOptions: json.retry,
            },
            ...(entryPoint !== undefined && { entryPoint }),
        };
    } catch (error) {
        options.onFunctionError(name, messageOf(error));
        return undefined;
    }
}

/** Since version 2 the host reads `disabled` no more. Source: Azure/azure-functions-host#2767 and HostListenerFactory.cs of azure-webjobs-sdk. */
function warnOfDisabled({ name, disabled, log }: { name: string; disabled: unknown; log: HostLog }): void {
    if (disabled !== undefined && disabled !== null && disabled !== false) {
        log(
            "warning",
            `Function '${name}': 'disabled' in function.json has no effect, so the function runs. Set the app setting ` +
                `AzureWebJobs.${name}.Disabled to true instead.`,
        );
    }
}

/** A function whose calls fail, because its code did not load. */
function failing({ found, message, cause }: { found: Described; message: string; cause: unknown }): RegisteredFunction {
    const { file: _, entryPoint: __, ...described } = found;
    return {
        ...described,
        callback: () => {
            throw new Error(message, { cause });
        },
    };
}

async function loadFunction(options: { found: Described; packageJson: PackageJson }): Promise<RegisteredFunction> {
    const { file, entryPoint, ...found } = options.found;
    const { callback, self } = findEntryPoint({
        exported: await loadFile({ file, packageJson: options.packageJson }),
        ...(entryPoint !== undefined && { entryPoint }),
    });
    return { ...found, callback: callback.bind(self) };
}

/** Azure's order of choice: the export that `entryPoint` names, the only export, `run`, `index`. */
function findEntryPoint(options: { exported: unknown; entryPoint?: string }): {
    callback: FunctionCallback;
    self: unknown;
} {
    const { exported, entryPoint } = options;
    let callback: unknown = exported;
    let self: unknown;
    if (typeof exported === "object" && exported !== null) {
        const members = exported as Record<string, unknown>;
        const names = Object.keys(members);
        self = exported;
        if (entryPoint !== undefined && entryPoint !== "") {
            callback = members[entryPoint];
        } else {
            callback = names.length === 1 ? members[names[0]!] : (members.run ?? members.index);
        }
    }
    if (callback === undefined || callback === null) {
        const named = entryPoint === undefined ? "" : `: ${entryPoint}`;
        throw new Error(
            `Unable to determine function entry point${named}. If multiple functions are exported, name one with 'entryPoint' in function.json or call it 'run' or 'index'.`,
        );
    }
    if (typeof callback !== "function") {
        throw new Error("The resolved entry point is not a function. Make sure the function has been exported.");
    }
    return { callback: callback as FunctionCallback, self };
}
