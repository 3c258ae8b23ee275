import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import type { Project } from "./project";

export interface ProgramOptions {
    project: Project;
    stack: string;
    /** Values of the stack's config, by full key. */
    config: Record<string, string>;
    secretKeys: string[];
    /** Address of the monitor. */
    address: string;
    preview: boolean;
    /** One line that the program printed. */
    onLine(line: string): void;
}

export interface RunningProgram {
    /** Exit code, once the process and its pipes are closed; null after `stop`. */
    finished: Promise<number | null>;
    stop(): void;
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
        const lines = (rest + chunk).split(/\r?\n/);
        rest = lines.pop() ?? "";
        for (const line of lines) {
            onLine(line);
        }
    });
    stream.on("end", () => rest !== "" && onLine(rest));
}

/** Runs the program with the Pulumi SDK's own runner, as the Pulumi CLI does. */
export function startProgram(options: ProgramOptions): RunningProgram {
    const main = resolve(options.project.directory, options.project.main);
    const cwd = dirname(main);
    const runner = createRequire(join(options.project.directory, "Pulumi.yaml")).resolve("@pulumi/pulumi/cmd/run");
    const monitor = ["--monitor", options.address, "--engine", options.address];
    const names = ["--organization", "organization", "--project", options.project.name, "--stack", options.stack];
    const places = ["--root-directory", options.project.directory, "--pwd", cwd, "--parallel", "64"];
    const flags = [...monitor, ...names, ...places, ...(options.preview ? ["--dry-run"] : [])];
    const child = spawn(process.execPath, [...options.project.nodeArgs, runner, ...flags, join(cwd, basename(main))], {
        cwd,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
            ...process.env,
            // The type check costs 5 s on every start; `npm run types` does it once.
            PULUMI_NODEJS_TYPESCRIPT: String(options.project.typescript),
            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
            ...(existsSync(join(cwd, "tsconfig.json")) ? {} : tsconfigOf(options.project.directory)),
            PULUMI_CONFIG: JSON.stringify(options.config),
            PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretKeys),
        },
    });
    eachLine(child.stdout, options.onLine);
    eachLine(child.stderr, options.onLine);
    const finished = new Promise<number | null>((resolveCode, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolveCode(code));
    });
    return { finished, stop: () => child.kill("SIGKILL") };
}

function tsconfigOf(directory: string): Record<string, string> {
    const file = join(directory, "tsconfig.json");
    return existsSync(file) ? { PULUMI_NODEJS_TSCONFIG_PATH: file } : {};
}
