import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { repositoryRoot } from "./registeredFunctions";

const run = promisify(execFile);

/** Whether a tool is on the PATH and runs. */
export function has(command: string, ...args: string[]): boolean {
    return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

export interface LanguageProject {
    folder: string;
    /** Runs a tool in the project. Rejects with all that it said. */
    tool(command: string, ...args: string[]): Promise<string>;
    remove(): void;
}

/** A copy of a language's example with the package's SDK in `sdks/azure-realtime`, where `pulumi install` writes it. */
export async function createLanguageProject(example: string, language: string): Promise<LanguageProject> {
    const folder = mkdtempSync(join(tmpdir(), `${example}-`));
    const env = {
        ...process.env,
        PULUMI_HOME: join(folder, ".pulumi"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // What is not on this machine is missing: no test needs the network.
        GOPROXY: "off",
        GOFLAGS: "-mod=mod",
        GOSUMDB: "off",
        npm_config_offline: "true",
    };
    const project: LanguageProject = {
        folder,
        async tool(command, ...args) {
            try {
                const { stdout, stderr } = await run(command, args, { cwd: folder, env, maxBuffer: 50_000_000 });
                return stdout + stderr;
            } catch (error) {
                const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
                throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
            }
        },
        remove: () => rmSync(folder, { recursive: true, force: true }),
    };
    const plugin = join(repositoryRoot, "plugin");
    const out = join(folder, "out");
    await project.tool("pulumi", "package", "gen-sdk", plugin, "--local", "--language", language, "--out", out);
    // Afterwards, because the CLI reads the Pulumi.yaml of the folder where it runs.
    cpSync(join(repositoryRoot, "examples", example), folder, {
        recursive: true,
        filter: (path) => !/sdks$/.test(path),
    });
    cpSync(join(out, language), join(folder, "sdks/azure-realtime"), { recursive: true });
    rmSync(out, { recursive: true });
    return project;
}
