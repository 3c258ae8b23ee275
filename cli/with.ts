import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { dataFolder, makeDataFolder } from "../local/place";
import { UsageError } from "./words";

export interface WithOptions {
    /** The command and its arguments. */
    command: string[];
    /** Folder that the command runs in, which keeps the data. */
    cwd: string;
    env: NodeJS.ProcessEnv;
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
export function withEnvironment({ cwd, env }: Pick<WithOptions, "cwd" | "env">): NodeJS.ProcessEnv {
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
        // The state holds nothing but values of this machine.
        ...(!hasPassphrase && { PULUMI_CONFIG_PASSPHRASE: "" }),
    };
}

/** Runs a command, such as `pulumi up`, against the local Azure. Resolves with the command's own exit code. */
export async function runWith({ command: [file = "", ...args], cwd, env }: WithOptions): Promise<number> {
    const child = spawn(file, args, {
        cwd: resolve(cwd),
        env: withEnvironment({ cwd, env }),
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
