import { execFile } from "node:child_process";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { listPackageFiles } from "../../components/rules/packageFiles";
import { zipPackage } from "../../components/rules/packageZip";
import { alternate, describePairs } from "../runner/statistics";
import type { Row } from "../runner/types";

const run = promisify(execFile);
const perFolder = 100;

interface File {
    path: string;
    text: string;
}

/** Files as a package of dependencies holds them: many, small, some alike. */
function listFiles(count: number): File[] {
    return Array.from({ length: count }, (_, index) => ({
        path: join(`module${Math.floor(index / perFolder)}`, `file${index % perFolder}.js`),
        text: `"use strict";\nexports.value${index} = ${index};\n${`// line ${index % 7}\n`.repeat(40 + (index % 50))}`,
    }));
}

function writeFiles(o: { folder: string; files: readonly File[]; time: Date; mask: number }): string {
    const before = process.umask(o.mask);
    try {
        for (const { path, text } of o.files) {
            const target = join(o.folder, path);
            mkdirSync(join(target, ".."), { recursive: true });
            writeFileSync(target, text);
            utimesSync(target, o.time, o.time);
        }
    } finally {
        process.umask(before);
    }
    return o.folder;
}

function timeZip(folder: string): { seconds: number; hash: string } {
    const began = performance.now();
    const { hash } = zipPackage(listPackageFiles(folder));
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
    title: "Package of an unchanged folder",
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
        if (timeZip(one).hash !== timeZip(other).hash) {
            throw new Error("the hash of a package depends on order, times or umask of its files");
        }
        const runs = await alternate({
            runs: quick ? 1 : 5,
            ours: async () => timeZip(one).seconds,
            reference: () => timeReference({ folder: one, into: join(folder, "reference.zip") }),
        });
        const detail = "same hash in another order, with other times and umask";
        return {
            results: [
                describePairs({ what: `${files.length} files`, unit: "s", ...runs, aim: { atMost: 1.5 }, detail }),
            ],
        };
    },
};
