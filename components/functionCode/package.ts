import { readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { minimatch } from "minimatch";
import { FunctionRuntime } from "../functionApp/args";
import { show } from "../shared/checks";
import type { ServiceKind } from "../shared/serviceKinds";
import { bundleAdvice, checkBundle } from "./bundle";
import { listPackageFiles, type PackageFile } from "./files";

// The zip format without its 64-bit extension, which not every deployment path reads.
const limits = { files: 65_535, bytes: 1024 ** 3 };

export interface PackageQuestion {
    codePath: string;
    runtime: FunctionRuntime;
    /** The realtime service whose extension the code needs. Defaults to none. */
    kind?: ServiceKind;
    /** Whether the app signs in to that service with its identity. Defaults to false: unknown. */
    identity?: boolean;
    /** Whether Azure installs the code's packages. Defaults to false. */
    remoteBuild?: boolean;
}

export interface CheckedPackage {
    files: PackageFile[];
    /** What is wrong, a sentence each; empty when the package can be deployed. */
    faults: string[];
    /** What may be wrong, a sentence each. */
    warnings: string[];
    /** What stands before the path of every HTTP function, from host.json. */
    routePrefix: string;
    /** A file that declares a Socket.IO trigger, when there is one. */
    socketIOTrigger?: string;
}

const defaultRoutePrefix = "api";
export const emptyPackage: CheckedPackage = { files: [], faults: [], warnings: [], routePrefix: defaultRoutePrefix };

/** Looks into a code folder before anything is created. */
export function checkPackage(question: PackageQuestion): CheckedPackage {
    const { codePath } = question;
    const refused = (fault: string): CheckedPackage => ({ ...emptyPackage, faults: [fault] });
    if (typeof codePath !== "string" || codePath === "") {
        return refused(`${show(codePath)} is not a folder. Give the path of a function app's folder.`);
    }
    const about = statSync(codePath, { throwIfNoEntry: false });
    if (about === undefined) {
        const from = isAbsolute(codePath) ? "" : `, seen from ${process.cwd()}`;
        return refused(`${show(codePath)} does not exist${from}. Build the function app first.`);
    }
    if (!about.isDirectory()) {
        return refused(`${show(codePath)} is not a folder. Give the folder that holds host.json.`);
    }
    const files = listPackageFiles(codePath);
    if (files.length === 0) {
        return refused(`${show(codePath)} holds no file to deploy, after .funcignore. Build the function app first.`);
    }
    const size = sizeFault(codePath, files);
    if (size !== undefined) {
        return refused(size);
    }
    const folder = { ...question, files };
    const { fault, warning } = checkHostJson(folder);
    const present = (text: string | undefined): text is string => text !== undefined;
    return {
        files,
        faults: [fault, entryFault(folder)].filter(present),
        warnings: [warning].filter(present),
        routePrefix: routePrefixIn(files),
        // Looked for when it is asked for, because that reads all of the code and only one plan wants to know.
        get socketIOTrigger() {
            return findSocketIOTrigger(files);
        },
    };
}

export function sizeFault(codePath: string, files: readonly Pick<PackageFile, "size">[]): string | undefined {
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > limits.files) {
        return `${show(codePath)} holds ${files.length} files. Allowed: ${limits.files} at most; bundle the code or list what is not needed in .funcignore.`;
    }
    return bytes > limits.bytes
        ? `${show(codePath)} holds ${Math.ceil(bytes / 1024 ** 2)} MiB. Allowed: 1024 MiB at most; bundle the code or list what is not needed in .funcignore.`
        : undefined;
}

type Folder = PackageQuestion & { files: PackageFile[] };

function checkHostJson({ codePath, files, kind, identity = false }: Folder): { fault?: string; warning?: string } {
    if (!has(files, "host.json")) {
        return { fault: `${show(codePath)} has no host.json. Give the folder that holds it, not one above or below.` };
    }
    const host = readObject(files, "host.json");
    if (host === undefined) {
        return { fault: `host.json in ${show(codePath)} is not a JSON object.` };
    }
    if (kind === undefined) {
        return {};
    }
    const bundle = host.extensionBundle;
    if (bundle !== undefined) {
        return checkBundle(isObject(bundle) ? bundle : {}, kind, { identity });
    }
    return installsExtension(files, kind)
        ? {}
        : {
              fault: `host.json names no extension bundle and no installed extensions.json lists ${kind.assembly}. ${bundleAdvice(kind)}`,
          };
}

/** Where the Functions host looks for extensions that were installed without a bundle. */
const installedExtensionLists = ["bin/extensions.json", "extensions.json", ".azurefunctions/extensions.json"];

function installsExtension(files: PackageFile[], kind: ServiceKind): boolean {
    const list = installedExtensionLists.find((path) => has(files, path));
    const extensions = list === undefined ? undefined : readObject(files, list)?.extensions;
    return Array.isArray(extensions) && extensions.some((entry: unknown) => assemblyOf(entry) === kind.assembly);
}

/** The assembly in a .NET type name: `Namespace.Type, Assembly, Version=…`. */
function assemblyOf(entry: unknown): string | undefined {
    return isObject(entry) && typeof entry.typeName === "string" ? entry.typeName.split(",")[1]?.trim() : undefined;
}

function routePrefixIn(files: PackageFile[]): string {
    const extensions = readObject(files, "host.json")?.extensions;
    const http = isObject(extensions) ? extensions.http : undefined;
    const prefix = isObject(http) ? http.routePrefix : undefined;
    return typeof prefix === "string" ? prefix.replace(/^\/+|\/+$/g, "") : defaultRoutePrefix;
}

function entryFault(folder: Folder): string | undefined {
    const { codePath, files, runtime, remoteBuild = false } = folder;
    const where = `${show(codePath)} has no entry point for ${runtime}`;
    const hasFunctionJson = files.some((file) => /^[^/]+\/function\.json$/.test(file.path));
    switch (runtime) {
        case FunctionRuntime.Node:
            return hasFunctionJson ? undefined : nodeEntryFault(files, where);
        case FunctionRuntime.Python:
            if (!hasFunctionJson && !has(files, "function_app.py")) {
                return `${where}: neither function_app.py nor <function>/function.json is there.`;
            }
            return pythonPackagesFault(codePath, files, remoteBuild);
        case FunctionRuntime.DotnetIsolated: {
            const missing = ["functions.metadata", "worker.config.json"].find((path) => !has(files, path));
            return missing === undefined
                ? undefined
                : `${where}: ${missing} is not there. Give the folder that dotnet publish wrote.`;
        }
        case FunctionRuntime.Java:
            return hasFunctionJson
                ? javaFault(codePath, files)
                : `${where}: no <function>/function.json is there. Give the folder that the azure-functions plugin of Maven or Gradle wrote.`;
        default:
            return hasFunctionJson ? undefined : `${where}: no <function>/function.json is there.`;
    }
}

function nodeEntryFault(files: PackageFile[], where: string): string | undefined {
    if (!has(files, "package.json")) {
        return `${where}: neither package.json nor <function>/function.json is there.`;
    }
    const main = readObject(files, "package.json")?.main;
    if (typeof main !== "string" || main === "") {
        return `${where}: package.json names no main file.`;
    }
    const pattern = main.replace(/\\/g, "/").replace(/^\.\//, "");
    return files.some((file) => minimatch(file.path, pattern))
        ? undefined
        : `${where}: main ${show(main)} in package.json matches no file, after .funcignore. Build the function app first.`;
}

/** Azure installs Python packages only in a remote build; otherwise they are in the folder. */
function pythonPackagesFault(codePath: string, files: PackageFile[], remoteBuild: boolean): string | undefined {
    if (remoteBuild) {
        return has(files, "requirements.txt")
            ? undefined
            : `${show(codePath)} has no requirements.txt, which remoteBuild installs from.`;
    }
    return files.some(({ path }) => path.startsWith(".python_packages/"))
        ? undefined
        : `${show(codePath)} holds no .python_packages, so its imports fail on Azure. Run pip install --target .python_packages/lib/site-packages -r requirements.txt in it, or use remoteBuild on plan FlexConsumption.`;
}

/** Each function.json of a Java app names its jar in scriptFile, relative to itself. */
function javaFault(codePath: string, files: PackageFile[]): string | undefined {
    for (const { path } of files.filter((file) => /^[^/]+\/function\.json$/.test(file.path))) {
        const script = readObject(files, path)?.scriptFile;
        const jar = typeof script === "string" ? script.replace(/\\/g, "/").replace(/^\.\.\//, "") : "";
        if (!has(files, jar)) {
            return `${path} in ${show(codePath)} names the scriptFile ${show(script)}, which is not there. Give the folder that the azure-functions plugin of Maven or Gradle wrote.`;
        }
    }
    return undefined;
}

const code = /\.(?:[cm]?js|json|metadata|py|ps1)$/i;
const trigger = /socketiotrigger/i;

/** A file that declares a Socket.IO trigger, in whatever language: function.json, compiled code or functions.metadata. */
function findSocketIOTrigger(files: PackageFile[]): string | undefined {
    const own = files.filter(
        ({ path }) => code.test(path) && !/(?:^|\/)(?:node_modules|\.python_packages)\//.test(path),
    );
    return own.find(({ source }) => trigger.test(readFileSync(source, "utf8")))?.path;
}

function has(files: PackageFile[], path: string): boolean {
    return files.some((file) => file.path === path);
}

function readObject(files: PackageFile[], path: string): Record<string, unknown> | undefined {
    const source = files.find((file) => file.path === path)?.source;
    if (source === undefined) {
        return undefined;
    }
    try {
        // Editors on Windows put a byte order mark in front, which the host accepts.
        const value: unknown = JSON.parse(readFileSync(source, "utf8").replace(/^\uFEFF/, ""));
        return isObject(value) ? value : undefined;
    } catch {
        return undefined;
    }
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
