import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../../core/errors";
import { makeTemporaryFolder } from "../../core/temporaryFolder";
import { largestPackage } from "./remote";
import { DamagedEntryError, listEntries, readEntry, TooManyEntriesError, type ZipEntry } from "./zip";

const mostFiles = 100_000;
/** Longest name of a file or folder on Linux, macOS and Windows. */
const longestName = 255;
const longestPath = 1024;

/**
 * Unpacks a zip into a new folder and returns it. The folder is outside of any project, so that an app finds only its own
 * modules, as on Azure. Rejects when the bytes are no zip or a damaged one, or when a name in it points out of the folder. A
 * package that is refused leaves nothing behind.
 */
export async function unpack({ bytes, name }: { bytes: Uint8Array; name: string }): Promise<string> {
    const entries = entriesOf(bytes);
    checkAll(entries);
    const folder = makeTemporaryFolder(name);
    let isWhole = false;
    try {
        for (const entry of entries) {
            await write({ bytes, entry, folder });
        }
        isWhole = true;
        return folder;
    } finally {
        if (!isWhole) {
            await rm(folder, { recursive: true, force: true });
        }
    }
}

function entriesOf(bytes: Uint8Array): ZipEntry[] {
    let entries: ZipEntry[];
    try {
        entries = listEntries(bytes, mostFiles);
    } catch (error) {
        if (error instanceof TooManyEntriesError) {
            throw new Error(`The package has ${error.count} files, and ${mostFiles} are allowed. It was not unpacked.`);
        }
        throw new Error(
            `The package is not a zip file that can be read: ${messageOf(error)}. Build and deploy it again.`,
        );
    }
    // As other programs do, of two entries with one name takes the later one.
    return [...new Map(entries.map((entry) => [entry.name, entry])).values()];
}

/** Throws for a package that is too large, and for a name that cannot be a file in its folder. */
function checkAll(entries: readonly ZipEntry[]): void {
    const size = entries.reduce((sum, entry) => sum + entry.size, 0);
    if (size > largestPackage) {
        throw new Error(`The package is larger than ${largestPackage} bytes when unpacked.`);
    }
    const files = new Set(entries.map(({ name }) => name).filter((name) => !name.endsWith("/")));
    for (const { name } of entries) {
        checkName(name);
        for (let end = name.indexOf("/"); end >= 0; end = name.indexOf("/", end + 1)) {
            const above = name.slice(0, end);
            if (files.has(above)) {
                throw new Error(
                    `The package has '${name}', but also a file '${above}', which cannot be a folder too. It was not unpacked.`,
                );
            }
        }
    }
}

async function write({ bytes, entry, folder }: { bytes: Uint8Array; entry: ZipEntry; folder: string }): Promise<void> {
    const target = path.join(folder, entry.name);
    if (entry.name.endsWith("/")) {
        await mkdir(target, { recursive: true });
        return;
    }
    try {
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, readEntry(bytes, entry));
    } catch (error) {
        if (error instanceof DamagedEntryError) {
            throw new Error(
                `The package is damaged: file '${entry.name}': ${error.message}. It was not unpacked. Build and deploy it again.`,
            );
        }
        throw new Error(`The package was not unpacked: file '${entry.name}' cannot be written: ${messageOf(error)}`);
    }
}

/** Throws when a name in a zip, where `/` stands between folders on every system, is not a file inside of the package. */
export function checkName(file: string, system: NodeJS.Platform = process.platform): void {
    const parts = file.replace(/\/$/, "").split("/");
    const isOutside =
        file.includes("\\") || path.posix.isAbsolute(file) || file.includes("\0") || file.split("/").includes("..");
    if (isOutside) {
        throw new Error(`The package has a file '${file}', which would be outside of its folder. It was not unpacked.`);
    }
    if (parts.every((part) => part === "" || part === ".") || parts.at(-1) === ".") {
        throw new Error(`The package has a file '${file}', which is no name of a file. It was not unpacked.`);
    }
    if (file.length > longestPath || parts.some((part) => Buffer.byteLength(part) > longestName)) {
        throw new Error(
            `The package has a file '${file.slice(0, 60)}…', whose name is too long: a name may have ${longestName} bytes, a path ${longestPath} characters. It was not unpacked.`,
        );
    }
    // Windows takes a colon for a drive or for a second content of a file.
    if (system === "win32" && file.includes(":")) {
        throw new Error(`The package has a file '${file}', whose name Windows cannot hold. It was not unpacked.`);
    }
}
