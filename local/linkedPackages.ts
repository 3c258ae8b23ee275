import { realpathSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { isRecord, readTextIfAny } from "../emulator/core/persistence";

const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

const isThere = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** The folder itself and every folder around it. */
function ancestors(folder: string): string[] {
    const parent = dirname(folder);
    return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

/** Names of the packages that the package of a folder takes. A package.json that is no JSON names none: node tells that. */
function dependenciesOf(folder: string): string[] {
    const text = readTextIfAny(join(folder, "package.json")) ?? "{}";
    try {
        const content: unknown = JSON.parse(text);
        return isRecord(content)
            ? kinds.flatMap((kind) => Object.keys(isRecord(content[kind]) ? content[kind] : {}))
            : [];
    } catch {
        return [];
    }
}

/** Folders of the packages that a program takes from its workspace or by `npm link`: their sources are at hand and may change. */
export function linkedPackages(program: string): string[] {
    const found = new Set<string>();
    const visit = (folder: string) => {
        for (const name of dependenciesOf(folder)) {
            const place = ancestors(folder)
                .map((around) => join(around, "node_modules", name))
                .find(isThere);
            const real = place === undefined ? undefined : realpathSync(place);
            // An installed package is in a node_modules, also behind the links of pnpm.
            if (real !== undefined && !real.split(sep).includes("node_modules") && !found.has(real)) {
                found.add(real);
                visit(real);
            }
        }
    };
    const own = ancestors(program).find((folder) => isThere(join(folder, "package.json")));
    if (own !== undefined) {
        visit(own);
    }
    return [...found];
}
