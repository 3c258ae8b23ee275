import { execFile } from "node:child_process";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { listPackageFiles } from "../../components/functionCode/files";
import { storePackage } from "../../components/functionCode/zip";
import { alternate, describePairs } from "../runner/statistics";
import type { Row } from "../runner/types";

const run = promisify(execFile);
const perFolder = 100;

interface File {
    path: string;
    text: string;
}

/** Many small, partly similar files, as in a package with dependencies. */
function listFiles(count: number): File[] {
    return Array.from({ length: count }, (_, index) => ({
        path: join(`module${Math.floor(index / perFolder)}`, `file${index % perFolder}.js`),
        text: `"use strict";\nexports.value${index} = ${index};\n${`// line ${index % 7}\n`.repeat(40 + (index % 50))}`,
    }));
}

function writeFiles(options: { folder: string; files: readonly File[]; time: Date; mask: number }): string {
    const before = process.umask(options.mask);
    try {
        for (const { path, text } of options.files) {
            const target = join(options.folder, path);
            mkdirSync(join(target, ".."), { recursive: true });
            writeFileSync(target, text);
            utimesSync(target, options.time, options.time);
        }
    } finally {
        process.umask(before);
    }
    return options.folder;
}

/** Packages a folder as a program does. `kept` is the program's cache of packages. */
function timeZip({ folder, kept }: { folder: string; kept: string }): { seconds: number; hash: string } {
    mkdirSync(kept, { recursive: true });
    const began = performance.now();
    const { hash } = storePackage(listPackageFiles(folder), kept);
    return { seconds: (performance.now() - began) / 1000, hash };
}

async function timeReference({ folder, into }: { folder: string; into: string }): Promise<number> {
    rmSync(into, { force: true });
    const began = performance.now();
    await run("zip", ["-X", "-q", "-r", into, "."], { cwd: folder });
    return (performance.now() - began) / 1000;
}

export const zip: Row = {
    name: "zip",
    title: "Package of a folder",
    reference: "zip -X of the same folder",
    async run({ folder, quick, note }) {
        const files = listFiles(quick ? 500 : 10_000);
        note(`${files.length} files`);
        const one = writeFiles({ folder: join(folder, "one"), files, time: new Date(1e12), mask: 0o022 });
        const other = writeFiles({
            folder: join(folder, "other"),
            files: [...files].reverse(),
            time: new Date(15e11),
            mask: 0o077,
        });
        const [kept, fresh] = [join(folder, "kept"), join(folder, "fresh")];
        if (timeZip({ folder: one, kept }).hash !== timeZip({ folder: other, kept: fresh }).hash) {
            throw new Error("the hash of a package depends on the order, times or modes of its files");
        }
        const reference = () => timeReference({ folder: one, into: join(folder, "reference.zip") });
        const runs = quick ? 1 : 5;
        const unchanged = await alternate({
            runs,
            ours: async () => timeZip({ folder: one, kept }).seconds,
            reference,
        });
        const first = await alternate({
            runs,
            async ours() {
                rmSync(fresh, { recursive: true });
                return timeZip({ folder: one, kept: fresh }).seconds;
            },
            reference,
        });
        const what = `${files.length} files`;
        const detail = "same hash in a different order, with different times and umask";
        return {
            results: [
                describePairs({ what: `${what}, unchanged`, unit: "s", ...unchanged, aim: { atMost: 1.5 }, detail }),
                describePairs({ what: `${what}, for the first time`, unit: "s", ...first }),
            ],
        };
    },
};
