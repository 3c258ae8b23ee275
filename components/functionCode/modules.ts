import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { show } from "../shared/checks";
import type { PackageFile, PackageListing } from "./files";

/** Loaded by nearly every app, and named as a development dependency by some. */
const always = ["@azure/functions"];
const code = /\.[cm]?js$/;

/**
 * Faults of packages that the app's own code loads and the package does not hold, so that the app would not start. A package that is
 * bundled into the code is no longer loaded by its name.
 */
export function missingModuleFaults(options: {
    codePath: string;
    listing: PackageListing;
    /** What package.json lists under dependencies. */
    dependencies: readonly string[];
}): string[] {
    const { codePath, listing, dependencies } = options;
    const { files } = listing;
    const missing = [...new Set([...dependencies, ...always])].filter((name) => !holds(files, name)).sort();
    const own = files.filter(({ path }) => code.test(path) && !/(?:^|\/)node_modules\//.test(path));
    const sources =
        missing.length === 0 ? [] : own.map(({ path, source }) => ({ path, text: readFileSync(source, "utf8") }));
    const used = missing.flatMap((name) => {
        const user = sources.find(({ text }) => loads(name).test(text));
        return user === undefined ? [] : [{ name, path: user.path, reason: reasonOf({ codePath, listing, name }) }];
    });
    return [...new Set(used.map(({ reason }) => reason))].map((reason) => {
        const same = used.filter((other) => other.reason === reason);
        const names = same.map(({ name }) => name).join(", ");
        return `${same[0]?.path} in ${show(codePath)} loads packages that the package to deploy does not hold, ${names}: ${reason}`;
    });
}

function holds(files: readonly PackageFile[], name: string): boolean {
    return files.some(({ path }) => path.startsWith(`node_modules/${name}/`));
}

/** A `require`, an `import` or an `export … from` of a package or of a file in it. */
function loads(name: string): RegExp {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(?:\\brequire\\s*\\(\\s*|\\bfrom\\s*|\\bimport\\s*\\(?\\s*)(["'])${escaped}(?:/[^"'\\n]*)?\\1`);
}

const advice = "bundle them into the code";
const build = "set remoteBuild on plan FlexConsumption";

function reasonOf({ codePath, listing, name }: { codePath: string; listing: PackageListing; name: string }): string {
    if (listing.isLeftOut(`node_modules/${name}/package.json`)) {
        return `.funcignore leaves them out of node_modules, and Azure installs packages only in a remote build. Remove the line from .funcignore, ${advice}, or ${build}.`;
    }
    const elsewhere = findAbove(codePath, name);
    return elsewhere === undefined
        ? `they are not in its node_modules. Run npm install in the folder first, ${advice}, or ${build}.`
        : `they are in ${elsewhere}, outside of the folder, where a workspace keeps packages. Install them in the folder (npm install --workspaces=false, or pnpm deploy), ${advice}, or ${build}.`;
}

/** The node_modules above a folder from which Node loads a package on this machine. */
function findAbove(codePath: string, name: string): string | undefined {
    for (let at = dirname(resolve(codePath)); ; at = dirname(at)) {
        const folder = join(at, "node_modules");
        if (statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory()) {
            return folder;
        }
        if (dirname(at) === at) {
            return undefined;
        }
    }
}
