import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Unzipped, unzip } from "fflate";

const largestPackage = 2 ** 30;

/**
 * Unpacks a zip into a new folder and returns it. The folder is outside of any project, so that an app finds only its own
 * modules, as on Azure. Rejects when the bytes are no zip, or when a name in it points out of the folder.
 */
export async function unpack({ bytes, name }: { bytes: Uint8Array; name: string }): Promise<string> {
    const files = Object.entries(await readZip(bytes));
    for (const [file] of files) {
        checkName(file);
    }
    const folder = await mkdtemp(path.join(os.tmpdir(), `azure-realtime-${name.replace(/[^\w-]/g, "")}-`));
    for (const [file, content] of files) {
        const target = path.join(folder, file);
        if (file.endsWith("/")) {
            await mkdir(target, { recursive: true });
        } else {
            await mkdir(path.dirname(target), { recursive: true });
            await writeFile(target, content);
        }
    }
    return folder;
}

function readZip(bytes: Uint8Array): Promise<Unzipped> {
    let size = 0;
    return new Promise((resolve, reject) => {
        const filter = ({ originalSize }: { originalSize: number }) => {
            size += originalSize;
            if (size > largestPackage) {
                throw new Error(`The package is larger than ${largestPackage} bytes when unpacked.`);
            }
            return true;
        };
        try {
            unzip(bytes, { filter }, (error, files) => {
                if (error) {
                    reject(new Error(`The package is not a zip file that can be read: ${error.message}.`));
                } else {
                    resolve(files);
                }
            });
        } catch (error) {
            reject(error);
        }
    });
}

/** Throws when a name in a zip, where `/` stands between folders on every system, is not a file inside of the package. */
export function checkName(file: string, system: NodeJS.Platform = process.platform): void {
    const isOutside =
        file.includes("\\") || path.posix.isAbsolute(file) || file.includes("\0") || file.split("/").includes("..");
    if (isOutside) {
        throw new Error(`The package has a file '${file}', which would be outside of its folder. It was not unpacked.`);
    }
    // Windows takes a colon for a drive or for a second content of a file.
    if (system === "win32" && file.includes(":")) {
        throw new Error(`The package has a file '${file}', whose name Windows cannot hold. It was not unpacked.`);
    }
}
