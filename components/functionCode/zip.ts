import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Zippable } from "fflate";
import type { PackageFile } from "./files";

export interface CodePackage {
    /** SHA-256 of the zip, hexadecimal. The same content gives the same hash everywhere. */
    hash: string;
    zip: Uint8Array;
    /** What {@link hashContent} says of the files as they were when they were zipped. */
    contentHash: string;
}

const unix = 3;
// A regular file that everyone may read and run: some runtimes start binaries out of the package.
const attributes = (0o100755 << 16) >>> 0;

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** SHA-256 of the files' paths and bytes, hexadecimal: what decides the zip, for a fraction of the work. */
export function hashContent(files: readonly PackageFile[], read: (file: PackageFile) => Uint8Array = readFile): string {
    const hash = createHash("sha256");
    for (const file of files) {
        const bytes = read(file);
        hash.update(`${Buffer.byteLength(file.path)} ${bytes.length} ${file.path}`).update(bytes);
    }
    return hash.digest("hex");
}

/** Zips the files in the order given; nothing of this machine, its clock or its time zone goes in. */
export function zipPackage(files: readonly PackageFile[]): CodePackage {
    // The zip's clock reads local fields, so the date is made from local fields.
    const mtime = new Date(1980, 0, 1, 0, 0, 0);
    // Without a prototype, so that a file may have any name.
    const entries: Zippable = Object.create(null);
    // Read once: a file may change meanwhile, and the hash has to be that of what is in the zip.
    const contentHash = hashContent(files, (file) => {
        const bytes = readFile(file);
        entries[file.path] = [bytes, { mtime, attrs: attributes, os: unix, level: 9 }];
        return bytes;
    });
    // Loaded here: most runs find their zip made.
    const { zipSync } = require("fflate") as typeof import("fflate");
    const zip = zipSync(entries);
    return { hash: sha256(zip), zip, contentHash };
}

function readFile({ source }: PackageFile): Uint8Array {
    return readFileSync(source);
}
