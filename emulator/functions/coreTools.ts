import { accessSync, constants, existsSync, statSync } from "node:fs";
import path from "node:path";
import type { FunctionsHost } from "./options";
import type { Runtime } from "./runtime";

/** This machine, handed in for tests. */
export interface Machine {
    platform: NodeJS.Platform;
    env: Readonly<Record<string, string | undefined>>;
}

const thisMachine: Machine = { platform: process.platform, env: process.env };

/** Whether Core Tools run an app. Without a runtime an app is a Node app. */
export function isForCoreTools(options: { runtime: Runtime | undefined; functionsHost?: FunctionsHost }): boolean {
    const { runtime, functionsHost = "auto" } = options;
    return functionsHost === "func" || (runtime !== undefined && runtime.name !== "node");
}

/** The path of `func`, the Azure Functions Core Tools. Throws one line when PATH does not have it. */
export function findCoreTools(options: { app: string; runtime: Runtime | undefined }, machine = thisMachine): string {
    const found = findCommand("func", machine);
    if (found === undefined) {
        const { app, runtime } = options;
        throw new Error(
            `Function App '${app}': its runtime is '${runtime?.name ?? "node"}' and its host is func, the Azure Functions Core ` +
                "Tools 4, which is not in PATH. Install it (npm install -g azure-functions-core-tools@4), or run the app in " +
                "a host of your own and send it the service's events: " +
                "azure-realtime emulator --service socketio --hub <hub> --event-handler http://localhost:7071/runtime/webhooks/socketio",
        );
    }
    return found;
}

/** Whether PATH has `func`. */
export function hasCoreTools(machine = thisMachine): boolean {
    return findCommand("func", machine) !== undefined;
}

function findCommand(name: string, { platform, env }: Machine): string | undefined {
    const isWindows = platform === "win32";
    // npm installs func.cmd on Windows, the installer func.exe.
    const names = isWindows ? [`${name}.exe`, `${name}.cmd`] : [name];
    const folders = (env.PATH ?? env.Path ?? "").split(isWindows ? ";" : ":").filter((folder) => folder !== "");
    return folders
        .flatMap((folder) => names.map((file) => path.resolve(folder, file)))
        .find((file) => isCommand(file, isWindows));
}

function isCommand(file: string, isWindows: boolean): boolean {
    if (!existsSync(file) || !statSync(file).isFile()) {
        return false;
    }
    try {
        accessSync(file, isWindows ? constants.F_OK : constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/** Where Core Tools and the runtimes that they start are found, and their caches: PATH, homes of languages, the user's folder. */
const machineVariables = [
    "PATH",
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "LANG",
    "JAVA_HOME",
    "DOTNET_ROOT",
    "VIRTUAL_ENV",
    "PSModulePath",
];

/**
 * Variables with which Core Tools run an app. They keep keys in files of a temporary folder (SelfHostWebHostSettingsFactory.cs), so
 * each app gets a folder of its own and does not touch the key store of the app, which the host in front of it uses.
 */
export function coreToolsEnvironment(temporaryFolder: string, { env } = thisMachine): Record<string, string> {
    const kept = machineVariables.flatMap((name): [string, string][] => {
        const value = env[name];
        return value === undefined ? [] : [[name, value]];
    });
    return {
        ...Object.fromEntries(kept),
        TMPDIR: temporaryFolder,
        TEMP: temporaryFolder,
        TMP: temporaryFolder,
    };
}
