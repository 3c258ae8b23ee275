import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { type EntryPointFiles, findEntryPoints } from "../../rules/entryPoint";
import { decodeText, parseJsonObject } from "../../rules/json";
import { show } from "../shared/checks";
import type { PackageFile, PackageListing } from "./files";

/** How a line begins that loads a file whenever its own file is loaded, as authors and compilers write it. */
const unconditional = /^(?:import|export|const|let|var|require|\}|module\.exports|exports|__exportStar|tslib)/;
/** What may keep such a line from loading it. */
const conditional = /=>|\?|\b(?:function|if)\b/;
/** A `require`, an `import` or an `export … from` of a file beside or below. */
const relative = /(?:\brequire\s*\(\s*|\bfrom\s*|\bimport(?:\s*\()?\s*)(["'])(\.{1,2}\/[^"'\n]*)\1/g;
const code = /\.[cm]?js$/;
const functionJson = /^([^/]+)\/function\.json$/;

/**
 * Faults of files that the app's code loads and .funcignore leaves out, or that are called otherwise but for the case of letters, which
 * counts on Linux: the app would not start. The code is followed from what the worker loads, because other scripts of the folder may need
 * what is not deployed.
 */
export function leftOutFileFaults(options: {
    codePath: string;
    listing: PackageListing;
    main: unknown;
    isLinux: boolean;
}): string[] {
    const { codePath, listing, main, isLinux } = options;
    const byLowerCase = new Map(isLinux ? listing.files.map(({ path }) => [path.toLowerCase(), path]) : []);
    const sources = new Map(listing.files.map(({ path, source }) => [path, source]));
    const waiting = [
        ...(typeof main === "string" && main !== "" ? findEntryPoints(main, entryPointFiles(listing.files)) : []),
        ...scriptsOf(listing),
    ];
    const seen = new Set<string>();
    const faults: string[] = [];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        const source = sources.get(path);
        if (source === undefined || seen.has(path) || !code.test(path)) {
            continue;
        }
        seen.add(path);
        for (const specifier of loadedBy(readFileSync(source, "utf8"))) {
            const candidates = filesOf(posix.join(posix.dirname(path), specifier));
            const found = candidates.find((candidate) => sources.has(candidate));
            if (found !== undefined) {
                waiting.push(found);
            } else if (candidates.some((candidate) => !candidate.startsWith("../") && listing.isLeftOut(candidate))) {
                faults.push(
                    `${path} in ${show(codePath)} loads ${show(specifier)}, which .funcignore leaves out, so the app would not start. Remove the line from .funcignore.`,
                );
            } else {
                const broken = listing.brokenLinks.find((link) => candidates.includes(link.path));
                if (broken !== undefined) {
                    faults.push(
                        `${path} in ${show(codePath)} loads ${show(specifier)}, a link to ${show(broken.target)}, which does not exist.`,
                    );
                }
                const other = candidates.map((candidate) => byLowerCase.get(candidate.toLowerCase())).find(Boolean);
                if (other !== undefined) {
                    faults.push(
                        `${path} in ${show(codePath)} loads ${show(specifier)}, but the file is ${show(other)}: on Linux, case counts. Write the name as it is.`,
                    );
                }
            }
        }
    }
    return [...new Set(faults)].sort();
}

/** The files of a package, for the pattern in `main`. */
export function entryPointFiles(files: readonly PackageFile[]): EntryPointFiles {
    const paths = files.map(({ path }) => path);
    const below = (folder: string) => paths.filter((path) => folder === "" || path.startsWith(`${folder}/`));
    return { isFile: (path) => paths.includes(path), isFolder: (path) => below(path).length > 0, list: below };
}

function loadedBy(text: string): string[] {
    return text
        .split("\n")
        .filter((line) => unconditional.test(line) && !conditional.test(line))
        .flatMap((line) => [...line.matchAll(relative)].map(([, , specifier = ""]) => specifier));
}

/** The files that Node looks for by the name of one. */
function filesOf(name: string): string[] {
    return [name, ...[".js", ".json", ".cjs", ".mjs", "/index.js", "/index.json"].map((end) => `${name}${end}`)];
}

/** The scripts of the functions that have a function.json. */
function scriptsOf({ files }: PackageListing): string[] {
    return files.flatMap(({ path, source }) => {
        const folder = functionJson.exec(path)?.[1];
        if (folder === undefined) {
            return [];
        }
        const beside = files.map((file) => file.path).filter((other) => posix.dirname(other) === folder);
        const named = scriptFileOf(readFileSync(source));
        return named === undefined ? beside : [posix.join(folder, named.replaceAll("\\", "/"))];
    });
}

/** What `scriptFile` says. The check of the function tells what is wrong with its function.json. */
function scriptFileOf(content: Buffer): string | undefined {
    try {
        const { scriptFile } = parseJsonObject(decodeText(content));
        return typeof scriptFile === "string" && scriptFile !== "" ? scriptFile : undefined;
    } catch {
        return undefined;
    }
}
