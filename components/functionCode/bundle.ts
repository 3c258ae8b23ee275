import { show } from "../shared/checks";
import type { ServiceKind } from "../shared/serviceKinds";

type Version = [number, number, number];

/** The versions that a range in host.json lets the host choose from; the host takes the newest of them. */
interface Range {
    lower: Version;
    /** The end of the range. Without one, any later version fits. */
    upper?: { version: Version; inclusive: boolean };
}

/**
 * Reads a version range in NuGet's notation, as the Functions host does: `[4.*, 5.0.0)`, `[4.42.0]`, `4.0.0`. Undefined where it is
 * none. Source: https://learn.microsoft.com/nuget/concepts/package-versioning#version-ranges
 */
export function parseRange(text: string): Range | undefined {
    const trimmed = text.trim();
    const single = parseVersion(trimmed);
    if (single !== undefined) {
        return { lower: single };
    }
    const exact = parseVersion(/^\[([^,]*)\]$/.exec(trimmed)?.[1]);
    if (exact !== undefined) {
        return { lower: exact, upper: { version: exact, inclusive: true } };
    }
    const [, from = "", to = "", end] = /^[[(]([^,]*),([^,]*)([\])])$/.exec(trimmed) ?? [];
    const lower = parseVersion(from);
    const upper = parseVersion(to);
    if (lower === undefined || (upper === undefined && to.trim() !== "")) {
        return undefined;
    }
    const range = { lower, ...(upper && { upper: { version: upper, inclusive: end === "]" } }) };
    return allows(range, lower) || end === "]" || upper === undefined || compare(lower, upper) < 0 ? range : undefined;
}

function parseVersion(text: string | undefined): Version | undefined {
    const [, major, minor = "0", patch = "0"] = /^(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?$/.exec(text?.trim() ?? "") ?? [];
    const number = (part: string) => (part === "*" ? 0 : Number(part));
    return major === undefined ? undefined : [Number(major), number(minor), number(patch)];
}

function compare(a: Version, b: Version): number {
    return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether some version from `wanted` on lies in the range. */
function allows({ upper }: Pick<Range, "upper">, wanted: Version): boolean {
    if (upper === undefined) {
        return true;
    }
    const order = compare(upper.version, wanted);
    return order > 0 || (order === 0 && upper.inclusive);
}

export interface BundleFinding {
    fault?: string;
    warning?: string;
}

/** Looks at the extension bundle of host.json: whether it holds the extension that the service needs, and in which version. */
export function checkBundle(
    bundle: { id?: unknown; version?: unknown },
    kind: ServiceKind,
    { identity }: { identity: boolean },
): BundleFinding {
    const { id, version } = bundle;
    const choice = kind.bundles.find((known) => typeof id === "string" && known.id.toLowerCase() === id.toLowerCase());
    if (choice === undefined) {
        return {
            fault: `the extension bundle ${show(id)} in host.json does not hold the ${kind.extension} binding. ${bundleAdvice(kind)}`,
        };
    }
    if (version === undefined || version === "") {
        return { fault: `extensionBundle in host.json has no version. ${bundleAdvice(kind)}` };
    }
    const range = typeof version === "string" ? parseRange(version) : undefined;
    if (range === undefined) {
        return {
            fault: `extensionBundle.version ${show(version)} in host.json is not a version range. ${bundleAdvice(kind)}`,
        };
    }
    const until = (text: string) => !allows(range, parseVersion(text) ?? [0, 0, 0]);
    if (until("4.0.0")) {
        return {
            fault: `extensionBundle.version ${show(version)} in host.json ends before version 4, the only one with support. ${bundleAdvice(kind)}`,
        };
    }
    const { identityFrom, advisedFrom, warning } = choice;
    if (identityFrom !== undefined && until(identityFrom)) {
        const text = `extensionBundle.version ${show(version)} in host.json ends before ${identityFrom}, the first that signs in to the service with an identity. ${bundleAdvice(kind)}`;
        return identity ? { fault: text } : { warning: text };
    }
    if (advisedFrom !== undefined && until(advisedFrom)) {
        return {
            warning: `extensionBundle.version ${show(version)} in host.json ends before ${advisedFrom}, the first with the mended ${kind.extension} extension. ${bundleAdvice(kind)}`,
        };
    }
    return { warning };
}

/** What to write into host.json. */
export function bundleAdvice({ extension, bundles }: ServiceKind): string {
    const names = bundles.map(({ id }) => id).join(", ");
    const from = bundles[0]?.advisedFrom ?? "4.*";
    return `The ${extension} binding is in ${names}: name one of them in host.json as extensionBundle.id with version "[${from}, 5.0.0)".`;
}
