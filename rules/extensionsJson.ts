import { isJsonObject, parseJsonObject } from "./json";

/** Where the host looks for the extensions that were installed without a bundle, in this order. Source: Utility.cs of azure-functions-host, TryResolveExtensionsMetadataPath. */
export const extensionLists = ["bin/extensions.json", "extensions.json", ".azurefunctions/extensions.json"] as const;

/** Assembly names in an extensions.json. A file that the host cannot read lists none. Source: ScriptStartupTypeLocator.cs. */
export function installedAssemblies(text: string): string[] {
    let extensions: unknown;
    try {
        extensions = parseJsonObject(text).extensions;
    } catch {
        return [];
    }
    const list: unknown[] = Array.isArray(extensions) ? extensions : [];
    return list.flatMap((entry) => {
        // A .NET type name: `Namespace.Type, Assembly, Version=…`.
        const name =
            isJsonObject(entry) && typeof entry.typeName === "string" ? entry.typeName.split(",")[1]?.trim() : "";
        return name ? [name] : [];
    });
}

/** What to do when the code has a project of extensions, but none of them are installed. Undefined when there is no such project. */
export function describeUnsyncedExtensions(hasProject: boolean): string | undefined {
    return hasProject
        ? "extensions.csproj is there, but bin/extensions.json is not: run `func extensions sync` (or `dotnet build extensions.csproj -o bin`) in the folder first."
        : undefined;
}
