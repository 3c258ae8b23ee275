import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type HostLog, messageOf } from "../log";
import { loadFile, type PackageJson, placeOf } from "./loadFile";
import type { BindingInfo, FunctionCallback, RegisteredFunction } from "./types";

interface FunctionJson {
    bindings?: BindingInfo[];
    scriptFile?: string;
    entryPoint?: string;
    disabled?: boolean;
}

/** Loads every folder with a `function.json`. A function that fails to load is logged and left out; the others load. */
export async function loadFunctionJsonFolders(options: {
    folder: string;
    packageJson: PackageJson;
    log: HostLog;
}): Promise<RegisteredFunction[]> {
    const functions: RegisteredFunction[] = [];
    for (const name of functionFolders(options.folder)) {
        try {
            functions.push(await loadFunction({ ...options, name }));
        } catch (error) {
            const place = placeOf(error);
            const where = place === undefined ? "" : ` (at ${path.relative(options.folder, place)})`;
            options.log("error", `Function '${name}' failed to load: ${messageOf(error)}${where}`);
        }
    }
    return functions;
}

function functionFolders(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
        .map((entry) => entry.name)
        .filter((name) => existsSync(path.join(folder, name, "function.json")))
        .sort();
}

async function loadFunction(options: {
    folder: string;
    name: string;
    packageJson: PackageJson;
}): Promise<RegisteredFunction> {
    const { name, packageJson } = options;
    const directory = path.join(options.folder, name);
    const json = readFunctionJson(path.join(directory, "function.json"));
    const file = findScript({ directory, scriptFile: json.scriptFile });
    const { callback, self } = findEntryPoint({
        exported: await loadFile({ file, packageJson }),
        entryPoint: json.entryPoint,
    });
    const bindings = (json.bindings ?? []).map((binding) => ({
        ...binding,
        direction: (binding.direction ?? "in").toLowerCase() as BindingInfo["direction"],
    }));
    return {
        name,
        metadata: {
            name,
            functionId: name,
            directory,
            scriptFile: file,
            bindings: Object.fromEntries(bindings.map((binding) => [binding.name, binding])),
        },
        bindings,
        callback: callback.bind(self),
        disabled: json.disabled === true,
    };
}

function readFunctionJson(file: string): FunctionJson {
    try {
        return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, "")) as FunctionJson;
    } catch (error) {
        throw new Error(`function.json is not valid JSON: ${messageOf(error)}`);
    }
}

function findScript({ directory, scriptFile }: { directory: string; scriptFile?: string }): string {
    if (scriptFile !== undefined && scriptFile !== "") {
        const file = path.resolve(directory, scriptFile);
        if (!existsSync(file)) {
            throw new Error(`The script file '${scriptFile}' does not exist.`);
        }
        return file;
    }
    const scripts = readdirSync(directory).filter((name) => /\.[cm]?js$/.test(name));
    const choice =
        scripts.find((name) => /^run\.[cm]?js$/.test(name)) ??
        scripts.find((name) => /^index\.[cm]?js$/.test(name)) ??
        (scripts.length === 1 ? scripts[0] : undefined);
    if (choice === undefined) {
        throw new Error("No script file: name one with 'scriptFile' in function.json, or call it index.js.");
    }
    return path.join(directory, choice);
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
