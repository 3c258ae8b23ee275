/** The files among which an entry point is looked for. Paths have `/` between their parts, seen from the app's folder. */
export interface EntryPointFiles {
    isFile(path: string): boolean;
    isFolder(path: string): boolean;
    /** Every file below a folder, with the folder in its path. The app's own folder is "". */
    list(folder: string): Iterable<string>;
}

const magic = /[*?{}[\]!()]/;

/** What makes a text a pattern. Source: isDynamicPattern of fast-glob 3, utils/pattern.ts. */
const dynamic = [
    /[*?\\]|^!/,
    /\[[^[]*\]/,
    /(?:^|[^!*+?@])\([^(]*\|[^|]*\)/,
    /[!*+?@]\([^(]*\)/,
    /\{[^{}]*(?:,|\.\.)[^{}]*\}/,
];

/**
 * The files that `main` in package.json names, sorted: one file, all files of a folder, or all that fit a pattern such as
 * `dist/{index.js,functions/*.js}`. A backslash escapes a character, on Windows too; a path from the root of the system or out of the
 * app names none, and neither does a pattern that begins with `!`. Source: startApp.ts of azure-functions-nodejs-worker and globby 11,
 * whose `expandDirectories` is on.
 */
export function findEntryPoints(main: string, files: EntryPointFiles): string[] {
    if (/^[/!]/.test(main)) {
        return [];
    }
    const pattern = main.replace(/^(?:\.\/+)+/, "");
    if (!magic.test(main.replace(/\\./g, ""))) {
        const path = insideOf(pattern.replace(/\\(.)/g, "$1"));
        if (path === undefined) {
            return [];
        }
        if (path !== "" && files.isFile(path)) {
            return pattern.endsWith("/") ? [] : [path];
        }
        return path === "" || files.isFolder(path)
            ? [...files.list(path)].filter((file) => !hasHiddenPart(file, path)).sort()
            : [];
    }
    const base = pattern.split("/");
    const fixed = base
        .slice(
            0,
            base.findIndex((part) => magic.test(part)),
        )
        .join("/");
    if (insideOf(fixed) === undefined) {
        return [];
    }
    // Unlike minimatch, globby's matcher knows `(a|b)`, and takes `**.js` for `**/*.js`.
    const known = pattern.replace(/^\*\*(?=\.\w+$)/, "**/*").replace(/(^|[^!*+?@\\])\((?=[^(|)]*\|[^()]*\))/g, "$1@(");
    // Loaded here, because few commands meet a pattern.
    const { minimatch } = require("minimatch") as typeof import("minimatch");
    return [...files.list(fixed)].filter((path) => minimatch(path, known, { nocomment: true, nonegate: true })).sort();
}

/** A path without `.` and `..`; undefined when it leads out of the folder. */
function insideOf(path: string): string | undefined {
    const parts: string[] = [];
    for (const part of path.split("/")) {
        if (part === ".." && parts.pop() === undefined) {
            return undefined;
        }
        if (part !== "" && part !== "." && part !== "..") {
            parts.push(part);
        }
    }
    return parts.join("/");
}

/** The worker's error when `main` names no file. */
export function describeMissingEntryPoint(main: string): string {
    const isPattern = dynamic.some((expression) => expression.test(main));
    const reason = isPattern ? "Found zero files matching the supplied pattern" : "File does not exist";
    const more = main === "index.js" ? ". Learn more here: https://aka.ms/AAla7et" : "";
    return `Worker was unable to load entry point "${main}": ${reason}${more}`;
}

/** Files and folders whose name begins with a dot are left out of a folder. */
function hasHiddenPart(file: string, folder: string): boolean {
    return file
        .slice(folder.length)
        .split("/")
        .some((part) => part.startsWith("."));
}
