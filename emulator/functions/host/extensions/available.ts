import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { HostJson } from "../hostJson";
import { parseIfJson } from "../rpc";
import type { BindingInfo } from "../worker/types";
import type { Extension } from "./extension";

/** The extensions of an app: the host's own, and those of its bundle or, without a bundle, those installed with its code. */
export function availableExtensions(options: {
    all: readonly Extension[];
    hostJson: HostJson;
    installed: readonly string[];
}): Extension[] {
    const bundle = options.hostJson.extensionBundleId?.toLowerCase();
    return options.all.filter(
        ({ bundles, assembly }) =>
            bundles === undefined ||
            (bundle !== undefined && bundles.some((id) => id.toLowerCase() === bundle)) ||
            // The host ignores installed extensions when there is a bundle.
            (bundle === undefined && assembly !== undefined && options.installed.includes(assembly)),
    );
}

/** Assembly names from `bin/extensions.json`, which the extension tools write. */
export function installedExtensions(folder: string): string[] {
    const file = path.join(folder, "bin", "extensions.json");
    if (!existsSync(file)) {
        return [];
    }
    const json = parseIfJson(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
    const list = (json as { extensions?: { typeName?: string }[] } | null)?.extensions ?? [];
    return list.map(({ typeName }) => typeName?.split(",")[1]?.trim() ?? "").filter((name) => name !== "");
}

/** The reason why a function cannot be loaded; undefined when each of its bindings has an extension. */
export function describeMissingTypes(options: {
    bindings: readonly BindingInfo[];
    available: readonly Extension[];
    all: readonly Extension[];
    hostJson: HostJson;
}): string | undefined {
    const known = new Set(options.available.flatMap(({ types }) => types));
    const missing = [...new Set(options.bindings.map(({ type }) => type).filter((t) => !known.has(t.toLowerCase())))];
    if (missing.length === 0) {
        return undefined;
    }
    const bundle = options.hostJson.extensionBundleId;
    const text =
        bundle === undefined
            ? `The binding type(s) '${missing.join(", ")}' are not registered. Please ensure the type is correct and the binding extension is installed.`
            : `The binding type(s) '${missing.join(", ")}' were not found in the configured extension bundle. Please ensure the type is correct and the correct version of extension bundle is configured.`;
    const holders = options.all.filter(({ types }) => missing.some((type) => types.includes(type.toLowerCase())));
    if (holders.length > 0) {
        const bundles = [...new Set(holders.flatMap((extension) => extension.bundles ?? []))].join(" or ");
        return `${text} host.json names ${bundle === undefined ? "no extension bundle" : `the bundle '${bundle}'`}; the ${holders.map(({ name }) => name).join(", ")} extension is in ${bundles}.`;
    }
    return `${text} This host does not support: ${missing.join(", ")}.`;
}
