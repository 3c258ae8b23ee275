import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import type { Project } from "./project";

export interface ProgramOptions {
    project: Project;
    stack: string;
    /** Config of the stack, by full key. */
    config: Record<string, string>;
    secretKeys: string[];
    /** Address of the monitor. */
    address: string;
    preview: boolean;
    /** Called for each line that the program prints. */
    onLine(line: string): void;
}

export interface RunningProgram {
    /** Resolves when the process and its pipes have closed, with the exit code, or with null after `stop`. */
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
            PULUMI_NODEJS_TYPESCRIPT: String(options.project.typescript),
            ...(options.project.tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: options.project.tsconfig }),
            // A type check would cost 5 s on every start; the project's own check and the editor do that.
            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
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
