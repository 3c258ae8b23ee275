import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";

export interface PackageFile {
    /** Path inside the package, with `/` between its parts on every system. */
    path: string;
    /** Path of the file on this machine. */
    source: string;
    /** Bytes. */
    size: number;
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
    "node_modules/.cache", // changes with every build
    "node_modules/.package-lock.json", // npm's record of this install, in this machine's order
];

/** Every file that belongs to the package, sorted by path in code unit order. */
export function listPackageFiles(folder: string): PackageFile[] {
    const rules = ignore().add(neverPackaged).add(readIgnoreFile(folder));
    // Applied again, so that a `!pattern` in .funcignore cannot bring a secret back.
    const always = ignore().add(neverPackaged);
    const files: PackageFile[] = [];
    collect({ folder, inside: "", excluded: [rules, always], parents: [realpathSync(folder)], files });
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Walk {
    folder: string;
    inside: string;
    excluded: Ignore[];
    /** Real paths of the folders above, so that a link to one of them ends the walk. */
    parents: string[];
    files: PackageFile[];
}

function collect(walk: Walk): void {
    const entries: Dirent[] = readdirSync(join(walk.folder, walk.inside), { withFileTypes: true });
    for (const entry of entries) {
        const path = walk.inside === "" ? entry.name : `${walk.inside}/${entry.name}`;
        const source = join(walk.folder, path);
        const about = statSync(source, { throwIfNoEntry: false });
        const asRule = about?.isDirectory() ? `${path}/` : path;
        if (about === undefined || walk.excluded.some((rules) => rules.ignores(asRule))) {
            continue;
        }
        if (about.isFile()) {
            walk.files.push({ path, source, size: about.size });
            continue;
        }
        const real = realpathSync(source);
        if (about.isDirectory() && !walk.parents.includes(real)) {
            collect({ ...walk, inside: path, parents: [...walk.parents, real] });
        }
    }
}

function readIgnoreFile(folder: string): string {
    const path = join(folder, ".funcignore");
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, "utf8") : "";
}
