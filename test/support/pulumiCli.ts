import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Properties } from "../../local/engine/values";

const root = resolve(__dirname, "../..");
export const hasCli = spawnSync("pulumi", ["version"]).status === 0;
const run = promisify(execFile);

/**
 * A CLI that is killed may leave an empty file of attributes beside the checkpoint, and then refuses to read it: `failed to load
 * checkpoint: EOF`. docs/troubleshooting.md tells its users to delete the file, too.
 */
function dropEmptyAttributes(folder: string): void {
    const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const path of entries.filter((entry) => entry.endsWith(".attrs")).map((entry) => join(folder, entry))) {
        if (statSync(path).size === 0) {
            rmSync(path);
        }
    }
}

/** The real CLI with a separate state, in the project of the local Azure. */
export function createCli(stack: string) {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
    const env = {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const data = join(root, ".azure-realtime/azure-realtime-local");
    const flags = (args: string[]) => ["-C", "local/plugin", "--non-interactive", ...args, "--stack", stack];
    return {
        folder: join(data, stack),
        /** For a command that calls `pulumi` itself. */
        env,
        async call(...args: string[]): Promise<string> {
            const { stdout } = await run("pulumi", flags(args), { cwd: root, env, maxBuffer: 100_000_000 });
            return stdout;
        },
        /** Runs `pulumi up` or `destroy` and kills it some milliseconds after it began so many changes. Resolves with its output. */
        async killed(command: "up" | "destroy", moment: { begun: number; milliseconds: number }): Promise<string> {
            const { begun, milliseconds } = moment;
            const args = [command, "--yes", "--skip-preview"];
            const child = spawn("pulumi", flags(args), { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
            let output = "";
            let killer: NodeJS.Timeout | undefined;
            const onData = (chunk: Buffer) => {
                output += chunk;
                if (
                    !killer &&
                    output.split(/ (?:creating|creating replacement|updating|replacing|deleting) \(0s\)/).length > begun
                ) {
                    killer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
                }
            };
            child.stdout.on("data", onData);
            child.stderr.on("data", onData);
            // Its plugins keep the streams open for a moment longer than the process.
            const [code] = await once(child, "exit");
            clearTimeout(killer);
            if (code !== null) {
                throw new Error(`pulumi ended with ${code} before it was killed:\n${output}`);
            }
            dropEmptyAttributes(folder);
            return output;
        },
        /** Counts of the last update, by operation. */
        async lastChanges(): Promise<Properties> {
            const [last] = JSON.parse(await this.call("stack", "history", "--json")) as [Properties];
            return last.resourceChanges as Properties;
        },
        remove() {
            for (const path of [folder, join(data, stack), join(data, `Pulumi.${stack}.yaml`)]) {
                rmSync(path, { recursive: true, force: true });
            }
        },
    };
}
