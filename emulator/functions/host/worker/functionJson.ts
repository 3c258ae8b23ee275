import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
    checkLanguage,
    describeOtherLanguage,
    findScript,
    OtherLanguageError,
    readFunctionJson,
} from "../../../../rules/functionJson";
import { decodeText } from "../../../../rules/json";
import { type HostLog, messageOf } from "../log";
import { withOwnPaths } from "../stack";
import { isFile } from "./files";
import { loadFile, type PackageJson, placeOf } from "./loadFile";
import type { FunctionCallback, RegisteredFunction } from "./types";

/** Called with the reason why the host takes no function of a name. */
export type OnFunctionError = (name: string, message: string) => void;

/** What the folders of an app are read for. */
interface FolderOptions {
    folder: string;
    log: HostLog;
    /** Whether host.json lets a function run. */
    isListed: (name: string) => boolean;
    onFunctionError: OnFunctionError;
    isLinux: boolean;
}

/**
 * Loads every folder with a `function.json`. A function whose code fails to load is logged and stays: each of its calls fails with that
 * error. Throws when no function is in a language that the worker runs, with which the host does not start. Source: GrpcWorkerChannel.cs
 * of azure-functions-host, which keeps load errors for the calls.
 */
export async function loadFunctionJsonFolders(
    options: FolderOptions & {
        packageJson: PackageJson;
        /** Why the app's entry point failed. No function is loaded then. */
        entryPointError?: Error;
    },
): Promise<RegisteredFunction[]> {
    const { entryPointError } = options;
    const functions: RegisteredFunction[] = [];
    for (const found of describeFunctions(options)) {
        if (entryPointError !== undefined) {
            functions.push(failing({ found, message: entryPointError.message, cause: entryPointError.cause }));
            continue;
        }
        try {
            functions.push(await loadFunction({ ...options, found }));
        } catch (error) {
            const place = placeOf(error);
            const where = place === undefined ? "" : ` (at ${path.relative(options.folder, place)})`;
            const why = withOwnPaths(messageOf(error), options.folder);
            options.log("error", `Function '${found.name}' failed to load: ${why}${where}`);
            const message = `Worker was unable to load function ${found.name}: '${why}'`;
            functions.push(failing({ found, message, cause: error }));
        }
    }
    return functions;
}

/** The folders of an app that hold a function.json, sorted. */
export function functionFolders(folder: string): string[] {
    // A folder may be a link, whose files a package holds too.
    return readdirSync(folder)
        .filter((name) => name !== "node_modules" && isFile(path.join(folder, name, "function.json")))
        .sort();
}

type Described = Omit<RegisteredFunction, "callback"> & { file: string; entryPoint?: string };

/** What each function.json declares. Reports the functions that the host does not take, unless host.json leaves them out. */
function describeFunctions(options: FolderOptions): Described[] {
    const others: string[] = [];
    const described = functionFolders(options.folder)
        .filter(options.isListed)
        .flatMap((name) => {
            try {
                return [describeFunction({ ...options, name })];
            } catch (error) {
                options.onFunctionError(name, messageOf(error));
                others.push(...(error instanceof OtherLanguageError ? [name] : []));
                return [];
            }
        });
    if (described.length === 0 && others.length > 0) {
        throw new Error(
            `${describeOtherLanguage(runtime)} The scripts of the functions ${others.join(", ")} are in other languages.`,
        );
    }
    return described;
}

const runtime = "node";

function describeFunction(options: FolderOptions & { name: string }): Described {
    const { folder, name, log, isLinux } = options;
    const directory = path.join(folder, name);
    const text = decodeText(readFileSync(path.join(directory, "function.json")));
    const { bindings, json, scriptFile, entryPoint } = readFunctionJson({ name, text });
    const script = findScript({
        ...(scriptFile !== undefined && { scriptFile }),
        files: readdirSync(directory).filter((file) => isFile(path.join(directory, file))),
        exists: (file) => isFileInside(folder, path.resolve(directory, file)),
        isLinux,
    });
    checkLanguage({ script, runtime });
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
}

/** Outside of its folder, an app finds nothing on Azure. */
function isFileInside(folder: string, file: string): boolean {
    const inside = path.relative(folder, file);
    const isOutside = inside.split(path.sep)[0] === ".." || path.isAbsolute(inside);
    return !isOutside && isFile(file);
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
            callback = names.length === 1 ? members[names[0]!] : members.run || members.index;
        }
    }
    if (!callback) {
        const named = entryPoint === undefined ? "" : `: ${entryPoint}`;
        throw new Error(
            `Unable to determine function entry point${named}. If multiple functions are exported, you must indicate the entry point, either ` +
                "by naming it 'run' or 'index', or by naming it explicitly via the 'entryPoint' metadata property.",
        );
    }
    if (typeof callback !== "function") {
        throw new Error(
            "The resolved entry point is not a function and cannot be invoked by the functions runtime. Make sure the function has been " +
                "correctly exported.",
        );
    }
    return { callback: callback as FunctionCallback, self };
}
