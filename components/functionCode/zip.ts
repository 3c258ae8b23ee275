import { createHash } from "node:crypto";
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
import { unzipSync, type Zippable, zipSync } from "fflate";
import type { PackageFile } from "./files";

export interface CodePackage {
    /** SHA-256 of the zip, hexadecimal. The same content gives the same hash everywhere. */
    hash: string;
    zip: Uint8Array;
    /** {@link hashContent} of the files as they were when they were zipped. */
    contentHash: string;
}

const unix = 3;
// A regular file that everyone may read and run, because some runtimes start programs out of the package.
const attributes = (0o100755 << 16) >>> 0;

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** SHA-256 of the files' paths and bytes, hexadecimal. Equal hashes mean equal zips, and hashing costs a fraction of zipping. */
function hashContent(files: readonly PackageFile[], read: (file: PackageFile) => Uint8Array = readFile): string {
    const hash = createHash("sha256");
    for (const file of files) {
        const bytes = read(file);
        hash.update(`${Buffer.byteLength(file.path)} ${bytes.length} ${file.path}`).update(bytes);
    }
    return hash.digest("hex");
}

/** Zips the files in the given order, without anything of this machine, its clock or its time zone. */
export function zipPackage(files: readonly PackageFile[]): CodePackage {
    // fflate reads the local fields of the date, so the date is built from local fields.
    const mtime = new Date(1980, 0, 1, 0, 0, 0);
    // A null prototype, so that a file may have any name.
    const entries: Zippable = Object.create(null);
    // Each file is read once: it may change between two reads, and the hash must be that of the zipped bytes.
    const contentHash = hashContent(files, (file) => {
        const bytes = readFile(file);
        entries[file.path] = [bytes, { mtime, attrs: attributes, os: unix, level: 9 }];
        return bytes;
    });
    const zip = zipSync(entries);
    return { hash: sha256(zip), zip, contentHash };
}

function readFile({ source }: PackageFile): Uint8Array {
    return readFileSync(source);
}

export interface StoredPackage {
    /** SHA-256 of the zip, hexadecimal. */
    hash: string;
    /** Where the engine can read it. */
    path: string;
}

/** How many packages of earlier contents are kept. */
const mostKept = 20;

let place: string | undefined;

/** Zips the files to a place that the engine can read. A zip of the same content from an earlier run is used again. */
export function storePackage(files: readonly PackageFile[], folder: string = findFolder()): StoredPackage {
    const sizes = new Map<string, number>();
    const content = hashContent(files, (file) => {
        const bytes = readFile(file);
        sizes.set(file.path, bytes.length);
        return bytes;
    });
    const kept = join(folder, `${content}.zip`);
    const bytes = readKept(kept);
    if (bytes !== undefined && isWhole(bytes, sizes)) {
        return { hash: sha256(bytes), path: kept };
    }
    const { zip, hash, contentHash } = zipPackage(files);
    const path = join(folder, `${contentHash}.zip`);
    // Renamed when it is complete, because another program may look for it while it is written.
    const unfinished = `${path}.${process.pid}`;
    try {
        writeFileSync(unfinished, zip);
        renameSync(unfinished, path);
    } catch (error) {
        rmSync(unfinished, { force: true });
        throw new Error(`The package of the function code could not be written to ${path}`, { cause: error });
    }
    removeOld(folder);
    return { hash, path };
}

function readKept(path: string): Uint8Array | undefined {
    try {
        return readFileSync(path);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw new Error(`${path} keeps a package and cannot be read. Delete it`, { cause: error });
    }
}

/** Whether a kept zip lists these files with these sizes. A power cut may leave a file that is empty or cut. */
function isWhole(zip: Uint8Array, sizes: ReadonlyMap<string, number>): boolean {
    const left = new Map(sizes);
    try {
        unzipSync(zip, {
            filter({ name, originalSize }) {
                if (left.get(name) === originalSize) {
                    left.delete(name);
                }
                return false;
            },
        });
    } catch {
        // It is zipped again: nothing is lost with a damaged copy.
        return false;
    }
    return left.size === 0;
}

/** The project's cache in node_modules, or a temporary folder in a project that has no node_modules. */
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
        // Only writing shows whether the folder is writable.
        rmSync(mkdtempSync(join(folder, "probe-")), { recursive: true });
        return folder;
    } catch {
        return undefined;
    }
}

const temporaryPrefix = "azure-realtime-package-";
const dayMilliseconds = 24 * 3600 * 1000;

function temporaryFolder(): string {
    removeLeftovers();
    const made = mkdtempSync(join(tmpdir(), temporaryPrefix));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    return made;
}

/** Removes the folders of programs that were killed. None runs for a day. */
function removeLeftovers(): void {
    for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(temporaryPrefix))) {
        const path = join(tmpdir(), name);
        const about = statSync(path, { throwIfNoEntry: false });
        const isOwn = process.getuid === undefined || about?.uid === process.getuid();
        if (about !== undefined && isOwn && about.mtimeMs < Date.now() - dayMilliseconds) {
            rmSync(path, { recursive: true, force: true });
        }
    }
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
