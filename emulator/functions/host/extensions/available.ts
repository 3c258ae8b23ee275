import { existsSync } from "node:fs";
import path from "node:path";
import { bindingOf } from "../../../../rules/bindingTable";
import { parseRange, reaches } from "../../../../rules/bundle";
import { describeUnsyncedExtensions, extensionLists, installedAssemblies } from "../../../../rules/extensionsJson";
import { decodeText } from "../../../../rules/json";
import { readBytesIfAny } from "../../../core/persistence";
import type { HostJson } from "../hostJson";
import type { BindingInfo } from "../worker/types";
import type { Extension } from "./extension";

/** The extensions of an app: the host's own, and those of its bundle or, without a bundle, those installed with its code. */
export function availableExtensions(options: {
    all: readonly Extension[];
    hostJson: HostJson;
    installed: readonly string[];
}): Extension[] {
    const { hostJson, installed } = options;
    const bundle = hostJson.extensionBundleId;
    return options.all.filter((extension) => {
        if (extension.bundles === undefined) {
            return true;
        }
        // The host ignores installed extensions when there is a bundle.
        return bundle === undefined
            ? extension.assembly !== undefined && installed.includes(extension.assembly)
            : isInBundle(extension, hostJson);
    });
}

/** Whether the newest version that the range of host.json allows holds an extension. */
function isInBundle({ bundles = [], bundlesSince = {} }: Extension, hostJson: HostJson): boolean {
    const { extensionBundleId = "", extensionBundleVersion = "" } = hostJson;
    const id = bundles.find((known) => known.toLowerCase() === extensionBundleId.toLowerCase());
    const since = new Map(Object.entries(bundlesSince)).get(id ?? "");
    const range = parseRange(extensionBundleVersion);
    return id !== undefined && (range === undefined || reaches(range, since));
}

/** Assembly names from the first `extensions.json` that the host finds. The extension tools write it. */
export function installedExtensions(folder: string): string[] {
    for (const name of extensionLists) {
        const bytes = readBytesIfAny(path.join(folder, name));
        if (bytes !== undefined) {
            return installedAssemblies(decodeText(bytes));
        }
    }
    return [];
}

/** Whether the app has a project of extensions whose result is not there. */
export function hasExtensionsProject(folder: string): boolean {
    return (
        existsSync(path.join(folder, "extensions.csproj")) &&
        !extensionLists.some((name) => existsSync(path.join(folder, name)))
    );
}

/** The reason why a function cannot be loaded; undefined when each of its bindings has an extension. */
export function describeMissingTypes(options: {
    bindings: readonly BindingInfo[];
    available: readonly Extension[];
    all: readonly Extension[];
    hostJson: HostJson;
    hasExtensionsProject?: boolean;
}): string | undefined {
    const { available, all, hostJson } = options;
    const known = new Set(available.flatMap(({ types }) => types));
    const missing = [...new Set(options.bindings.map(({ type }) => type).filter((t) => !known.has(t.toLowerCase())))];
    if (missing.length === 0) {
        return undefined;
    }
    const refused = missing.filter((type) => bindingOf(type)?.refused !== undefined);
    if (refused.length > 0) {
        return describeRefused(refused);
    }
    const { extensionBundleId: bundle, extensionBundleVersion: version } = hostJson;
    const text =
        bundle === undefined
            ? `The binding type(s) '${missing.join(", ")}' are not registered. Please ensure the type is correct and the binding extension is installed.`
            : `The binding type(s) '${missing.join(", ")}' were not found in the configured extension bundle. Please ensure the type is correct and the correct version of extension bundle is configured.`;
    const holders = all.filter(({ types }) => missing.some((type) => types.includes(type.toLowerCase())));
    if (holders.length > 0) {
        const bundles = [...new Set(holders.flatMap(bundleNames))].join(" or ");
        const named = bundle === undefined ? "no extension bundle" : `the bundle '${bundle}' ${version ?? ""}`.trim();
        const advice =
            bundle === undefined ? describeUnsyncedExtensions(options.hasExtensionsProject === true) : undefined;
        return [
            text,
            `host.json names ${named}; the ${holders.map(({ name }) => name).join(", ")} extension is in ${bundles}.`,
            advice,
        ]
            .filter((part) => part !== undefined)
            .join(" ");
    }
    return `${text} Neither the host nor a bundle has: ${missing.join(", ")}.`;
}

function bundleNames({ bundles = [], bundlesSince = {} }: Extension): string[] {
    const since = new Map(Object.entries(bundlesSince));
    return bundles.map((id) => (since.has(id) ? `${id} (from ${since.get(id)} on)` : id));
}

/** Why this host does not run bindings that Azure does. */
function describeRefused(types: readonly string[]): string {
    const entries = [...new Set(types.flatMap((type) => bindingOf(type) ?? []))];
    const reasons = entries.map(({ service, refused }) => `${service}: ${refused}`).join(" ");
    return `The binding type(s) '${types.join(", ")}' run on Azure only. This host does not support: ${types.join(", ")}. ${reasons}`;
}
