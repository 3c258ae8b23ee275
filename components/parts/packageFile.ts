import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PackageFile } from "../functionCode/files";
import { hashContent, sha256, zipPackage } from "../functionCode/zip";

export interface StoredPackage {
    /** SHA-256 of the zip, hexadecimal. */
    hash: string;
    /** Where the engine can read it. */
    path: string;
}

/** Packages of earlier contents that are kept. */
const mostKept = 20;

let place: string | undefined;

/** Zips the files to where the engine can read them. A zip of the same content that an earlier run left is taken as it is. */
export function storePackage(files: readonly PackageFile[], folder: string = findFolder()): StoredPackage {
    const kept = join(folder, `${hashContent(files)}.zip`);
    if (existsSync(kept)) {
        return { hash: sha256(readFileSync(kept)), path: kept };
    }
    const { zip, hash, contentHash } = zipPackage(files);
    const path = join(folder, `${contentHash}.zip`);
    // Under its name when it is whole, since another program may look for it meanwhile.
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, zip);
    renameSync(unfinished, path);
    removeOld(folder);
    return { hash, path };
}

/** The project's cache, where tools keep what they can make again; in a project without node_modules, a folder that is gone when the program ends. */
function findFolder(): string {
    place ??= projectCache(process.cwd()) ?? temporaryFolder();
    return place;
}

function projectCache(from: string): string | undefined {
    const modules = join(from, "node_modules");
    if (!existsSync(modules)) {
        return dirname(from) === from ? undefined : projectCache(dirname(from));
    }
    try {
        const folder = join(modules, ".cache", "azure-realtime");
        mkdirSync(folder, { recursive: true });
        // Whether it may be written to is only known from doing it.
        rmSync(mkdtempSync(join(folder, "probe-")), { recursive: true });
        return folder;
    } catch {
        return undefined;
    }
}

function temporaryFolder(): string {
    const made = mkdtempSync(join(tmpdir(), "azure-realtime-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    return made;
}

function removeOld(folder: string): void {
    const zips = readdirSync(folder).filter((name) => name.endsWith(".zip"));
    const ages = zips.map((name) => {
        const path = join(folder, name);
        return { path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
    });
    for (const { path } of ages.sort((a, b) => b.time - a.time).slice(mostKept)) {
        rmSync(path, { force: true });
    }
}
