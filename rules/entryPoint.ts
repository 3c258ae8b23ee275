import { minimatch } from "minimatch";

/** The files among which an entry point is looked for. Paths have `/` between their parts, seen from the app's folder. */
export interface EntryPointFiles {
    isFile(path: string): boolean;
    isFolder(path: string): boolean;
    /** Every file below a folder, with the folder in its path. The app's own folder is "". */
    list(folder: string): Iterable<string>;
}

const magic = /[*?{}[\]!()]/;

/**
 * The files that `main` in package.json names, sorted: one file, all files of a folder, or all that fit a pattern such as
 * `dist/{index.js,functions/*.js}`. A backslash escapes a character, on Windows too. Source: startApp.ts of azure-functions-nodejs-worker
 * and globby 11, whose `expandDirectories` is on.
 */
export function findEntryPoints(main: string, files: EntryPointFiles): string[] {
    const pattern = main.replace(/^(?:\.\/)+/, "");
    if (!isPattern(main)) {
        const path = pattern.replace(/\\(.)/g, "$1").replace(/\/+$/, "");
        if (files.isFile(path)) {
            return pattern.endsWith("/") ? [] : [path];
        }
        return files.isFolder(path) ? [...files.list(path)].filter((file) => !hasHiddenPart(file, path)).sort() : [];
    }
    const base = pattern.split("/");
    const fixed = base
        .slice(
            0,
            base.findIndex((part) => magic.test(part)),
        )
        .join("/");
    return [...files.list(fixed)]
        .filter((path) => minimatch(path, pattern, { nocomment: true, nonegate: true }))
        .sort();
}

/** The worker's error when `main` names no file. */
export function describeMissingEntryPoint(main: string): string {
    const reason = isPattern(main) ? "Found zero files matching the supplied pattern" : "File does not exist";
    const more = main === "index.js" ? ". Learn more here: https://aka.ms/AAla7et" : "";
    return `Worker was unable to load entry point "${main}": ${reason}${more}`;
}

function isPattern(main: string): boolean {
    return magic.test(main.replace(/\\./g, ""));
}

/** Files and folders whose name begins with a dot are left out of a folder. */
function hasHiddenPart(file: string, folder: string): boolean {
    return file
        .slice(folder.length)
        .split("/")
        .some((part) => part.startsWith("."));
}
