import { readFileSync } from "node:fs";
import { describeMissingEntryPoint, findEntryPoints } from "../../rules/entryPoint";
import { decodeText, isJsonObject, type JsonObject, parseJsonObject } from "../../rules/json";
import { FunctionRuntime } from "../functionApp/args";
import { show } from "../shared/checks";
import type { PackageFile, PackageListing } from "./files";
import { hasFunctionJson } from "./functions";
import { entryPointFiles, leftOutFileFaults } from "./leftOut";
import { missingModuleFaults } from "./modules";

export interface EntryQuestion {
    codePath: string;
    listing: PackageListing;
    runtime: FunctionRuntime;
    /** Whether Azure installs the code's packages. */
    remoteBuild: boolean;
    /** Whether the plan runs the app on Linux. */
    isLinux: boolean;
}

const built = "Give the folder of the built app, or set runtime to its language.";

/** Faults of what a language's worker starts from. */
export function entryFaults(question: EntryQuestion): string[] {
    const { codePath, listing, runtime, remoteBuild } = question;
    const { files } = listing;
    const where = `${show(codePath)} has no entry point for ${runtime}`;
    switch (runtime) {
        case FunctionRuntime.Node:
            return nodeFaults({ ...question, where });
        case FunctionRuntime.Python:
            if (!hasFunctionJson(files) && !has(files, "function_app.py")) {
                return [
                    `${where}: neither function_app.py nor <function>/function.json is there.${leftOut(listing, "function_app.py")} ${built}`,
                ];
            }
            return pythonPackagesFaults({ codePath, listing, remoteBuild });
        case FunctionRuntime.DotnetIsolated: {
            const missing = ["functions.metadata", "worker.config.json"].find((path) => !has(files, path));
            return missing === undefined
                ? []
                : [
                      `${where}: ${missing} is not there.${leftOut(listing, missing)} Give the folder that dotnet publish wrote.`,
                  ];
        }
        case FunctionRuntime.Java:
            return hasFunctionJson(files)
                ? javaFaults(codePath, files)
                : [
                      `${where}: no <function>/function.json is there. Give the folder that the azure-functions plugin of Maven or Gradle wrote.`,
                  ];
        default:
            return hasFunctionJson(files) ? [] : [`${where}: no <function>/function.json is there. ${built}`];
    }
}

function nodeFaults(question: EntryQuestion & { where: string }): string[] {
    const { codePath, listing, where, remoteBuild } = question;
    const { files } = listing;
    const hasFolders = hasFunctionJson(files);
    if (!has(files, "package.json")) {
        return hasFolders
            ? []
            : [
                  `${where}: neither package.json nor <function>/function.json is there.${leftOut(listing, "package.json")} ${built}`,
              ];
    }
    const json = readPackageJson(files);
    if (json === undefined) {
        return hasFolders
            ? []
            : [`${where}: package.json is not valid JSON, and Node takes no comments in it. Remove what is none.`];
    }
    const faults = mainFaults({ ...question, json, hasFolders });
    const { dependencies } = json;
    return remoteBuild
        ? faults
        : [
              ...faults,
              ...brokenLinkFaults(listing),
              ...leftOutFileFaults({ codePath, listing, main: json.main, isLinux: question.isLinux }),
              ...missingModuleFaults({
                  codePath,
                  listing,
                  dependencies: isJsonObject(dependencies) ? Object.keys(dependencies) : [],
              }),
          ];
}

/** `main` must name files even beside a function.json, because the worker fails with the entry point first. */
function mainFaults(question: EntryQuestion & { where: string; json: JsonObject; hasFolders: boolean }): string[] {
    const { codePath, listing, where, json, hasFolders } = question;
    const { main } = json;
    if (typeof main !== "string" || main === "") {
        return hasFolders ? [] : [`${where}: package.json names no main file. Name the built file in main.`];
    }
    if (findEntryPoints(main, entryPointFiles(listing.files)).length > 0) {
        return [];
    }
    // Of a pattern, the folders before its first special character.
    const parts = main.replace(/^(?:\.\/)+/, "").split("/");
    const special = parts.findIndex((part) => /[*?{[(!]/.test(part));
    const place = parts.slice(0, special === -1 ? parts.length : special).join("/");
    const isLeftOut = place !== "" && listing.isLeftOut(place);
    const beside = hasFolders
        ? " The worker loads main before it loads a function.json, so none of the functions run: build the app, or remove main."
        : "";
    const backslash = main.includes("\\")
        ? " Write / between folders: a backslash escapes the character after it."
        : "";
    return [
        `${hasFolders ? show(codePath) : where}: main ${show(main)} in package.json matches no file, after .funcignore. ` +
            `${isLeftOut ? `.funcignore leaves it out (${show(place)}). A line such as src counts in every folder, /src in the first alone.` : "Build the function app first."}${backslash}${beside} ` +
            `On Azure: ${describeMissingEntryPoint(main)}.`,
    ];
}

function readPackageJson(files: readonly PackageFile[]): JsonObject | undefined {
    const source = files.find(({ path }) => path === "package.json")?.source;
    if (source === undefined) {
        return undefined;
    }
    const text = readFileSync(source, "utf8");
    try {
        const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
        return isJsonObject(value) ? value : undefined;
    } catch {
        return undefined;
    }
}

function brokenLinkFaults({ brokenLinks }: PackageListing): string[] {
    // Outside of node_modules a broken link matters only where the code loads it.
    const packages = brokenLinks.filter(({ path }) => /(?:^|\/)node_modules\//.test(path));
    return packages.map(
        ({ path, target }) => `${path} is a link to ${show(target)}, which does not exist. Install the packages again.`,
    );
}

/** Azure installs Python packages only in a remote build; otherwise they are in the folder. */
function pythonPackagesFaults({
    codePath,
    listing,
    remoteBuild,
}: Pick<EntryQuestion, "codePath" | "listing" | "remoteBuild">): string[] {
    const { files } = listing;
    if (remoteBuild) {
        return has(files, "requirements.txt")
            ? []
            : [
                  `${show(codePath)} has no requirements.txt, which remoteBuild installs from.${leftOut(listing, "requirements.txt")} Add it, or leave remoteBuild out.`,
              ];
    }
    return files.some(({ path }) => path.startsWith(".python_packages/"))
        ? []
        : [
              `${show(codePath)} holds no .python_packages, so its imports fail on Azure.${leftOut(listing, ".python_packages")} Run pip install --target .python_packages/lib/site-packages -r requirements.txt in it, or use remoteBuild on plan FlexConsumption.`,
          ];
}

/** Each function.json of a Java app names its jar in scriptFile, relative to itself. */
function javaFaults(codePath: string, files: readonly PackageFile[]): string[] {
    for (const { path, source } of files.filter((file) => /^[^/]+\/function\.json$/.test(file.path))) {
        const script = scriptFileIn(source);
        const jar = typeof script === "string" ? script.replace(/\\/g, "/").replace(/^\.\.\//, "") : "";
        if (!has(files, jar)) {
            return [
                `${path} in ${show(codePath)} names the scriptFile ${show(script)}, which is not there. Give the folder that the azure-functions plugin of Maven or Gradle wrote.`,
            ];
        }
    }
    return [];
}

function scriptFileIn(source: string): unknown {
    const text = decodeText(readFileSync(source));
    try {
        return parseJsonObject(text).scriptFile;
    } catch {
        return undefined;
    }
}

function leftOut({ isLeftOut }: PackageListing, path: string): string {
    return isLeftOut(path) ? ` .funcignore leaves it out: remove the line for ${path}.` : "";
}

function has(files: readonly PackageFile[], path: string): boolean {
    return files.some((file) => file.path === path);
}
