import { type Binding, checkBindings, checkFunctionName, readBindings } from "./bindings";
import { type JsonObject, parseJsonObject, propertyOf } from "./json";
import { readRetry } from "./retry";

/** A function.json as the host reads it. */
export interface FunctionJson {
    bindings: Binding[];
    trigger: Binding;
    scriptFile?: string;
    entryPoint?: string;
    json: JsonObject;
}

/**
 * Reads the function.json of a function. Throws the first fault in the host's words. Source: HostFunctionMetadataProvider.cs of
 * azure-functions-host.
 */
export function readFunctionJson(options: { name: string; text: string }): FunctionJson {
    const { name, text } = options;
    checkFunctionName(name);
    const json = parse(text);
    // These names are looked up as they are written.
    const bindings = readBindings(json.bindings);
    const source = propertyOf(json, "configurationSource");
    if (source !== undefined && !["attributes", "config"].includes(String(source).toLowerCase())) {
        throw new Error(`Illegal value '${String(source)}' for 'configurationSource' property in ${name}'.`);
    }
    const [scriptFile, entryPoint] = ["scriptFile", "entryPoint"].map((property) => textOf(json, property));
    readRetry(json.retry);
    return {
        bindings,
        trigger: checkBindings(bindings),
        json,
        ...(scriptFile !== undefined && { scriptFile }),
        ...(entryPoint !== undefined && { entryPoint }),
    };
}

/** A property as a text; undefined for none. Throws in Newtonsoft's words for an object or a list. */
function textOf(json: JsonObject, property: string): string | undefined {
    const value = json[property];
    if (typeof value === "object" && value !== null) {
        throw new Error(`Can not convert ${Array.isArray(value) ? "Array" : "Object"} to String: ${property}.`);
    }
    return value === undefined || value === null || value === "" ? undefined : String(value);
}

function parse(text: string): JsonObject {
    try {
        return parseJsonObject(text);
    } catch (error) {
        throw new Error(`function.json is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
}

const defaultScripts = new Set(["index.js", "index.mjs", "index.cjs", "__init__.py"]);

/**
 * The script of a function, relative to its folder. `files` are the names in that folder; `exists` answers for the path of a file that
 * `scriptFile` gives. Throws in the host's words when there is none. Source: HostFunctionMetadataProvider.cs of
 * azure-functions-host, DeterminePrimaryScriptFile.
 */
export function findScript(options: {
    scriptFile?: string;
    files: readonly string[];
    exists: (path: string) => boolean;
    /** Whether the app runs on Linux, where a backslash stands between no folders. Defaults to true. */
    isLinux?: boolean;
}): string {
    const { scriptFile, files, exists, isLinux = true } = options;
    if (scriptFile !== undefined) {
        const path = isLinux ? scriptFile : scriptFile.replaceAll("\\", "/");
        const isBackslash = path.includes("\\");
        if (isBackslash || !exists(path)) {
            throw new Error(
                "Invalid script file name configuration. The 'scriptFile' property is set to a file that does not exist. " +
                    `It is '${scriptFile}'.${isBackslash ? " On Linux, write / between folders." : ""}`,
            );
        }
        return path;
    }
    const scripts = files.filter((file) => file.toLowerCase() !== "function.json").sort();
    const isPrimary = (file: string) => /^run(\.[^.]*)?$/i.test(file) || defaultScripts.has(file.toLowerCase());
    const script = scripts.length === 1 ? scripts[0] : scripts.find(isPrimary);
    if (script === undefined) {
        throw new Error(
            "Unable to determine the primary function script. Make sure at least one script file is present. Try renaming your entry " +
                "point script to 'run' or alternatively you can specify the name of the entry point script explicitly by adding a " +
                "'scriptFile' property to your function metadata.",
        );
    }
    return script;
}

/** The ends of the scripts that a worker runs. Source: worker.config.json of each worker. */
const languages = new Map([
    ["node", [".js", ".mjs", ".cjs"]],
    ["python", [".py"]],
]);

/** What a function's script is called where function.json does not say it, in the languages whose names are known. */
export function scriptNames(runtime: string): string[] {
    const ends = languages.get(runtime) ?? [];
    return [...defaultScripts, ...ends.map((end) => `run${end}`)];
}

/** Why the host leaves out a function whose script is in another language than the app. */
export class OtherLanguageError extends Error {}

/**
 * Throws when the worker of a runtime does not run a script. The host leaves out such a function without a word, and does not start when
 * all of them are such. Sources: HostFunctionMetadataProvider.cs of azure-functions-host, ParseLanguage; RpcFunctionDescriptorProvider.cs;
 * Utility.cs, VerifyFunctionsMatchSpecifiedLanguage.
 */
export function checkLanguage({ script, runtime }: { script: string; runtime: string }): void {
    const ends = languages.get(runtime);
    const end = /\.[^./\\]*$/.exec(script)?.[0].toLowerCase() ?? "";
    if (ends !== undefined && !ends.includes(end)) {
        throw new OtherLanguageError(
            `${describeOtherLanguage(runtime)} Its script is '${script}', and the worker runs ${ends.join(", ")}. Build it, or name the built file in scriptFile.`,
        );
    }
}

/** The host's error when an app holds no function in its own language. */
export function describeOtherLanguage(runtime: string): string {
    return `Did not find functions with language [${runtime}].`;
}
