import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(__dirname, "../..");
const run = promisify(execFile);

export interface Packed {
    tarball: string;
    /** Bytes of the tarball. */
    size: number;
    files: string[];
    /** Whether the folder was the same after packing as before. */
    isUndone: boolean;
    remove(): void;
}

/** Packs this repository with `npm pack`, in a copy, because npm changes files of the folder while it packs. */
export async function packRepository(): Promise<Packed> {
    const folder = mkdtempSync(join(tmpdir(), "packed-"));
    await run("npm", ["run", "build", "--silent"], { cwd: root });
    const copy = join(folder, "repository");
    for (const path of ["package.json", "README.md", "LICENSE", "plugin", "templates", "dist"]) {
        cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    const before = readFileSync(join(copy, "package.json"), "utf8");
    const { stdout } = await run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], { cwd: copy });
    const isClean = !existsSync(join(copy, "PulumiPlugin.yaml"));
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [
        { filename: string; size: number; files: { path: string }[] },
    ];
    return {
        tarball: join(folder, packed.filename),
        size: packed.size,
        files: packed.files.map(({ path }) => path),
        isUndone: isClean && readFileSync(join(copy, "package.json"), "utf8") === before,
        remove: () => rmSync(folder, { recursive: true, force: true }),
    };
}

export interface Consumer {
    folder: string;
    /** Folder of the installed package. */
    package: string;
    remove(): void;
}

interface Manifest {
    name: string;
    dependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
}

/** A new project that contains only the tarball and the dependencies in its package.json. Needs no network. */
export function createConsumer(options: { packed: Packed; files: Record<string, string>; tools?: string[] }): Consumer {
    const folder = mkdtempSync(join(tmpdir(), "consumer-"));
    const modules = join(folder, "node_modules");
    const installed = join(modules, "azure-realtime");
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", ["-xzf", options.packed.tarball, "-C", installed, "--strip-components=1"]);
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
    const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    for (const name of [...names, ...(options.tools ?? [])]) {
        mkdirSync(dirname(join(modules, name)), { recursive: true });
        symlinkSync(join(root, "node_modules", name), join(modules, name));
    }
    for (const [path, text] of Object.entries(options.files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
    }
    return { folder, package: installed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
