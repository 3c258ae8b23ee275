import { join } from "node:path";
import { decodeText, isJsonObject, parseJsonObject, propertyOf } from "../../rules/json";
import { readBytesIfAny } from "../core/persistence";

/** What a `local.settings.json` gives to `func` alone: neither Azure nor the host of this package reads the file. */
export interface LocalSettings {
    /** Names of its Values. */
    names: string[];
    /** Its Host.CORS. */
    cors: string | undefined;
}

/** Reads a folder's `local.settings.json`, as Core Tools do. Undefined when there is none, or one that func itself refuses. */
export function readLocalSettings(folder: string): LocalSettings | undefined {
    const bytes = readBytesIfAny(join(folder, "local.settings.json"));
    if (bytes === undefined) {
        return undefined;
    }
    try {
        const json = parseJsonObject(decodeText(bytes));
        const values = propertyOf(json, "Values");
        const host = propertyOf(json, "Host");
        const cors = isJsonObject(host) ? propertyOf(host, "CORS") : undefined;
        return {
            names: isJsonObject(values) ? Object.keys(values) : [],
            cors: typeof cors === "string" && cors !== "" ? cors : undefined,
        };
    } catch {
        return undefined;
    }
}
