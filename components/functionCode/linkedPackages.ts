import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A package in node_modules that is a link, as pnpm and workspaces make them. */
export interface LinkedPackage {
    /** Path of the link in the package that is deployed. */
    path: string;
    /** Real path of what it names. */
    real: string;
}

interface Placement {
    links: readonly LinkedPackage[];
    /** Real paths of the packages in node_modules, by their paths in the package. The placed ones are added. */
    packages: Map<string, string>;
    /** Packs a folder, without its node_modules, under a path. */
    collect(path: string, source: string): void;
}

/**
 * Packs linked packages as folders. A package that is a link finds its own packages beside the place that the link names, and a package
 * has no links; so each dependency is packed where the package finds it: in the outermost node_modules, or in its own when that one holds
 * another version. Source: https://nodejs.org/api/modules.html#loading-from-node_modules-folders
 */
export function placeLinkedPackages(placement: Placement): void {
    const links = [...placement.links].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const { path, real } of links) {
        placement.packages.set(path, real);
    }
    for (const link of links) {
        place(placement, link);
    }
}

function place(placement: Placement, { path, real }: LinkedPackage): void {
    placement.collect(path, real);
    // All of them get their place before the first is packed, because one may hide a package from another.
    const placed = dependenciesOf(real).flatMap((name) => {
        const target = find(real, name);
        if (target === undefined) {
            return [];
        }
        const known = provider({ packages: placement.packages, path, name });
        if (known === target) {
            return [];
        }
        const [outermost = ""] = /^(?:.*?\/)?node_modules(?=\/)/.exec(path) ?? [];
        const link = { path: `${known === undefined ? outermost : `${path}/node_modules`}/${name}`, real: target };
        placement.packages.set(link.path, link.real);
        return [link];
    });
    for (const link of placed) {
        place(placement, link);
    }
}

/** The package that a name gives to the code of the package at a path. */
function provider(options: { packages: ReadonlyMap<string, string>; path: string; name: string }): string | undefined {
    const { packages, path, name } = options;
    const parts = path.split("/");
    for (let length = parts.length; length >= 0; length -= 1) {
        const found = packages.get([...parts.slice(0, length), "node_modules", name].join("/"));
        if (parts[length - 1] !== "node_modules" && found !== undefined) {
            return found;
        }
    }
    return undefined;
}

/** Names of the packages that a package may load, sorted. */
function dependenciesOf(folder: string): string[] {
    let json: Record<string, unknown>;
    try {
        json = JSON.parse(readFileSync(join(folder, "package.json"), "utf8").replace(/^\uFEFF/, "")) as typeof json;
    } catch {
        return [];
    }
    const namesIn = (kind: string) => {
        const list = json[kind];
        return typeof list === "object" && list !== null ? Object.keys(list) : [];
    };
    const names = ["dependencies", "optionalDependencies", "peerDependencies"].flatMap(namesIn);
    // A package takes an optional peer only from beside itself; further up, the peer is somebody else's.
    const optional = new Set(namesIn("peerDependenciesMeta"));
    return [...new Set(names)].filter((name) => !optional.has(name) || isBeside(folder, name)).sort();
}

function isBeside(folder: string, name: string): boolean {
    const [outside] = /^.*[\\/]node_modules(?=[\\/])/.exec(folder) ?? [];
    return outside !== undefined && statSync(join(outside, name), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The real path of the package that Node loads by a name from a folder. */
function find(folder: string, name: string): string | undefined {
    for (let at = folder; ; at = dirname(at)) {
        const candidate = join(at, "node_modules", name);
        if (basename(at) !== "node_modules" && statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) {
            return realpathSync(candidate);
        }
        if (dirname(at) === at) {
            return undefined;
        }
    }
}
