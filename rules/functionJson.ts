import { type Binding, checkBindings, checkFunctionName, readBindings } from "./bindings";
import { type JsonObject, parseJsonObject, propertyOf } from "./json";

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
    const { scriptFile, entryPoint } = json;
    return {
        bindings,
        trigger: checkBindings(bindings),
        json,
        ...(typeof scriptFile === "string" && scriptFile !== "" && { scriptFile }),
        ...(typeof entryPoint === "string" && entryPoint !== "" && { entryPoint }),
    };
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
 * The script of a function, relative to its folder. `files` are the names in that folder; `exists` answers for the path that
 * `scriptFile` gives. Throws in the host's words when there is none. Source: HostFunctionMetadataProvider.cs of
 * azure-functions-host, DeterminePrimaryScriptFile.
 */
export function findScript(options: {
    scriptFile?: string;
    files: readonly string[];
    exists: (path: string) => boolean;
}): string {
    const { scriptFile, files, exists } = options;
    if (scriptFile !== undefined) {
        if (!exists(scriptFile)) {
            throw new Error(
                "Invalid script file name configuration. The 'scriptFile' property is set to a file that does not exist. " +
                    `It is '${scriptFile}'.`,
            );
        }
        return scriptFile;
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
