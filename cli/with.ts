import { spawn } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionsHost } from "../emulator/functions/options";
import { dataFolder, makeDataFolder } from "../local/place";
import { functionsHostVariable } from "../local/plugin/contact";
import { UsageError } from "./words";

export interface WithOptions {
    /** The command and its arguments. */
    command: string[];
    /** Folder that the command runs in, which keeps the data. */
    cwd: string;
    env: NodeJS.ProcessEnv;
    /** Host of the function apps. Without one, a local Azure that runs keeps its own, and a new one has `auto`. */
    functionsHost?: FunctionsHost;
}

const providers = ["azure-native", "random"];

/** Writes the programs that the CLI finds in PATH and starts as its providers. */
function writeProviders(folder: string): void {
    mkdirSync(folder, { recursive: true });
    const entry = join(__dirname, "provider.js");
    for (const name of providers) {
        const program = join(folder, `pulumi-resource-${name}`);
        if (process.platform === "win32") {
            writeFileSync(`${program}.cmd`, `@"${process.execPath}" "${entry}" ${name} %*\r\n`);
        } else {
            writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${entry}" ${name} "$@"\n`, { mode: 0o755 });
        }
    }
}

/** The environment in which the Pulumi CLI deploys to the local Azure. A passphrase that the user has set stays. */
export function withEnvironment({ cwd, env, functionsHost }: Omit<WithOptions, "command">): NodeJS.ProcessEnv {
    const data = join(resolve(cwd), dataFolder);
    const bin = join(data, "bin");
    const backend = join(data, "pulumi");
    makeDataFolder(resolve(cwd));
    writeProviders(bin);
    mkdirSync(backend, { recursive: true, mode: 0o700 });
    const hasPassphrase = (env.PULUMI_CONFIG_PASSPHRASE ?? env.PULUMI_CONFIG_PASSPHRASE_FILE) !== undefined;
    return {
        ...env,
        PATH: [bin, env.PATH].filter((part) => part !== undefined).join(delimiter),
        AZURE_REALTIME_DATA: join(data, "stacks"),
        PULUMI_BACKEND_URL: pathToFileURL(backend).href,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...(functionsHost !== undefined && { [functionsHostVariable]: functionsHost }),
        // The state holds nothing but values of this machine.
        ...(!hasPassphrase && { PULUMI_CONFIG_PASSPHRASE: "" }),
    };
}

/** Runs a command, such as `pulumi up`, against the local Azure. Resolves with the command's own exit code. */
export async function runWith({ command: [file = "", ...args], ...options }: WithOptions): Promise<number> {
    if (statSync(resolve(options.cwd), { throwIfNoEntry: false })?.isDirectory() !== true) {
        throw new UsageError(`--cwd is ${options.cwd}, which is not a folder. Name the folder of the project.`);
    }
    const child = spawn(file, args, {
        cwd: resolve(options.cwd),
        env: withEnvironment(options),
        stdio: "inherit",
        shell: process.platform === "win32",
    });
    // The terminal sends Ctrl-C to the command too, which ends in its own time.
    const ignore = () => {};
    const passOn = () => child.kill("SIGTERM");
    process.on("SIGINT", ignore);
    process.on("SIGTERM", passOn);
    try {
        return await new Promise<number>((done, failed) => {
            child.on("error", (error: NodeJS.ErrnoException) =>
                failed(
                    error.code === "ENOENT"
                        ? new UsageError(`${file} is not found in PATH. Install it, or name its path after \`--\`.`)
                        : error,
                ),
            );
            child.on("close", (code, signal) => done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
        });
    } finally {
        process.removeListener("SIGINT", ignore);
        process.removeListener("SIGTERM", passOn);
    }
}
