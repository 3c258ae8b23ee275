import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Manifest {
    dependencies?: Record<string, string>;
}

/** The folder of a package as Node finds it from another package. */
function findPackage(name: string, from: string): string | undefined {
    for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
        const found = join(folder, "node_modules", name);
        if (existsSync(join(found, "package.json"))) {
            return found;
        }
    }
    return undefined;
}

/** Folders of packages and of everything that they depend on. Optional packages of other systems are not there. */
export function packagesBelow(names: readonly string[], from: string): Set<string> {
    const found = new Set<string>();
    const visit = (name: string, folder: string): void => {
        const place = findPackage(name, folder);
        if (place === undefined || found.has(place)) {
            return;
        }
        found.add(place);
        const { dependencies = {} } = JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as Manifest;
        for (const dependency of Object.keys(dependencies)) {
            visit(dependency, place);
        }
    };
    for (const name of names) {
        visit(name, from);
    }
    return found;
}

/** Bytes of a folder's files, without those of packages inside it, which count on their own. */
export function bytesOf(folder: string): number {
    return readdirSync(folder, { withFileTypes: true })
        .filter(({ name }) => name !== "node_modules")
        .map((entry) => {
            const path = join(folder, entry.name);
            return entry.isDirectory() ? bytesOf(path) : lstatSync(path).size;
        })
        .reduce((sum, bytes) => sum + bytes, 0);
}

export const megabytes = (folders: Iterable<string>): number =>
    [...folders].reduce((sum, folder) => sum + bytesOf(folder), 0) / 1e6;
