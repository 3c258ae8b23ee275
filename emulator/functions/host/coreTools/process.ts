import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isJsonObject, type JsonObject } from "../../../../rules/json";
import { fetchOnce } from "../../../core/fetchOnce";
import { freePort } from "../../../core/http";
import { parseJson } from "../../../core/json";

/** A running `func start`. */
export interface CoreTools {
    /** Port on which it serves. */
    port: number;
    /** The functions that it has loaded, as `/admin/functions` describes them. */
    functions: JsonObject[];
    /** Ends it. Resolves when it has ended, or after some seconds. */
    end(): Promise<void>;
}

const pollInterval = 200;
const endLimit = 5_000;
const askLimit = 30_000;

/**
 * Starts `func` in a folder and waits until its host runs. What it prints goes to this process's output. Rejects with the reason when it
 * ends or its host is in error. `onExit` hears when it ends later. Without `--enableAuth`, Core Tools check no key: every request is
 * an administrator's (CliAuthenticationHandler.cs of Azure/azure-functions-core-tools), webhooks of extensions included
 * (HostController.cs of Azure/azure-functions-host). The caller checks the app's keys.
 */
export async function startCoreTools(options: {
    command: string;
    folder: string;
    environment: NodeJS.ProcessEnv;
    onExit(reason: string): void;
}): Promise<CoreTools> {
    const { command, folder, environment } = options;
    const port = await freePort();
    const args = ["start", "--port", String(port), ...(isBuiltDotnet(folder) ? ["--no-build"] : [])];
    // Windows runs the .cmd file of npm only in a shell.
    const isScript = /\.cmd$/i.test(command);
    const child = spawn(isScript ? `"${command}"` : command, args, {
        cwd: folder,
        env: environment,
        stdio: ["ignore", "inherit", "inherit"],
        shell: isScript,
        windowsHide: true,
    });
    let isStarted = false;
    const exited = exitOf(child);
    void exited.then((how) => isStarted && options.onExit(how));
    const functions = await Promise.race([waitUntilRunning(port, child), exited.then(fail)]);
    isStarted = true;
    return {
        port,
        functions,
        async end() {
            isStarted = false;
            child.kill("SIGTERM");
            await Promise.race([exited, pause(endLimit, undefined, { ref: false })]);
        },
    };
}

function fail(how: string): never {
    throw new Error(how);
}

function exitOf(child: ChildProcess): Promise<string> {
    return new Promise((resolve) => {
        child.once("error", (error) => resolve(`func could not be started: ${error.message}`));
        child.once("exit", (code, signal) =>
            resolve(
                `func, which runs the app, ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}`,
            ),
        );
    });
}

/** Whether the folder holds a published .NET app and no project to build. */
function isBuiltDotnet(folder: string): boolean {
    const names = readdirSync(folder);
    return names.some((name) => /\.dll$/i.test(name)) && !names.some((name) => /\.(cs|fs)proj$/i.test(name));
}

/** Asks the host as Visual Studio Code does: its server answers before its functions are loaded. */
async function waitUntilRunning(port: number, child: ChildProcess): Promise<JsonObject[]> {
    while (child.exitCode === null && child.signalCode === null) {
        const status = await ask(port, "/admin/host/status");
        if (isJsonObject(status) && status.state === "Running") {
            const functions = await ask(port, "/admin/functions");
            return Array.isArray(functions) ? functions.filter(isJsonObject) : [];
        }
        if (isJsonObject(status) && status.state === "Error") {
            const errors = Array.isArray(status.errors) ? status.errors.join(" ") : "";
            throw new Error(`func started, but its host is in error: ${errors || "its log says why"}`);
        }
        await pause(pollInterval);
    }
    return [];
}

/** The JSON of an answer; undefined while nobody answers with 200. */
async function ask(port: number, path: string): Promise<unknown> {
    try {
        const url = `http://127.0.0.1:${port}${path}`;
        const { status, text } = await fetchOnce({ fetch, url, init: { signal: AbortSignal.timeout(askLimit) } });
        return status === 200 ? parseJson(text) : undefined;
    } catch {
        return undefined;
    }
}
