import { isJsonObject, type JsonObject, propertyOf } from "./json";

export type Version = readonly [number, number, number];

/** The versions that a range lets the host choose from. The host takes the newest of them. */
export interface VersionRange {
    lower?: Version;
    /** The end of the range. Without one, any later version fits. */
    upper?: { version: Version; inclusive: boolean };
}

export const generalBundle = "Microsoft.Azure.Functions.ExtensionBundle";
export const previewBundle = `${generalBundle}.Preview`;
export const experimentalBundle = `${generalBundle}.Experimental`;

/** The extension bundle of a host.json. */
export interface ExtensionBundle {
    id: string;
    version: string;
    range: VersionRange;
}

/** Versions 1 to 4 of the bundles are published. Source: tags of Azure/azure-functions-extension-bundles, read on 2026-11-26. */
const newestMajor = 4;

/** The oldest version that the host takes. Source: extensionrequirements.json of azure-functions-host. */
const minimumVersions: ReadonlyMap<string, string> = new Map([[generalBundle.toLowerCase(), "2.6.1"]]);

/**
 * Reads a version range in NuGet's notation as the host does, which allows `*` in the lowest version: `[4.*, 5.0.0)`, `[4.42.0]`, `4.*`,
 * `(,5.0.0)`, `*`. Undefined where it is none. Source: VersionRangeFactory.cs of NuGet/NuGet.Client, allowFloating.
 */
export function parseRange(text: string): VersionRange | undefined {
    const trimmed = text.trim();
    if (trimmed === "*") {
        return {};
    }
    const [, opening, inside = trimmed, closing] = /^([[(])(.*)([\])])$/.exec(trimmed) ?? [];
    if (opening === undefined) {
        const lower = parseVersion(trimmed, { floating: true });
        return lower === undefined ? undefined : { lower };
    }
    const parts = inside.split(",").map((part) => part.trim());
    const [from = "", to = from] = parts;
    const isExact = parts.length === 1;
    if (parts.length > 2 || parts.every((part) => part === "") || (isExact && (opening !== "[" || closing !== "]"))) {
        return undefined;
    }
    const lower = from === "" ? undefined : parseVersion(from, { floating: true });
    const upper = to === "" ? undefined : parseVersion(to);
    if ((lower === undefined && from !== "") || (upper === undefined && to !== "")) {
        return undefined;
    }
    const inclusive = closing === "]";
    if (lower !== undefined && upper !== undefined) {
        const order = compareVersions(lower, upper);
        if (order > 0 || (order === 0 && inclusive !== (opening === "["))) {
            return undefined;
        }
    }
    return { ...(lower && { lower }), ...(upper && { upper: { version: upper, inclusive } }) };
}

function parseVersion(text: string, { floating = false } = {}): Version | undefined {
    const pattern = floating
        ? /^(\d+)(?:\.(?:(\d+)(?:\.(?:(\d+)(?:\.(?:\d+|\*))?|\*))?|\*))?(?:-[\w.*-]+)?$/
        : /^(\d+)(?:\.(\d+)(?:\.(\d+)(?:\.\d+)?)?)?(?:-[\w.-]+)?$/;
    const [whole, major, minor = "0", patch = "0"] = pattern.exec(text) ?? [];
    return whole === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function compareVersions(left: Version, right: Version): number {
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** Whether a published version may lie in the range. */
export function isPublished({ lower }: VersionRange): boolean {
    return lower === undefined || lower[0] <= newestMajor;
}

/** Whether some version from `wanted` on lies in the range. Without `wanted`, any published one does. */
export function reaches(range: VersionRange, wanted = "1.0.0"): boolean {
    const { upper } = range;
    if (!isPublished(range)) {
        return false;
    }
    if (upper === undefined) {
        return true;
    }
    const order = compareVersions(upper.version, parseVersion(wanted) ?? [0, 0, 0]);
    return order > 0 || (order === 0 && upper.inclusive);
}

/**
 * Reads the extension bundle from the configuration of a host.json; undefined when it names none. Throws in the host's words what the host refuses to start
 * with: of a bundle without a minimum version, it does not need one that exists. Sources: ExtensionBundleConfigurationHelper.cs,
 * ExtensionBundleManager.cs and ScriptStartupTypeLocator.cs of azure-functions-host.
 */
export function readBundle(configuration: JsonObject): ExtensionBundle | undefined {
    const section = propertyOf(configuration, "extensionBundle");
    if (section === undefined || (isJsonObject(section) && Object.keys(section).length === 0)) {
        return undefined;
    }
    const values = isJsonObject(section) ? section : {};
    const [id, version] = ["id", "version"].map((name) => propertyOf(values, name) ?? "").map(String);
    const range = parseRange(version ?? "");
    if (version === undefined || range === undefined) {
        throw invalid("version");
    }
    // Source: PackageIdValidator.cs of NuGet/NuGet.Client.
    if (id === undefined || !/^\w+(?:[.-]\w+)*$/.test(id) || id.length > 100) {
        throw invalid("id");
    }
    const minimum = minimumVersions.get(id.toLowerCase());
    if (minimum !== undefined && !isPublished(range)) {
        throw new Error(describeUnpublished({ id, version }));
    }
    if (minimum !== undefined && !reaches(range, minimum)) {
        throw new Error(
            `Referenced bundle ${id} of version ${version} does not meet the required minimum version of ${minimum}. Update your ` +
                `extension bundle reference in host.json to reference ${minimum} or later. For more information see ` +
                "https://aka.ms/func-min-bundle-versions.",
        );
    }
    return { id, version, range };
}

/** What is wrong with a range in which no version is published. */
export function describeUnpublished({ id, version }: { id: string; version: string }): string {
    return `Bundle version matching the ${version} was not found. ${id} is published in versions 1 to ${newestMajor}.`;
}

function invalid(property: string): Error {
    return new Error(
        `The value of ${property} property in extensionBundle section of host.json file is invalid or missing. ` +
            "See https://aka.ms/functions-hostjson for more information",
    );
}
