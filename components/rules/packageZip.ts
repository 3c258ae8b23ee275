import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Zippable, zipSync } from "fflate";
import type { PackageFile } from "./packageFiles";

export interface CodePackage {
    /** SHA-256 of the zip, hexadecimal. The same content gives the same hash everywhere. */
    hash: string;
    zip: Uint8Array;
}

const unix = 3;
// A regular file that everyone may read and run: some runtimes start binaries out of the package.
const attributes = (0o100755 << 16) >>> 0;

/** Zips the files in the order given; nothing of this machine, its clock or its time zone goes in. */
export function zipPackage(files: readonly PackageFile[]): CodePackage {
    // The zip's clock reads local fields, so the date is made from local fields.
    const mtime = new Date(1980, 0, 1, 0, 0, 0);
    // Without a prototype, so that a file may have any name.
    const entries: Zippable = Object.create(null);
    for (const file of files) {
        entries[file.path] = [readFileSync(file.source), { mtime, attrs: attributes, os: unix, level: 9 }];
    }
    const zip = zipSync(entries);
    return { hash: createHash("sha256").update(zip).digest("hex"), zip };
}
