import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { endWithUs } from "../../emulator/core/endWithUs";
import { readLines } from "../../emulator/core/lines";
import { type Project, placeOfProgram } from "./project";

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

/** The runner of the SDK that the program itself loads. */
function findRunner(cwd: string): string {
    try {
        return createRequire(join(cwd, "program.js")).resolve("@pulumi/pulumi/cmd/run");
    } catch {
        throw new Error(`@pulumi/pulumi is not installed for the program in ${cwd}. Run npm install there.`);
    }
}

/** Runs the program with the Pulumi SDK's own runner, as the Pulumi CLI does. */
export function startProgram(options: ProgramOptions): RunningProgram {
    const { cwd, program } = placeOfProgram(options.project);
    const runner = findRunner(cwd);
    const monitor = ["--monitor", options.address, "--engine", options.address];
    const names = ["--organization", "organization", "--project", options.project.name, "--stack", options.stack];
    const places = ["--root-directory", options.project.directory, "--pwd", cwd, "--parallel", "64"];
    const flags = [...monitor, ...names, ...places, ...(options.preview ? ["--dry-run"] : [])];
    const child = spawn(process.execPath, [...options.project.nodeArgs, runner, ...flags, program], {
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
    endWithUs(child);
    readLines(child.stdout, options.onLine);
    readLines(child.stderr, options.onLine);
    const finished = new Promise<number | null>((resolveCode, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolveCode(code));
    });
    return { finished, stop: () => child.kill("SIGKILL") };
}
