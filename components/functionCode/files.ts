import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { type IgnoreRules, readIgnoreRules } from "./ignoreRules";
import { type LinkedPackage, placeLinkedPackages } from "./linkedPackages";

export interface PackageFile {
    /** Path inside the package, with `/` between its parts on every system. */
    path: string;
    /** Path of the file on this machine. */
    source: string;
    /** Bytes. */
    size: number;
}

/** What a code folder holds for a package. */
export interface PackageListing {
    /** Every file that belongs to the package, sorted by path in code unit order. */
    files: PackageFile[];
    /** Links to nothing, with what they name. */
    brokenLinks: { path: string; target: string }[];
    /** Whether a path is there, but .funcignore leaves it out. */
    isLeftOut(path: string): boolean;
}

/** Never part of a package, whatever .funcignore says. */
const neverPackaged = [
    "local.settings.json", // holds the developer's own secrets
    ".funcignore", // read by the packager only
    ".git",
    ".vscode",
    ".DS_Store",
    "__azurite*", // a local storage emulator's data
    "__blobstorage__",
    "__queuestorage__",
    "**/node_modules/.cache", // changes with every build
    "**/node_modules/.package-lock.json", // npm's record of this install, in this machine's order
    "**/node_modules/.bin", // commands, as links or with this machine's paths in them
    "**/node_modules/.pnpm", // pnpm's store, whose packages are packed where links name them
    "**/node_modules/.modules.yaml",
    "**/node_modules/.pnpm-workspace-state*.json",
    "**/node_modules/.yarn-state.yml",
    "**/node_modules/.yarn-integrity",
];

/** Every file that belongs to the package, sorted by path in code unit order. */
export function listPackageFiles(folder: string): PackageFile[] {
    return listPackage(folder).files;
}

/** Lists a code folder. Files behind links are packed in the links' place; linked packages come with what they need. */
export function listPackage(folder: string): PackageListing {
    const rules = readIgnoreRules([...neverPackaged, ...readIgnoreFile(folder)]);
    // Applied again, so that a `!pattern` in .funcignore cannot bring a secret back.
    const always = readIgnoreRules(neverPackaged);
    const links: LinkedPackage[] = [];
    const walk: Walk = { excluded: [rules, always], files: new Map(), links, packages: new Map(), brokenLinks: [] };
    const real = realpathSync(folder);
    collect(walk, { source: folder, inside: "", parents: [real] });
    placeLinkedPackages({
        links,
        packages: walk.packages,
        collect: (path, source) =>
            collect({ ...walk, links: undefined }, { source, inside: path, parents: [real, source], isLinked: true }),
    });
    return {
        files: [...walk.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
        brokenLinks: walk.brokenLinks,
        isLeftOut: (path) =>
            !isIgnored(always, path) && isIgnored(rules, path) && statSync(join(folder, path), quiet) !== undefined,
    };
}

/** Whether rules leave out a path or a folder that it is in. */
function isIgnored(rules: IgnoreRules, path: string): boolean {
    const parts = path.split("/");
    return parts.some((_, index) =>
        rules(`${parts.slice(0, index + 1).join("/")}${index + 1 < parts.length ? "/" : ""}`),
    );
}

const quiet = { throwIfNoEntry: false } as const;

interface Walk {
    excluded: IgnoreRules[];
    files: Map<string, PackageFile>;
    /** Packages that are links, to be placed when all others are known. Undefined while they are placed. */
    links: LinkedPackage[] | undefined;
    /** Real paths of the packages in node_modules, by their paths in the package. */
    packages: Map<string, string>;
    brokenLinks: PackageListing["brokenLinks"];
}

interface Place {
    source: string;
    inside: string;
    /** Real paths of the folders above, so that a link to one of them ends the walk. */
    parents: string[];
    /** Whether the folder is a linked package, whose own packages are placed by need. */
    isLinked?: boolean;
}

function collect(walk: Walk, place: Place): void {
    const entries: Dirent[] = readdirSync(place.source, { withFileTypes: true });
    for (const entry of entries) {
        const path = place.inside === "" ? entry.name : `${place.inside}/${entry.name}`;
        const source = join(place.source, entry.name);
        const about = statSync(source, quiet);
        const asRule = about?.isDirectory() ? `${path}/` : path;
        if (walk.excluded.some((isIgnored) => isIgnored(asRule)) || (place.isLinked && entry.name === "node_modules")) {
            continue;
        }
        if (about === undefined) {
            noteBrokenLink(walk, { path, source });
        } else if (about.isFile()) {
            walk.files.set(path, { path, source, size: about.size });
        } else if (about.isDirectory()) {
            enter(walk, { source, inside: path, parents: place.parents });
        }
    }
}

function enter(walk: Walk, { source, inside, parents }: Place): void {
    const real = realpathSync(source);
    if (parents.includes(real)) {
        return;
    }
    const isPackage = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@][^/]*$/.test(inside);
    if (isPackage) {
        walk.packages.set(inside, real);
    }
    if (isPackage && walk.links !== undefined && lstatSync(source).isSymbolicLink()) {
        walk.links.push({ path: inside, real });
        return;
    }
    collect(walk, { source, inside, parents: [...parents, real] });
}

function noteBrokenLink(walk: Walk, { path, source }: { path: string; source: string }): void {
    if (lstatSync(source, quiet)?.isSymbolicLink()) {
        walk.brokenLinks.push({ path, target: readlinkSync(source) });
    }
}

function readIgnoreFile(folder: string): string[] {
    const path = join(folder, ".funcignore");
    return statSync(path, quiet)?.isFile()
        ? readFileSync(path, "utf8")
              .replace(/^\uFEFF/, "")
              .split(/\r?\n/)
        : [];
}
