import { readFileSync, statSync } from "node:fs";
import { minimatch } from "minimatch";
import { FunctionRuntime } from "../functionApp/args";
import { type Checks, oneOf, show, startChecks } from "../shared/checks";
import { nameRule } from "../shared/names";
import { RealtimeExtension, type ServiceKind, serviceKinds } from "../shared/serviceKinds";
import { tagsRule } from "../shared/tags";
import type { FunctionCodeArgs, FunctionCodeOptionsArgs } from "./args";
import { listPackageFiles, type PackageFile } from "./files";

/** Checks the args of FunctionCode and the folder itself; throws every fault at once. */
export function checkFunctionCodeArgs(
    component: string,
    args: FunctionCodeArgs,
): { args: FunctionCodeArgs; files: PackageFile[] } {
    const checks = startChecks(component);
    const { checked, files } = checkFunctionCodeOptions(checks, args);
    const result = { ...args, ...checked, tags: checks.input("tags", args.tags, tagsRule) };
    checks.refuse();
    return { args: result, files };
}

export interface CheckedCode {
    checked: FunctionCodeOptionsArgs;
    files: PackageFile[];
    /** What stands before the path of every HTTP function, from host.json. */
    routePrefix: string;
}

/** Checks the options of function code and the folder itself, alone or inside a backend. */
export function checkFunctionCodeOptions(
    checks: Checks,
    args: FunctionCodeOptionsArgs & Pick<FunctionCodeArgs, "runtime" | "extension">,
): CheckedCode {
    const { codePath, runtime = FunctionRuntime.Node, extension } = args;
    checks.plain("runtime", runtime, oneOf(FunctionRuntime));
    checks.plain("extension", extension, oneOf(RealtimeExtension));
    const knownRuntime = Object.values<string>(FunctionRuntime).includes(runtime);
    const knownExtension = extension !== undefined && Object.hasOwn(serviceKinds, extension);
    const kind = knownExtension ? serviceKinds[extension] : undefined;
    const found: CheckedPackage = knownRuntime ? checkPackage({ codePath, runtime, kind }) : nothing;
    for (const fault of found.faults) {
        checks.fault("codePath", fault);
    }
    const packageAccountName = checks.input("packageAccountName", args.packageAccountName, nameRule("storageAccount"));
    return { checked: { codePath, packageAccountName }, files: found.files, routePrefix: found.routePrefix };
}

// The zip format without its 64-bit extension, which not every deployment path reads.
const limits = { files: 65_535, bytes: 1024 ** 3 };

export interface PackageQuestion {
    codePath: string;
    runtime: FunctionRuntime;
    /** The realtime service whose extension the code needs; none when left out. */
    kind?: ServiceKind;
}

export interface CheckedPackage {
    files: PackageFile[];
    /** What is wrong, a sentence each; empty when the package can be deployed. */
    faults: string[];
    routePrefix: string;
}

const defaultRoutePrefix = "api";
const nothing: CheckedPackage = { files: [], faults: [], routePrefix: defaultRoutePrefix };

/** Looks into a code folder before anything is created. */
export function checkPackage({ codePath, runtime, kind }: PackageQuestion): CheckedPackage {
    const refused = (fault: string): CheckedPackage => ({ ...nothing, faults: [fault] });
    if (typeof codePath !== "string" || codePath === "") {
        return refused(`${show(codePath)} is not a folder. Give the path of a function app's folder.`);
    }
    const about = statSync(codePath, { throwIfNoEntry: false });
    if (about === undefined) {
        return refused(`${show(codePath)} does not exist, seen from ${process.cwd()}. Build the function app first.`);
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
    const faults = [hostFault({ codePath, files, kind }), entryFault({ codePath, files, runtime })];
    return { files, faults: faults.filter((fault) => fault !== undefined), routePrefix: routePrefixIn(files) };
}

function routePrefixIn(files: PackageFile[]): string {
    const extensions = readObject(files, "host.json")?.extensions;
    const http = isObject(extensions) ? extensions.http : undefined;
    const prefix = isObject(http) ? http.routePrefix : undefined;
    return typeof prefix === "string" ? prefix.replace(/^\/+|\/+$/g, "") : defaultRoutePrefix;
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

type Folder = { codePath: string; files: PackageFile[] };

function hostFault({ codePath, files, kind }: Folder & { kind: ServiceKind | undefined }): string | undefined {
    if (!has(files, "host.json")) {
        return `${show(codePath)} has no host.json. Give the folder that holds it, not one above or below.`;
    }
    const host = readObject(files, "host.json");
    if (host === undefined) {
        return `host.json in ${show(codePath)} is not a JSON object.`;
    }
    if (kind === undefined) {
        return undefined;
    }
    const advice = `The ${kind.extension} binding is in ${kind.bundles.join(", ")}: name one of them in host.json as extensionBundle.id with version "[4.*, 5.0.0)".`;
    const bundle = host.extensionBundle;
    if (bundle !== undefined) {
        const { id, version } = isObject(bundle) ? bundle : {};
        const known = kind.bundles.some((name) => typeof id === "string" && name.toLowerCase() === id.toLowerCase());
        if (!known) {
            return `the extension bundle ${show(id)} in host.json does not hold the ${kind.extension} binding. ${advice}`;
        }
        return typeof version === "string" && version !== ""
            ? undefined
            : `extensionBundle in host.json has no version. ${advice}`;
    }
    return installsExtension(files, kind)
        ? undefined
        : `host.json names no extension bundle and no installed extensions.json lists ${kind.assembly}. ${advice}`;
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

function entryFault({ codePath, files, runtime }: Folder & { runtime: FunctionRuntime }): string | undefined {
    if (files.some((file) => /^[^/]+\/function\.json$/.test(file.path))) {
        return undefined;
    }
    const where = `${show(codePath)} has no entry point for ${runtime}`;
    if (runtime === "node") {
        return nodeEntryFault(files, where);
    }
    if (runtime === "python") {
        return has(files, "function_app.py")
            ? undefined
            : `${where}: neither function_app.py nor <function>/function.json is there.`;
    }
    if (runtime === "dotnet-isolated") {
        return has(files, "functions.metadata")
            ? undefined
            : `${where}: functions.metadata is not there. Give the folder that dotnet publish wrote.`;
    }
    return `${where}: no <function>/function.json is there.`;
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
