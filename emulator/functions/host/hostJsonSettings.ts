import { isJsonObject, type JsonObject } from "../../../rules/json";

/**
 * Puts the app settings below `AzureFunctionsJobHost` over the content of host.json, one value each: configuration of .NET knows no
 * objects and lists, only paths. `AzureFunctionsJobHost__functions__0` is the first of a list.
 */
export function withSettings(json: JsonObject, settings: Readonly<Record<string, string>>): JsonObject {
    return Object.entries(settings).reduce((merged, [path, text]) => put(merged, path.split(":"), text), json);
}

function put(section: unknown, path: readonly string[], text: string): JsonObject {
    const [name = "", ...rest] = path;
    const entries = new Map<string, unknown>(
        Array.isArray(section) || isJsonObject(section) ? Object.entries(section) : [],
    );
    const known = [...entries.keys()].find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
    entries.set(known, rest.length === 0 ? text : put(entries.get(known), rest, text));
    return Object.fromEntries(entries);
}
